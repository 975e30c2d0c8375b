"""Training by the command line beside a plain `keras.fit` without validation: steps by the clock, for `benchmarks.training`.

Both are processes of their own, started anew for every round. Of the command line all that it does between the first and the last
recorded epoch counts: evaluation, frames, states for looking back, the numbers of every step written into a store. Of fit all
between the ends of its first and last epochs. Loading, compiling and what follows the last step are left out of both."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.nets import WORKS, Work

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Trained:
    """Steps a second by the run's history, and as `train --json` tells them."""

    measured: float
    reported: float


EXPECTED = {"500x2": (100_000, 600), "32000x100": (6_000, 900), "60000x784": (900, 220)}
"""Steps a second of both on a quiet machine, to plan epochs by."""


def epochs(work: Work, seconds: float, *, ours: bool) -> int:
    """How many take about so many seconds, at least 4."""
    rate = EXPECTED[work.name.partition(",")[0]][0 if ours else 1]
    return max(4, round(seconds * rate / steps_per_epoch(work)))


def steps_per_epoch(work: Work) -> int:
    return -(-work.rows // work.batch)


def ours(work: Work, *, epochs: int) -> Trained:
    """`python -m nnviz train` on a file of the net's rows, without validation and test rows."""
    with tempfile.TemporaryDirectory() as folder:
        x, y = work.data()
        np.savez(Path(folder, "rows.npz"), x=x, y=y)
        spec = {
            "data": {"kind": "file", "path": "rows.npz", "task": "classification"},
            "layers": work.layers,
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.001},
            "split": {"validation": 0, "test": 0},
            "training": {"epochs": epochs, "batch_size": work.batch},
        }
        Path(folder, "spec.json").write_text(json.dumps(spec))
        store = f"sqlite:///{folder}/store.db"
        summary = _last_line("-m", "nnviz", "train", f"{folder}/spec.json", "--json", "--store", store)
        history = _last_line("-m", "nnviz", "show", summary["run"], "--json", "--store", store)["history"]
    first, last = history[0], history[-1]
    return Trained(measured=(last["step"] - first["step"]) / (last["time"] - first["time"]), reported=summary["steps_per_second"])


def fit(work: Work, *, epochs: int) -> float:
    """Steps a second of `keras.fit` on the same rows."""
    number = next(index for index, known in enumerate(WORKS) if known.name == work.name)
    return float(_last_line("-m", "benchmarks.trained_by_command", str(number), str(epochs))["steps_per_second"])


def _last_line(*arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"},
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _fit(work: Work, epochs: int) -> None:
    """In a process of its own: prints the rate of all epochs but the first."""
    import keras

    x, y = work.data()
    model = keras.Sequential(
        [
            keras.Input(work.shape),
            *[
                getattr(keras.layers, layer["kind"])(**{name: value for name, value in layer.items() if name != "kind"})
                for layer in work.layers
            ],
            keras.layers.Dense(work.classes),
        ]
    )
    model.compile(
        keras.optimizers.Adam(0.001), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    ends: list[float] = []
    model.fit(
        x,
        y,
        batch_size=work.batch,
        epochs=epochs,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()))],
    )
    print(json.dumps({"steps_per_second": (len(ends) - 1) * steps_per_epoch(work) / (ends[-1] - ends[0])}))


if __name__ == "__main__":
    _fit(WORKS[int(sys.argv[1])], int(sys.argv[2]))
