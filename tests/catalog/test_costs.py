import keras
import numpy as np
import pytest

from nnviz.catalog import COSTS
from nnviz.catalog.expression import parse
from nnviz.errors import SpecError
from nnviz.spec import check_cost

IN_KERAS = [kind for kind, entry in COSTS.items() if entry.keras]
BY_ROW = {
    "CosineSimilarity": lambda y_true, y_pred: keras.losses.CosineSimilarity(reduction="none")(y_true, y_pred),
    "Dice": lambda y_true, y_pred: keras.losses.Dice(axis=-1, reduction="none")(y_true, y_pred),
    "Tversky": lambda y_true, y_pred: keras.losses.Tversky(axis=-1, reduction="none")(y_true, y_pred),
    "CategoricalGeneralizedCrossEntropy": lambda y_true, y_pred: keras.losses.CategoricalGeneralizedCrossEntropy(
        reduction="none"
    )(y_true.argmax(-1), y_pred),
}
"""Keras's own, where it must be told more than the catalog's parameters to take row by row."""


def rows(formula, columns, y_true, y_pred, values):
    """Each row's cost by the formula, as the entry says columns are joined."""
    expression = parse(formula, names=("y_true", "y_pred", *values))
    shares = expression.evaluate({"y_true": y_true, "y_pred": y_pred, **values})
    return {"sum": shares.sum(-1), "mean": shares.mean(-1), "row": shares[..., 0]}[columns]


def defaults(kind):
    return {param.name: param.default for param in COSTS[kind].params}


def data(kind, seed=0):
    chance = np.random.default_rng(seed)
    if COSTS[kind].tasks == ("regression",):
        return chance.uniform(0.5, 20, (50, 3)), chance.uniform(0.1, 20, (50, 3))
    if "regression" in COSTS[kind].tasks:
        return chance.normal(size=(50, 3)) * 2, chance.normal(size=(50, 3))
    scores = chance.normal(size=(50, 4))
    y_true = np.eye(4)[chance.integers(0, 4, 50)]
    if COSTS[kind].transform["classification"] in ("softmax", "sigmoid"):
        scores = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    return y_true, scores


@pytest.mark.parametrize("kind", IN_KERAS)
def test_the_formula_is_keras_loss_row_by_row(kind):
    entry = COSTS[kind]
    values = defaults(kind)
    y_true, y_pred = data(kind)
    loss = getattr(keras.losses, entry.keras)(reduction="none", **values)
    theirs = np.asarray(loss(y_true.astype("float32"), y_pred.astype("float32")))
    np.testing.assert_allclose(rows(entry.formula, entry.columns, y_true, y_pred, values), theirs, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("kind", BY_ROW)
def test_what_keras_takes_by_batch_or_by_number_is_the_formula_row_by_row(kind):
    y_true, y_pred = data(kind)
    theirs = np.asarray(BY_ROW[kind](y_true.astype("float32"), y_pred.astype("float32")))
    ours = rows(COSTS[kind].formula, COSTS[kind].columns, y_true, y_pred, defaults(kind))
    np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("CrossEntropy", {"label_smoothing": 0.3}),
        ("CategoricalFocalCrossentropy", {"alpha": 0.7, "gamma": 1.5, "label_smoothing": 0.2}),
        ("CategoricalFocalCrossentropy", {"alpha": 1.0, "gamma": 0.0, "label_smoothing": 0.0}),
        ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "alpha": 0.7, "gamma": 3.0, "label_smoothing": 0.1}),
    ],
)
def test_parameters_act_as_in_keras(kind, values):
    entry = COSTS[kind]
    y_true, y_pred = data(kind, seed=3)
    theirs = np.asarray(getattr(keras.losses, entry.keras)(reduction="none", **values)(y_true, y_pred.astype("float32")))
    np.testing.assert_allclose(rows(entry.formula, entry.columns, y_true, y_pred, values), theirs, rtol=2e-5, atol=1e-6)


def test_tversky_follows_its_weights():
    y_true, y_pred = data("Tversky")
    theirs = np.asarray(keras.losses.Tversky(alpha=0.2, beta=0.9, axis=-1, reduction="none")(y_true, y_pred.astype("float32")))
    ours = rows(COSTS["Tversky"].formula, "row", y_true, y_pred, {"alpha": 0.2, "beta": 0.9})
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_the_perceptron_of_two_classes_is_the_one_of_the_textbook():
    """Rosenblatt's cost max(0, -y z), y = 1 or -1, where z is how far the second output is ahead of the first."""
    z = np.random.default_rng(0).normal(size=(30, 2))
    right = np.arange(30) % 2
    ours = rows(COSTS["Perceptron"].formula, "row", np.eye(2)[right], z, {})
    np.testing.assert_allclose(ours, np.maximum(0, -(2 * right - 1) * (z[:, 1] - z[:, 0])))


