import contextlib
import random

import numpy as np
import pytest

from nnviz.catalog.expression import ARGUMENTS, MAX_DEPTH, MAX_LENGTH, NUMPY, parse
from nnviz.errors import ExpressionError

X = np.linspace(-4, 4, 41)


def evaluate(text, **values):
    return parse(text, names=tuple(values)).evaluate(values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", X),
        ("-x", -X),
        ("+x", X),
        ("x * 2 + 1", X * 2 + 1),
        ("2 - x - 1", 2 - X - 1),
        ("-x ** 2", -(X**2)),
        ("2 ** -1 * x", X / 2),
        ("x / 4", X / 4),
        ("1.5e1 * x + .5", 15 * X + 0.5),
        ("sin(x) ** 2 + cos(x) ** 2", np.ones_like(X)),
        ("x * sigmoid(1.7 * x)", X / (1 + np.exp(-1.7 * X))),
        ("maximum(x, minimum(1, 2))", np.maximum(X, 1)),
        ("clip(x, -1, 1)", np.clip(X, -1, 1)),
        ("where(x > 0, x, 0.1 * x)", np.where(X > 0, X, 0.1 * X)),
        ("x > 0", (X > 0).astype(float)),
        ("(x < 1) * (x >= -1)", ((X < 1) & (X >= -1)).astype(float)),
        ("-1 < x < 1", ((X > -1) & (X < 1)).astype(float)),
        ("(x == 0) + (x != 0)", np.ones_like(X)),
        ("pi + e", np.pi + np.e),
        ("erf(0 * x)", 0 * X),
        ("relu(x) - relu(-x)", X),
        ("softplus(x) - softplus(-x)", X),
        ("softsign(x)", X / (1 + np.abs(X))),
        ("log1p(expm1(abs(x)))", np.abs(X)),
        ("sqrt(square(x)) * sign(x)", X),
        ("atan(tan(x / 4))", X / 4),
        ("cosh(x) + sinh(x)", np.exp(X)),
        ("  x  ", X),
    ],
)
def test_an_expression_means_what_numpy_says(text, expected):
    np.testing.assert_allclose(evaluate(text, x=X), expected, rtol=1e-12, atol=1e-12)


def test_sum_max_and_mean_go_over_the_last_axis_and_keep_it():
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(evaluate("sum(x)", x=x), [[3], [12]])
    np.testing.assert_array_equal(evaluate("max(x)", x=x), [[2], [5]])
    np.testing.assert_array_equal(evaluate("x - mean(x)", x=x), [[-1, 0, 1], [-1, 0, 1]])


def test_scalars_work_and_whole_numbers_count_as_floats():
    assert evaluate("64 / 2**i", i=3) == 8
    assert evaluate("x + sum(x)", x=2) == 4
    assert evaluate("2 ** -i", i=2) == 0.25
    assert float(evaluate("9 ** x", x=9.0)) == 9.0**9


def test_float32_stays_float32():
    assert evaluate("x * sigmoid(1.7 * x)", x=X.astype("float32")).dtype == np.float32


def test_trouble_in_numpy_gives_nan_or_infinity_without_a_warning():
    assert np.isnan(evaluate("log(x)", x=-1.0))
    assert np.isinf(evaluate("1 / x", x=0.0))
    assert np.isinf(evaluate("x ** 9 ** 2", x=1e30))


def test_only_the_names_used_are_told_and_given_names_come_before_constants():
    expression = parse("b + a + b", names=("a", "b", "c"))
    assert expression.names == ("b", "a")
    assert expression.evaluate({"a": 1.0, "b": 2.0}) == 5
    assert evaluate("e + 1", e=10.0) == 11


def test_every_function_is_there_in_numpy_and_takes_its_arguments():
    for name, count in ARGUMENTS.items():
        arguments = ", ".join(["x"] * count)
        assert np.shape(evaluate(f"{name}({arguments})", x=X)) in (X.shape, (1,))
    assert set(NUMPY) == {*ARGUMENTS, "cast"}


