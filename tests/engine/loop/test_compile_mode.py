"""Which mode a network is compiled in, and that a comparison can ask for the other."""

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.arrays import Targets, arrays
from nnviz.engine.loop import compile_mode
from nnviz.spec import RunSpec


def test_one_kind_that_loses_under_xla_decides():
    assert compile_mode.mode(["Dense", "LSTM"]) == "xla"
    assert compile_mode.mode(["Dense", "Conv2D"]) == "graph"


@pytest.mark.parametrize("mode", ["xla", "graph"])
def test_a_session_is_compiled_as_asked_and_trains_alike(mode):
    x = np.random.default_rng(0).normal(size=(12, 3)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    rows = arrays(x, y, Targets.of(y))
    spec = RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "spirals"},
            "layers": [{"kind": "Dense", "units": 4, "activation": "tanh"}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "SGD", "learning_rate": 0.5},
            "training": {"epochs": 3, "batch_size": 12},
        }
    )
    session = engine.prepare(spec, rows, mode=mode)
    result = engine.train(spec, rows, session=session, on_progress=lambda progress: None, frames=False)
    assert result.info["mode"] == mode
    # three full batches by hand: softmax cross-entropy through one tanh layer
    network = engine.build(spec.layers, spec.cost, task="classification", shape=(3,), outputs=2, seed=spec.training.seed)
    first, bias, second, shift = (value.astype(np.float64) for value in network.values)
    for _ in range(3):
        hidden = np.tanh(x @ first + bias)
        raw = hidden @ second + shift
        share = np.exp(raw - raw.max(axis=1, keepdims=True))
        error = (share / share.sum(axis=1, keepdims=True) - np.eye(2)[y]) / 12
        back = error @ second.T * (1 - hidden**2)
        second, shift = second - 0.5 * hidden.T @ error, shift - 0.5 * error.sum(axis=0)
        first, bias = first - 0.5 * x.T @ back, bias - 0.5 * back.sum(axis=0)
    for trained, wanted in zip(result.weights, (first, bias, second, shift), strict=True):
        np.testing.assert_allclose(trained, wanted, atol=1e-5)
