"""What turns rows into the numbers that a network sees. Fitted on training rows only, kept as JSON with the run.

    number    (x - mean) / scale, the median where it is missing
    category  one column a category; a rare or unknown one is zero in all of them
    boolean   0 or 1
    date      its parts that vary (year, month, day, weekday, hour, minute, second: of the clock as written; without the last
              two by the rules of before), each as a number, and on request the days since the earliest training row (by the
              instant)
Where training rows miss a value, one more column says so (1: missing).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.columns import cells, dates, numbers
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.readers.file_format import FileForm
from nnviz.errors import DataError

MAX_CATEGORIES = 50
DAY = 86_400.0
ELAPSED = "elapsed"
OLD_PARTS = ("year", "month", "day", "weekday", "hour")
PARTS = (*OLD_PARTS, "minute", "second")
"""Of a date."""
Task = Literal["classification", "regression"]
Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class ColumnCode:
    """How one column is encoded. `centre` and `scale`: one for each number (of a date: for each of `parts`). `way`: how numbers
    or dates are written, as decided on the training file (see `numbers.Way` and `dates`); "": plain numbers, dates by the rules
    of before. `start`: of a date, the instant of the earliest training row in seconds since 1970. `value_words`: the usual
    words for a missing value that are values in this column."""

    name: str
    type: Literal["number", "category", "boolean", "date"]
    day_first: bool = False
    fill: tuple[float, ...] = ()
    centre: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    indicator: bool = False
    way: str = ""
    start: float = 0.0
    value_words: tuple[str, ...] = ()

    @classmethod
    def fit(
        cls,
        column: pd.Series,
        *,
        type: str,
        name: str,
        day_first: bool = False,
        way: str = "",
        value_words: Sequence[str] = (),
        elapsed: bool = False,
        rules: Rules = NEWEST,
    ) -> Self:
        """`column` holds training rows only. `elapsed`: whether the days since the earliest of them are a part of a date."""
        if type == "category":
            rules = cells.sparing(rules, value_words)
            labels = cells.labels(column, rules=rules)
            return cls(
                name=name,
                type="category",
                categories=_most_frequent(labels),
                indicator=any(label is None for label in labels),
                value_words=tuple(value_words),
            )
        if type == "boolean":
            return cls(name=name, type="boolean", indicator=bool(np.isnan(cells.truths(column, rules=rules)).any()))
        kept: tuple[str, ...] = ()
        start = 0.0
        if type == "date":
            moments = dates.read(column, way, day_first=day_first, rules=rules)
            parts = (*(PARTS if way else OLD_PARTS), *([ELAPSED] if elapsed else []))
            start = _start(moments) if way or elapsed else 0.0
            every = _date_parts(moments, parts, start)
            vary = [index for index in range(len(parts)) if np.unique(every[~np.isnan(every[:, index]), index]).size > 1]
            kept, values = tuple(parts[index] for index in vary), every[:, vary]
        else:
            values = _finite(numbers.read(column, way, rules=rules))[:, None]
        found = [_moments(part) for part in values.T]
        return cls(
            name=name,
            type="date" if type == "date" else "number",
            day_first=day_first,
            parts=kept,
            fill=tuple(fill for fill, _, _ in found),
            centre=tuple(centre for _, centre, _ in found),
            scale=tuple(scale for _, _, scale in found),
            indicator=bool(np.isnan(values).any()),
            way=way,
            start=start,
        )

    def elapses(self, column: pd.Series, *, rules: Rules = NEWEST) -> bool:
        """Whether time passes between the dates of a column."""
        moments = dates.read(column, self.way, day_first=self.day_first, rules=rules)
        return len(np.unique(moments.instant[~moments.missing])) > 1

    @property
    def columns(self) -> tuple[str, ...]:
        names = {
            "number": [self.name],
            "boolean": [self.name],
            "category": [f"{self.name}={c}" for c in self.categories],
            "date": [f"{self.name}.{part}" for part in self.parts],
        }[self.type]
        return (*names, *([f"{self.name} missing"] if self.indicator else []))

    def transform(self, column: pd.Series, *, rules: Rules = NEWEST) -> Floats:
        """float32 (n, len(self.columns))."""
        rules = cells.sparing(rules, self.value_words)
        if self.type == "category":
            found = cells.labels(column, rules=rules)
            index = {category: position for position, category in enumerate(self.categories)}
            known = np.array([index.get(label, -1) for label in found], dtype=np.int64)
            missing = np.array([label is None for label in found], dtype=bool)
            values = np.asarray(known[:, None] == np.arange(len(self.categories)), dtype=np.float32)
        elif self.type == "boolean":
            truths = cells.truths(column, rules=rules)
            missing = np.isnan(truths)
            values = np.where(missing, 0.5, truths).astype(np.float32)[:, None]
        else:
            if self.type == "date":
                raw = _date_parts(dates.read(column, self.way, day_first=self.day_first, rules=rules), self.parts, self.start)
            else:
                raw = _finite(numbers.read(column, self.way, rules=rules))[:, None]
            missing = np.asarray(np.isnan(raw).any(axis=1), dtype=bool)
            filled = np.where(np.isnan(raw), np.array(self.fill), raw)
            values = ((filled - np.array(self.centre)) / np.array(self.scale)).astype(np.float32)
        return np.concatenate([values, missing[:, None].astype(np.float32)], axis=1) if self.indicator else values

    def to_json(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
            if value not in ((), False, "", 0.0)
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
        return cls(**fields)


@dataclass(frozen=True, kw_only=True)
class TargetCode:
    """`classes` for classification; for regression `mean` and `scale`, one a column (0 and 1: as it is). `value_words`: as of
    a column."""

    names: tuple[str, ...]
    task: Task
    classes: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    ways: tuple[str, ...] = ()
    value_words: tuple[str, ...] = ()

    @classmethod
    def fit(cls, y: NDArray[np.float64], *, names: Sequence[str], scaled: bool, ways: Sequence[str] = ()) -> Self:
        """Regression: `y` (n, t) of training rows."""
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
        return self.scaled(np.stack([_finite(values) for values in self.numbers(columns, rules=rules)], axis=1))

    def numbers(self, columns: Sequence[pd.Series], *, rules: Rules = NEWEST) -> list[NDArray[np.float64]]:
        """float64 (n,) for each target column: its numbers as they are written, NaN for a cell that is none."""
        ways = self.ways or ("",) * len(columns)
        return [numbers.read(column, way, rules=rules) for column, way in zip(columns, ways, strict=True)]

    def scaled(self, y: NDArray[np.float64]) -> Floats:
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
    """Rows of a table (`columns`) or images of one `shape`, divided by `divide`. `target` says what y means, `rules` how
    cells are read."""

    target: TargetCode
    columns: tuple[ColumnCode, ...] = ()
    shape: tuple[int, ...] = field(default=())
    divide: float = 1.0
    rules: Rules = NEWEST
    form: FileForm | None = None
    """How the file of the training was written, where it was a text."""

    @property
    def is_images(self) -> bool:
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
        return self.shape if self.is_images else (len(self.features),)

    def transform(self, rows: "pd.DataFrame | NDArray[Any]", *, on_read: Callable[[str], None] | None = None) -> Floats:
        """float32 (n, *row_shape). Other columns are ignored; `on_read` is told which is encoded. Raises
        DataError that names missing columns, or (images) the shape that was expected."""
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
    """The columns of x (n, d) by name: x0, x1, ... unless names are given."""
    if x.ndim != 2 or (names and x.shape[1] != len(names)):
        raise DataError(
            f"an array of shape {x.shape}", where="rows to predict", remedy=f"Expected (rows, {len(names) or 'columns'})."
        )
    return pd.DataFrame(x, columns=list(names) or [f"x{index}" for index in range(x.shape[1])])


def _moments(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Median of the known values; mean and deviation once the median stands in for the missing ones."""
    known = values[~np.isnan(values)]
    median = float(np.median(known)) if len(known) else 0.0
    filled = np.where(np.isnan(values), median, values)
    centre = float(filled.mean()) if len(filled) else 0.0
    scale = float(filled.std()) if len(filled) else 1.0
    if not np.isfinite(centre) or not np.isfinite(scale):
        centre, scale = median, float(np.abs(filled - median).max())
    return median, centre, scale_of(scale, centre)


