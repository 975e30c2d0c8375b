import keras
import numpy as np
import pytest

from nnviz.catalog import COSTS
from nnviz.catalog.expression import parse

IN_KERAS = [kind for kind, entry in COSTS.items() if entry.keras]


def rows(formula, columns, y_true, y_pred, values):
    """Each row's cost by the formula, as the entry says columns are joined."""
    expression = parse(formula, names=("y_true", "y_pred", *values))
    shares = expression.evaluate({"y_true": y_true, "y_pred": y_pred, **values})
    return shares.sum(-1) if columns == "sum" else shares.mean(-1)


def data(kind, seed=0):
    chance = np.random.default_rng(seed)
    if COSTS[kind].tasks == ("regression",):
        return chance.uniform(0.5, 20, (50, 3)), chance.uniform(0.1, 20, (50, 3))
    if "regression" in COSTS[kind].tasks:
        return chance.normal(size=(50, 3)) * 2, chance.normal(size=(50, 3))
    scores = chance.normal(size=(50, 4))
    y_true = np.eye(4)[chance.integers(0, 4, 50)]
    if COSTS[kind].transform["classification"] == "softmax":
        scores = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    return y_true, scores


@pytest.mark.parametrize("kind", IN_KERAS)
def test_the_formula_is_keras_loss_row_by_row(kind):
    entry = COSTS[kind]
    values = {param.name: param.default for param in entry.params}
    y_true, y_pred = data(kind)
    loss = getattr(keras.losses, entry.keras)(reduction="none", **values)
    theirs = np.asarray(loss(y_true.astype("float32"), y_pred.astype("float32")))
    np.testing.assert_allclose(rows(entry.formula, entry.columns, y_true, y_pred, values), theirs, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("delta", [0.1, 1.0, 3.0])
def test_huber_follows_its_delta(delta):
    y_true, y_pred = data("Huber")
    theirs = np.asarray(keras.losses.Huber(delta=delta, reduction="none")(y_true, y_pred))
    ours = rows(COSTS["Huber"].formula, "mean", y_true, y_pred, {"delta": delta})
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_cross_entropy_stays_finite_where_keras_does():
    y_true = np.eye(2)[[0, 1, 0, 1]]
    y_pred = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    theirs = np.asarray(keras.losses.CategoricalCrossentropy(reduction="none")(y_true, y_pred.astype("float32")))
    np.testing.assert_allclose(rows(COSTS["CrossEntropy"].formula, "sum", y_true, y_pred, {}), theirs, rtol=1e-3,
                               atol=1e-6)


@pytest.mark.parametrize("columns", [1, 3])
def test_cross_entropy_under_a_sigmoid_is_keras_binary_cross_entropy_summed_over_columns(columns):
    chance = np.random.default_rng(1)
    y_true = chance.integers(0, 2, (40, columns)).astype(float)
    y_pred = chance.uniform(0.01, 0.99, (40, columns))
    formula = COSTS["CrossEntropy"].formula_for("sigmoid")
    theirs = np.asarray(keras.losses.BinaryCrossentropy(reduction="none")(y_true, y_pred.astype("float32")))
    np.testing.assert_allclose(rows(formula, "sum", y_true, y_pred, {}), theirs * columns, rtol=1e-4, atol=1e-6)


def test_the_default_formula_holds_under_the_other_transforms():
    assert COSTS["CrossEntropy"].formula_for("softmax") == COSTS["CrossEntropy"].formula
    assert COSTS["Huber"].formula_for("sigmoid") == COSTS["Huber"].formula


def test_every_entry_is_complete():
    for kind, entry in COSTS.items():
        assert entry.kind == kind
        assert entry.latex
        assert entry.help.endswith(".")
        assert set(entry.transform) == set(entry.tasks)
        assert set(entry.transform.values()) <= set(entry.transforms)
        assert bool(entry.keras) == (kind != "Expression")


def test_costs_that_need_the_target_as_it_is_do_not_scale_it():
    unscaled = {kind for kind, entry in COSTS.items() if not entry.target_scaling}
    assert unscaled == {"MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson"}
