"""The backward pass taken apart by row, against float64: differences of each row's own cost, and NumPy's closed forms."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnviz import engine
from nnviz.catalog import COSTS, LAYERS
from nnviz.catalog.presets import PRESETS, stack_for
from nnviz.engine.loop import session as sessions
from nnviz.engine.loop.session import Session
from nnviz.engine.network.cost import CostLayer
from nnviz.engine.network.layers import Moment
from nnviz.engine.network.stateless_random import rng_algorithm
from nnviz.engine.training import batch_gradients
from nnviz.engine.views.back.backward_pass import Backward, BackwardPass
from nnviz.engine.views.back.layer_way import way_from
from nnviz.spec import RunSpec, parse_cost, parse_layers, unfold
from nnviz.ui.train import stack_catalog
from tests.engine.support import prepared, spec
from tests.engine.test_catalog_walk import example

ROWS = 6
DENSE = {"kind": "Dense", "units": 4, "activation": "tanh"}
CONVOLUTION = {"filters": 2, "kernel_size": 1, "activation": "tanh"}
BEFORE = {1: DENSE, 2: {"kind": "Conv1D", **CONVOLUTION}, 3: {"kind": "Conv2D", **CONVOLUTION}}
"""Something to be learned below layers without weights, by the dimensions of a row; it keeps the shapes of `example`."""
CERTAIN = [kind for kind, entry in LAYERS.items() if not entry.is_random]
DIFFERENCE = 1e-6


@pytest.fixture
def untraced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As it stands: tracing would take most of the time."""
    monkeypatch.setattr(sessions.compile_mode, "mode", lambda kinds: "graph")
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def batch_for(run_spec: RunSpec, shape: tuple[int, ...], task: str = "classification", **more: Any) -> tuple[Session, Any, Any]:
    """A session whose epoch is one batch, and its rows."""
    data = prepared(task, shape=shape, train=ROWS, validation=0, test=0, **more)
    train = data.parts["train"]
    if any(layer.kind == "Embedding" for layer in run_spec.layers):
        train.x[...] = np.random.default_rng(1).integers(0, 3, train.x.shape)
    if task == "regression":
        train.y[...] = np.random.default_rng(2).uniform(0.5, 3, train.y.shape)
    return Session(run_spec, data), train.x, train.y


def gone_back(
    session: Session, run_spec: RunSpec, x: Any, y: Any, variable: int, index: tuple[int, ...], **more: Any
) -> Backward:
    way = way_from(session.network, unfold(run_spec.layers), variable)
    made = BackwardPass(session, variable, [one.layer for one in way])
    return made(x, y, seed=0, step=0, index=index, **more)[0]


def by_differences(
    session: Session, run_spec: RunSpec, x: Any, y: Any, variable: int, index: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """The derivative of each row's own cost by a weight, as central differences of a network in float64."""
    own, before = session.network, (keras.config.floatx(), keras.config.dtype_policy())
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    targets = CostLayer.targets
    try:
        with monkeypatch.context() as patch:
            patch.setattr(CostLayer, "targets", lambda layer, y: tf.cast(targets(layer, y), tf.float64))
            weights = own.cost.class_weight
            network = engine.build(
                run_spec.layers,
                run_spec.cost,
                task=own.cost.task,
                shape=own.shape,
                outputs=own.cost.outputs,
                class_weight=None if weights is None else weights.astype(np.float64),
            )
            network.values = [value.astype(np.float64) for value in own.values]
            place = network.trainable_variables[variable]
            start, ends = place.numpy(), []
            for sign in (1, -1):
                moved = start.copy()
                moved[index] += sign * DIFFERENCE
                place.assign(moved)
                outputs = network.logits(tf.constant(x, tf.float64), training=True)
                ends.append(np.asarray(network.cost.calculate(tf.constant(y), outputs, reduction="none")))
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])
    return (ends[0] - ends[1]) / (2 * DIFFERENCE)


