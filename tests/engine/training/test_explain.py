"""One step, explained: its formula in float64 against what the engine's loop did, its costs against NumPy."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from nnviz.catalog import OPTIMIZERS
from nnviz.engine.loop import session as sessions
from nnviz.engine.loop.parameters import FlatVector
from nnviz.engine.loop.session import Session
from nnviz.engine.loop.shuffle import order
from nnviz.engine.network import weight_names
from nnviz.engine.training.explain import StepStory, explain
from nnviz.errors import RequestError
from tests.engine.support import prepared, same, spec

RATE = 0.01
OPTIONS: list[dict[str, Any]] = [
    {"kind": "SGD", "clipvalue": 0.02, "weight_decay": 0.5},
    {"kind": "SGD", "momentum": 0.9, "nesterov": True, "clipnorm": 0.05},
    {"kind": "RMSprop", "centered": True, "momentum": 0.9},
    {"kind": "Adam", "amsgrad": True, "use_ema": True, "ema_momentum": 0.9},
    {"kind": "Adam", "gradient_accumulation_steps": 2, "global_clipnorm": 0.1, "use_ema": True},
    {"kind": "AdamW", "schedule": {"kind": "ExponentialDecay", "decay_steps": 2, "decay_rate": 0.5}},
    {
        "kind": "Ftrl",
        "l1_regularization_strength": 0.05,
        "l2_regularization_strength": 0.1,
        "beta": 0.2,
        "l2_shrinkage_regularization_strength": 0.1,
        "learning_rate_power": -0.7,
    },
    {"kind": "Lamb", "weight_decay": 0.5, "global_clipnorm": 0.1},
    {"kind": "Muon", "nesterov": False, "rms_rate": None, "gradient_accumulation_steps": 2},
    {"kind": "Adafactor", "relative_step": False, "weight_decay": 0.1},
]


def state(session: Session) -> list[Any]:
    return session.network.values + [np.array(variable.numpy()) for variable in session.loop.optimizer.variables]


def story_of(session: Session, data: Any, step: int, **options: Any) -> StepStory:
    train = data.parts["train"]
    return explain(session, train.x, train.y, **({"step": step, "seed": 0, "rate": RATE, "rows": train.rows} | options))


def went(session: Session, start: int, stop: int) -> None:
    session.loop.run(start, stop, seed=0, rate=RATE, record_every=2**31 - 1)


def agrees(story: StepStory) -> None:
    """The last line gives the weight: to the precision of float32, within 1e-4 of how far it moved."""
    assert story.lines[-1].symbol == "w"
    tolerance = 2e-7 * max(abs(story.before), abs(story.after)) + 1e-4 * abs(story.after - story.before)
    assert story.lines[-1].value == pytest.approx(story.after, rel=0, abs=tolerance + 1e-9)
    last = {line.symbol: line.value for line in [*story.lines, *story.average]}
    for symbol, (_, after) in story.slots.items():
        # What is collected for the next update is emptied by one.
        wanted = last.get(symbol, 0.0)
        assert after == pytest.approx(wanted, rel=2e-4, abs=1e-8), symbol


@pytest.fixture
def untraced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The loop's own code, run as it stands: tracing and compiling it would take most of the time."""
    monkeypatch.setattr(sessions.compile_mode, "mode", lambda kinds: "graph")
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    "optimizer", [{"kind": kind} for kind in OPTIMIZERS] + OPTIONS, ids=lambda case: "-".join(map(str, case.values()))
)
def test_the_formula_gives_what_the_engine_did(optimizer: dict[str, Any]) -> None:
    """After 0, 1 and 9 steps of a dense network, for a matrix and a vector of weights."""
    data = prepared()
    run_spec = spec(optimizer={"learning_rate": RATE} | optimizer)
    session, done = Session(run_spec, data), 0
    for step in (0, 1, 9):
        went(session, done, step) if step > done else None
        before = state(session)
        chosen = [0, 3] if step else [1, 2]
        stories = [story_of(session, data, step, variable=place) for place in chosen]
        assert same(state(session), before)
        went(session, step, step + 1)
        done = step + 1
        waits = step % 2 == 0 and "gradient_accumulation_steps" in optimizer
        for story, place in zip(stories, chosen, strict=True):
            agrees(story)
            assert story.after == session.network.trainable_variables[place].numpy()[story.index]
            assert (story.after == story.before) is waits
            assert len(json.dumps(story.to_json())) < 8000


