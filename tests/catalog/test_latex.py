"""Formulas as LaTeX: what they say is checked by hand for the forms there are, and every optimizer's lines can be written."""

import pytest

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.latex import formula_latex, name_latex
from nnviz.catalog.updates import latex, update


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("w - lr * g", r"w - \eta\,g"),
        ("a - (b - c)", r"a - \left(b - c\right)"),
        ("(a + b) * c", r"\left(a + b\right)\,c"),
        ("a * (b / c)", r"a \cdot \frac{b}{c}"),
        ("(a * b) ** 2", r"\left(a\,b\right)^{2}"),
        ("(-a) ** 2", r"\left(-a\right)^{2}"),
        ("a ** (-b)", r"a^{-b}"),
        ("0.5 * 0.96 ** t", r"0.5 \cdot 0.96^{t}"),
        ("sqrt(v + epsilon)", r"\sqrt{v + \epsilon}"),
        ("maximum(a, abs(g))", r"\max(a, \lvert g \rvert)"),
        ("where(a > 0, a, 1)", r"\begin{cases} a & a > 0 \\ 1 & \text{otherwise} \end{cases}"),
        ("norm(w)", r"\lVert w \rVert"),
        ("row_mean(q)", r"\text{row mean}(q)"),
    ],
)
def test_parts_of_formulas(text, written):
    assert formula_latex(text) == written


def test_names():
    names = ["lr", "beta_1", "v_hat", "q_row", "rms_u", "beta_2_decay", "learning_rate_power", "w"]
    assert [name_latex(name) for name in names] == [
        r"\eta",
        r"\beta_{1}",
        r"\hat{v}",
        r"q_{\mathrm{row}}",
        r"\mathrm{rms}_{u}",
        r"\text{beta 2 decay}",
        r"\text{learning rate power}",
        "w",
    ]


def test_what_is_kept_takes_its_new_value():
    assert [line for line, _ in latex("Adam", {"kind": "Adam"})] == [
        r"m \leftarrow \beta_{1}\,m + \left(1 - \beta_{1}\right)\,g",
        r"v \leftarrow \beta_{2}\,v + \left(1 - \beta_{2}\right)\,g^{2}",
        r"\alpha = \frac{\eta\,\sqrt{1 - \beta_{2}^{t}}}{1 - \beta_{1}^{t}}",
        r"w \leftarrow w - \frac{\alpha\,m}{\sqrt{v} + \epsilon}",
    ]


def test_formulas_follow_the_parameters():
    plain, rolling = (latex("SGD", {"momentum": momentum}) for momentum in (0.0, 0.9))
    assert len(plain) < len(rolling)
    assert any("weight decay" in sense for _, sense in latex("Adam", {"weight_decay": 0.01}))


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_line_of_an_optimizer_is_written_with_braces_that_match(kind):
    written = latex(kind, {})
    assert len(written) == len(update(kind, {}).lines)
    for line, sense in written:
        assert line.count("{") == line.count("}")
        assert line.count(r"\left") - line.count(r"\leftarrow") == line.count(r"\right") - line.count(r"\rightarrow")
        assert sense
