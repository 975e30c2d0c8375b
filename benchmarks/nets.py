"""The nets that the benchmarks train, on random rows: only speed is measured."""

from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.spec import RunSpec


@dataclass(frozen=True)
class Work:
    """`shape` of one row; `dense` hidden layers' units; `filters` of 3x3 convolutions, a 2x2 pooling after all but the last."""

    name: str
    rows: int
    shape: tuple[int, ...]
    batch: int
    dense: tuple[int, ...] = ()
    activation: str = "relu"
    filters: tuple[int, ...] = ()
    classes: int = 10

    @property
    def layers(self) -> list[dict[str, Any]]:
        """As a spec has them."""
        layers: list[dict[str, Any]] = []
        for place, filters in enumerate(self.filters):
            layers += [{"kind": "MaxPooling2D"}] if place else []
            layers.append({"kind": "Conv2D", "filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu"})
        layers += [{"kind": "Flatten"}] if self.filters else []
        return layers + [{"kind": "Dense", "units": units, "activation": self.activation} for units in self.dense]

    def data(self) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        random = np.random.default_rng(0)
        return (
            random.normal(size=(self.rows, *self.shape)).astype(np.float32),
            random.integers(0, self.classes, self.rows).astype(np.int32),
        )

    @property
    def weights(self) -> list[NDArray[np.float32]]:
        """Of the dense layers and the projection: kernel, bias, kernel, bias, ..."""
        random, sizes = np.random.default_rng(1), (self.shape[0], *self.dense, self.classes)
        weights = []
        for before, after in pairwise(sizes):
            bound = np.sqrt(6 / (before + after))
            weights += [random.uniform(-bound, bound, (before, after)).astype(np.float32), np.zeros(after, np.float32)]
        return weights


WORKS = (
    Work("500x2, 8-8 tanh, batch 10", 500, (2,), 10, dense=(8, 8), activation="tanh", classes=2),
    Work("32000x100, 64-64, batch 128", 32_000, (100,), 128, dense=(64, 64)),
    Work("60000x784, 256-128, batch 128", 60_000, (784,), 128, dense=(256, 128)),
    Work("28x28 CNN 32-64-128, batch 128", 1_280, (28, 28, 1), 128, filters=(32, 64, 128)),
)


def prepared(work: Work, x: Any, y: Any, *, validation: int = 0) -> Any:
    """Rows as the engine takes them."""
    part = SimpleNamespace(x=x, y=y, rows=np.arange(len(y)))
    parts = {"train": part} | (
        {"validation": SimpleNamespace(x=x[:validation], y=y[:validation], rows=np.arange(validation))} if validation else {}
    )
    return SimpleNamespace(
        task="classification",
        shape=work.shape,
        outputs=work.classes,
        classes=tuple(map(str, range(work.classes))),
        parts=parts,
        target_mean=np.zeros(1, np.float32),
        target_scale=np.ones(1, np.float32),
        plane=None,
        extent=None,
    )


def ready(work: Work, *, evaluated: bool = False) -> tuple[RunSpec, Any]:
    """The spec and the rows of a training that goes on until it is stopped; `evaluated`: with both losses by `calculate`
    after every epoch."""
    x, y = work.data()
    spec = RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "spirals"},
            "layers": work.layers,
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.001},
            "training": {"epochs": 1_000_000, "batch_size": work.batch, "record_every": 1 if evaluated else 100_000},
        }
    )
    return spec, prepared(work, x, y, validation=len(y) // 4 if evaluated else 0)