def scale_of(deviation: float, mean: float) -> float:
    """What to divide by: below rounding error of the mean a column is constant, and dividing by that would blow up later
    rows."""
    return deviation if deviation > 1e-12 * max(abs(mean), 1e-300) else 1.0


def _most_frequent(found: NDArray[np.object_]) -> tuple[str, ...]:
    names, counts = np.unique(np.array([label for label in found if label is not None], dtype=object), return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MAX_CATEGORIES]
    return tuple(sorted(names[order].tolist()))


def _date_parts(moments: dates.Moments, parts: Sequence[str], start: float) -> NDArray[np.float64]:
    """float64 (n, parts), NaN where there is no date. `start`: as in ColumnCode."""
    local, missing = pd.Series(moments.local), moments.missing
    if not parts:
        return np.empty((len(local), 0))
    names = {"weekday": "day_of_week"}
    found = np.empty((len(local), len(parts)))
    for place, part in enumerate(parts):
        if part == ELAPSED:
            found[:, place] = np.where(missing, np.nan, (_seconds(moments) - start) / DAY)
        else:
            found[:, place] = getattr(local.dt, names.get(part, part)).to_numpy(dtype=np.float64, na_value=np.nan)
    return found


def _start(moments: dates.Moments) -> float:
    known = _seconds(moments)[~moments.missing]
    return float(known.min()) if len(known) else 0.0


def _seconds(moments: dates.Moments) -> NDArray[np.float64]:
    """Since 1970, by the instant."""
    return moments.instant.astype(np.int64) / 1e6


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)


def _listed(names: Sequence[str]) -> str:
    shown = [name if len(name) <= 60 else name[:57] + "..." for name in names[:8]]
    return ", ".join(shown) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
