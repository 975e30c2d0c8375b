"""The lines of every optimizer's update: complete, in the expression language, and readable with numbers put in."""

import numpy as np
import pytest

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.entry import Line
from nnviz.catalog.evaluate_update import evaluate_update
from nnviz.catalog.expression import parse
from nnviz.catalog.updates import QUANTITIES, remembered_as, update


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("matrix", [True, False])
def test_every_line_stands_on_what_is_given_before_it_and_the_last_gives_the_weight(kind: str, matrix: bool) -> None:
    params = {param.name: param.default for param in OPTIMIZERS[kind].params} | {"weight_decay": 0.1, "use_ema": True}
    whole = update(kind, params, dimensions=2 if matrix else 1, matrix=matrix, constrained=matrix)
    known = {*QUANTITIES, *params, *whole.slots}
    for line in (*whole.lines, *whole.average):
        assert line.sense
        if line.reduction:
            assert line.text in known
        else:
            parse(line.text, names=tuple(known))
        known.add(line.symbol)
    assert whole.lines[-1].symbol == "w"
    # What is kept from step to step is made anew in each.
    assert set(whole.slots) <= {line.symbol for line in (*whole.lines, *whole.average)}


WHOLE = {"Lamb", "Adafactor", "Muon"}
"""They look at the size or the shape of an array."""


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_which_updates_treat_every_number_by_itself(kind: str) -> None:
    assert update(kind, {}).is_elementwise == (kind not in WHOLE)
    assert update(kind, {"clipvalue": 1.0, "use_ema": True}).is_elementwise == (kind not in WHOLE)
    for clipped in ("clipnorm", "global_clipnorm"):
        assert not update(kind, {clipped: 1.0}).is_elementwise


def test_memories_mean_the_same_where_the_update_is_the_same() -> None:
    assert remembered_as("Adam") == remembered_as("AdamW") == "Adam"
    others = {"SGD", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "Lion", "Ftrl", "Lamb", "Adafactor", "Muon", "Unknown"}
    assert {remembered_as(name) for name in others} == others


def test_numbers_are_put_in_to_four_digits_with_brackets_where_a_sign_needs_them() -> None:
    lines = [
        Line("m", "beta_1 * m + (1 - beta_1) * g", "mean"),
        Line("u", "maximum(beta_2 * m, abs(g))", "size"),
        Line("w", "w - lr * sqrt(u) / g ** 2", "step"),
        Line("x", "g ** 2", "square"),
        Line("y", "lr ** 2 + w", ""),
    ]
    values = {"beta_1": 0.9, "beta_2": 0.999, "m": 0.0123456, "g": -0.431, "w": -1.5, "lr": 1e-7}
    evaluated, known = evaluate_update(lines, values)
    assert [line.numbers for line in evaluated] == [
        "0.9 * 0.01235 + (1 - 0.9) * (-0.431)",
        "maximum(0.999 * (-0.03199), abs(-0.431))",
        "-1.5 - 1e-07 * sqrt(0.431) / (-0.431) ** 2",
        "(-0.431) ** 2",
        "(1e-07) ** 2 + (-1.5)",
    ]
    assert evaluated[0].value == pytest.approx(0.9 * 0.0123456 - 0.1 * 0.431, rel=1e-15)
    assert known["w"] == pytest.approx(-1.5 - 1e-7 * np.sqrt(0.431) / 0.431**2, rel=1e-15)


def test_the_number_of_the_update_is_a_whole_number_however_many_there_were() -> None:
    (line,), _ = evaluate_update([Line("a", "1 - beta_1 ** t", "")], {"beta_1": 0.9, "t": 43289.0})
    assert line.numbers == "1 - 0.9 ** 43289"


def test_quantities_of_a_whole_array_are_worked_out_over_all_of_it() -> None:
    w = np.arange(6.0).reshape(2, 3)
    functions = ["norm", "rms", "row_mean", "column_mean"]
    evaluated, _ = evaluate_update([Line(name, "w", "", reduction=name) for name in functions], {"w": w}, at=(1, 2))
    assert [line.value for line in evaluated] == pytest.approx([np.linalg.norm(w), np.sqrt(np.mean(w**2)), 4.0, 3.5])
    assert evaluated[0].formula == "norm(w)"
    # Newton's and Schulz's cubic iteration, 1.5 x - 0.5 x x' x, ends in the orthogonal factor of the matrix.
    for matrix in (np.random.default_rng(0).normal(size=(5, 3)), np.random.default_rng(1).normal(size=(2, 4))):
        left, _, right = np.linalg.svd(matrix, full_matrices=False)
        options = {"muon_a": 1.5, "muon_b": -0.5, "muon_c": 0.0, "ns_steps": 40, "d": matrix}
        evaluated, known = evaluate_update([Line("o", "d", "", reduction="orthogonal")], options, at=(1, 1))
        np.testing.assert_allclose(known["o"], left @ right, atol=1e-6)
        assert evaluated[0].value == known["o"][1, 1]
