"""A row read step by step: against networks of NumPy."""

from types import SimpleNamespace

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.data.columns.column_code import ColumnCode
from nnviz.data.columns.encode import Encoder, TargetCode
from nnviz.data.file_columns import file_columns
from nnviz.engine.views.sequence import sequence_view as module
from nnviz.engine.views.sequence.sequence_view import sequence_view
from nnviz.engine.views.view_request import ViewRequest
from nnviz.errors import RequestError
from tests.engine.support import prepared, spec

STEPS, VALUES, UNITS = 5, 3, 4


def body(layers, data=None, *, change=None, **choice):
    data = data or prepared(shape=(STEPS, VALUES))
    run_spec = spec([*layers, {"kind": "Flatten"}] if layers[-1].get("return_sequences") else layers)
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    network.values = [value if change is None else change(value) for value in network.values]
    state = SimpleNamespace(step=7, weights=network.values)
    frame = msgpack.unpackb(msgpack.packb(sequence_view(ViewRequest(network, data, run_spec, state, choice))))
    return frame, network, data.parts["validation"].x.astype(np.float64)


def values_of(frame, width):
    return np.frombuffer(frame["values"], "<f4").reshape(-1, width)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(x, kernel, recurrent, bias):
    """Hochreiter & Schmidhuber with Keras's order of gates: input, forget, candidate, output."""
    h = c = np.zeros(recurrent.shape[0])
    steps = []
    for values in x:
        i, f, g, o = np.split(values @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        steps.append((h, c))
    return np.array(steps)


@pytest.mark.parametrize("state", [0, 1])
def test_output_and_memory_of_an_lstm_are_those_of_numpy(state):
    frame, network, x = body([{"kind": "LSTM", "units": UNITS}], state=state, row=2)
    expected = lstm(x[2], *[np.asarray(value, np.float64) for value in network.values[:3]])[:, state]
    np.testing.assert_allclose(values_of(frame, STEPS), expected.T, atol=1e-6)
    assert (frame["states"], frame["units"], frame["row"]) == (["output", "memory"], [0, 1, 2, 3], 2)
    answers = network.predict(x.astype(np.float32))
    assert frame["answer"] == answers[2].argmax()
    assert frame["share"] == pytest.approx(answers[2].max(), rel=1e-5)


def test_a_layer_that_reads_both_ways_has_a_state_of_each_at_the_step_that_was_read():
    layers = [{"kind": "LSTM", "units": UNITS, "bidirectional": True, "return_sequences": True}]
    frame, network, x = body(layers, direction=1)
    expected = lstm(x[0][::-1], *[np.asarray(value, np.float64) for value in network.values[3:6]])[::-1, 0]
    np.testing.assert_allclose(values_of(frame, STEPS), expected.T, atol=1e-6)
    assert (frame["directions"], frame["direction"]) == (2, 1)


def test_a_simple_recurrent_layer_and_a_gru_have_one_state():
    frame, network, x = body([{"kind": "SimpleRNN", "units": UNITS}])
    kernel, recurrent, bias = (np.asarray(value, np.float64) for value in network.values[:3])
    h, expected = np.zeros(UNITS), []
    for values in x[0]:
        h = np.tanh(values @ kernel + h @ recurrent + bias)
        expected.append(h)
    np.testing.assert_allclose(values_of(frame, STEPS), np.array(expected).T, atol=1e-6)
    frame, network, x = body([{"kind": "GRU", "units": UNITS}])
    assert frame["states"] == ["output"]
    features = np.asarray(network.features(x[:1].astype(np.float32)))[0]
    np.testing.assert_allclose(values_of(frame, STEPS)[:, -1], features, atol=1e-6)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_is_softmax_of_the_products_of_queries_and_keys(causal):
    layers = [{"kind": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "causal": causal}, {"kind": "Flatten"}]
    frame, network, x = body(layers, head=1, row=1, change=lambda value: value + 0.1)
    query, query_bias, key, key_bias = (np.asarray(value, np.float64)[..., 1, :] for value in network.values[:4])
    scores = (x[1] @ query + query_bias) @ (x[1] @ key + key_bias).T / np.sqrt(3)
    if causal:
        scores[np.triu_indices(STEPS, 1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    np.testing.assert_allclose(values_of(frame, STEPS), weights / weights.sum(axis=1, keepdims=True), atol=1e-6)
    assert (frame["heads"], frame["head"], frame["causal"], frame["layers"][0]["kind"]) == (2, 1, causal, "attention")


def test_steps_of_a_table_are_its_columns_with_what_stands_in_them():
    codes = tuple(ColumnCode(name=f"word {i}", type="number", fill=(0.0,), centre=(0.0,), scale=(1.0,)) for i in range(STEPS))
    columns = file_columns(Encoder(target=TargetCode(names=("y",), task="classification"), columns=codes))
    data = prepared(shape=(STEPS,), file_columns=columns)
    for part in data.parts.values():
        part.x[:] = np.abs(np.round(part.x))
    layers = [{"kind": "Embedding", "input_dim": 9, "output_dim": 2}, {"kind": "GRU", "units": UNITS}]
    frame, _, x = body(layers, data)
    assert frame["steps"] == [{"name": f"word {i}", "text": f"{x[0, i]:g}"} for i in range(STEPS)]
    assert [layer["title"] for layer in frame["layers"]] == ["GRU 4"]


def test_of_many_units_those_that_change_most_are_drawn(monkeypatch):
    monkeypatch.setattr(module, "MOST_UNITS", 2)
    frame, network, x = body([{"kind": "LSTM", "units": UNITS}])
    outputs = lstm(x[0], *[np.asarray(value, np.float64) for value in network.values[:3]])[:, 0]
    changes = np.abs(np.diff(outputs, axis=0, prepend=0)).sum(axis=0)
    assert frame["units"] == sorted(np.argsort(-changes)[:2].tolist())
    assert (frame["units_in_all"], values_of(frame, STEPS).shape) == (4, (2, STEPS))


def test_what_cannot_be_shown_is_said():
    with pytest.raises(RequestError, match="no recurrent layer"):
        body([{"kind": "Flatten"}])
    with pytest.raises(RequestError, match="head is one of 2, from 0; got 2"):
        body([{"kind": "MultiHeadAttention", "num_heads": 2, "key_dim": 3}, {"kind": "Flatten"}], head=2)
    with pytest.raises(RequestError, match="no numbers at this moment"):
        body([{"kind": "LSTM", "units": UNITS}], change=lambda value: value * np.nan)
