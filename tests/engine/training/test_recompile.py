"""Settings that are compiled in change while a network trains: as if it had been restored then with the changed spec."""

import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.loop.loop import Loop
from nnviz.engine.loop.optimizer_state import repack
from nnviz.engine.loop.state import State
from nnviz.errors import SpecError
from nnviz.spec import RunSpec
from tests.engine.support import Prepared, Rows, prepared, same, spec

DENSE = [{"kind": "Dense", "units": 4, "activation": "relu"}, {"kind": "Dropout", "rate": 0}]
IMAGES = [
    {"kind": "RandomTranslation", "height_factor": 0.2, "width_factor": 0.2},
    {"kind": "Conv2D", "filters": 3, "kernel_size": 3, "activation": "relu"},
    {"kind": "BatchNormalization"},
    {"kind": "Flatten"},
    {"kind": "Dropout", "rate": 0.2},
]
ADAM = {"kind": "Adam", "learning_rate": 0.01}
BATCH = "training.batch_size"


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled as convolutions are: sooner."""
    monkeypatch.setattr("nnviz.engine.loop.compile_mode.mode", lambda kinds: "graph")


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """States are kept however much of the time that takes."""
    monkeypatch.setattr("nnviz.engine.training.snapshot_policy.SHARE", 1e9)


class Reports:
    """What a training told, with its states."""

    def __init__(self) -> None:
        self.progress: list[engine.Progress] = []
        self.states: dict[int, State] = {}
        self.step = 0

    def __call__(self, progress: engine.Progress) -> None:
        self.progress.append(progress)
        self.step = progress.step
        self.states |= {state.step: State.from_bytes(state.to_bytes()) for state in progress.states}

    @property
    def changes(self) -> list[engine.Change]:
        return [change for progress in self.progress for change in progress.changes]

    @property
    def done(self) -> list[engine.Change]:
        return [change for change in self.changes if not change.pending]

    @property
    def epochs(self) -> list[engine.EpochRecord]:
        return [epoch for progress in self.progress for epoch in progress.epochs]


def through(
    run_spec: RunSpec, data: object, *, live: dict[str, float] | None = None, at: int = 0, until: int = 10**9, **options: Any
) -> tuple[engine.Result, Reports]:
    """A training that pauses after `at` steps and asks for `live`, goes on when all of that was done or refused, and stops
    after `until` steps."""
    reports = Reports()

    def control() -> engine.Control:
        if live is None or len({change.name for change in reports.done}) == len(live):
            # step by step, so that the state after each of them is kept
            return engine.Control(stop=reports.step >= until, live=live or {}, pace="step", steps_allowed=reports.step + 1)
        return engine.Control(pace="step", steps_allowed=at, live=live if reports.step >= at else {})

    return engine.train(run_spec, data, on_progress=reports, frames=False, keep="all", control=control, **options), reports


def compare(
    run_spec: RunSpec, data: object, live: dict[str, float], *, at: int, again: tuple[int, ...], is_moved: bool = False
) -> tuple[engine.Result, Reports]:
    """A change while it trains beside a training of the changed spec that goes on from the state there; and beside those
    that stop some steps later and go on by the run's own spec. All to the bit. `is_moved`: the optimizer's memory has
    another form from there on, so that the state is taken behind the change."""
    session = engine.prepare(run_spec, data)
    result, reports = through(run_spec, data, live=live, at=at, session=session)
    assert [change.step for change in reports.done] == [at] * len(live)
    changed = run_spec
    for name, value in live.items():
        changed = changed.with_(name, value)
    after = engine.prepare(changed, data)
    _, before = through(run_spec, data, until=at, session=session)
    start = replace(reports.states[at], live={}) if is_moved else before.states[at]
    assert same(start.weights, before.states[at].weights)
    wanted, _ = through(changed, data, state=start, session=after)
    assert same(result.weights, wanted.weights)
    assert result.metrics == wanted.metrics
    for step in again:
        resumed, more = through(run_spec, data, state=reports.states[step], session=after)
        assert same(resumed.weights, result.weights)
        assert resumed.metrics == result.metrics
        assert [epoch[:2] for epoch in more.epochs] == [epoch[:2] for epoch in reports.epochs if epoch.step > step]
    return result, reports


def test_another_batch_size_from_an_epoch_on() -> None:
    result, reports = compare(spec(DENSE, epochs=7, optimizer=ADAM), prepared(train=22), {BATCH: 4}, at=6, again=(6, 7, 12, 29))
    asked, done = reports.changes
    assert (asked.name, asked.before, asked.after, asked.step) == (BATCH, 8, 4, 6)
    assert asked.pending == "from the next epoch on, when it is compiled"
    assert (done.step, done.before, done.after, done.refused) == (6, 8, 4, "")
    # two epochs of 3 steps, five of 6
    assert result.steps == 2 * 3 + 5 * 6
    assert [epoch[:2] for epoch in reports.epochs] == [(1, 3), (2, 6), *((2 + n, 6 + 6 * n) for n in range(1, 6))]
    assert result.epochs == 7
    assert result.info["calendar"] == [[0, 0, 3], [6, 2, 6]]
    assert reports.progress[-1].calendar == ([0, 0, 3], [6, 2, 6])


def test_augmentation_changes_within_an_epoch() -> None:
    live = {"layers[0].height_factor": 0.4, "layers[0].width_factor": 0.0}
    run_spec = spec(IMAGES, epochs=4, optimizer=ADAM)
    result, reports = compare(run_spec, prepared(shape=(8, 8, 1)), live, at=4, again=(4, 7))
    assert result.steps == 12
    assert [change.pending for change in reports.changes] == ["when it is compiled", "when it is compiled", "", ""]
    assert [(change.before, change.after) for change in reports.done] == [(0.2, 0.4), (0.2, 0.0)]
    assert result.info["calendar"] == [[0, 0, 3]]


def test_rows_in_blocks_go_on_with_another_batch_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, graph: None) -> None:
    # two steps of 8 rows a block, three of 5: blocks lie across epochs
    monkeypatch.setattr("nnviz.engine.loop.out_of_core.BLOCK_BYTES", 16 * 3 * 4)
    data = prepared()
    np.save(tmp_path / "x.npy", data.parts["train"].x)
    part = data.parts["train"]
    mapped = Rows(np.load(tmp_path / "x.npy", mmap_mode="r"), part.y, part.rows)
    outside = Prepared(data.task, data.shape, data.outputs, data.parts | {"train": mapped}, data.classes)
    result, reports = compare(spec(DENSE, epochs=4), outside, {BATCH: 5}, at=3, again=(5,))
    inside, _ = through(spec(DENSE, epochs=4), data, live={BATCH: 5}, at=3)
    assert result.info["rows_from"] == "blocks"
    assert result.steps == 3 + 3 * 5
    assert same(result.weights, inside.weights)
    assert [epoch[:2] for epoch in reports.epochs] == [(1, 3), (2, 8), (3, 13), (4, 18)]


def test_dropout_clipping_and_batch_size_together(graph: None) -> None:
    # a rate of 0 is no input of the loop; clipping norms takes the weights apart, which were one vector
    live = {"layers[1].rate": 0.4, "optimizer.clipnorm": 0.05, BATCH: 11}
    result, reports = compare(spec(DENSE, epochs=5, optimizer=ADAM), prepared(), live, at=9, again=(10,), is_moved=True)
    assert result.steps == 9 + 2 * 2
    assert np.isnan(next(change.before for change in reports.done if change.name == "optimizer.clipnorm"))
    assert len({id(progress) for progress in reports.progress if any(not change.pending for change in progress.changes)}) == 1


def test_training_goes_on_until_it_is_compiled(graph: None) -> None:
    reports, run_spec = Reports(), spec(DENSE, epochs=100_000)

    def control() -> engine.Control:
        if reports.done:
            ended = reports.done[0].step
            return engine.Control(stop=reports.step >= ended + 40, live={BATCH: 4})
        time.sleep(0.002)
        return engine.Control(pace="step", steps_allowed=reports.step + 1, live={BATCH: 4} if reports.step >= 4 else {})

    result = engine.train(run_spec, prepared(train=22), on_progress=reports, frames=False, keep="all", control=control)
    asked, done = reports.changes
    assert asked.step == 4
    assert done.step > 4
    assert done.step % 3 == 0
    assert result.info["calendar"] == [[0, 0, 3], [done.step, done.step // 3, 6]]
    losses = sum(len(progress.steps.get("batch_loss", ())) for progress in reports.progress)
    assert losses == result.steps
    assert all(after.step >= before.step for before, after in pairwise(reports.progress))


def test_a_run_that_ends_before_just_ends_and_a_change_can_be_taken_back(graph: None) -> None:
    reports = Reports()

    def control() -> engine.Control:
        if len(reports.changes) == 2:
            return engine.Control(stop=True)
        return engine.Control(pace="step", steps_allowed=2, live={BATCH: 4.0 if not reports.changes else 8.0})

    result = engine.train(spec(), prepared(), on_progress=reports, frames=False, control=control)
    assert result.status == "stopped"
    assert [(change.before, change.after, bool(change.pending)) for change in reports.changes] == [(8, 4, True), (4, 8, True)]


def test_what_does_not_fit_is_refused_and_training_goes_on(graph: None) -> None:
    live = {
        "training.batch_size": 0.5,
        "layers[1].rate": 1.5,
        "layers[0].units": 9.0,
        "training.epochs": 9.0,
        "layers[0].kernel_initializer.seed": 1.0,
        "optimizer.learning_rate": 0.2,
    }
    result, reports = through(spec(DENSE), prepared(), live=live, at=1)
    refused = {change.name: change.refused for change in reports.done if change.refused}
    assert set(refused) == set(live) - {"optimizer.learning_rate"}
    assert "whole number" in refused[BATCH]
    assert "other weights" in refused["layers[0].units"]
    assert "cannot be changed" in refused["training.epochs"]
    assert result.steps == 6


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AMSGrad", "Nadam", "RMSprop", "Adadelta", "Ftrl", "Lion"])
def test_an_optimizers_memory_is_the_same_in_one_vector_and_apart(kind: str) -> None:
    data = prepared()
    more = {"momentum": 0.9} if kind in ("SGD", "RMSprop") else {}
    run_spec = spec(
        [{"kind": "Dense", "units": 4}],
        optimizer={"kind": kind, "learning_rate": 0.01, "use_ema": True, "gradient_accumulation_steps": 2} | more,
    )

    def loop(run_spec: RunSpec) -> Loop:
        network = engine.build(run_spec.layers, run_spec.cost, task="classification", shape=(3,), outputs=3)
        part = data.parts["train"]
        return Loop(network, run_spec.optimizer, x=part.x, y=part.y, sizes=(22,), batch_size=8, xla=False, inner=False)

    one, apart = loop(run_spec), loop(run_spec.with_("optimizer.clipnorm", 0.1))
    random = np.random.default_rng(0)
    one.slots = [random.normal(size=array.shape).astype(array.dtype) for array in one.slots]
    repacked = repack(one, apart)
    assert same(repacked[:2], one.slots[:2])
    # what is kept for a variable stands together: kernel 3x4, bias 4, kernel 4x3, bias 3
    vectors = [array for array in one.slots if array.shape == (31,)]
    assert vectors
    ends = [0, 12, 16, 28, 31]
    wanted = {vector[start:stop].tobytes() for vector in vectors for start, stop in pairwise(ends)}
    assert {array.tobytes() for array in repacked if array.size > 1} == wanted
    apart.slots = repacked
    assert same(repack(apart, one), one.slots)
    with pytest.raises(SpecError, match="other numbers"):
        repack(one, loop(run_spec.with_("optimizer.use_ema", False)))


def test_a_calendar_counts_epochs_from_where_it_begins() -> None:
    before = Calendar(3)
    now = before.turned(6, 6)
    assert now == Calendar(6, 6, 2)
    assert [now.epoch(step) for step in (6, 11, 12, 18)] == [2, 2, 3, 4]
    assert [now.step(epoch) for epoch in (2, 3, 7)] == [6, 12, 36]
    assert now.share(9) == 2.5
    assert [now.is_between(step) for step in (6, 7, 12)] == [True, False, True]
    assert before.turned(7, 2) == Calendar(2, 7, 2)
    assert Calendar.from_json(now.to_json()) == now
