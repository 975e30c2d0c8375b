"""Example runs in a store of their own, written as a worker would write them."""

import math

import numpy as np

from nnviz.errors import NnvizError, RunError
from nnviz.spec import RunSpec
from nnviz.store import Store

DENSE = ({"kind": "Dense", "units": 64, "activation": "relu"}, {"kind": "Dense", "units": 32, "activation": "relu"})
CNN = (
    {"kind": "Conv2D", "filters": 16, "kernel_size": 3, "activation": "relu"},
    {"kind": "MaxPooling2D"},
    {"kind": "Conv2D", "filters": 32, "kernel_size": 3, "activation": "relu"},
    {"kind": "Flatten"},
)


def spec(*, data="digits", layers=DENSE, optimizer=None, cost="CrossEntropy", epochs=60, **blocks) -> RunSpec:
    kind = "synthetic" if data in ("spirals", "circle", "xor") else "builtin"
    return RunSpec.parse(
        {
            "data": {"kind": kind, "name": data},
            "layers": [*(({"kind": "Flatten"},) if data == "digits" and layers is DENSE else ()), *layers],
            "cost": {"kind": cost},
            "optimizer": optimizer or {"kind": "Adam", "learning_rate": 0.001},
            "training": {"epochs": epochs, "batch_size": 32},
            **blocks,
        }
    )


class Worker:
    """Plays the worker of one run."""

    def __init__(
        self,
        store: Store,
        asked: RunSpec,
        *,
        name: str,
        task: str = "classification",
        parameters: int = 6370,
        rate: float = 6.0,
        top: float = 0.98,
        seed: int = 0,
    ) -> None:
        self.store, self.epoch, self.rate, self.top = store, 0, rate, top
        self.task, self.parameters, self.random = task, parameters, np.random.default_rng(seed)
        self.id = store.runs.create(asked, name=name)
        self.attempt = store.runs.claim(self.id, pid=1)
        rows = {"train": 1077, "validation": 360, "test": 360}
        store.runs.set_phase(self.id, self.attempt, "training", info={"task": task, "rows": rows})

    def train(self, epochs: int) -> "Worker":
        rows = []
        for _ in range(epochs):
            self.epoch += 1
            learned = 1 - math.exp(-self.epoch / self.rate)
            noise = self.random.normal(0, 0.004, 2)
            loss = 2.3 * (1 - learned * self.top) + 0.02 * self.random.random()
            values = {"loss": loss, "val_loss": loss * 1.08 + abs(noise[0])}
            if self.task == "classification":
                values |= {
                    "accuracy": min(1.0, 0.1 + 0.9 * learned * self.top + noise[0]),
                    "val_accuracy": 0.09 + 0.9 * learned * self.top + noise[1],
                }
            else:
                values |= {
                    name: value
                    for part in ("", "val_")
                    for name, value in (
                        (f"{part}mae", 60 * loss + 20),
                        (f"{part}rmse", 80 * loss + 25),
                        (f"{part}r2", learned * self.top - 0.3 + noise[0]),
                    )
                }
            rows.append((float(self.epoch), self.epoch * 45, self.epoch * 0.032, values))
        self.store.series.append(
            self.id, self.attempt, step=self.epoch * 45, epoch=float(self.epoch), seconds=self.epoch * 0.032, epochs_=rows
        )
        return self

    def finish(self, status: str = "finished", *, error: NnvizError | None = None, log: str = "", **info: object) -> str:
        test = (
            {"test_accuracy": 0.961, "test_loss": 0.134} if self.task == "classification" else {"test_r2": 0.45, "test_loss": 0.6}
        )
        self.store.runs.finish(
            self.id,
            self.attempt,
            status,
            error=error,
            log=log,
            metrics={} if error else test,
            info={"parameters": self.parameters} | info,
        )
        return self.id


def gallery(store: Store) -> dict[str, str]:
    """A store as it looks after an afternoon; gives the ids by short names. `cnn` still runs."""
    ids = {
        "wine": Worker(store, spec(data="wine", epochs=40), name="wine, small net", parameters=387, rate=4, top=0.96)
        .train(40)
        .finish(),
        "diabetes": Worker(
            store,
            spec(data="diabetes", cost="MeanSquaredError", epochs=50),
            name="diabetes, 64-32",
            task="regression",
            parameters=2817,
            rate=9,
            top=0.78,
        )
        .train(50)
        .finish(),
        "failed": Worker(
            store, spec(epochs=200, layers=({"kind": "Flatten"}, {"kind": "Dense", "units": 4096})), name="digits, very wide"
        )
        .train(2)
        .finish(
            "failed",
            error=RunError("memory ran out", remedy="Use a smaller batch, fewer units or fewer rows."),
            log="Traceback (most recent call last):\n  ...\nMemoryError",
        ),
        "stopped": Worker(store, spec(data="spirals", epochs=300), name="two spirals, 64-32", rate=60, top=0.9)
        .train(180)
        .finish("stopped"),
        "adam": Worker(store, spec(), name="Adam, 64-32", top=0.985, seed=1).train(60).finish(),
        "sgd": Worker(
            store, spec(optimizer={"kind": "SGD", "learning_rate": 0.1}), name="SGD 0.1, 64-32", rate=16, top=0.965, seed=2
        )
        .train(60)
        .finish(),
        "cnn": Worker(store, spec(layers=CNN), name="Adam, CNN 16-32", parameters=5994, rate=4.5, top=0.99, seed=3).train(37).id,
    }
    store.runs.edit(ids["adam"], tags=["lesson 3", "baseline"], note="the one to beat")
    store.runs.edit(ids["sgd"], tags=["lesson 3"])
    return ids


def varied(store: Store, count: int) -> list[str]:
    """Finished runs of one data set that nobody named, each with settings of its own; their ids."""
    ids = []
    for number in range(count):
        layers = ({"kind": "Flatten"}, {"kind": "Dense", "units": 8 + number, "activation": ("relu", "tanh")[number % 2]})
        optimizer = {"kind": ("Adam", "SGD", "RMSprop")[number % 3], "learning_rate": 0.001 * (number + 1)}
        asked = spec(layers=layers, optimizer=optimizer, epochs=20 + number)
        ids.append(Worker(store, asked, name="", seed=number).train(20).finish())
    return ids
