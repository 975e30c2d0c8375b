"""Settings that are compiled in change while a network trains: as if it had been restored then with the changed spec."""

import time

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.state import State
from nnviz.spec import RunSpec
from tests.engine.support import Prepared, prepared, same, spec

DENSE = [{"kind": "Dense", "units": 6, "activation": "relu"}, {"kind": "BatchNormalization"}, {"kind": "Dropout", "rate": 0}]
IMAGES = [{"kind": "RandomTranslation", "height_factor": 0.2, "width_factor": 0.2},
          {"kind": "Conv2D", "filters": 3, "kernel_size": 3, "activation": "relu"}, {"kind": "BatchNormalization"},
          {"kind": "Flatten"}, {"kind": "Dropout", "rate": 0.2}]
ADAM = {"kind": "Adam", "learning_rate": 0.01}


class Told:
    """What a training told, with its states after every step."""

    def __init__(self) -> None:
        self.progress: list[engine.Progress] = []
        self.states: dict[int, State] = {}
        self.step = 0

    def __call__(self, progress: engine.Progress) -> None:
        self.progress.append(progress)
        self.step = progress.step
        if progress.state is not None:
            self.states[progress.step] = State.from_bytes(progress.state.to_bytes())

    @property
    def changes(self) -> list[engine.Change]:
        return [change for progress in self.progress for change in progress.changes]

    @property
    def epochs(self) -> list[engine.EpochRecord]:
        return [epoch for progress in self.progress for epoch in progress.epochs]


def through(given: RunSpec, data: object, *, live: dict[str, float] | None = None, at: int = 0, until: int = 10**9,
            state: State | None = None, session: engine.Session | None = None) -> tuple[engine.Result, Told]:
    """A training that asks for `live` after `at` steps, and goes on when the change has come about, one step at a time
    before that: the step where it does is then known."""
    told, asked = Told(), []

    def control() -> engine.Control:
        if told.step < at or live is None:
            return engine.Control(stop=told.step >= until)
        done = {change.name for change in told.changes if not change.pending}
        if len(done) == len(live):
            return engine.Control(stop=told.step >= until, live=live)
        if asked and any(change.pending for change in told.changes):
            time.sleep(0.005)
        asked.append(told.step)
        return engine.Control(pace="step", steps_allowed=at, live=live)

    return engine.train(given, data, on_progress=told, frames=False, state=state, session=session, keep="all",
                        control=control), told


def test_another_batch_size_from_an_epoch_on() -> None:
    data = prepared(train=22)
    given = spec(DENSE, epochs=7, optimizer=ADAM)
    session = engine.prepare(given, data)
    result, told = through(given, data, live={"training.batch_size": 4}, at=6, session=session)
    asked, done = told.changes
    assert (asked.name, asked.before, asked.after, asked.step) == ("training.batch_size", 8, 4, 6)
    assert "next epoch" in asked.pending
    assert (done.step, done.before, done.after, done.pending, done.refused) == (6, 8, 4, "", "")
    # two epochs of 3 steps, five of 6
    assert result.steps == 2 * 3 + 5 * 6
    assert [(epoch.epoch, epoch.step) for epoch in told.epochs] == [(1, 3), (2, 6), *((2 + n, 6 + 6 * n) for n in range(1, 6))]
    assert result.epochs == 7
    assert result.info["calendar"] == [[0, 0, 3], [6, 2, 6]]
    assert told.progress[-1].calendar == ([0, 0, 3], [6, 2, 6])
    # as a training of the changed spec that goes on from the state there
    _, before = through(given, data, until=6, session=session)
    changed, _ = through(given.with_("training.batch_size", 4), data, state=before.states[6])
    assert same(result.weights, changed.weights)
    assert result.metrics == changed.metrics
    # stopped and restored after it, with the spec of the run
    for step in (6, 7, 12, 29):
        again, more = through(given, data, state=told.states[step], session=session)
        assert same(again.weights, result.weights)
        assert again.metrics == result.metrics
        assert [tuple(epoch) [:2] for epoch in more.epochs] == [tuple(epoch)[:2] for epoch in told.epochs if epoch.step > step]
