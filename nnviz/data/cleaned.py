"""Rows and columns that can be used: what cleaning a table or images makes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.column_names import MAX_NAMED, short
from nnviz.data.columns import cells
from nnviz.data.columns.column import Column
from nnviz.data.columns.encode import TargetCode, Task
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.columns.report import Report
from nnviz.data.columns.wide import Wide
from nnviz.data.out_of_core.stored_rows import StoredImages


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """`frame`, `labels`, `given_parts`, `x` and `rows` run in parallel: rows with a target, in the order of the file.
    `labels` (classification): each row's class. `given_parts`: the part the files name for each row. `x`: images."""

    frame: pd.DataFrame
    rows: NDArray[np.int64]
    inputs: tuple[Column, ...]
    targets: tuple[str, ...]
    task: Task
    classes: tuple[str, ...]
    labels: NDArray[np.object_] | None
    given_parts: NDArray[np.object_] | None
    report: Report
    x: "NDArray[Any] | StoredImages"
    wide: Wide | None = None
    """Where the table is wide: its columns of numbers, the rows as those of `frame`."""
    by: Column | None = None
    """The column whose groups stay together, or along whose time the rows are cut."""
    rules: Rules = NEWEST
    target_ways: tuple[str, ...] = ()
    """How the numbers of each target are written, where that is not plain (see `number_formats.Way`)."""
    value_words: tuple[str, ...] = ()
    """The usual words for a missing value that are classes."""

    def target_code(self, train: NDArray[np.int64], *, scaled: bool) -> TargetCode:
        """How the target becomes an array: classes by number, numbers by the mean and the deviation of the `train` rows
        where they are `scaled`."""
        if self.task == "classification":
            return TargetCode(names=self.targets, task="classification", classes=self.classes, value_words=self.value_words)
        y = np.stack([cells.numbers(self.frame[name], rules=self.rules) for name in self.targets], axis=1)
        return TargetCode.fit(y[train], names=self.targets, scaled=scaled, ways=self.target_ways)


def without(cleaned: Cleaned, idle: Mapping[str, bool]) -> Cleaned:
    """With columns left out that give the network nothing; of each, whether it holds dates between which time passes."""
    if not idle:
        return cleaned
    why = {
        name: "none of its parts, from year to second, varies in the training rows; the days since the first date do "
        f"(data.columns.{short(name)}.elapsed)"
        if elapses
        else "it does not vary in the training rows"
        for name, elapses in idle.items()
    }
    report = replace(
        cleaned.report,
        columns=tuple(
            replace(column, use=False, why=why[column.name], action=f"left out: {why[column.name]}")
            if column.name in idle
            else column
            for column in cleaned.report.columns
        ),
        warnings=(
            *cleaned.report.warnings,
            *(f"column {short(name)!r} is left out: {why[name]}" for name in list(idle)[:MAX_NAMED]),
        ),
    )
    return replace(cleaned, report=report, inputs=tuple(column for column in cleaned.inputs if column.name not in idle))


def class_words(columns: Sequence[Column], targets: Sequence[str], task: Task) -> tuple[str, ...]:
    """The usual words for a missing value that are classes."""
    return next(column.spared for column in columns if column.name == targets[0]) if task == "classification" else ()
