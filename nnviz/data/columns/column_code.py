"""How one column of a table becomes inputs of the network, fitted on training rows only.

    number    (x - mean) / scale, the median where it is missing
    category  one column a category; a rare or unknown one is zero in all of them
    boolean   0 or 1
    date      its parts that vary (year, month, day, weekday, hour, minute, second: of the clock as written; without the last
              two by the first rules), each as a number, and on request the days since the earliest training row (by the
              instant)
Where training rows miss a value, one more column says so (1: missing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.columns import cells, dates, numbers
from nnviz.data.columns.reading_rules import NEWEST, Rules

MAX_CATEGORIES = 50
DAY = 86_400.0
ELAPSED = "elapsed"
OLD_PARTS = ("year", "month", "day", "weekday", "hour")
PARTS = (*OLD_PARTS, "minute", "second")
"""Of a date."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class ColumnCode:
    """How one column is encoded. `fill`, `centre` and `scale`: one for each number (of a date: for each of `parts`); `fill`
    stands in for a missing one. `categories`: those that become inputs, in order. `indicator`: whether one more input says what
    is missing. `way`: how numbers or dates are written, as decided on the training file (see `number_formats.NumberFormat` and
    `dates`); "": plain numbers, dates by the first rules, `day_first` or not. `start`: of a date, the instant of the earliest
    training row in seconds since 1970. `value_words`: the usual words for a missing value that are values in this column."""

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
        varying: tuple[str, ...] = ()
        start = 0.0
        if type == "date":
            moments = dates.read(column, way, day_first=day_first, rules=rules)
            parts = (*(PARTS if way else OLD_PARTS), *([ELAPSED] if elapsed else []))
            start = _start(moments) if way or elapsed else 0.0
            every = _date_parts(moments, parts, start)
            vary = [index for index in range(len(parts)) if np.unique(every[~np.isnan(every[:, index]), index]).size > 1]
            varying, values = tuple(parts[index] for index in vary), every[:, vary]
        else:
            values = finite(numbers.read(column, way, rules=rules))[:, None]
        statistics = [_moments(part) for part in values.T]
        return cls(
            name=name,
            type="date" if type == "date" else "number",
            day_first=day_first,
            parts=varying,
            fill=tuple(fill for fill, _, _ in statistics),
            centre=tuple(centre for _, centre, _ in statistics),
            scale=tuple(scale for _, _, scale in statistics),
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
        """The names of the inputs that the column becomes."""
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
            labels = cells.labels(column, rules=rules)
            index = {category: position for position, category in enumerate(self.categories)}
            known = np.array([index.get(label, -1) for label in labels], dtype=np.int64)
            missing = np.array([label is None for label in labels], dtype=bool)
            values = np.asarray(known[:, None] == np.arange(len(self.categories)), dtype=np.float32)
        elif self.type == "boolean":
            truths = cells.truths(column, rules=rules)
            missing = np.isnan(truths)
            values = np.where(missing, 0.5, truths).astype(np.float32)[:, None]
        else:
            if self.type == "date":
                raw = _date_parts(dates.read(column, self.way, day_first=self.day_first, rules=rules), self.parts, self.start)
            else:
                raw = finite(numbers.read(column, self.way, rules=rules))[:, None]
            missing = np.asarray(np.isnan(raw).any(axis=1), dtype=bool)
            filled = np.where(np.isnan(raw), np.array(self.fill), raw)
            values = ((filled - np.array(self.centre)) / np.array(self.scale)).astype(np.float32)
        return np.concatenate([values, missing[:, None].astype(np.float32)], axis=1) if self.indicator else values

    def to_json(self) -> dict[str, Any]:
        """The fields that are not at their defaults, tuples as lists; `from_json` reads them back bit for bit."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
            if value not in ((), False, "", 0.0)
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
        return cls(**fields)


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


def _most_frequent(labels: NDArray[np.object_]) -> tuple[str, ...]:
    names, counts = np.unique(np.array([label for label in labels if label is not None], dtype=object), return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MAX_CATEGORIES]
    return tuple(sorted(names[order].tolist()))


def _date_parts(moments: dates.Moments, parts: Sequence[str], start: float) -> NDArray[np.float64]:
    """float64 (n, parts), NaN where there is no date. `start`: as in ColumnCode."""
    local, missing = pd.Series(moments.local), moments.missing
    if not parts:
        return np.empty((len(local), 0))
    names = {"weekday": "day_of_week"}
    columns = np.empty((len(local), len(parts)))
    for place, part in enumerate(parts):
        if part == ELAPSED:
            columns[:, place] = np.where(missing, np.nan, (_seconds(moments) - start) / DAY)
        else:
            columns[:, place] = getattr(local.dt, names.get(part, part)).to_numpy(dtype=np.float64, na_value=np.nan)
    return columns


def _start(moments: dates.Moments) -> float:
    known = _seconds(moments)[~moments.missing]
    return float(known.min()) if len(known) else 0.0


def _seconds(moments: dates.Moments) -> NDArray[np.float64]:
    """Since 1970, by the instant."""
    return moments.instant.astype(np.int64) / 1e6


def finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)
