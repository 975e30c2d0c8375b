"""Tables of very many columns: what the other modules do to one column of numbers at a time, done to all of them at once.

Only columns of float64 without gaps are taken, and of them the results are the same bit for bit: sums run along one column's
numbers as they lie in memory, in either way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.columns import cells
from nnviz.data.columns.column import Column
from nnviz.data.columns.column_code import ColumnCode, scale_of

FEWEST = 200
"""Columns from which it is worth while."""
MOST_ROWS = 1000
BINS = 20


@dataclass(frozen=True)
class Wide:
    """`values` (columns, rows), `names` in the same order, `place` of each name."""

    names: list[str]
    values: NDArray[np.float64]
    place: dict[str, int]

    @classmethod
    def of(cls, frame: Any) -> Self | None:
        """None for a table that is not wide, or on the disk."""
        if not isinstance(frame, pd.DataFrame) or len(frame.columns) < FEWEST or not 0 < len(frame) <= MOST_ROWS:
            return None
        plain = np.flatnonzero(frame.dtypes.to_numpy() == np.dtype(np.float64))
        if len(plain) < FEWEST:
            return None
        values = np.ascontiguousarray(frame.iloc[:, plain].to_numpy().T)
        finite = np.isfinite(values).all(axis=1)
        if not finite.all():
            plain, values = plain[finite], values[finite]
        names = [str(name) for name in frame.columns[plain]]
        return cls(names, values, {name: index for index, name in enumerate(names)})

    def inferred(self) -> dict[str, Column]:
        """As `infer_column`; columns that might number the rows are left to it."""
        ordered = np.sort(self.values, axis=1)
        unique = (np.diff(ordered, axis=1) != 0).sum(axis=1) + 1
        rows = self.values.shape[1]
        columns = {}
        for name, count, value in zip(self.names, unique.tolist(), self.values[:, 0].tolist(), strict=True):
            if count == 1:
                columns[name] = Column(
                    name=name, type="constant", use=False, why=f"its only value is {value:g}", missing=0, unique=1
                )
            elif count < rows or rows < 10:
                columns[name] = Column(name=name, type="number", use=True, why="numbers", missing=0, unique=count)
        return columns

    def days(self) -> set[str]:
        """Columns of numbers of eight digits, which may be dates (20171201)."""
        low, high = self.values.min(axis=1), self.values.max(axis=1)
        return {self.names[place] for place in np.flatnonzero((low >= 19000101) & (high <= 21001231)).tolist()}

    def pictures(self, columns: Iterable[Column]) -> dict[str, tuple[dict[str, Any], tuple[str, ...]]]:
        """As the report's distribution and examples, of those columns that are numbers."""
        names = [column.name for column in columns if column.type == "number" and column.name in self.place]
        values = self.values[[self.place[name] for name in names]]
        low, high = values.min(axis=1), values.max(axis=1)
        with np.errstate(over="ignore", invalid="ignore"):
            usable = np.isfinite(high - low) & (high > low)
        names = [name for name, is_usable in zip(names, usable.tolist(), strict=True) if is_usable]
        values, low, high = values[usable], low[usable], high[usable]
        with np.errstate(over="ignore", invalid="ignore"):
            # as np.linspace does for one column: of many it takes another way if one of their steps is zero
            edges = np.arange(BINS + 1.0) * ((high - low) / BINS)[:, None] + low[:, None]
            edges[:, -1] = high
            means, medians, deviations = values.mean(axis=1), np.median(values, axis=1), values.std(axis=1)
            # as np.histogram finds the bins
            bins = (((values - low[:, None]) / (high - low)[:, None]) * BINS).astype(np.intp)
        bins[bins == BINS] -= 1
        bins -= values < np.take_along_axis(edges, bins, axis=1)
        bins += (values >= np.take_along_axis(edges, bins + 1, axis=1)) & (bins != BINS - 1)
        counts = np.stack([(bins == place).sum(axis=1) for place in range(BINS)], axis=1)
        apart = np.asarray((np.diff(edges, axis=1) > 0).all(axis=1))
        return {
            name: (
                {"kind": "histogram", "counts": count, "edges": edge, "mean": mean, "median": median, "std": deviation},
                examples(numbers),
            )
            for name, count, edge, mean, median, deviation, numbers, is_apart in zip(
                names,
                counts.tolist(),
                edges.tolist(),
                means.tolist(),
                medians.tolist(),
                deviations.tolist(),
                values[:, :200].tolist(),
                apart.tolist(),
                strict=True,
            )
            if is_apart
        }

    def codes(self, columns: Iterable[Column], train: NDArray[np.int64]) -> dict[str, ColumnCode]:
        """As `ColumnCode.fit`, of those columns that are numbers."""
        names = [column.name for column in columns if column.type == "number" and column.name in self.place]
        values = np.ascontiguousarray(self.values[[self.place[name] for name in names]][:, train])
        with np.errstate(over="ignore", invalid="ignore"):
            centres, scales, medians = values.mean(axis=1), values.std(axis=1), np.median(values, axis=1)
        usable = np.isfinite(centres) & np.isfinite(scales)
        return {
            name: ColumnCode(name=name, type="number", fill=(median,), centre=(centre,), scale=(scale_of(scale, centre),))
            for name, median, centre, scale, is_usable in zip(
                names, medians.tolist(), centres.tolist(), scales.tolist(), usable.tolist(), strict=True
            )
            if is_usable
        }


def examples(values: Iterable[float]) -> tuple[str, ...]:
    """The first three different numbers as texts; NaN is none."""
    few: dict[str, None] = {}
    for value in values:
        if value == value:
            few[cells.written(value)] = None
        if len(few) == 3:
            break
    return tuple(few)
