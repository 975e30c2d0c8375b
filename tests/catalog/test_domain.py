"""Targets that a cost is not for."""

import keras
import numpy as np
import pytest

from nnviz.catalog import COSTS
from nnviz.catalog.domain import outside, target_range, undefined

ZEROS = np.array([0.0, 0.0, 3.0, 50.0, 1e-9, 80.0])
NEGATIVE = np.array([-2.5, -0.5, 0.0, 4.0, 9.0])


def test_what_is_counted():
    assert target_range("y", ZEROS) == {"name": "y", "rows": 6, "zero": 3, "near": 0, "negative": 0, "least": 0.0, "most": 80.0}
    assert target_range("y", NEGATIVE)["negative"] == 2
    assert target_range("y", np.array([1e-3, 500.0, 700.0, 900.0]))["near"] == 1


@pytest.mark.parametrize(
    ("kind", "y", "phrase"),
    [
        ("MeanAbsolutePercentageError", ZEROS, "in column 'sold' 3 of 6 rows are 0."),
        ("MeanAbsolutePercentageError", np.array([0.0, 5.0]), "1 of 2 rows is 0."),
        ("MeanAbsolutePercentageError", np.array([1e-3, 500.0, 700.0, 900.0]), "1 of 4 rows is next to 0."),
        ("MeanSquaredLogarithmicError", NEGATIVE, "2 of 5 rows are negative (the least: -2.5)."),
        ("Poisson", NEGATIVE, "2 of 5 rows are negative (the least: -2.5)."),
    ],
)
def test_rows_outside_are_counted(kind, y, phrase):
    sentences = outside(kind, [target_range("sold", y)])
    assert len(sentences) == 1
    assert phrase in sentences[0]


@pytest.mark.parametrize("kind", [kind for kind, entry in COSTS.items() if "regression" in entry.tasks])
def test_rows_inside_are_not(kind):
    assert outside(kind, [target_range("y", np.array([1.0, 2.0, 30.0]))]) == ()
    if kind not in ("MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson"):
        assert outside(kind, [target_range("y", NEGATIVE)]) == ()
    if kind != "MeanAbsolutePercentageError":
        assert outside(kind, [target_range("y", ZEROS)]) == ()


def test_each_target_column_is_judged():
    ranges = [target_range("a", np.array([1.0, 2.0])), target_range("b", np.array([0.0, -1.0]))]
    assert "'b'" in outside("Poisson", ranges)[0]
    assert len(outside("Poisson", [*ranges, target_range("c", NEGATIVE)])) == 2


def test_the_domains_are_where_keras_loses_the_target():
    y, predicted = np.array([[-5.0]], np.float32), np.array([[0.5]], np.float32)
    zero = np.zeros_like(y)
    logarithmic = keras.losses.MeanSquaredLogarithmicError()
    assert float(logarithmic(y, predicted)) == float(logarithmic(zero, predicted))
    assert float(keras.losses.MeanAbsolutePercentageError()(zero, predicted)) > 1e8


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("square(log(y_true) - log(y_pred))", 3),
        ("abs((y_true - y_pred) / y_true)", 1),
        ("sqrt(y_true) * y_pred", 2),
        ("square(y_true - y_pred)", 0),
        ("log(y_pred) * y_true", 0),
        ("maximum(y_true, 0) / sum(", 0),
    ],
)
def test_a_formula_of_ones_own_is_worked_out(expression, rows):
    sentence = undefined("Expression", {"expression": expression}, NEGATIVE[:, None])
    assert (f" in {rows} of 5 rows" in sentence) if rows else sentence == ""


def test_other_costs_are_not_worked_out():
    assert undefined("Poisson", {}, NEGATIVE[:, None]) == ""
