"""The encoder of a run: rows to inputs of the network, target columns to class numbers or scaled numbers. It is fitted on
training rows only, and stored as JSON with the run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.columns import cells, numbers
from nnviz.data.columns.column_code import ColumnCode, Floats, finite
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.readers.file_format import FileForm
from nnviz.errors import DataError

Task = Literal["classification", "regression"]


@dataclass(frozen=True, kw_only=True)
class TargetCode:
    """How the target columns `names` become what a network is trained on. Classification: the number of the label among
    `classes`. Regression: (y - mean) / scale, with one `mean` and `scale` for each column (0 and 1: as it is); `ways`: how their
    numbers are written, empty where all are plain. `value_words`: as of a `ColumnCode`."""

    names: tuple[str, ...]
    task: Task
    classes: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    ways: tuple[str, ...] = ()
    value_words: tuple[str, ...] = ()

    @classmethod
    def fit(cls, y: NDArray[np.float64], *, names: Sequence[str], scaled: bool, ways: Sequence[str] = ()) -> Self:
        """For regression on `y` (n, t) of training rows; a column that does not vary is divided by 1."""
        mean = y.mean(axis=0) if scaled else np.zeros(y.shape[1])
        scale = y.std(axis=0) if scaled else np.ones(y.shape[1])
        return cls(
            names=tuple(names),
            task="regression",
            mean=tuple(mean.tolist()),
            scale=tuple(np.where(scale > 0, scale, 1.0).tolist()),
            ways=tuple(ways) if any(ways) else (),
        )

    def transform(self, columns: Sequence[pd.Series], *, rules: Rules = NEWEST) -> NDArray[np.int32] | Floats:
        """int32 (n,) class numbers, -1 for a missing or unknown label; float32 (n, t) scaled, NaN where missing."""
        if self.task == "classification":
            index = {label: position for position, label in enumerate(self.classes)}
            rules = cells.sparing(rules, self.value_words)
            return np.array([index.get(label, -1) for label in cells.labels(columns[0], rules=rules)], dtype=np.int32)
        return self.scaled(np.stack([finite(values) for values in self.numbers(columns, rules=rules)], axis=1))

    def numbers(self, columns: Sequence[pd.Series], *, rules: Rules = NEWEST) -> list[NDArray[np.float64]]:
        """float64 (n,) for each target column: its numbers as they are written, NaN for a cell that is none."""
        ways = self.ways or ("",) * len(columns)
        return [numbers.read(column, way, rules=rules) for column, way in zip(columns, ways, strict=True)]

    def scaled(self, y: NDArray[np.float64]) -> Floats:
        """float32 (n, t) for `y` (n, t) in its own unit."""
        scaled: Floats = ((y - np.array(self.mean)) / np.array(self.scale)).astype(np.float32)
        return scaled

    def to_json(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
            if value or name not in ("ways", "value_words")
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
        return cls(**fields)


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """Encodes rows of a table by their `columns`, or images of one `shape` (height, width, channels) by dividing them by
    `divide`. `target` says what y means, `rules` how cells are read, `form` how the file of the training rows was written."""

    target: TargetCode
    columns: tuple[ColumnCode, ...] = ()
    shape: tuple[int, ...] = field(default=())
    divide: float = 1.0
    rules: Rules = NEWEST
    form: FileForm | None = None
    """None where that file was no text."""

    @property
    def is_images(self) -> bool:
        """Whether it encodes images; else it encodes rows of a table."""
        return not self.columns

    @property
    def inputs(self) -> tuple[str, ...]:
        """The raw columns that a row must have."""
        return tuple(column.name for column in self.columns)

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the network's inputs; none for images."""
        return tuple(name for column in self.columns for name in column.columns)

    @property
    def row_shape(self) -> tuple[int, ...]:
        """The shape of one encoded row: (height, width, channels) of an image, (number of features,) of a table."""
        return self.shape if self.is_images else (len(self.features),)

    def transform(self, rows: "pd.DataFrame | NDArray[Any]", *, on_read: Callable[[str], None] | None = None) -> Floats:
        """float32 (n, *row_shape). Columns that are no inputs are ignored; `on_read` is called with a line of text for each
        column that is encoded. Raises DataError that names missing columns, or (images) the shape that was expected."""
        if self.is_images:
            return self._transform_images(np.asarray(rows))
        if not isinstance(rows, pd.DataFrame):
            rows = as_frame(np.asarray(rows), names=self.inputs)
        absent = [name for name in self.inputs if name not in rows.columns]
        if absent:
            raise DataError(
                f"missing column{'s' if len(absent) > 1 else ''}: {_listed(absent)}",
                where="rows to predict",
                remedy=f"Give the columns the network was trained on: {_listed(self.inputs)}.",
            )
        parts, series = [], dict(rows.items())
        for column in self.columns:
            if on_read is not None:
                on_read(f"{column.name!r} is encoded")
            parts.append(column.transform(series[column.name], rules=self.rules))
        return np.ascontiguousarray(np.concatenate(parts, axis=1))

    def transform_target(self, rows: "pd.DataFrame | NDArray[Any]") -> NDArray[np.int32] | Floats | None:
        """y as in TargetCode.transform; None where a target column is absent. An array is the target itself."""
        if isinstance(rows, pd.DataFrame):
            if any(name not in rows.columns for name in self.target.names):
                return None
            return self.target.transform([rows[name] for name in self.target.names], rules=self.rules)
        y = np.asarray(rows)
        return self.target.transform([pd.Series(column) for column in y.reshape(len(y), -1).T], rules=self.rules)

    def to_json(self) -> dict[str, Any]:
        """JSON-able; floats survive the round trip bit for bit (shortest repr)."""
        return {
            **self.rules.to_json(),
            "target": self.target.to_json(),
            "columns": [column.to_json() for column in self.columns],
            "shape": list(self.shape),
            "divide": self.divide,
            **({} if self.form is None else {"dialect": self.form.to_json()}),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """The encoder that `to_json` wrote, bit for bit. A record without a version of the reading
        rules is of the first."""
        return cls(
            target=TargetCode.from_json(record["target"]),
            shape=tuple(record["shape"]),
            divide=record["divide"],
            rules=Rules.from_json(record),
            form=FileForm.from_json(record.get("dialect")),
            columns=tuple(ColumnCode.from_json(column) for column in record["columns"]),
        )

    def _transform_images(self, images: NDArray[Any]) -> Floats:
        if images.shape[1:] != self.shape and (*images.shape[1:], 1) == self.shape:
            images = images[..., None]
        if images.shape[1:] != self.shape:
            raise DataError(
                f"images of shape {images.shape[1:]}",
                where="rows to predict",
                remedy=f"The network was trained on images of shape {self.shape}.",
            )
        return np.asarray(images, dtype=np.float32) / np.float32(self.divide)


def as_frame(x: NDArray[Any], *, names: Sequence[str] = ()) -> pd.DataFrame:
    """The columns of x (n, d) under `names`, or as x0, x1, ... Raises DataError where their numbers differ."""
    if x.ndim != 2 or (names and x.shape[1] != len(names)):
        raise DataError(
            f"an array of shape {x.shape}", where="rows to predict", remedy=f"Expected (rows, {len(names) or 'columns'})."
        )
    return pd.DataFrame(x, columns=list(names) or [f"x{index}" for index in range(x.shape[1])])


def _listed(names: Sequence[str]) -> str:
    shortened = [name if len(name) <= 60 else name[:57] + "..." for name in names[:8]]
    return ", ".join(shortened) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
