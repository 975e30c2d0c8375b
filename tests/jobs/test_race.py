"""A race: same first weights, same order of rows, and nobody starts before all are ready."""

import threading

import numpy as np
import pytest

from nnviz import data, engine
from nnviz.engine.loop.shuffle import order
from nnviz.jobs.worker.training import start_line
from nnviz.spec import RunSpec, members
from nnviz.store import Control

BASE = {
    "data": {"kind": "synthetic", "name": "spirals", "samples": 60},
    "layers": [{"kind": "Dense", "units": 4, "activation": "tanh"}, {"kind": "Dense", "units": 3, "activation": "tanh"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.01},
    "training": {"epochs": 1, "batch_size": 8, "seed": 3},
}


def race(vary, over):
    return RunSpec.parse(BASE | {"race": {"vary": vary, "over": over}})


@pytest.mark.parametrize(
    ("vary", "over"),
    [
        ("optimizer", [{"kind": "SGD", "learning_rate": 0.1}, {"kind": "Adam", "learning_rate": 0.01}]),
        ("optimizer.learning_rate", [0.001, 0.1]),
        ("cost", [{"kind": "CrossEntropy"}, {"kind": "MeanSquaredError"}]),
        ("activation", ["relu", "tanh"]),
    ],
)
def test_rivals_begin_with_the_same_weights_and_see_the_same_rows(vary, over):
    first, second = (member.spec for member in members(race(vary, over)))
    one, other = data.load(first), data.load(second)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(one.parts[part].rows, other.parts[part].rows)
        np.testing.assert_array_equal(one.parts[part].x, other.parts[part].x)
    assert first.training.seed == second.training.seed
    np.testing.assert_array_equal(order(first.training.seed, 0, 36), order(second.training.seed, 0, 36))
    weights = [engine.prepare(spec, rows).network.values for spec, rows in ((first, one), (second, other))]
    assert len(weights[0]) == len(weights[1]) == 6
    for a, b in zip(*weights, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def test_who_is_ready_waits_for_the_others(store):
    group = store.runs.create_group(race("optimizer.learning_rate", [0.1, 0.01, 0.001]), control=Control(pace="watch"))
    first, second, third = store.runs.group_runs(group)
    assert start_line.is_rival(store, first)
    attempts = {run.id: store.runs.claim(run.id, pid=1) for run in (first, second)}
    store.runs.set_control(third.id, stop=True)
    started = []

    def ready(run):
        start_line.wait(store, run, attempts[run.id])
        started.append(run.id)

    waiting = threading.Thread(target=ready, args=(first,))
    waiting.start()
    waiting.join(0.3)
    assert started == []
    assert store.runs.get(first.id).phase == start_line.READY
    ready(second)
    waiting.join(5)
    assert set(started) == {first.id, second.id}


def test_nobody_waits_for_ever(store):
    group = store.runs.create_group(race("optimizer.learning_rate", [0.1, 0.01]), control=Control(pace="watch"))
    run = store.runs.group_runs(group)[0]
    start_line.wait(store, run, store.runs.claim(run.id, pid=1), patience=0.2)
    store.runs.set_control(run.id, stop=True)
    start_line.wait(store, run, 1)
