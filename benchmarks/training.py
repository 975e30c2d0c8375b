"""Steps a second of the engine beside keras.fit, on the nets of the table in docs/architecture.md.

    python benchmarks/training.py [--rounds 3] [--seconds 2]

One round runs every way once, one after another, so that a busy machine slows all of them; medians and ratios are
printed. Compilation is left out.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np

from nnviz import engine
from nnviz.spec import RunSpec


@dataclass(frozen=True)
class Work:
    name: str
    rows: int
    shape: tuple[int, ...]
    classes: int
    layers: tuple[dict[str, Any], ...]
    batch: int


def dense(*units: int, activation: str = "relu") -> tuple[dict[str, Any], ...]:
    return tuple({"kind": "Dense", "units": size, "activation": activation} for size in units)


def conv(filters: int) -> dict[str, Any]:
    return {"kind": "Conv2D", "filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu"}


WORKS = (
    Work("500x2, 8-8 tanh, batch 10", 500, (2,), 2, dense(8, 8, activation="tanh"), 10),
    Work("32000x100, 64-64, batch 128", 32_000, (100,), 10, dense(64, 64), 128),
    Work("60000x784, 256-128, batch 128", 60_000, (784,), 10, dense(256, 128), 128),
    Work("28x28 CNN 32-64-128, batch 128", 1_280, (28, 28, 1), 10,
         (conv(32), {"kind": "MaxPooling2D"}, conv(64), {"kind": "MaxPooling2D"}, conv(128), {"kind": "Flatten"}), 128),
)


def ours(work: Work, x: Any, y: Any) -> Callable[[float], float]:
    spec = RunSpec.parse({
        "data": {"kind": "synthetic", "name": "spirals"}, "layers": list(work.layers), "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.001},
        "training": {"epochs": 1_000_000, "batch_size": work.batch, "record_every": 100_000}})
    part = SimpleNamespace(x=x, y=y, rows=np.arange(len(y)))
    prepared: Any = SimpleNamespace(
        task="classification", shape=work.shape, outputs=work.classes, classes=tuple(map(str, range(work.classes))),
        parts={"train": part}, target_mean=np.zeros(1, np.float32), target_scale=np.ones(1, np.float32), plane=None, extent=None)
    session = engine.prepare(spec, prepared)

    def measure(seconds: float) -> float:
        began = time.perf_counter()
        result = engine.train(spec, prepared, session=session, frames=False, on_progress=lambda progress: None,
                              control=lambda: engine.Control(stop=time.perf_counter() - began > seconds))
        return result.steps_per_second

    return measure


def keras_fit(work: Work, x: Any, y: Any, *, jit: bool) -> Callable[[float], float]:
    model = keras.Sequential([keras.Input(work.shape), *[
        getattr(keras.layers, layer["kind"])(**{name: value for name, value in layer.items() if name != "kind"})
        for layer in work.layers], keras.layers.Dense(work.classes)])
    model.compile(keras.optimizers.Adam(0.001), keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"], jit_compile=jit)
    model.fit(x[:work.batch], y[:work.batch], batch_size=work.batch, verbose=0)

    def measure(seconds: float) -> float:
        began, steps = time.perf_counter(), 0
        rows = min(len(y), work.batch * 200)
        while time.perf_counter() - began < seconds:
            model.fit(x[:rows], y[:rows], batch_size=work.batch, verbose=0)
            steps += math.ceil(rows / work.batch)
        return steps / (time.perf_counter() - began)

    return measure


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=2.0)
    options.add_argument("--only", default="", help="a part of a net's name")
    given = options.parse_args()
    print("net | nnviz | keras fit | fit, jit | nnviz / best of fit")
    for work in WORKS:
        if given.only not in work.name:
            continue
        random = np.random.default_rng(0)
        x = random.normal(size=(work.rows, *work.shape)).astype(np.float32)
        y = random.integers(0, work.classes, work.rows).astype(np.int32)
        ways = [ours(work, x, y), keras_fit(work, x, y, jit=False), keras_fit(work, x, y, jit=True)]
        found = list(zip(*([way(given.seconds) for way in ways] for _ in range(given.rounds)), strict=True))
        engine_rate, plain, jit = (statistics.median(rates) for rates in found)
        print(f"{work.name} | {engine_rate:,.0f} | {plain:,.0f} | {jit:,.0f} | {engine_rate / max(plain, jit):.1f}", flush=True)


if __name__ == "__main__":
    main()
