"""Small data and specs for the engine's tests."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnviz.spec import RunSpec


@dataclass(frozen=True)
class Rows:
    x: Any
    y: Any
    rows: Any


@dataclass(frozen=True)
class Prepared:
    task: str
    shape: tuple[int, ...]
    outputs: int
    parts: dict[str, Rows]
    classes: tuple[str, ...] = ()
    target_mean: Any = field(default_factory=lambda: np.zeros(1, np.float32))
    target_scale: Any = field(default_factory=lambda: np.ones(1, np.float32))
    plane: tuple[str, str] | None = None
    extent: tuple[float, float, float, float] | None = None
    targets: tuple[str, ...] = ()
    target_unit: str = ""
    file_columns: Any = ()

    def plane_grid(self, resolution: int) -> Any:
        line = np.linspace(-1, 1, resolution, dtype=np.float32)
        return np.stack([grid.ravel() for grid in np.meshgrid(line, line)], axis=1)


def prepared(
    task: str = "classification",
    *,
    shape: tuple[int, ...] = (3,),
    outputs: int = 3,
    train: int = 22,
    validation: int = 10,
    test: int = 10,
    seed: int = 0,
    **more: Any,
) -> Prepared:
    random = np.random.default_rng(seed)

    def rows(count: int) -> Rows:
        x = random.normal(size=(count, *shape)).astype(np.float32)
        sums = x.reshape(count, int(np.prod(shape))) @ np.random.default_rng(7).normal(size=(int(np.prod(shape)), outputs))
        y = sums.argmax(axis=1).astype(np.int32) if task == "classification" else sums.astype(np.float32)
        return Rows(x, y, np.arange(count))

    parts = {"train": rows(train), "validation": rows(validation), "test": rows(test)}
    names = tuple("abcdefghij"[:outputs]) if task == "classification" else ()
    return Prepared(task, shape, outputs, {name: part for name, part in parts.items() if len(part.y)}, names, **more)


def spec(layers: list[dict[str, Any]] | None = None, *, cost: Any = None, optimizer: Any = None, **training: Any) -> RunSpec:
    return RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "spirals"},
            "layers": [{"kind": "Dense", "units": 4, "activation": "tanh"}] if layers is None else layers,
            "cost": {"kind": "CrossEntropy"} if cost is None else cost,
            "optimizer": {"kind": "SGD", "learning_rate": 0.1} if optimizer is None else optimizer,
            "training": {"epochs": 2, "batch_size": 8} | training,
        }
    )


def same(first: Any, second: Any) -> bool:
    return len(first) == len(second) and all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
