"""What recording costs: the engine's bare loop beside the same with its points streamed into a store, and with evaluation.

    python -m benchmarks.recording [--rounds 5] [--seconds 3] [--only 500x2]

Bare: every step's loss reaches `on_progress`, which does nothing. Recorded: the worker's `Recorder` writes every step's
metrics into an SQLite store on the disk from its thread, at the rate that a worker writes, and answers `control` from there.
Evaluated: loss and metrics by `calculate` on the training rows and on validation rows (a fourth as many) after every epoch.
As a worker: recorded, evaluated and with live frames. One round runs every way once, one after another; medians, and ratios
to the bare loop of the same round.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.nets import WORKS, Work, ready
from nnviz.spec import RunSpec
from nnviz.store import Store

Way = Callable[[float], float]


class Bench:
    """One net, prepared twice: with and without evaluation."""

    def __init__(self, work: Work, store: Store) -> None:
        self.work, self.store = work, store
        self._ready = {evaluated: self._prepare(evaluated) for evaluated in (False, True)}

    def ways(self) -> dict[str, Way]:
        return {
            "bare": lambda seconds: self._bare(seconds, evaluated=False),
            "recorded": lambda seconds: self._recorded(seconds, evaluated=False, frames=False),
            "evaluated": lambda seconds: self._bare(seconds, evaluated=True),
            "as a worker": lambda seconds: self._recorded(seconds, evaluated=True, frames=True),
        }

    def _prepare(self, evaluated: bool) -> tuple[RunSpec, Any, Any]:
        from nnviz import engine

        spec, data = ready(self.work, evaluated=evaluated)
        return spec, data, engine.prepare(spec, data)

    def _bare(self, seconds: float, *, evaluated: bool) -> float:
        from nnviz import engine

        spec, data, session = self._ready[evaluated]
        began = time.perf_counter()
        result = engine.train(spec, data, session=session, frames=False, on_progress=lambda progress: None,
                              control=lambda: engine.Control(stop=time.perf_counter() - began > seconds))
        return result.steps / result.seconds

    def _recorded(self, seconds: float, *, evaluated: bool, frames: bool) -> float:
        from nnviz import engine
        from nnviz.jobs.worker.recorder import Recorder

        spec, data, session = self._ready[evaluated]
        run = self.store.create_run(spec)
        recorder = Recorder(self.store, run, self.store.claim_run(run, pid=0))
        began = time.perf_counter()

        def control() -> engine.Control:
            wanted = recorder.control()
            return engine.Control(stop=True) if time.perf_counter() - began > seconds else wanted

        try:
            result = engine.train(spec, data, session=session, frames=frames, on_progress=recorder.record, control=control)
        finally:
            recorder.close()
        return result.steps / result.seconds


def measured(work: Work, store: Store, *, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Steps a second of each way by round, all of a run's time counted."""
    ways = Bench(work, store).ways()
    for way in ways.values():
        way(0.3)
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way(seconds))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--only", default="", help="a part of a net's name")
    given = options.parse_args()
    print("| net | way | steps/s | of the bare loop |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for work in (work for work in WORKS[:2] if given.only in work.name):
            store = Store(f"sqlite:///{Path(folder) / 'nnviz.sqlite'}")
            found = measured(work, store, rounds=given.rounds, seconds=given.seconds)
            for name, rates in found.items():
                share = statistics.median(rate / bare for rate, bare in zip(rates, found["bare"], strict=True))
                print(f"| {work.name} | {name} | {statistics.median(rates):,.0f} | {share:.3f} |", flush=True)
            store.close()


if __name__ == "__main__":
    main()
