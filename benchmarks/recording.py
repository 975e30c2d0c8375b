"""What recording costs: a training whose points are streamed into a store for a while, then not, then again.

    python -m benchmarks.recording [--pairs 40] [--seconds 1] [--only 500x2]

Within one training, stretches with the worker's `Recorder` (it writes every step's metrics into an SQLite store on the disk
from its thread, at the rate that a worker writes, and says what is wanted of the run) take turns with stretches in which
every step's loss only reaches `on_progress`. A stretch is compared with the mean of the two beside it, so that what else the
machine does touches both alike; medians. The same with the loss and metrics by `calculate` on the training rows and on
validation rows (a fourth as many) after every epoch, and with live frames on top.
"""

import argparse
import math
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.nets import WORKS, Work, ready
from nnviz.spec import RunSpec
from nnviz.store import Store

WAYS = {
    "every step's metrics": {"evaluated": False, "frames": False},
    "and evaluation": {"evaluated": True, "frames": False},
    "and frames": {"evaluated": True, "frames": True},
}


class Turns:
    """What a training is given: its points are recorded in every other stretch of `seconds`."""

    def __init__(self, store: Store, spec: RunSpec, *, pairs: int, seconds: float) -> None:
        self.store, self.seconds, self.left = store, seconds, 2 * pairs + 2
        self.run = store.runs.create(spec)
        self.attempt = store.runs.claim(self.run, pid=0)
        self.recorder: Any = None
        self.rates: list[float] = []
        self.step, self.first, self.began = 0, 0, math.nan

    def on_progress(self, progress: Any) -> None:
        self.step = progress.step
        if self.recorder is not None:
            self.recorder.record(progress)

    def control(self) -> Any:
        from nnviz import engine

        if not self.step:
            return engine.Control()
        if math.isnan(self.began):
            self.began = time.perf_counter()
        elif time.perf_counter() - self.began > self.seconds:
            self._turn()
        return self.recorder.control() if self.recorder is not None else engine.Control(stop=self.left < 0)

    def _turn(self) -> None:
        from nnviz.jobs.worker.training.recorder import Recorder

        if self.recorder is not None:
            self.recorder.close()
        self.rates.append((self.step - self.first) / (time.perf_counter() - self.began))
        self.recorder = Recorder(self.store, self.run, self.attempt) if self.recorder is None else None
        self.first, self.began, self.left = self.step, time.perf_counter(), self.left - 1


def measured(work: Work, store: Store, *, evaluated: bool, frames: bool, pairs: int, seconds: float) -> list[float]:
    """Steps a second of stretches in turn: bare, recorded, bare, recorded, ..., bare."""
    from nnviz import engine

    spec, data = ready(work, evaluated=evaluated)
    turns = Turns(store, spec, pairs=pairs, seconds=seconds)
    engine.train(
        spec, data, session=engine.prepare(spec, data), frames=frames, on_progress=turns.on_progress, control=turns.control
    )
    return turns.rates[2:]  # the first two: the chunks still grow


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", type=int, default=40)
    options.add_argument("--seconds", type=float, default=1.0)
    options.add_argument("--only", default="", help="a part of a net's name")
    args = options.parse_args()
    print("| net | way | steps/s | recorded | of it | quartiles |\n|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for work in (work for work in WORKS if args.only in work.name):
            store = Store(f"sqlite:///{Path(folder) / 'nnviz.sqlite'}")
            for way, options_ in WAYS.items():
                rates = measured(work, store, pairs=args.pairs, seconds=args.seconds, **options_)
                bare, recorded = rates[::2], rates[1::2]
                shares = [2 * rate / (before + after) for rate, before, after in zip(recorded, bare, bare[1:], strict=False)]
                low, middle, high = statistics.quantiles(shares, n=4)
                print(
                    f"| {work.name} | {way} | {statistics.median(bare):,.0f} | {statistics.median(recorded):,.0f} "
                    f"| {middle:.3f} | {low:.3f} to {high:.3f} |",
                    flush=True,
                )
            store.close()


if __name__ == "__main__":
    main()
