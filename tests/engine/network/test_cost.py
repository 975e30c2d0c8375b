"""Costs against their formulas in float64 NumPy, and the promise that ties `cost(x, y)` to `calculate`."""

import numpy as np
import pytest
import tensorflow as tf

from nnviz.catalog import COSTS
from nnviz.catalog.expression import parse
from nnviz.engine.network.cost import CostLayer, class_weights

PARAMS = {kind: {param.name: param.default for param in entry.params} for kind, entry in COSTS.items() if entry.params}
PARAMS["Expression"] = {"expression": "square(y_true - y_pred)"}
CASES = [
    (kind, task, transform)
    for kind, entry in COSTS.items()
    for task in entry.tasks
    for transform in entry.transforms
    if transform in (("softmax", "sigmoid", "identity") if task == "classification" else ("identity", "softplus"))
]


def layer(kind: str, task: str, outputs: int, transform: str | None = None, **options: object) -> CostLayer:
    return CostLayer(kind, task=task, outputs=outputs, transform=transform, params=PARAMS.get(kind), **options)


def targets(task: str, rows: int, outputs: int) -> np.ndarray:
    random = np.random.default_rng(1)
    if task == "classification":
        return random.integers(0, outputs, rows).astype(np.int32)
    return random.uniform(0.2, 3, (rows, outputs)).astype(np.float32)


def transformed(logits: np.ndarray, transform: str) -> np.ndarray:
    if transform == "softmax":
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    return {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "softplus": lambda z: np.logaddexp(0, z), "identity": lambda z: z}[
        transform
    ](logits)


@pytest.mark.parametrize(("kind", "task", "transform"), CASES)
@pytest.mark.parametrize("outputs", [2, 3])
def test_calculate_is_the_formula(kind: str, task: str, transform: str, outputs: int) -> None:
    cost = layer(kind, task, outputs, transform)
    y = targets(task, 17, outputs)
    logits = np.random.default_rng(2).normal(size=(17, cost.columns)).astype(np.float32)
    y_pred = transformed(logits.astype(np.float64), transform)
    y_true = y.astype(np.float64)
    if task == "classification":
        y_true = np.eye(outputs)[y] if cost.columns == outputs else y_true[:, None]
    entry = COSTS[kind]
    text = entry.formula_for(transform) or PARAMS[kind]["expression"]
    numbers = {name: value for name, value in PARAMS.get(kind, {}).items() if name != "expression"}
    each = (
        parse(str(text), names=("y_true", "y_pred", *numbers)).evaluate({"y_true": y_true, "y_pred": y_pred, **numbers})
        + 0 * y_pred
    )
    wanted = {"row": each[:, 0], "sum": each.sum(axis=1), "mean": each.mean(axis=1)}[entry.columns]
    np.testing.assert_allclose(cost.calculate(y, logits, reduction="none"), wanted, rtol=2e-4, atol=2e-5)
    np.testing.assert_allclose(
        cost.calculate(y, y_pred.astype(np.float32), from_logits=False, reduction="none"), wanted, rtol=2e-3, atol=2e-5
    )


@pytest.mark.parametrize(("kind", "task", "transform"), CASES)
def test_the_layer_with_targets_is_calculate_on_its_logits(kind: str, task: str, transform: str) -> None:
    cost = layer(kind, task, 3, transform)
    x = np.random.default_rng(3).normal(size=(9, 5)).astype(np.float32)
    y = targets(task, 9, 3)
    assert float(cost(x, y)) == float(cost.calculate(y, cost.logits(x)))
    np.testing.assert_array_equal(cost(x), cost.logits(x))


@pytest.mark.parametrize("kind", [kind for kind, entry in COSTS.items() if "classification" in entry.tasks])
def test_class_weights_weigh_the_rows_of_every_cost_for_classes(kind: str) -> None:
    y = targets("classification", 12, 3)
    weights = np.array([0.5, 2.0, 0.0], np.float32)
    logits = np.random.default_rng(5).normal(size=(12, 3)).astype(np.float32)
    rows = np.asarray(layer(kind, "classification", 3).calculate(y, logits, reduction="none"))
    weighed = layer(kind, "classification", 3, class_weight=weights).calculate(y, logits, reduction="none")
    np.testing.assert_allclose(weighed, rows * weights[y], rtol=1e-6)


