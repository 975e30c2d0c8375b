"""Regularizers and constraints: their numbers against NumPy, and apart from the loss."""

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.loop import parameters, session
from tests.engine.support import prepared, spec

L1, L2, BOTH = {"kind": "L1", "l1": 0.03}, {"kind": "L2", "l2": 0.05}, {"kind": "L1L2", "l1": 0.02, "l2": 0.01}
RATE = 0.1


def one_step(layer: dict, *, cost: dict | None = None, shape: tuple[int, ...] = (3,), **more: dict) -> tuple:
    """(weights before, weights after, batch loss, all that was told) of one step of plain gradient descent over all rows."""
    layers = [layer | more] + ([{"kind": "Flatten"}] if len(shape) > 1 else [])
    run_spec = spec(
        layers,
        cost={"kind": "CrossEntropy", **(cost or {})},
        optimizer={"kind": "SGD", "learning_rate": RATE},
        epochs=1,
        batch_size=22,
    )
    seen: list[engine.Progress] = []
    result = engine.train(run_spec, prepared(shape=shape), on_progress=seen.append, frames=False)
    start = engine.build(run_spec.layers, run_spec.cost, task="classification", shape=shape, outputs=3).values
    return start, result.weights, float(next(item.steps["batch_loss"][0] for item in seen if item.steps)), seen


def slope(regularizer: dict | None, weights: np.ndarray) -> np.ndarray:
    regularizer = regularizer or {}
    return regularizer.get("l1", 0) * np.sign(weights) + 2 * regularizer.get("l2", 0) * weights


def size(regularizer: dict | None, weights: np.ndarray) -> float:
    regularizer = regularizer or {}
    return regularizer.get("l1", 0) * np.abs(weights).sum() + regularizer.get("l2", 0) * np.square(weights).sum()


@pytest.mark.parametrize(("kind", "shape"), [("Dense", (3,)), ("Conv2D", (4, 4, 1))])
def test_a_penalty_moves_the_weights_and_not_the_loss(kind: str, shape: tuple[int, ...]) -> None:
    layer = (
        {"kind": "Dense", "units": 4, "activation": "tanh"}
        if kind == "Dense"
        else {"kind": "Conv2D", "filters": 2, "kernel_size": 3}
    )
    layer |= {"bias_initializer": {"kind": "Constant", "value": 0.5}}
    start, plain, loss, seen = one_step(layer, shape=shape)
    _, after, penalized, reports = one_step(
        layer, shape=shape, kernel_regularizer=BOTH, bias_regularizer=L2, cost={"kernel_regularizer": L1}
    )
    regularizers = [BOTH, L2, L1, None]
    assert penalized == pytest.approx(loss, rel=1e-6)
    for before, first, second, regularizer in zip(start, plain, after, regularizers, strict=True):
        np.testing.assert_allclose(second, first - RATE * slope(regularizer, before), rtol=1e-4, atol=1e-6)
    metrics = [epoch.metrics for item in reports for epoch in item.epochs][-1]
    assert metrics["penalty"] == pytest.approx(sum(map(size, regularizers, after)), rel=1e-5)
    assert "penalty" not in [epoch.metrics for item in seen for epoch in item.epochs][-1]


@pytest.mark.parametrize(
    ("constraint", "bound"),
    [
        ({"kind": "MaxNorm", "max_value": 0.5}, lambda norm: np.minimum(norm, 0.5)),
        ({"kind": "UnitNorm"}, np.ones_like),
        (
            {"kind": "MinMaxNorm", "min_value": 0.4, "max_value": 0.8, "rate": 0.5},
            lambda norm: 0.5 * np.clip(norm, 0.4, 0.8) + 0.5 * norm,
        ),
    ],
    ids=lambda case: case.get("kind", "") if isinstance(case, dict) else "",
)
@pytest.mark.parametrize("kind", ["Dense", "Conv2D"])
def test_a_constraint_holds_each_unit_s_weights(kind: str, constraint: dict, bound: object) -> None:
    layer, shape = (
        ({"kind": "Dense", "units": 4}, (3,))
        if kind == "Dense"
        else ({"kind": "Conv2D", "filters": 2, "kernel_size": 3}, (4, 4, 1))
    )
    _, plain, _, _ = one_step(layer, shape=shape)
    _, after, _, _ = one_step(layer, shape=shape, kernel_constraint=constraint)
    free = plain[0].reshape(-1, plain[0].shape[-1])
    norm = np.sqrt(np.square(free).sum(axis=0))
    np.testing.assert_allclose(after[0].reshape(free.shape), free * bound(norm) / norm, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(after[1], plain[1])


def test_weights_held_above_zero_are_cut_there() -> None:
    layer = {"kind": "Dense", "units": 4}
    _, plain, _, _ = one_step(layer)
    _, after, _, _ = one_step(layer, kernel_constraint={"kind": "NonNeg"})
    np.testing.assert_array_equal(after[0], np.maximum(plain[0], 0))
    assert (plain[0] < 0).any()


def test_a_constrained_network_keeps_its_variables_apart() -> None:
    for constraint, form in ((None, parameters.FlatVector), ({"kind": "NonNeg"}, parameters.PerVariable)):
        run_spec = spec([{"kind": "Dense", "units": 4, "kernel_constraint": constraint}])
        assert type(session.Session(run_spec, prepared()).loop.parameters) is form


def test_frozen_weights_are_not_penalized() -> None:
    run_spec = spec([{"kind": "Dense", "units": 4, "kernel_regularizer": L2, "trainable": False}], epochs=1)
    result = engine.train(run_spec, prepared(), on_progress=lambda seen: None, frames=False)
    assert "penalty" not in result.metrics
