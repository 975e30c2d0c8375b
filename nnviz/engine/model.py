"""A network in a few lines: layers stacked in code, trained on arrays, asked for predictions."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.catalog import COSTS
from nnviz.engine.arrays import Targets, Task, arrays, features
from nnviz.engine.loop.session import Session, form
from nnviz.engine.metrics.evaluate import evaluate, predict
from nnviz.engine.network.from_keras import from_keras
from nnviz.engine.network.network import Network
from nnviz.engine.records import Progress, Result
from nnviz.engine.training.train import train
from nnviz.errors import RequestError
from nnviz.spec import Component, RunSpec, plain


class Model:
    """A stack of layers, a cost and an optimizer.

    `layers` are the spec's, made by a call (`nnviz.engine.Dense(32, activation="relu")`) or written as mappings, or
    Keras's own layer objects. `cost` and `optimizer`: a call, a mapping or a kind's name; without a cost it is
    CrossEntropy for classes and MeanSquaredError for numbers. `task`: `classification` or `regression`; else it follows
    from the cost and the targets. `seed` decides first weights, order of the rows, dropout and validation rows.

    After `fit`: `history` (curves), `network` (the keras.Model), `labels` (of the classes, in the order of the outputs).

    Raises SpecError for what no spec may say."""

    def __init__(
        self, layers: Iterable[Any] = (), *, cost: Any = None, optimizer: Any = "Adam", task: Task | None = None, seed: int = 0
    ) -> None:
        self.layers: list[Any] = []
        self.cost = None if cost is None else _part(cost)
        self.optimizer = _part(optimizer)
        self.task = task
        self.seed = seed
        self.history: dict[str, Any] = {}
        self._targets: Targets | None = None
        self._session: Session | None = None
        self.add(*layers)

    def add(self, *layers: Any) -> None:
        """Put layers at the end of the stack."""
        for layer in layers:
            self.layers.append(_layer(layer, f"layers[{len(self.layers)}]"))

    def fit(
        self,
        x: Any,
        y: Any,
        *,
        epochs: int = 10,
        batch_size: int = 32,
        validation: float | tuple[Any, Any] = 0.0,
        early_stopping: int | None = None,
        keep: str = "last",
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Result:
        """Train on x (n, ...) and y: labels of classes (n,), one-hot classes (n, k), or numbers (n,), (n, t).

        `validation`: a share of the rows (from each class alike), or rows (x, y) of their own. `early_stopping`: how many
        epochs without a lower validation loss end it. `keep`: `last`, or `best` by validation loss.

        Every call starts from the first weights of the seed: the same call gives the same weights, bit for bit.
        `history` then holds lists by epoch (`epoch`, `loss`, `val_loss`, ...) and arrays by step (`batch_loss`, ...).
        Raises SpecError, DataError for what cannot be trained, Diverged for a loss that is no number."""
        targets = Targets.of(y, task=self.task or self._task_of_cost())
        rows = arrays(x, y, targets, validation=validation, seed=self.seed)
        spec = self._spec(targets.task, epochs=epochs, batch_size=batch_size, early_stopping=early_stopping, keep=keep)
        if self._session is None or self._session.form != form(spec, rows):
            self._session = Session(spec, rows)
        self._targets = targets
        by_step: dict[str, list[NDArray[np.float32]]] = {}
        by_epoch: dict[str, list[float]] = {}

        def record(progress: Progress) -> None:
            for name, values in progress.steps.items():
                by_step.setdefault(name, []).append(values)
            for entry in progress.epochs:
                for name, value in {"epoch": entry.epoch, "step": entry.step, **entry.metrics}.items():
                    by_epoch.setdefault(name, []).append(value)
            if on_progress is not None:
                on_progress(progress)

        result = train(spec, rows, on_progress=record, session=self._session, frames=False)
        self.history = by_epoch | {name: np.concatenate(values) for name, values in by_step.items()}
        return result

    @property
    def network(self) -> Network:
        """The trained network, a keras.Model. Raises RequestError before `fit`."""
        if self._session is None:
            raise RequestError("this model has not been trained yet", remedy="Call fit first.")
        return self._session.network

    @property
    def labels(self) -> NDArray[Any]:
        """The labels of the classes in the order of the outputs; none for numbers."""
        return self._known.labels

    def predict(self, x: Any, *, batch_size: int = 1024) -> NDArray[np.float32]:
        """Probabilities, float32 (n, classes), or numbers in the form that `y` had, (n,) or (n, t); batch by batch."""
        network = self.network
        outputs = predict(network, features(x, shape=network.shape), batch_size=batch_size)
        vector = network.cost.task == "regression" and self._known.is_vector
        return outputs[:, 0] if vector else outputs

    def classify(self, x: Any, *, batch_size: int = 1024) -> NDArray[Any]:
        """The most probable label of each row, (n,). Raises RequestError for a network that gives numbers."""
        if self.network.cost.task != "classification":
            raise RequestError("this network gives numbers, no classes", remedy="Use predict.")
        return np.asarray(self.labels[self.predict(x, batch_size=batch_size).argmax(axis=1)])

    def evaluate(self, x: Any, y: Any, *, batch_size: int = 1024) -> dict[str, float]:
        """Metrics of labelled rows: `loss` and `accuracy`, or `loss`, `mae`, `rmse` and `r2`; batch by batch."""
        network = self.network
        evaluation = evaluate(network, features(x, shape=network.shape), self._known.encode(y), batch_size=batch_size)
        return evaluation.metrics

    @property
    def _known(self) -> Targets:
        if self._targets is None:
            raise RequestError("this model has not been trained yet", remedy="Call fit first.")
        return self._targets

    def _task_of_cost(self) -> Task | None:
        tasks: Any = () if self.cost is None else COSTS[self.cost["kind"]].tasks
        return tasks[0] if len(tasks) == 1 else None

    def _spec(self, task: Task, *, early_stopping: int | None, **training: Any) -> RunSpec:
        cost = self.cost or {"kind": "CrossEntropy" if task == "classification" else "MeanSquaredError"}
        stopping = {} if early_stopping is None else {"early_stopping": {"patience": early_stopping}}
        return RunSpec.parse(
            {
                # A spec always says where rows come from; these are handed over.
                "data": {"kind": "file", "path": "arrays", "task": task},
                "layers": self.layers,
                "cost": cost,
                "optimizer": self.optimizer,
                "training": training | stopping | {"seed": self.seed},
            }
        )


def _layer(layer: Any, where: str) -> dict[str, Any]:
    if isinstance(layer, keras.layers.Layer):
        layer = from_keras(layer, where=where)
    record = plain(layer)
    if not isinstance(record, Mapping):
        raise RequestError(f"this is no layer: {layer!r}", where=where, remedy="Add a layer, as in Dense(32).")
    return dict(record)


def _part(component: Any) -> dict[str, Any]:
    """A cost or an optimizer as a mapping."""
    if isinstance(component, str):
        return {"kind": component}
    return dict(plain(component)) if isinstance(component, Component | Mapping) else {"kind": component}