@pytest.mark.parametrize(("kind", "task", "transform"), CASES)
def test_the_gradient_is_the_slope_of_the_formula(kind: str, task: str, transform: str) -> None:
    """Central differences of the formula in float64, on random outputs: away from kinks."""
    cost = layer(kind, task, 3, transform)
    y = targets(task, 6, 3)
    logits = np.random.default_rng(6).normal(size=(6, 3)) + 0.05
    tensor = tf.constant(logits, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        loss = cost.calculate(y, tensor, reduction="sum")
    gradient = tape.gradient(loss, tensor).numpy()
    y_true = np.eye(3)[y] if task == "classification" else y.astype(np.float64)
    entry, params = COSTS[kind], PARAMS.get(kind, {})
    numbers = {name: value for name, value in params.items() if name != "expression"}
    formula = parse(str(entry.formula_for(transform) or params["expression"]), names=("y_true", "y_pred", *numbers))

    def total(z: np.ndarray) -> float:
        each = formula.evaluate({"y_true": y_true, "y_pred": transformed(z, transform), **numbers})
        return float(each.sum() / (each.shape[1] if entry.columns == "mean" else 1))

    slopes = np.zeros_like(logits)
    for place in np.ndindex(*logits.shape):
        nudge = np.zeros_like(logits)
        nudge[place] = 1e-5
        slopes[place] = (total(logits + nudge) - total(logits - nudge)) / 2e-5
    np.testing.assert_allclose(gradient, slopes, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize(("outputs", "transform"), [(3, "softmax"), (2, "sigmoid"), (3, "sigmoid")])
def test_label_smoothing_moves_the_targets(outputs: int, transform: str) -> None:
    cost = layer("CrossEntropy", "classification", outputs, transform)
    smooth = CostLayer(
        "CrossEntropy", task="classification", outputs=outputs, transform=transform, params={"label_smoothing": 0.3}
    )
    y = targets("classification", 9, outputs)
    logits = np.random.default_rng(7).normal(size=(9, cost.columns)).astype(np.float32)
    p = transformed(logits.astype(np.float64), transform)
    sharp = np.eye(outputs)[y] if cost.columns == outputs else y[:, None].astype(float)
    labels = 0.7 * sharp + (0.3 / outputs if transform == "softmax" else 0.15)
    wanted = -labels * np.log(p) - (0 if transform == "softmax" else (1 - labels) * np.log(1 - p))
    np.testing.assert_allclose(smooth.calculate(y, logits, reduction="none"), wanted.sum(axis=1), rtol=1e-5)


def test_batches_change_nothing_but_rounding() -> None:
    cost = layer("CrossEntropy", "classification", 3)
    logits = np.random.default_rng(4).normal(size=(101, 3)).astype(np.float32)
    y = targets("classification", 101, 3)
    rows = np.asarray(cost.calculate(y, logits, reduction="none"))
    np.testing.assert_allclose(cost.calculate(y, logits, reduction="none", batch_size=7), rows, rtol=1e-5)
    np.testing.assert_allclose(cost.calculate(y, logits, reduction="sum", batch_size=7), rows.sum(), rtol=1e-6)
    np.testing.assert_allclose(cost.calculate(y, logits), rows.mean(), rtol=1e-6)


def test_cross_entropy_stays_exact_for_extreme_logits() -> None:
    cost = layer("CrossEntropy", "classification", 2)
    assert float(cost.calculate(np.array([1], np.int32), np.array([[200.0, 0.0]], np.float32))) == pytest.approx(200)


def test_class_weights_weigh_rows() -> None:
    weights = class_weights("balanced", np.array([0, 0, 0, 1], np.int32), ("a", "b"))
    assert weights is not None
    np.testing.assert_allclose(weights, [4 / (2 * 3), 4 / 2])
    plain, weighted = layer("CrossEntropy", "classification", 2), layer("CrossEntropy", "classification", 2, class_weight=weights)
    y, logits = np.array([0, 1, 1], np.int32), np.array([[1.0, 0], [0, 2], [3, 0]], np.float32)
    rows = np.asarray(plain.calculate(y, logits, reduction="none"))
    np.testing.assert_allclose(weighted.calculate(y, logits), (rows * weights[y]).mean(), rtol=1e-6)
    np.testing.assert_allclose(class_weights({"b": 3.0}, y, ("a", "b")), [1, 3])


@pytest.mark.parametrize(("y", "logits"), [((4, 1), (4, 3)), ((4,), (4, 2)), ((3,), (4, 3))])
def test_shapes_that_do_not_fit_are_refused(y: tuple[int, ...], logits: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        layer("CrossEntropy", "classification", 3).calculate(np.zeros(y, np.int32), np.zeros(logits, np.float32))
