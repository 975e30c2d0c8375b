"""Every entry of the catalog, one by one: it builds, trains a step, survives save and load, and can be shown.

The step is taken without the compiled loop, which the other tests run: compiling each entry would take minutes.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from nnviz import engine
from nnviz.catalog import ACTIVATIONS, COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.engine.loop import compile_mode, optimizers
from nnviz.engine.network.layers import Moment
from nnviz.engine.views.network_picture import network_picture
from nnviz.errors import SpecError
from nnviz.spec import RunSpec, parse_layers, unfold
from nnviz.stack import plan
from nnviz.ui.train import stack_catalog

from .support import Prepared, Rows, prepared, spec

DENSE = {"kind": "Dense", "units": 4}
SHAPES = ((4,), (6, 3), (6, 6, 2), (4, 4, 4, 2))
INNER: tuple[dict[str, Any], ...] = ({}, {"layers": [DENSE]}, {"branches": [[DENSE], [DENSE]]})
"""What a layer may be given besides its own parameters: layers inside it."""
CERTAIN = ("core", "convolution", "pooling", "normalization", "shape", "structure")
"""Groups of layers that draw no random numbers, so need no XLA to draw them."""
EXAMPLES: dict[str, dict[str, Any]] = {}
"""Parameters of layers that cannot be made of their defaults."""


def small(task: str = "classification", *, shape: tuple[int, ...] = (3,)) -> Prepared:
    """Six rows in one batch; inputs 0, 1 and 2, which an Embedding takes as well."""
    data = prepared(task, shape=shape, train=6, validation=1, test=1)

    def rows(part: Rows) -> Rows:
        x = np.random.default_rng(1).integers(0, 3, part.x.shape).astype(np.float32)
        return Rows(x, np.abs(part.y) if task == "regression" else part.y, part.rows)

    return replace(data, parts={"train": rows(data.parts["train"])})


def trains_and_survives(run_spec: RunSpec, data: Prepared, *, xla: bool = False) -> None:
    """One step by the engine's own network, cost and optimizer, compiled by XLA where random numbers are drawn."""
    network, again = (
        engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs) for _ in range(2)
    )
    optimizer = optimizers.make(run_spec.optimizer)
    optimizer.build(network.trainable_variables)
    first = network.values
    x, y = (tf.constant(rows) for rows in (data.parts["train"].x, data.parts["train"].y))

    def step() -> tf.Tensor:
        at = Moment(tf.constant(0, tf.int64), tf.constant(0, tf.int64))
        with tf.GradientTape() as tape:
            loss = network.cost.calculate(y, network.logits(x, training=True, at=at))
        rate = optimizers.rate_at(run_spec.optimizer, tf.constant(run_spec.optimizer.learning_rate), at.step)
        optimizer._learning_rate.assign(rate)
        optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
        return loss

    assert np.isfinite((tf.function(step, jit_compile=True, autograph=False) if xla else step)())
    values = network.values
    assert any(not np.array_equal(a, b) for a, b in zip(first, values, strict=True)), "the step moved nothing"
    again.values = engine.weights_from_bytes(engine.weights_to_bytes(values))
    np.testing.assert_array_equal(again(x), network(x))
    assert np.isfinite(again(x)).all()


def one_step(layers: list[dict[str, Any]], **more: Any) -> RunSpec:
    return spec(layers, epochs=1, batch_size=6, **more)


@pytest.mark.parametrize(("kind", "task"), [(kind, task) for kind, entry in COSTS.items() for task in entry.tasks])
def test_every_cost(kind: str, task: str) -> None:
    start = stack_catalog.catalog(task, (3,))["costs"][kind]["start"]
    trains_and_survives(one_step([DENSE], cost={"kind": kind, **start}), small(task))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation(name: str) -> None:
    trains_and_survives(one_step([DENSE | {"activation": name}]), small())


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer(kind: str) -> None:
    trains_and_survives(one_step([DENSE], optimizer={"kind": kind}), small())
    assert OPTIMIZERS[kind].reference
    assert OPTIMIZERS[kind].help


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule(kind: str) -> None:
    needed = {param.name: param.default for param in SCHEDULES[kind].params if param.required}
    trains_and_survives(one_step([DENSE], optimizer={"kind": "SGD", "schedule": {"kind": kind, **needed}}), small())
    assert SCHEDULES[kind].latex
    assert SCHEDULES[kind].help


@pytest.mark.parametrize("kind", LAYERS)
def test_every_layer(kind: str) -> None:
    layers, shape = example(kind)
    draws = LAYERS[kind].group not in CERTAIN
    trains_and_survives(one_step(layers), small(shape=shape), xla=draws and compile_mode.mode([kind]) == "xla")


@pytest.mark.parametrize("kind", LAYERS)
def test_every_layer_is_part_of_the_picture(kind: str) -> None:
    layers, shape = example(kind)
    run_spec, data = one_step(layers), small(shape=shape)
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs)
    body = network_picture(network, data, unfold(run_spec.layers))
    assert len([one for one in body["layers"] if not one["lanes"]]) == len(network.stack)
    for column in (*body["layers"], body["cost"]):
        assert all(np.isfinite([unit["low"], unit["high"], unit["mean"], unit["zero"]]).all() for unit in column["units"])


def example(kind: str) -> tuple[list[dict[str, Any]], tuple[int, ...]]:
    """A stack with a layer of this kind as the interface adds it, and the shape of the input that it takes."""
    start = stack_catalog.catalog("classification", (4,))["layers"][kind]["start"] | EXAMPLES.get(kind, {})
    for inner in INNER:
        for shape in SHAPES:
            for after in ([], [{"kind": "Flatten"}]):
                layers = [{"kind": kind, **start, **inner}, *after]
                try:
                    parse_layers(layers)
                except SpecError:
                    continue
                if plan(layers, shape, outputs=3).error is None:
                    return layers, shape
    raise AssertionError(f"give EXAMPLES the parameters of {kind}")


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_interface_has_help_for_everything_and_a_formula_where_there_is_one(task: str) -> None:
    catalog = stack_catalog.catalog(task, (4,))
    assert set(catalog["activations"]) == set(ACTIVATIONS)
    assert set(catalog["layers"]) == set(LAYERS)
    assert set(catalog["costs"]) == {kind for kind, entry in COSTS.items() if task in entry.tasks}
    assert all(entry["help"] for group in ("layers", "costs", "activations") for entry in catalog[group].values())
    assert all(entry["formula"] for entry in catalog["activations"].values())
    assert [kind for kind, entry in catalog["costs"].items() if not entry["formula"]] == ["Expression"]
