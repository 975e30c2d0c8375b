"""The target: which column it is, which task it makes, which rows have one, and which classes there are."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.column_names import count_of, listed, short
from nnviz.data.columns import cells
from nnviz.data.columns.column import Column
from nnviz.data.columns.encode import Task
from nnviz.data.columns.infer import NUMBER_SHARE
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.columns.whole_numbers import meaning
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.spec import Data, FileData

MIN_ROWS = 10
MAX_CLASSES = 1000
TARGET_NAMES = (
    "target",
    "label",
    "labels",
    "class",
    "classes",
    "y",
    "species",
    "outcome",
    "diagnosis",
    "response",
    "survived",
    "churn",
    "output",
    "result",
    "category",
    "type",
    "price",
    "quality",
    "score",
)


def guess_target(columns: list[Column]) -> tuple[str, str]:
    """A column named like a target, else the last one that holds numbers or categories, and why."""
    names = {column.name.strip().casefold(): column.name for column in reversed(columns)}
    for word in TARGET_NAMES:
        if word in names:
            return names[word], "a guess: by its name"
    usable = [column.name for column in columns if column.use and column.type != "date"]
    if not usable or usable[-1] == columns[-1].name:
        return columns[-1].name, "a guess: it is the last column"
    return usable[-1], "a guess: it is the last column of numbers or categories"


def guess_task(column: pd.Series, inferred: Column, *, rules: Rules = NEWEST, labels: bool = False) -> tuple[str, str]:
    """The task and why, in words. `labels`: the column came beside images, whose labels are classes more often than not."""
    values = cells.numbers(column, rules=rules)
    known = values[np.isfinite(values)]
    has_words = inferred.type in ("category", "boolean", "text", "identifier")
    if has_words and len(known) < NUMBER_SHARE * cells.filled(column, rules=rules):
        return "classification", "its values are words"
    distinct = len(np.unique(known))
    if not rules.is_old and distinct > 2:
        meant = meaning(inferred.name, known, labels=labels or pd.api.types.is_integer_dtype(column.dtype))
        if meant == "classes":
            return "classification", f"it has {distinct} whole numbers, each of which comes again: the numbers of classes"
        if meant == "amounts":
            return "regression", f"it has {distinct} different numbers, and its name says that they are amounts"
    whole = bool(np.all(known == np.round(known)))
    if distinct <= 2 or (whole and distinct <= min(20, max(2, len(known) // 5))):
        return "classification", f"it has only {distinct} different values"
    return "regression", f"it has {distinct} different numbers"


def pick_targets(table: Table, spec: Data, columns: Sequence[Column]) -> tuple[tuple[str, ...], str]:
    target = spec.target if isinstance(spec, FileData) else None
    names = [str(name) for name in table.frame.columns]
    if target is None:
        if table.targets:
            return table.targets, "y of the file"
        if not isinstance(spec, FileData):
            return (names[-1],), "the set's own"
        guess, why = guess_target(list(columns))
        return (guess,), why
    if isinstance(target, int):
        if not -len(names) <= target < len(names):
            raise DataError(
                f"there is no column number {target}",
                where=f"{table.name}, target",
                remedy=f"It has {len(names)} columns: 0 to {len(names) - 1}, or -1 for the last.",
            )
        target = names[target]
    if target not in names:
        raise DataError(
            f"there is no column {target!r}", where=f"{table.name}, target", remedy=f"Its columns are: {listed(names)}."
        )
    if target not in [column.name for column in columns]:
        raise DataError(
            f"the target {target!r} is among the dropped columns or the split column",
            where=table.name,
            remedy="Choose another target, or keep that column.",
        )
    return (target,), "as you chose"


def pick_task(
    frame: pd.DataFrame, spec: Data, targets: Sequence[str], columns: Sequence[Column], where: str, *, labels: bool = False
) -> tuple[Task, str]:
    """The task and why; `labels` as for `guess_task`. Raises DataError for a target that cannot be one."""
    place = f"{where}, column {targets[0]!r}"
    column = next(column for column in columns if column.name == targets[0])
    rules = cells.sparing(Rules.of(spec), column.spared)
    if column.missing == len(frame):
        raise DataError(
            "the target is missing in every row", where=place, remedy="Choose another target column, or fill this one in."
        )
    if len(targets) > 1:
        if spec.task == "classification":
            raise DataError(
                f"{len(targets)} target columns cannot be one class",
                where=where,
                remedy="Give y as one column of labels, or let the task be regression.",
            )
        return "regression", f"y has {len(targets)} columns"
    guess, why = guess_task(frame[targets[0]], column, rules=rules, labels=labels)
    task, why = (spec.task, "as you chose") if spec.task is not None else (guess, why)
    if task == "regression":
        values = cells.numbers(frame[targets[0]], rules=rules)
        if not np.isfinite(values).any():
            example = next(label for label in cells.labels(frame[targets[0]], rules=rules) if label is not None)
            raise DataError(
                f"the target holds words such as {short(example)!r}, which cannot be predicted as numbers",
                where=place,
                remedy="Let the task be classification, or choose another target.",
            )
        if np.unique(values[np.isfinite(values)]).size < 2:
            raise DataError("the target has one value only", where=place, remedy="Choose a target that varies.")
    return ("regression" if task == "regression" else "classification"), why


def with_target(
    frame: pd.DataFrame, targets: Sequence[str], task: str, where: str, *, rules: Rules = NEWEST
) -> tuple[NDArray[np.bool_], int, list[str]]:
    """Which rows have a target, how many have not, and that in words."""
    labelled = np.ones(len(frame), dtype=bool)
    for name in targets:
        if task == "regression":
            labelled &= np.isfinite(cells.numbers(frame[name], rules=rules))
        else:
            labelled &= np.array([label is not None for label in cells.labels(frame[name], rules=rules)], dtype=bool)
    dropped = int(len(labelled) - labelled.sum())
    if not labelled.any():
        raise DataError("no row has a target", where=f"{where}, column {targets[0]!r}", remedy="Choose another target column.")
    if labelled.sum() < MIN_ROWS:
        raise DataError(
            f"only {count_of(int(labelled.sum()), 'row')} with a target",
            where=f"{where}, column {targets[0]!r}",
            remedy=f"At least {MIN_ROWS} are needed.",
        )
    if not dropped:
        return labelled, 0, []
    first = int(np.flatnonzero(~labelled)[0])
    rest = "is" if dropped == 1 else f"(the first: row {first + 1}) are"
    return labelled, dropped, [f"{count_of(dropped, 'row')} without a target {rest} left out"]


def find_classes(
    labels: NDArray[np.object_], target: str, where: str, *, can_regress: bool
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    names, counts = np.unique(labels.astype(str), return_counts=True)
    place = f"{where}, column {target!r}"
    if len(names) == 1:
        raise DataError(
            f"every row has the same class, {short(str(names[0]))!r}",
            where=place,
            remedy="Two classes or more are needed: choose another target, or add rows of other classes.",
        )
    if len(names) > MAX_CLASSES or len(names) > len(labels) / 2:
        remedy = "Choose another target" + (", or set the task to regression." if can_regress else " with fewer classes.")
        raise DataError(f"{len(names)} classes in {len(labels)} rows are too many to tell apart", where=place, remedy=remedy)
    order = sorted(range(len(names)), key=lambda index: _by_number(str(names[index])))
    return tuple(str(names[index]) for index in order), tuple(int(counts[index]) for index in order)


def _by_number(label: str) -> tuple[int, float, str]:
    """2 before 10, numbers before words."""
    try:
        value = float(label)
    except ValueError:
        return 1, 0.0, label
    return 0, value, label


def lonely(classes: Sequence[str], counts: Sequence[int], *, noun: str = "row") -> list[str]:
    alone = [name for name, count in zip(classes, counts, strict=True) if count == 1]
    if not alone:
        return []
    if len(alone) == 1:
        return [f"class {short(alone[0])} has one {noun} only: it goes into training, and is neither validated nor tested"]
    return [f"classes {listed(alone)} have one {noun} only: they go into training, and are neither validated nor tested"]