def agrees(session: Session, run_spec: RunSpec, x: Any, y: Any, variables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows' gradients are those of differences, and with the penalty they add up to the gradient of the step."""
    gradients = batch_gradients.of(session)(x, y, seed=0, step=0)[3]
    before = session.network.values
    for variable in variables:
        gradient = gradients[variable]
        index = tuple(int(one) for one in np.unravel_index(np.abs(gradient).argmax(), gradient.shape))
        made = gone_back(session, run_spec, x, y, variable, index)
        wanted = by_differences(session, run_spec, x, y, variable, index, monkeypatch)
        np.testing.assert_allclose(made.gradients, wanted, rtol=2e-4, atol=2e-5 * np.abs(wanted).max() + 1e-8)
        assert made.gradients.mean(dtype=np.float64) + made.penalty == pytest.approx(gradient[index], rel=1e-4, abs=1e-7)
        # what is said of the layers ends in the row's gradient, but for what comes through other rows
        first = made.layers[0] if made.layers else None
        row = int(np.abs(made.gradients).argmax())
        slopes = made.slopes[row] if first is None else first.outputs if first.before is None else first.before
        assert np.sum(made.terms * slopes, dtype=np.float64) == pytest.approx(made.own, rel=1e-5, abs=1e-8)
        if not any(layer.kind == "BatchNormalization" for layer in run_spec.layers):
            assert made.own == pytest.approx(made.gradients[row], rel=1e-4, abs=1e-8)
    assert all(np.array_equal(a, b) for a, b in zip(before, session.network.values, strict=True))


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("kind", CERTAIN)
def test_every_layer(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layers, shape = example(kind)
    own = len(
        engine.build(
            parse_layers(layers), parse_cost({"kind": "CrossEntropy"}), task="classification", shape=shape, outputs=3
        ).trainable_variables
    )
    below = [BEFORE[len(shape)]] if kind != "Embedding" and len(shape) in BEFORE else []
    run_spec = spec([*below, *layers], batch_size=ROWS)
    session, x, y = batch_for(run_spec, shape)
    first = len(session.network.trainable_variables) - own
    agrees(session, run_spec, x, y, sorted({0, first}), monkeypatch)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(("kind", "task"), [(kind, task) for kind, entry in COSTS.items() for task in entry.tasks])
def test_every_cost(kind: str, task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start = stack_catalog.catalog(task, (3,))["costs"][kind]["start"]
    run_spec = spec([DENSE], cost={"kind": kind, **start}, batch_size=ROWS)
    session, x, y = batch_for(run_spec, (3,), task)
    agrees(session, run_spec, x, y, (0, 2), monkeypatch)


@pytest.mark.usefixtures("untraced")
def test_class_weights_and_regularizers(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = [DENSE | {"kernel_regularizer": {"kind": "L2", "l2": 0.3}}]
    run_spec = spec(layers, cost={"kind": "CrossEntropy", "class_weight": "balanced"}, batch_size=ROWS)
    session, x, y = batch_for(run_spec, (3,))
    assert session.network.cost.class_weight is not None
    agrees(session, run_spec, x, y, (0, 1, 2), monkeypatch)
    made = gone_back(session, run_spec, x, y, 0, (1, 2))
    assert made.penalty == pytest.approx(2 * 0.3 * session.network.trainable_variables[0].numpy()[1, 2], rel=1e-6)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    preset = PRESETS[name]
    shape = (8, 8, 1) if preset.fits == "image" else (3,)
    run_spec = spec([dict(layer) for layer in stack_for(name, shape)], batch_size=ROWS)
    session, x, y = batch_for(run_spec, shape)
    agrees(session, run_spec, x, y, (0,), monkeypatch)


def test_dropout_and_a_short_batch_under_xla_against_numpy() -> None:
    """The masks are those of the step; each layer's slopes are the closed form's."""
    layers = [DENSE, {"kind": "Dropout", "rate": 0.4}, {"kind": "Dense", "units": 3, "activation": "relu"}]
    run_spec = spec(layers, batch_size=8)
    data = prepared(train=22)
    session = Session(run_spec, data)
    assert session.loop._xla
    x, y = data.parts["train"].x[:6], data.parts["train"].y[:6]

    @tf.function(jit_compile=True, autograph=False)
    def drawn() -> Any:
        with rng_algorithm(xla=True):
            return session.network.stack[1](
                tf.ones((8, 4)), training=True, at=Moment(tf.constant(0, tf.int64), tf.constant(5, tf.int64))
            )

    mask = drawn().numpy()[:6].astype(np.float64)
    assert 0 < (mask == 0).sum() < mask.size
    w, b, u, c, v, d = (variable.numpy().astype(np.float64) for variable in session.network.trainable_variables)
    hidden = np.tanh(x @ w + b)
    second = hidden * mask @ u + c
    out = np.maximum(second, 0) @ v + d
    shares = np.exp(out) / np.exp(out).sum(axis=1, keepdims=True)
    slope = shares - np.eye(3)[y]
    after = slope @ v.T
    before = after * (second > 0)
    dropped = before @ u.T
    at_hidden = dropped * mask
    at_first = at_hidden * (1 - hidden**2)
    way = way_from(session.network, unfold(run_spec.layers), 0)
    assert [(one.number, one.title, one.activation) for one in way] == [
        ("1", "Dense 4", "tanh"),
        ("2", "Dropout", ""),
        ("3", "Dense 3", "relu"),
    ]
    made, row = BackwardPass(session, 0, [one.layer for one in way])(x, y, seed=0, step=5, index=(1, 2), row=3)
    assert row == 3
    close = {"rtol": 1e-4, "atol": 1e-6}
    np.testing.assert_allclose(made.costs, -np.log(shares[np.arange(6), y]), **close)
    np.testing.assert_allclose(made.slopes, slope, **close)
    np.testing.assert_allclose(made.gradients, x[:, 1] * at_first[:, 2], **close)
    first, middle, last = made.layers
    np.testing.assert_allclose(first.outputs, at_hidden[3], **close)
    np.testing.assert_allclose(first.before, at_first[3], **close)
    np.testing.assert_allclose(first.rise, 1 - hidden[3] ** 2, **close)
    np.testing.assert_allclose(middle.outputs, dropped[3], **close)
    np.testing.assert_allclose(last.outputs, after[3], **close)
    np.testing.assert_allclose(last.before, before[3], **close)
    np.testing.assert_array_equal(last.rise, second[3] > 0)
    np.testing.assert_allclose(made.terms, [0, 0, x[3, 1], 0], **close)
    assert made.own == pytest.approx(x[3, 1] * at_first[3, 2], rel=1e-4)
    gradients = batch_gradients.of(session)(x, y, seed=0, step=5)[3]
    assert made.gradients.mean(dtype=np.float64) == pytest.approx(gradients[0][1, 2], rel=1e-4)