@pytest.mark.parametrize("kind", ["Adam", "Lamb"])
def test_under_xla_as_one_vector_or_apart_with_random_layers_and_held_weights(kind: str) -> None:
    layers = [
        {"kind": "Dense", "units": 4, "activation": "tanh", "kernel_regularizer": {"kind": "L2", "l2": 0.1}},
        {"kind": "Dropout", "rate": 0.4},
        {"kind": "BatchNormalization"},
    ]
    if kind == "Lamb":
        layers[0]["kernel_constraint"] = {"kind": "MaxNorm", "max_value": 0.5}
    data = prepared()
    run_spec = spec(
        layers, optimizer={"kind": kind, "learning_rate": RATE}, cost={"kind": "CrossEntropy", "class_weight": "balanced"}
    )
    session = Session(run_spec, data)
    assert isinstance(session.loop.parameters, FlatVector) is (kind == "Adam")
    for step in (0, 2):
        # 22 rows in batches of 8: the third of an epoch is short.
        before = state(session)
        story = story_of(session, data, step, variable="layers[0].kernel", seed=3)
        assert same(state(session), before)
        agrees(story)
        assert len(story.costs) == (8 if step == 0 else 6)
        assert story.loss == pytest.approx(float(np.mean(story.costs.astype(np.float64))), rel=1e-6)
        kernel = session.network.trainable_variables[0].numpy().astype(np.float64)
        assert story.penalty == pytest.approx(0.1 * np.sum(kernel**2), rel=1e-6)
        chunk = session.loop.run(step, step + 1, seed=3, rate=RATE, record_every=2**31 - 1)
        assert (story.loss, story.accuracy) == (chunk.loss[0], chunk.right[0])
        assert story.after == session.network.trainable_variables[0].numpy()[story.index]
        session.loop.run(step + 1, step + 2, seed=3, rate=RATE, record_every=2**31 - 1)


def by_hand(values: list[Any], x: Any, y: Any, task: str) -> tuple[Any, list[Any]]:
    """Each row's cost, and the gradients of their mean, of a layer of tanh and a projection: float64."""
    w, b, u, c = (value.astype(np.float64) for value in values)
    hidden = np.tanh(x @ w + b)
    out = hidden @ u + c
    if task == "classification":
        shares = np.exp(out) / np.exp(out).sum(axis=1, keepdims=True)
        each = -np.log(shares[np.arange(len(y)), y])
        slope = (shares - np.eye(out.shape[1])[y]) / len(y)
    else:
        each = np.mean((out - y) ** 2, axis=1)
        slope = 2 * (out - y) / y.size
    back = slope @ u.T * (1 - hidden**2)
    return each, [x.T @ back, back.sum(axis=0), hidden.T @ slope, slope.sum(axis=0)]


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(("task", "cost"), [("classification", "CrossEntropy"), ("regression", "MeanSquaredError")])
def test_rows_costs_and_gradients_are_those_of_numpy(task: str, cost: str) -> None:
    data = prepared(task)
    train = data.parts["train"]
    session = Session(spec(cost={"kind": cost}, epochs=4), data)
    went(session, 0, 5)
    start = session.network.values
    for variable, index in ((0, None), (1, (2,)), (2, (3, 1)), (3, None)):
        story = story_of(session, data, 5, variable=variable, index=index, rows=train.rows + 100)
        # Three steps an epoch: this is the last, short batch of the second.
        picked = order(0, 1, 22)[16:]
        assert (story.epoch, story.batch, story.batches, story.update) == (1, 2, 3, 6)
        assert story.rows == tuple(picked + 100)
        np.testing.assert_array_equal(story.inputs, train.x[picked])
        each, gradients = by_hand(start, train.x[picked].astype(np.float64), train.y[picked], task)
        np.testing.assert_allclose(story.costs, each, rtol=1e-5, atol=1e-6)
        assert story.loss == pytest.approx(each.mean(), rel=1e-5)
        place = index or np.unravel_index(np.abs(gradients[variable]).argmax(), gradients[variable].shape)
        assert story.index == place
        assert story.gradient == pytest.approx(gradients[variable][place], rel=1e-4, abs=1e-7)
        assert story.after == pytest.approx(story.before - RATE * gradients[variable][place], rel=1e-5, abs=1e-8)
        right = None if task == "regression" else np.mean(story.answers == story.targets)
        assert story.accuracy == (None if right is None else pytest.approx(right))


