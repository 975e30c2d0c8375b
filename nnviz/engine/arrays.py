"""Arrays as a program has them, ready to be trained on: no file, no encoder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.loop.out_of_core import outside_memory
from nnviz.engine.loop.shuffle import order
from nnviz.engine.records import ColumnLike
from nnviz.errors import DataError

Task = Literal["classification", "regression"]
MOST_CLASSES = 1000
CHECKED_AT_ONCE = 2**22
"""Values of a memory map that are looked at together."""
_SPLIT = 2**63
"""The epoch whose order splits the rows: none that is trained."""


class RowSubset:
    """Some rows of an array that is not in memory: read when they are asked for."""

    def __init__(self, x: Any, rows: NDArray[np.int64]) -> None:
        self._x, self._rows = x, rows
        self.shape, self.dtype = (len(rows), *x.shape[1:]), x.dtype

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> NDArray[np.float32]:
        return np.asarray(self._x[self._rows[index]])


class Rows(NamedTuple):
    """x float32 (n, *shape), of a memory map not loaded; y int32 (n,) or float32 (n, t); rows int64 (n,): their
    numbers in what was given."""

    x: Any
    y: NDArray[Any]
    rows: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Targets:
    """How targets were given: the labels of the classes in order (none for numbers), and for numbers how many columns and
    whether they came as a vector."""

    task: Task
    labels: NDArray[Any]
    columns: int = 1
    is_vector: bool = True

    @classmethod
    def of(cls, y: Any, *, task: Task | None = None) -> "Targets":
        """What `y` holds. Without a `task`, numbers with a point are values and everything else is classes.

        Classes are given as labels (n,), whole numbers or texts, or one-hot (n, k). Raises DataError."""
        targets = _targets(y)
        if task is None:
            task = "regression" if np.issubdtype(targets.dtype, np.floating) and not _is_one_hot(targets) else "classification"
        if task == "regression":
            return cls(
                task=task, labels=np.empty(0), columns=1 if targets.ndim == 1 else targets.shape[1], is_vector=targets.ndim == 1
            )
        labels = np.arange(targets.shape[1]) if targets.ndim == 2 else np.unique(targets)
        if not 2 <= len(labels) <= MOST_CLASSES:
            raise DataError(
                f"{len(labels):,} different labels",
                where="y",
                remedy=f'Classes are from 2 to {MOST_CLASSES:,}; for numbers say task="regression".',
            )
        return cls(task=task, labels=labels)

    @property
    def outputs(self) -> int:
        return len(self.labels) if self.task == "classification" else self.columns

    def encode(self, y: Any, *, where: str = "y") -> NDArray[Any]:
        """int32 (n,) class numbers, or float32 (n, t). Raises DataError for a label or a width that was not known."""
        targets = _targets(y)
        if self.task == "regression":
            numbers = targets.astype(np.float32).reshape(len(targets), -1)
            if numbers.shape[1] != self.columns:
                raise DataError(f"{numbers.shape[1]} columns where there were {self.columns}", where=where)
            return _finite(numbers, where)
        if targets.ndim == 2:
            if targets.shape[1] != len(self.labels) or not _is_one_hot(targets):
                raise DataError(f"classes must be labels (n,) or one-hot (n, {len(self.labels)})", where=where)
            return targets.argmax(axis=1).astype(np.int32)
        places = np.minimum(np.searchsorted(self.labels, targets), len(self.labels) - 1)
        wrong = self.labels[places] != targets
        if wrong.any():
            raise DataError(f"the label {targets[wrong][0]!r} was not among the training rows", where=where)
        return places.astype(np.int32)


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """Rows to train on, as `engine.train` takes them. Values are used as they are given: nothing is scaled."""

    task: Task
    shape: tuple[int, ...]
    outputs: int
    classes: tuple[str, ...]
    parts: Mapping[str, Rows]
    target_mean: NDArray[np.float32]
    target_scale: NDArray[np.float32]
    plane: tuple[str, str] | None = None
    extent: tuple[float, float, float, float] | None = None

    targets: tuple[str, ...] = ()
    target_unit: str = ""
    file_columns: tuple[ColumnLike, ...] = ()

    def plane_grid(self, resolution: int) -> NDArray[np.float32]:
        raise DataError("arrays are not drawn as a plane", where="plane")


def arrays(x: Any, y: Any, targets: Targets, *, validation: float | tuple[Any, Any] = 0.0, seed: int = 0) -> Arrays:
    """`validation`: a share of the rows, from each class alike, drawn by `seed`, or rows (x, y) of their own. The rows of
    a memory map stay where they are.

    Raises DataError where rows are missing, do not belong together or are not all numbers."""
    inputs, encoded = features(x), targets.encode(y)
    _same_length(inputs, encoded)
    numbers = np.arange(len(encoded))
    if isinstance(validation, tuple):
        other, its = (
            features(validation[0], shape=inputs.shape[1:], where="validation"),
            targets.encode(validation[1], where="validation"),
        )
        _same_length(other, its)
        parts = {"train": Rows(inputs, encoded, numbers), "validation": Rows(other, its, np.arange(len(its)))}
    else:
        chosen = _chosen(encoded, validation, seed, by_class=targets.task == "classification")
        parts = {"train": _rows(inputs, encoded, numbers[~chosen])}
        if chosen.any():
            parts["validation"] = _rows(inputs, encoded, numbers[chosen])
    columns = targets.columns
    return Arrays(
        task=targets.task,
        shape=inputs.shape[1:],
        outputs=targets.outputs,
        classes=tuple(str(label) for label in targets.labels),
        parts=parts,
        target_mean=np.zeros(columns, np.float32),
        target_scale=np.ones(columns, np.float32),
    )


def _rows(x: Any, y: NDArray[Any], numbers: NDArray[np.int64]) -> Rows:
    if not outside_memory(x):
        return Rows(x[numbers], y[numbers], numbers)
    return Rows(x if len(numbers) == len(x) else RowSubset(x, numbers), y[numbers], numbers)


def features(x: Any, *, shape: tuple[int, ...] | None = None, where: str = "x") -> NDArray[np.float32]:
    """float32 (n, *shape); a vector becomes one column. A memory map of rows in float32 stays one.

    Raises DataError for texts, NaN, infinities, another shape."""
    if isinstance(x, np.memmap) and x.dtype == np.float32 and x.ndim > 1 and shape in (None, x.shape[1:]):
        step = max(1, CHECKED_AT_ONCE // max(1, int(np.prod(x.shape[1:]))))
        for at in range(0, len(x), step):
            _finite(x[at : at + step], where)
        return x
    try:
        array = np.asarray(x, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise DataError(f"this is no array of numbers ({error})", where=where, remedy="nnviz.data encodes tables.") from error
    if array.ndim < 2:
        array = array.reshape(-1, 1)
    if shape is not None and array.shape[1:] != tuple(shape):
        raise DataError(f"rows of shape {array.shape[1:]} where the network takes {tuple(shape)}", where=where)
    return _finite(array, where)


def _targets(y: Any) -> NDArray[Any]:
    array = np.asarray(y)
    if array.dtype == object:
        array = array.astype(str)
    if array.ndim == 2 and array.shape[1] == 1 and not np.issubdtype(array.dtype, np.floating):
        array = array[:, 0]
    if array.ndim not in (1, 2) or not len(array):
        raise DataError(f"targets must have the shape (n,) or (n, t); got {array.shape}", where="y")
    return array


def _is_one_hot(y: NDArray[Any]) -> bool:
    return y.ndim == 2 and y.shape[1] > 1 and bool(np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all())


def _finite(array: NDArray[np.float32], where: str) -> NDArray[np.float32]:
    if not np.isfinite(array).all():
        raise DataError("some values are infinite or not a number", where=where, remedy="Fill or drop them first.")
    return array


def _same_length(x: NDArray[Any], y: NDArray[Any]) -> None:
    if len(x) != len(y):
        raise DataError(f"{len(x):,} rows of x, {len(y):,} of y", where="y")


def _chosen(y: NDArray[Any], share: float, seed: int, *, by_class: bool) -> NDArray[np.bool_]:
    """Which rows validate, bool (n,)."""
    if not 0 <= share < 1:
        raise DataError(f"a share of {share} of the rows", where="validation", remedy="It is from 0 to below 1.")
    shuffled = order(seed, _SPLIT, len(y))
    groups = [shuffled[y[shuffled] == label] for label in np.unique(y)] if by_class else [shuffled]
    chosen = np.zeros(len(y), dtype=bool)
    for rows in groups:
        chosen[rows[: round(share * len(rows))]] = True
    return chosen