def test_an_expression_runs_on_other_operations_by_the_same_names():
    calls = []
    ops = dict(NUMPY) | {"sin": lambda x: calls.append(x) or x, "cast": lambda x: 7}
    assert parse("sin(x) + (x > 1)", names=("x",)).evaluate({"x": 2}, ops) == 9
    assert calls == [2]


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("x.real", 1, "'.'"),
        ("x[0]", 1, "["),
        ("x + 'a'", 4, "'"),
        ("x ^ 2", 2, "**"),
        ("y * x", 0, "'y'"),
        ("lambda: x", 0, "lambda"),
        ("x if x else x", 2, "'if'"),
        ("x or x", 2, "'or'"),
        ("not x", 0, "'not'"),
        ("__import__(x)", 0, "__import__"),
        ("eval(x)", 0, "eval"),
        ("open(x)", 0, "open"),
        ("None", 0, "None"),
        ("x + True", 4, "True"),
        ("x := 1", 2, "':'"),
        ("sin(x=1)", 5, "=="),
        ("sin(*x)", 4, "'*'"),
        ("1j", 1, "'j'"),
        ("x +", 3, "end"),
        ("(x", 0, "closed"),
        ("sin(x * (x + 1)", 3, "closed"),
        ("x)", 1, "closes no"),
        ("x x", 2, "operator"),
        ("2x", 1, "multiply"),
        ("2(x)", 1, "multiply"),
        ("x(3)", 1, "multiply"),
        ("x,x", 1, "','"),
        ("()", 1, "value"),
        ("x * / 2", 4, "'/'"),
        ("sin()", 4, "value"),
        ("sin(x, x)", 0, "1"),
        ("clip(x)", 0, "clip(x, low, high)"),
        ("sigmoid", 0, "sigmoid(x)"),
        ("x + sin", 4, "sin(x)"),
        ("1e400 * x", 0, "too large"),
        ("1/0", 0, "1/0"),
        ("x + 9**9**9", 4, "9**9**9"),
        ("(-8) ** 0.5", 0, "no number"),
        ("0777", 0, "0777"),
        ("x + ?", 4, "'?'"),
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("x\n", 1, "\\n"),
        ("x\0", 1, "\\x00"),
        ("x\N{SUPERSCRIPT TWO}", 1, "\N{SUPERSCRIPT TWO}"),
        ("\N{MATHEMATICAL BOLD SMALL X}", 0, "not allowed"),
        ("\N{CYRILLIC SMALL LETTER HA}", 0, "not allowed"),
        ("x # y", 2, "#"),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH, str(MAX_LENGTH)),
    ],
)
def test_what_is_not_in_the_language_is_refused_where_it_stands(text, position, word):
    with pytest.raises(ExpressionError) as caught:
        parse(text, names=("x",))
    assert caught.value.position == position
    assert word in caught.value.message


def test_an_unknown_name_is_told_with_what_is_allowed():
    with pytest.raises(ExpressionError) as caught:
        parse("x * sigmod(x)", names=("x",))
    assert "'sigmod' at position 5 is unknown" in caught.value.what
    assert "sigmoid" in caught.value.remedy
    assert "x, pi, e" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "-" * 499 + "x",
        "(" * 249 + "x" + ")" * 249,
        "+".join(["x"] * 249),
        "x" + "**x" * 160,
        "abs(" * 99 + "x" + ")" * 99,
        "9**9**9**9**9",
        "(" * 100_000,
        "99999**99999**x",
        "x" + "<x" * 249,
        "9**9**9**9",
        "+".join(["x"] * 10_000),
        "(" * 5_000 + "x" + ")" * 5_000,
        "x" + "**9" * 160,
        "9" * 10_000,
        "1e30**x**1e30",
    ],
)
def test_deep_and_huge_expressions_are_settled_at_once(text):
    with contextlib.suppress(ExpressionError):
        parse(text, names=("x",)).evaluate({"x": 3.0})


def test_nesting_has_a_limit():
    assert evaluate("-" * (MAX_DEPTH - 2) + "x", x=1.0) == 1
    with pytest.raises(ExpressionError, match="nested too deeply"):
        parse("-" * (MAX_DEPTH + 2) + "x", names=("x",))


def outcome(text):
    """(value, 0), or (None, position) where the text is refused."""
    try:
        return parse(text, names=("x", "y")).evaluate({"x": X, "y": 2.0}), 0
    except ExpressionError as error:
        return None, error.position


def test_10000_random_texts_either_give_numbers_or_are_refused():
    pieces = [
        "x",
        "y",
        "(",
        ")",
        "+",
        "-",
        "*",
        "/",
        "**",
        ",",
        "1",
        "2.5",
        "1e9",
        ".",
        "sin",
        "where",
        "clip",
        "sum",
        "<",
        "==",
        "lambda",
        "import",
        "__class__",
        "[",
        "]",
        "'",
        '"',
        "\\",
        ";",
        ":",
        "é",
        "\0",
        "\n",
        "{",
        "}",
        "@",
        "=",
        "for",
        "await",
        "yield",
        "0x1",
        "1_0",
        "#",
        " ",
        "e",
        "pi",
        "None",
        "f''",
        "`",
        "~",
        "%",
        "//",
        ">>",
        "!",
    ]
    chance = random.Random(0)
    good = 0
    for number in range(10_000):
        some = pieces if number % 2 else pieces[:22]
        text = "".join(chance.choice(some) for _ in range(chance.randint(1, 12)))
        value, position = outcome(text)
        good += value is not None
        assert value is None or np.asarray(value).dtype.kind == "f"
        assert 0 <= position <= len(text)
    assert good > 100
