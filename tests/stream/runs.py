"""Runs for these tests: a store in a temporary file, and a worker's part played by hand."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

from nnviz.spec import RunSpec
from nnviz.store import FrameRow, Store

SPEC = {
    "name": "two spirals",
    "data": {"kind": "synthetic", "name": "spirals"},
    "layers": [{"kind": "Dense", "units": 8, "activation": "tanh"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.01},
    "training": {"epochs": 200, "batch_size": 10},
}
PER_EPOCH = 10


def make_store(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'runs.db'}")


class Worker:
    """Claims one run of `store` and appends what it is told to."""

    def __init__(
        self, store: Store, *, epochs: int = 200, layers: Sequence[dict[str, Any]] | None = None, **training: Any
    ) -> None:
        self.store = store
        spec = SPEC | {"training": {"epochs": epochs, "batch_size": 10} | training} | ({"layers": list(layers)} if layers else {})
        self.run = store.runs.create(RunSpec.parse(spec))
        self.attempt = store.runs.claim(self.run, pid=1)
        self.step = 0
        self.began = time.time()

    def epochs(self, count: int = 1, *, frame: bool = False, seconds: float | None = None) -> np.ndarray:
        """Trains `count` epochs in one append; gives the batch losses, float32 (count * PER_EPOCH,)."""
        first = self.step
        steps = np.arange(first + 1, first + count * PER_EPOCH + 1)
        losses = (1 / np.sqrt(steps)).astype(np.float32)
        self.step = int(steps[-1])
        now = time.time() - self.began if seconds is None else seconds
        rows = [
            (float(at // PER_EPOCH), int(at), now, {"loss": 1 / at, "val_loss": 2 / at, "accuracy": 0.5, "val_accuracy": 0.4})
            for at in range(first + PER_EPOCH, self.step + 1, PER_EPOCH)
        ]
        self.store.series.append(
            self.run,
            self.attempt,
            step=self.step,
            epoch=self.step / PER_EPOCH,
            seconds=now,
            first_step=first,
            first_seconds=0,
            steps_={"loss": losses, "accuracy": losses},
            epochs_=rows,
            frame=self.frame() if frame else None,
        )
        return losses

    def frame(self, size: int = 32) -> FrameRow:
        """Two classes, left and right of a line that turns with the steps."""
        grid = np.linspace(-6, 6, size)
        x, y = np.meshgrid(grid, grid)
        share = 1 / (1 + np.exp(-(x * np.cos(self.step / 80) + y * np.sin(self.step / 80))))
        return FrameRow(
            "plane",
            self.step,
            self.step / PER_EPOCH,
            msgpack.packb(
                {
                    "kind": "classes",
                    "shape": [size, size],
                    "extent": [-6, 6, -6, 6],
                    "classes": 2,
                    "axes": ["x1", "x2"],
                    "values": (share < 0.5).astype("u1").tobytes(),
                    "sure": (255 * np.abs(2 * share - 1)).astype("u1").tobytes(),
                }
            ),
        )

    def finish(self, status: str = "finished", *, info: dict[str, Any] | None = None) -> None:
        self.store.runs.finish(self.run, self.attempt, status, info=info)


def column(columns: dict[str, bytes], name: str) -> np.ndarray:
    return np.frombuffer(columns[name], dtype="<u4" if name == "step" else "<f4")
