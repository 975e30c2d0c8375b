"""Steps by the clock: what counts, and what does not."""

from types import SimpleNamespace

import pytest

from nnviz import engine
from nnviz.engine.loop.state import State
from nnviz.engine.training import run as training
from nnviz.engine.training.clock import Clock
from tests.engine.support import prepared, spec


def test_pauses_and_the_first_call_do_not_count():
    clock = Clock()
    assert clock.rate(0, 0.0) == 0
    clock.pause(5.0)
    clock.resume(9.0)
    clock.start(1, 2.0)
    assert clock.rate(1, 2.0) == 0
    assert clock.rate(41, 12.0) == pytest.approx(40 / 10)
    clock.pause(100.0)
    clock.resume(160.0)
    clock.resume(170.0)
    assert clock.at(101, 92.0) == [100, 30.0]
    on = Clock(*clock.at(101, 92.0))
    assert on.at(101, 92.0) == [100, 30.0]
    on.start(102, 92.0)
    assert on.at(112, 97.0) == [110, 35.0]


class Time:
    """A clock that goes on where somebody says so: a call of the loop takes `call` seconds a step, an evaluation `measure`."""

    def __init__(self, monkeypatch, *, call: float, measure: float) -> None:
        self.now = 100.0
        monkeypatch.setattr(training, "time", SimpleNamespace(perf_counter=lambda: self.now))
        of_epochs, run = training.TrainingMetrics.of_epochs, training.Loop.run

        def slowly(measures, chunk, ended, *rest, **more):
            records = of_epochs(measures, chunk, ended, *rest, **more)
            self.now += measure * len(records)
            return records

        def running(loop, start, stop, **more):
            self.now += call * (stop - start)
            return run(loop, start, stop, **more)

        monkeypatch.setattr(training.TrainingMetrics, "of_epochs", slowly)
        monkeypatch.setattr(training.Loop, "run", running)


def test_evaluation_counts(monkeypatch):
    """3 steps an epoch at 0.5 s, each epoch measured in 2 s: 12 steps but the first in 5.5 + 4 * 2 seconds."""
    Time(monkeypatch, call=0.5, measure=2.0)
    result = engine.train(spec(epochs=4), prepared(), on_progress=lambda progress: None, frames=False)
    assert result.steps == 12
    assert result.steps_per_second == pytest.approx(11 / 13.5)
    assert result.seconds == pytest.approx(13.5)


def test_a_training_that_goes_on_counts_what_was_done_before(monkeypatch):
    time = Time(monkeypatch, call=0.5, measure=2.0)
    states, done = [], [0]

    def report(progress):
        done[0] = progress.step
        states.extend(progress.states)

    engine.train(
        spec(epochs=4),
        prepared(),
        on_progress=report,
        frames=False,
        keep="all",
        control=lambda: engine.Control(stop=done[0] >= 4, pace="step", steps_allowed=4),
    )
    assert states[-1].step == 4
    assert states[-1].notes["clock"] == [3, pytest.approx(3 * 0.5 + 2)]
    time.now += 1000.0
    result = engine.train(
        spec(epochs=4), prepared(), on_progress=report, frames=False, state=State.from_bytes(states[-1].to_bytes())
    )
    # its own first call is left out again
    assert result.steps_per_second == pytest.approx((3 + 7) / (3.5 + 7 * 0.5 + 3 * 2))
