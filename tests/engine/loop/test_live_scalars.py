"""The list that the page offers, made without TensorFlow, is what the loop takes."""

from typing import Any

import pytest

from nnviz.catalog import LAYERS, OPTIMIZERS
from nnviz.engine.loop.live_scalars import LiveScalars
from nnviz.engine.loop.optimizers import make
from nnviz.engine.network.network import build
from nnviz.engine.training.recompile import with_settings
from nnviz.spec import RunSpec
from nnviz.spec.tunable import BATCH_SIZE, RATE, changeable

DENSE = [
    {
        "kind": "Dense",
        "units": 3,
        "kernel_regularizer": {"kind": "L1L2", "l1": 0.5, "l2": 0.0},
        "bias_regularizer": {"kind": "L1", "l1": 0.25},
    },
    {
        "kind": "Repeat",
        "times": 2,
        "layers": [
            {"kind": "Dropout", "rate": {"each": [0.0, 0.25]}},
            {"kind": "Residual", "layers": [{"kind": "Dense", "units": 3}, {"kind": "GaussianNoise", "stddev": 0.125}]},
        ],
    },
    {
        "kind": "Parallel",
        "branches": [[], [{"kind": "Dense", "units": 2, "kernel_regularizer": {"kind": "L2"}, "trainable": False}]],
    },
    {"kind": "BatchNormalization"},
    {"kind": "Dropout", "rate": 0.0},
]


def spec(layers: list[dict[str, Any]], *, optimizer: str = "Adam", **cost: Any) -> RunSpec:
    return RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "spirals"},
            "layers": layers,
            "cost": {"kind": "CrossEntropy"} | cost,
            "optimizer": {"kind": optimizer},
        }
    )


def of_engine(run_spec: RunSpec, shape: tuple[int, ...]) -> dict[str, float]:
    network = build(run_spec.layers, run_spec.cost, task="classification", shape=shape, outputs=3)
    return LiveScalars(network, make(run_spec.optimizer)).values


def offered(run_spec: RunSpec) -> dict[str, float]:
    return {name: value for name, value in changeable(run_spec).items() if name not in (RATE, BATCH_SIZE)}


@pytest.mark.parametrize("kind", list(OPTIMIZERS))
def test_what_is_offered_is_what_the_loop_takes_of_every_optimizer(kind: str) -> None:
    run_spec = spec(DENSE, optimizer=kind, kernel_regularizer={"kind": "L2", "l2": 0.0625})
    assert offered(run_spec) == pytest.approx(of_engine(run_spec, (3,)))
    assert {
        "layers[0].kernel_regularizer.l1": 0.5,
        "layers[1].layers[0].rate": 0.25,
        "layers[1].layers[1].layers[1].stddev": 0.125,
        "cost.kernel_regularizer.l2": 0.0625,
    }.items() <= offered(run_spec).items()
    assert changeable(run_spec)[RATE] == run_spec.optimizer.learning_rate


SHAPES: dict[str, tuple[int, ...]] = {"2D": (8, 8, 3), "1D": (8, 3), "convolution": (8, 8, 3), "sequence": (8, 3)}


@pytest.mark.parametrize(
    "kind", [kind for kind, entry in LAYERS.items() if any(param.name.endswith("_regularizer") for param in entry.params)]
)
def test_what_is_offered_is_what_the_loop_takes_of_every_layer_with_weights(kind: str) -> None:
    entry = LAYERS[kind]
    layer = (
        {"kind": kind}
        | {param.name: param.default for param in entry.params if param.required}
        | {param.name: {"kind": "L2", "l2": 0.5} for param in entry.params if param.name.endswith("_regularizer")}
    )
    shape = next((shape for name, shape in SHAPES.items() if name in kind or name == entry.group), (8, 3))
    if kind == "Embedding":
        shape = (8,)
    run_spec = spec([layer, {"kind": "Flatten"}])
    assert offered(run_spec) == pytest.approx(of_engine(run_spec, shape))


def test_how_strong_augmentation_is_is_offered_though_it_is_compiled_in() -> None:
    kinds = [kind for kind, entry in LAYERS.items() if entry.group == "augmentation"]
    layers = [{"kind": kind} | {param.name: param.default for param in LAYERS[kind].params} for kind in kinds]
    run_spec = spec([*layers, {"kind": "RandomRotation", "factor": 0.0}, {"kind": "Flatten"}])
    assert of_engine(run_spec, (8, 8, 3)) == {
        name: run_spec.optimizer.params[name[10:]] for name in ("optimizer.beta_1", "optimizer.beta_2")
    }
    for name, value in offered(run_spec).items():
        if name.startswith("layers"):
            assert offered(with_settings(run_spec, {name: value + 0.125}))[name] == value + 0.125
    assert len([name for name in offered(run_spec) if name.startswith("layers")]) == 7
    strong = {kind for kind in kinds if any(param.tunable == "compiled" for param in LAYERS[kind].params)}
    assert strong == set(kinds) - {"RandomFlip"}  # which has no strength


def test_a_number_that_is_offered_can_be_set_in_the_spec() -> None:
    run_spec = spec(DENSE, kernel_regularizer={"kind": "L2", "l2": 0.0625})
    for name, value in changeable(run_spec).items():
        other = run_spec.with_(name, value / 2 if name != BATCH_SIZE else value // 2)
        assert changeable(other)[name] == pytest.approx(value / 2)