def test_the_perceptron_and_the_svm_of_several_classes_by_hand():
    z = np.array([[2.0, 1.5, -1.0], [0.0, 3.0, 2.5], [-3.0, -1.0, -2.0]])
    y_true = np.eye(3)[[0, 2, 0]]
    np.testing.assert_allclose(rows(COSTS["Perceptron"].formula, "row", y_true, z, {}), [0, 0.5, 2])
    np.testing.assert_allclose(rows(COSTS["SVM"].formula, "sum", y_true, z, {}), [0.5, 1.5, 3 + 2])


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
    np.testing.assert_allclose(
        rows(COSTS["CrossEntropy"].formula, "sum", y_true, y_pred, defaults("CrossEntropy")), theirs, rtol=1e-3, atol=1e-6
    )


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("columns", [1, 3])
def test_cross_entropy_under_a_sigmoid_is_keras_binary_cross_entropy_summed_over_columns(columns, smoothing):
    chance = np.random.default_rng(1)
    y_true = chance.integers(0, 2, (40, columns)).astype(float)
    y_pred = chance.uniform(0.01, 0.99, (40, columns))
    formula = COSTS["CrossEntropy"].formula_for("sigmoid")
    loss = keras.losses.BinaryCrossentropy(reduction="none", label_smoothing=smoothing)
    theirs = np.asarray(loss(y_true, y_pred.astype("float32")))
    ours = rows(formula, "sum", y_true, y_pred, {"label_smoothing": smoothing})
    np.testing.assert_allclose(ours, theirs * columns, rtol=1e-4, atol=1e-6)


def test_the_default_formula_holds_under_the_other_transforms():
    assert COSTS["CrossEntropy"].formula_for("softmax") == COSTS["CrossEntropy"].formula
    assert COSTS["Huber"].formula_for("sigmoid") == COSTS["Huber"].formula


def test_every_entry_is_complete():
    for kind, entry in COSTS.items():
        assert entry.kind == kind
        assert entry.latex
        assert bool(entry.reference) == (kind != "Expression")
        assert entry.help.endswith(".")
        assert set(entry.transform) == set(entry.tasks)
        assert set(entry.transform.values()) <= set(entry.transforms)
        assert bool(entry.keras) == (kind not in {"Expression", "Perceptron", "SVM", *BY_ROW})
        assert bool(entry.reason) == (len(entry.tasks) == 1)


def test_costs_that_need_the_target_as_it_is_do_not_scale_it():
    unscaled = {kind for kind, entry in COSTS.items() if not entry.target_scaling}
    assert unscaled == {"MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson"}


@pytest.mark.parametrize(
    ("kind", "task", "outputs", "says"),
    [
        ("CrossEntropy", "regression", 1, "CrossEntropy is no cost for regression: it compares the probabilities of classes"),
        ("Poisson", "classification", 3, "Poisson is no cost for classification: it is for counts"),
        ("CosineSimilarity", "regression", 1, "CosineSimilarity needs a target of 2 columns or more, and this one has 1"),
    ],
)
def test_a_cost_that_does_not_fit_is_refused_with_the_reason_and_what_fits(kind, task, outputs, says):
    with pytest.raises(SpecError) as caught:
        check_cost(kind, task=task, outputs=outputs)
    assert caught.value.where == "cost.kind"
    assert says in caught.value.what
    allowed = caught.value.remedy.removeprefix("Allowed: ").partition(".")[0].split(", ")
    assert kind not in allowed
    for other in allowed:
        check_cost(other, task=task, outputs=outputs)


def test_two_classes_share_one_output_under_the_sigmoid_of_a_cost_for_classes():
    width = {kind: entry.width(2) for kind, entry in COSTS.items() if "classification" in entry.tasks}
    assert [kind for kind, columns in width.items() if columns == 1] == ["BinaryFocalCrossentropy"]
    assert COSTS["CrossEntropy"].width(2, "sigmoid") == 1
    assert COSTS["CrossEntropy"].width(3, "sigmoid") == 3
    assert COSTS["MeanSquaredError"].width(2, "sigmoid") == 2
