"""Trainings that take turns in one process give the very numbers that each of them gives alone."""

import threading
import time

import numpy as np
import pytest

from nnviz import data, engine
from nnviz.engine.loop import turns
from nnviz.engine.loop.turns import Turn
from nnviz.spec import RunSpec

SPEC = RunSpec.parse(
    {
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [
            {"kind": "Dense", "units": 6, "activation": "tanh"},
            {"kind": "Dropout", "rate": 0.2},
            {"kind": "BatchNormalization"},
        ],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.02},
        "training": {"epochs": 12, "batch_size": 16},
    }
)
OTHER = (
    SPEC.with_("layers", [{"kind": "Dense", "units": 4}, {"kind": "BatchNormalization"}])
    .with_("optimizer", {"kind": "SGD", "learning_rate": 0.05, "momentum": 0.9})
    .with_("training", {"epochs": 12, "batch_size": 16, "keep": "best"})
)


def seeded(seed):
    return SPEC.with_("training.seed", seed)


class Steered:
    """What is wanted of a run by how far it is: `wanted` gives, for the number of steps done, a Control."""

    def __init__(self, wanted):
        self.wanted, self.step, self.reports = wanted, 0, []

    def on_progress(self, progress):
        self.step = progress.step
        self.reports.append(progress)

    def control(self):
        return self.wanted(self.step)


def full(step):
    return engine.Control()


def changed(step):
    """Other paces, a rate and a dropout that are changed after 20 steps; it asks for them while it waits there."""
    live = {"optimizer.learning_rate": 0.005, "layers[1].rate": 0.4} if step >= 20 else {}
    if step < 20:
        return engine.Control(pace="step", steps_allowed=20)
    return engine.Control(pace="watch" if step < 40 else "full", live=live)


def stopped(step):
    return engine.Control(pace="step", steps_allowed=33, stop=step >= 33)


RUNS = {"first": (seeded(1), full), "second": (seeded(2), changed), "third": (seeded(3), stopped), "other": (OTHER, full)}


def trained(name, *, session=None, turn=None):
    spec, wanted = RUNS[name]
    steered = Steered(wanted)
    result = engine.train(
        spec, data.load(spec), on_progress=steered.on_progress, control=steered.control, session=session, keep="all", turn=turn
    )
    return result, steered.reports


@pytest.fixture(scope="module", autouse=True)
def many_calls():
    """Each call of a loop does a few steps, so that there is much taking turns."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("nnviz.engine.training.pacing.WATCH_SECONDS", 0.5)
        patched.setattr("nnviz.engine.training.pacing.CHUNK_SECONDS", 0.0001)
        yield


@pytest.fixture(scope="module")
def alone(many_calls):
    return {name: trained(name) for name in RUNS}


def together(turn, jobs):
    """Does each in a thread of its own; all stand in line before the first may begin."""
    threads = [threading.Thread(target=job) for job in jobs]
    with turn:
        for thread in threads:
            thread.start()
        while len(turn._line) < len(threads):
            time.sleep(0.001)
    for thread in threads:
        thread.join()


def test_runs_that_share_a_session_and_those_of_another_form_are_those_of_before(alone, monkeypatch):
    turn, results, seats = Turn(), {}, []
    shared = engine.prepare(SPEC, data.load(SPEC))
    back = turns.Seat.back

    def counted(seat):
        if not seats or seats[-1] is not seat:
            seats.append(seat)
        back(seat)

    monkeypatch.setattr(turns.Seat, "back", counted)

    def job(name):
        results[name] = trained(name, session=None if name == "other" else shared, turn=turn)

    together(turn, [lambda name=name: job(name) for name in RUNS])
    assert len(seats) > 20, "they went in turns"
    assert shared.seat is None
    for name, (result, wanted) in alone.items():
        now, reports = results[name]
        assert (now.status, now.steps, now.metrics) == (result.status, result.steps, result.metrics)
        for one, other in zip(now.weights, result.weights, strict=True):
            np.testing.assert_array_equal(one, other)
        losses, before = (
            np.concatenate([progress.steps["batch_loss"] for progress in each if progress.steps]) for each in (reports, wanted)
        )
        np.testing.assert_array_equal(losses, before)
        changes, earlier = ([change for progress in each for change in progress.changes] for each in (reports, wanted))
        assert changes == earlier
        last, state = (next(progress.states[-1] for progress in reversed(each) if progress.states) for each in (reports, wanted))
        assert [value.tobytes() for value in last.slots] == [value.tobytes() for value in state.slots]
    assert alone["third"][0].steps == 33
    assert any(progress.changes for progress in alone["second"][1])


def test_a_sweep_in_a_session_that_trains_leaves_its_training_as_it_is(alone):
    turn, results = Turn(), {}
    shared = engine.prepare(SPEC, data.load(SPEC))

    def sweep():
        results["sweep"] = engine.find_rate(SPEC, data.load(SPEC), session=shared, steps=40, turn=turn)

    together(turn, [lambda: results.update(first=trained("first", session=shared, turn=turn)), sweep])
    for one, other in zip(results["first"][0].weights, alone["first"][0].weights, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(results["sweep"].losses, engine.find_rate(SPEC, data.load(SPEC), steps=40).losses)


def test_one_that_fails_leaves_the_turn_and_the_session_to_the_others(alone):
    turn, results = Turn(), {}
    shared = engine.prepare(SPEC, data.load(SPEC))

    def fails():
        with pytest.raises(ZeroDivisionError):
            engine.train(
                seeded(9),
                data.load(SPEC),
                on_progress=lambda progress: 1 // (7 - min(7, progress.step)),
                turn=turn,
                session=shared,
            )
        results["failed"] = True

    together(turn, [fails, lambda: results.update(first=trained("first", session=shared, turn=turn))])
    assert results["failed"]
    for one, other in zip(results["first"][0].weights, alone["first"][0].weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_whoever_waits_longest_is_next():
    turn, order = Turn(), []

    def asks(name):
        with turn:
            order.append(name)

    threads = []
    with turn:
        for name in "abc":
            threads.append(threading.Thread(target=asks, args=(name,)))
            threads[-1].start()
            while len(turn._line) < len(threads):
                time.sleep(0.001)
        assert turn.is_wanted
        turn.pass_on()
        assert order == ["a", "b", "c"], "all who wait go before it comes again"
    for thread in threads:
        thread.join()
    assert not turn.is_wanted


def test_a_run_that_waits_lends_its_turn():
    """A paused run in one thread, and the turn is free for others all the while."""
    turn, paused = Turn(), threading.Event()
    stop = threading.Event()

    def report(progress):
        if progress.phase == "paused":
            paused.set()

    def job():
        engine.train(
            SPEC,
            data.load(SPEC),
            on_progress=report,
            turn=turn,
            control=lambda: engine.Control(pace="step", steps_allowed=2, stop=stop.is_set()),
        )

    thread = threading.Thread(target=job)
    thread.start()
    assert paused.wait(60)
    with turn:
        pass
    stop.set()
    thread.join()
