"""What is said of each layer against NumPy, for blocks, and where there is nothing to say."""

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.training.live_changes import Changes
from nnviz.engine.views.layer_learning import layer_learning
from nnviz.engine.views.magnitudes import BINS, magnitudes
from nnviz.engine.views.next_update import next_update
from nnviz.errors import RequestError
from tests.engine.support import prepared, spec

DENSE = {"kind": "Dense", "units": 4, "activation": "relu"}


def learning(data, layers, change=None, **more):
    """The session and its frame; `change` works on the weights."""
    run_spec = spec(layers, **more)
    session = engine.Session(run_spec, data)
    if change is not None:
        values = session.network.values
        change(values)
        session.network.values = values
    body = layer_learning(Changes(run_spec, data, session, plateau=None), 0)
    return session, msgpack.unpackb(msgpack.packb(body))


def test_sizes_and_norms_are_those_of_numpy():
    data = prepared()
    session, body = learning(data, [DENSE])
    train = data.parts["train"]
    update = next_update(session, train.x, train.y, step=0, rate=0.1)
    kinds = {"weights": session.network.values, "gradient": update.gradients, "update": update.updates}
    for place, layer in enumerate(body["layers"]):
        for name, arrays in kinds.items():
            values = np.concatenate([array.ravel() for array in arrays[2 * place : 2 * place + 2]]).astype(np.float64)
            assert layer[name]["norm"] == pytest.approx(np.sqrt((values**2).sum()), rel=1e-6)
            assert layer[name]["zeros"] == (values == 0).mean()
            assert layer[name]["bars"] == magnitudes(values)
            assert len(layer[name]["bars"]) == 2 * BINS
        assert layer["update"]["norm"] == pytest.approx(0.1 * layer["gradient"]["norm"], rel=1e-4)
    assert (body["rows"], body["rows_in_all"], body["optimizer"], body["step"], body["epoch"]) == (22, 22, "SGD", 0, 0)
    assert (body["layers"][0]["count"], body["layers"][1]["count"]) == (16, 15)


def test_dead_units_are_0_for_every_row():
    def kill(values):
        values[1][[0, 2]] = -1e3

    data = prepared()
    session, body = learning(data, [DENSE, {"kind": "Dense", "units": 3, "activation": "tanh"}], kill)
    w, b = session.network.values[:2]
    dead = (np.maximum(data.parts["train"].x @ w + b, 0) == 0).all(axis=0)
    assert [layer["dead"] for layer in body["layers"]] == [dead.sum(), None, None]
    assert dead.sum() >= 2


def test_saturated_outputs_are_near_the_ends():
    def stretch(values):
        for place in (0, 2):
            values[place] *= 8

    data = prepared()
    layers = [{"kind": "Dense", "units": 5, "activation": "tanh"}, {"kind": "Dense", "units": 4, "activation": "sigmoid"}]
    session, body = learning(data, layers, stretch)
    w1, b1, w2, b2, w3, b3 = (value.astype(np.float64) for value in session.network.values)
    h1 = np.tanh(data.parts["train"].x @ w1 + b1)
    h2 = 1 / (1 + np.exp(-(h1 @ w2 + b2)))
    raw = np.exp(h2 @ w3 + b3)
    shares = raw / raw.sum(axis=1, keepdims=True)
    wanted = [(np.abs(h1) >= 0.98).mean(), (np.abs(h2 - 0.5) >= 0.49).mean(), (np.abs(shares - 0.5) >= 0.49).mean()]
    assert [layer["saturated"] for layer in body["layers"]] == pytest.approx(wanted)
    assert 0 < wanted[0] < 1


def test_layers_in_blocks_and_copies_have_a_row_each():
    inner = {"kind": "Dense", "units": 4, "activation": {"expression": "maximum(x, 0)"}}
    layers = [
        {"kind": "Residual", "project": True, "layers": [inner]},
        {"kind": "Parallel", "branches": [[DENSE], [{"kind": "Dropout", "rate": 0.5}, DENSE]]},
        {"kind": "Repeat", "times": 2, "layers": [DENSE]},
    ]
    _, body = learning(prepared(), layers)
    rows = [(layer["number"], layer["title"], layer["dead"] is not None) for layer in body["layers"]]
    assert rows == [
        ("1.1", "Dense 4", True),
        ("1", "projection", False),
        ("2.1.1", "Dense 4", True),
        ("2.2.2", "Dense 4", True),
        ("3.1", "Dense 4", True),
        ("3.1", "Dense 4", True),
        ("", "CrossEntropy", False),
    ]
    assert all(layer["trained"] for layer in body["layers"])


def test_an_activation_of_its_own_belongs_to_the_layer_before_it():
    layers = [
        {"kind": "Conv2D", "filters": 3, "kernel_size": 3},
        {"kind": "BatchNormalization"},
        {"kind": "Activation", "activation": "relu"},
        {"kind": "Flatten"},
    ]
    _, body = learning(prepared(shape=(5, 5, 1)), layers)
    convolution, normalization, _ = body["layers"]
    assert (convolution["dead"], normalization["dead"] is not None) == (None, True)
    assert (normalization["activation"], normalization["after"], normalization["units"]) == ("relu", "3", 3)
    # gamma and beta, not the moving averages
    assert normalization["count"] == 6


def test_a_layer_that_is_not_trained_has_weights_only():
    _, body = learning(prepared(), [DENSE | {"trainable": False}, DENSE])
    frozen, trained, _ = body["layers"]
    assert (frozen["trained"], frozen["gradient"], frozen["update"], frozen["count"]) == (False, None, None, 16)
    assert trained["trained"]


def test_outputs_of_an_lstm_are_no_activations():
    data = prepared(shape=(4,))
    for part in data.parts.values():
        part.x[:] = np.abs(part.x).round() % 5
    layers = [{"kind": "Embedding", "input_dim": 5, "output_dim": 3}, {"kind": "LSTM", "units": 3}]
    _, body = learning(data, layers)
    assert [layer["saturated"] is None for layer in body["layers"]] == [True, True, False]


def test_numbers_that_are_none_and_a_network_too_large_are_refused_in_words(monkeypatch):
    def spoil(values):
        values[2][0, 0] = np.nan

    with pytest.raises(RequestError, match="weights of layer 2 are no numbers"):
        learning(prepared(), [DENSE, DENSE], spoil)

    def blow_up(values):
        values[0][:] = 1e30
        values[2][:] = 1e30

    with pytest.raises(RequestError, match="gradient is no number"):
        learning(prepared(), [DENSE, DENSE], blow_up)
    monkeypatch.setattr("nnviz.engine.views.layer_learning.MOST_WEIGHTS", 10)
    with pytest.raises(RequestError, match="too large for this view: 31 weights, and the limit is 10"):
        learning(prepared(), [DENSE])
