"""Every layer, activation and cost of the catalog: what the tape says of a network against central differences.

In float64, along a random direction of the inputs and of each weight by itself. Random inputs, so that none lies within a
step of a kink. Layers with parameters that change more than sizes are looked at closely in `test_layers.py`."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnviz import engine
from nnviz.catalog import ACTIVATIONS, COSTS, LAYERS
from nnviz.engine.network import cost as costs
from nnviz.engine.network.cost import CostLayer
from nnviz.engine.network.network import Network
from nnviz.engine.network.stateless_random import Moment
from nnviz.spec import expand, parse_cost, parse_layers
from nnviz.ui.train import stack_catalog

from .test_catalog_walk import example

AT = Moment(tf.constant(3, tf.int64), tf.constant(7, tf.int64))
STEP, TOLERANCE = 1e-6, 1e-6
SINGLE_STEP, SINGLE_TOLERANCE = 0.5, 1e-3
"""In float32, for what is linear: the longer the step, the less of the difference is rounding."""
ONLY_SINGLE = dict.fromkeys(sorted(kind for kind, entry in LAYERS.items() if entry.is_random), "its random numbers are float32")
"""Layers that know no float64, with the reason; each is linear in its inputs, given its draws."""
NO_SLOPE = {"Embedding": "its inputs are whole numbers"}
"""Layers whose inputs have no gradient, with the reason."""
DENSE = {"kind": "Dense", "units": 4, "activation": "tanh"}


@pytest.fixture
def double() -> Iterator[None]:
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])


def built(layers: list[dict[str, Any]], shape: tuple[int, ...], *, cost: Any = None, task: str = "classification") -> Network:
    return engine.build(parse_layers(layers), parse_cost(cost or {"kind": "CrossEntropy"}), task=task, shape=shape, outputs=3)


def slopes_agree(
    network: Network, x: np.ndarray, total: Any, *, by_input: bool = True, step: float = STEP, tolerance: float = TOLERANCE
) -> None:
    """Whether the gradient of `total(logits)` agrees with its differences, along one direction of `x` and of each weight."""
    random, place = np.random.default_rng(4), tf.Variable(x)
    weights = [variable.value for variable in network.trainable_variables]

    def value() -> Any:
        return total(network.logits(tf.convert_to_tensor(place), training=True, at=AT))

    sources = [*([place] if by_input else []), *weights]
    with tf.GradientTape() as tape:
        output = value()
    gradients = tape.gradient(output, sources)
    seen = 0
    for source, gradient in zip(sources, gradients, strict=True):
        start, direction = tf.identity(source), random.normal(size=source.shape).astype(x.dtype)
        ends = []
        for sign in (1, -1):
            source.assign(start + sign * step * direction)
            ends.append(float(value()))
        source.assign(start)
        slope = (ends[0] - ends[1]) / (2 * step)
        along = float(tf.reduce_sum(tf.convert_to_tensor(gradient) * direction))
        assert along == pytest.approx(slope, rel=tolerance, abs=tolerance), source.name
        seen += abs(slope) > 1e-3
    assert seen > (1 if by_input else 0), "no direction changes anything"


def weighed(outputs: int = 3, size: str = "float64", rows: int = 5) -> Any:
    factors = tf.constant(np.random.default_rng(5).normal(size=(rows, outputs)), size)
    return lambda logits: tf.reduce_sum(logits * factors)


def agrees(layers: list[dict[str, Any]], shape: tuple[int, ...], size: str = "float64") -> None:
    used = {layer.kind for _, layer in expand(parse_layers(layers))}
    random = np.random.default_rng(1)
    is_whole = bool(used & set(NO_SLOPE))
    x = (random.integers(0, 9, (5, *shape)) if is_whole else random.normal(size=(5, *shape))).astype(size)
    steps = {"step": SINGLE_STEP, "tolerance": SINGLE_TOLERANCE} if size == "float32" else {}
    slopes_agree(built(layers, shape), x, weighed(size=size), by_input=not is_whole, **steps)


@pytest.mark.parametrize("kind", [kind for kind in LAYERS if kind not in ONLY_SINGLE])
@pytest.mark.usefixtures("double")
def test_every_layer(kind: str) -> None:
    agrees(*example(kind))


@pytest.mark.parametrize("kind", ONLY_SINGLE)
def test_every_random_layer_as_one_moment_draws_it(kind: str) -> None:
    agrees(*example(kind), size="float32")


def test_a_convolution_pooled_before_its_bias_and_activation(double: None) -> None:
    agrees(
        [{"kind": "Conv2D", "filters": 3, "kernel_size": 2, "activation": "relu"}, {"kind": "MaxPooling2D"}, {"kind": "Flatten"}],
        (5, 5, 2),
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.usefixtures("double")
def test_every_activation(name: str) -> None:
    agrees([DENSE | {"activation": name}, DENSE], (3,))


def test_a_typed_activation_by_its_constants_too(double: None) -> None:
    typed = {"expression": "x * sigmoid(a * x) + where(x > b, b, x)", "constants": {"a": 1.5, "b": 0.2}}
    agrees([DENSE | {"activation": typed}], (3,))


@pytest.mark.parametrize(("kind", "task"), [(kind, task) for kind, entry in COSTS.items() for task in entry.tasks])
def test_every_cost_through_the_network(kind: str, task: str, double: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loss of a batch, by inputs and by all weights, the projection's among them."""
    start = stack_catalog.catalog(task, (3,))["costs"][kind]["start"]
    monkeypatch.setattr(CostLayer, "targets", _in_double(costs.CostLayer.targets))
    network = built([DENSE], (3,), cost={"kind": kind, **start}, task=task)
    random = np.random.default_rng(2)
    x = random.normal(size=(5, 3))
    y = (
        tf.constant(random.integers(0, 3, 5), tf.int32)
        if task == "classification"
        else tf.constant(random.uniform(0.5, 3, (5, 3)), tf.float32)
    )
    slopes_agree(network, x, lambda logits: network.cost.calculate(y, logits))


def _in_double(targets: Any) -> Any:
    return lambda layer, y: tf.cast(targets(layer, y), tf.float64)