@pytest.mark.usefixtures("untraced")
def test_rows_outside_memory_and_what_json_holds_of_the_optimizer(tmp_path: Any) -> None:
    x = np.random.default_rng(0).normal(size=(80, 9)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    data = prepared(shape=(9,), train=80)
    rows = data.parts["train"]
    mapped = type(rows)(np.load(tmp_path / "x.npy", mmap_mode="r"), rows.y, rows.rows)
    data.parts["train"] = mapped
    session = Session(spec([], optimizer={"kind": "Momentum"}, batch_size=40), data)
    assert session.blocks
    story = story_of(session, data, 1)
    agrees(story)
    record = json.loads(json.dumps(story.to_json()))
    assert len(story.rows) == 40
    assert record["given"]["lr"]["value"] == story.rate
    assert record["lines"][-1]["numbers"].startswith(f"{story.before:.6g} ")
    assert record["lines"][-1]["value"] == story.lines[-1].value


def test_arrays_of_weights_have_the_names_of_their_layers_and_others_are_refused() -> None:
    inner = [{"kind": "Dense", "units": 3}]
    layers = [
        {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 2}]},
        {"kind": "Residual", "project": True, "layers": inner},
    ]
    data = prepared()
    session = Session(spec(layers), data)
    labels = weight_names.names(session.network)
    assert len(set(labels)) == len(labels) == 9
    assert labels[:4] == (
        "layers[0].layers[0].kernel",
        "layers[0].layers[0].bias",
        "layers[0].layers[0].kernel #2",
        "layers[0].layers[0].bias #2",
    )
    assert {"layers[1].layers[0].kernel", "layers[1].layers[0].bias", "layers[1].kernel", "cost.kernel", "cost.bias"} == set(
        labels[4:]
    )
    with pytest.raises(RequestError, match=r"cost\.bias"):
        story_of(session, data, 0, variable="layers[7].kernel")
    with pytest.raises(RequestError, match=r"shape \(3, 2\)"):
        story_of(session, data, 0, variable=0, index=(3, 0))
    with pytest.raises(RequestError, match="22 rows"):
        explain(session, data.parts["test"].x, data.parts["test"].y, step=0, seed=0, rate=RATE)


def test_numbers_that_were_changed_while_it_trained_are_those_that_are_told() -> None:
    layers = [
        {"kind": "Dense", "units": 4, "activation": "tanh", "kernel_regularizer": {"kind": "L2", "l2": 0.1}},
        {"kind": "Dropout", "rate": 0.4},
    ]
    data = prepared()
    session = Session(spec(layers, optimizer={"kind": "SGD", "momentum": 0.9, "learning_rate": RATE}), data)
    went(session, 0, 2)
    old = story_of(session, data, 2, variable=0, index=(0, 1))
    for name, value in (("optimizer.momentum", 0.5), ("layers[1].rate", 0.1), ("layers[0].kernel_regularizer.l2", 0.3)):
        session.loop.live.set(name, value)
    story = story_of(session, data, 2, variable=0, index=(0, 1))
    agrees(story)
    assert (old.quantities["momentum"][0], story.quantities["momentum"][0]) == (0.9, 0.5)
    assert story.penalty == pytest.approx(3 * old.penalty, rel=1e-6)
    velocity = story.slots["v"]
    assert velocity[1] == pytest.approx(0.5 * velocity[0] - RATE * story.gradient, rel=1e-5)
    assert not np.array_equal(story.costs, old.costs)  # fewer units are dropped
    chunk = session.loop.run(2, 3, seed=0, rate=RATE, record_every=2**31 - 1)
    assert story.loss == chunk.loss[0] != old.loss
    assert story.after == session.network.trainable_variables[0].numpy()[0, 1]
