import itertools

import pytest

from nnviz.engine.records import Control
from nnviz.engine.training.pacing import Pacer


class Clock:
    """Time that passes only while one sleeps or works."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("nnviz.engine.training.pacing.time", clock)
    return clock


def calls(clock: Clock, total: int, pace: str, step_seconds: float) -> list[tuple[float, int]]:
    """(when, steps done) after every call of a run."""
    pacer, step, finished = Pacer(total=total, most=4096, control=lambda: Control(pace=pace)), 0, []
    while step < total:
        stop = pacer.next(step)
        assert stop is not None
        assert stop > step
        clock.now += (stop - step) * step_seconds
        pacer.did(stop - step, (stop - step) * step_seconds)
        step = stop
        finished.append((clock.now, step))
    return finished


def test_watching_spreads_a_quick_run_evenly(clock: Clock) -> None:
    finished = calls(clock, 5700, "watch", 1 / 25_000)
    assert 120 <= len(finished) <= 160
    assert 11 < finished[-1][0] < 13
    assert max(after[0] - before[0] for before, after in itertools.pairwise(finished)) < 0.15


def test_watching_a_slow_run_costs_no_time(clock: Clock) -> None:
    assert calls(clock, 1000, "watch", 0.05)[-1][0] == pytest.approx(50)


def test_full_speed_fills_a_tenth_of_a_second(clock: Clock) -> None:
    finished = calls(clock, 100_000, "full", 1 / 25_000)
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(finished)]
    assert finished[0][1] == 1
    assert max(gaps) <= 0.101
    assert len(finished) < 60


def test_step_by_step_does_what_is_allowed_and_no_more(clock: Clock) -> None:
    pacer = Pacer(total=10, most=8, control=lambda: Control(pace="step", steps_allowed=3))
    assert pacer.next(0) == 1
    assert pacer.next(2) == 3
    assert Pacer(total=10, most=8, control=lambda: Control(stop=True)).next(0) is None
