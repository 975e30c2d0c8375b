"""From a table as read to rows and columns that can be used: the target is picked, the task settled, rows without a
target are left out, and what cannot be used at all is refused. Nothing is fitted here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data import cells
from nnviz.data.encode import Task
from nnviz.data.infer import Column, guess_target, guess_task, infer_column
from nnviz.data.report import Report, column_reports, preview
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import BuiltinData, FileData, SyntheticData

MIN_ROWS = 10
MAX_CLASSES = 1000
MAX_NAMED = 12
"""Columns named one by one in a warning or a refusal."""

Told = FileData | BuiltinData | SyntheticData


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
    x: NDArray[Any]


def clean(table: Table, told: Told, *, split_column: str | None = None) -> Cleaned:
    """Raises DataError with the file, the column and a remedy."""
    frame, where = table.frame, table.name
    dropped = told.drop if isinstance(told, FileData) else ()
    said = told.columns if isinstance(told, FileData) else {}
    for name in (*dropped, *said, *([split_column] if split_column else [])):
        if name not in frame.columns:
            raise DataError(
                f"there is no column {name!r}", where=where, remedy=f"Its columns are: {_listed(frame.columns)}."
            )
    if len(frame) < MIN_ROWS:
        raise DataError(
            f"only {_count(len(frame), 'row')} of data",
            where=where,
            remedy=f"At least {MIN_ROWS} rows are needed to train, validate and test.",
        )
    columns = [
        infer_column(name, frame[name], told=said.get(name), first=position == 0)
        for position, name in enumerate(frame.columns)
        if name not in dropped and name != split_column
    ]
    if not columns:
        raise DataError("no column is left", where=where, remedy="Drop fewer columns.")
    targets, target_why = _targets(table, told, columns)
    task, task_why = _task(frame, told, targets, columns, where)
    kept, rows_dropped, words = _with_target(frame, targets, task, where)
    labels = cells.labels(frame[targets[0]])[kept] if task == "classification" else None
    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    notes = list(words)
    if labels is not None:
        classes, counts = _classes(labels, targets[0], where, can_regress=_mostly_numbers(frame[targets[0]]))
        notes += _lonely(classes, counts)
    inputs = [column for column in columns if column.name not in targets]
    frame = frame if bool(kept.all()) else frame[kept].reset_index(drop=True)
    inputs = _usable(inputs, where)
    given = table.parts[kept] if table.parts is not None else None
    rows = (table.rows if table.rows is not None else np.arange(len(kept)))[kept]
    shown = [
        column if column.name in targets else next((c for c in inputs if c.name == column.name), column)
        for column in columns
    ]
    report = Report(
        rows=len(kept),
        rows_dropped=rows_dropped,
        columns=column_reports(table.frame, shown, target=targets, task=task),
        target=targets,
        target_why=target_why,
        task=task,
        task_why=task_why,
        classes=classes,
        class_counts=counts,
        warnings=(*table.notes, *notes, *_left_out(shown, targets)),
        read=dict(table.read),
        preview_columns=tuple(frame.columns[:100]),
        preview=table.preview or preview(table.frame),
    )
    return Cleaned(
        frame=frame,
        rows=rows,
        inputs=tuple(column for column in inputs if column.use),
        targets=targets,
        task=task,
        classes=classes,
        labels=labels,
        given_parts=given,
        report=report,
        x=np.empty(0),
    )


def clean_images(arrays: Arrays, told: Told) -> Cleaned:
    """Raises DataError with the file and a remedy."""
    if arrays.y is None:
        raise DataError("holds x but no y", where=arrays.name, remedy="Give the labels as y, one for each row of x.")
    y = arrays.y.reshape(len(arrays.y), -1)
    names = [arrays.target] if y.shape[1] == 1 else [f"{arrays.target}{index}" for index in range(y.shape[1])]
    table = Table(
        frame=pd.DataFrame({name: pd.Series(y[:, index]) for index, name in enumerate(names)}),
        name=arrays.name,
        parts=arrays.parts,
        read=arrays.read,
        notes=arrays.notes,
        targets=tuple(names),
    )
    if len(table.frame) < MIN_ROWS:
        raise DataError(
            f"only {_count(len(table.frame), 'image')}",
            where=arrays.name,
            remedy=f"At least {MIN_ROWS} are needed to train, validate and test.",
        )
    columns = [infer_column(name, table.frame[name]) for name in names]
    task, task_why = _task(table.frame, told, table.targets, columns, arrays.name)
    kept, rows_dropped, notes = _with_target(table.frame, table.targets, task, arrays.name)
    labels = cells.labels(table.frame[names[0]])[kept] if task == "classification" else None
    classes, counts = _classes(labels, names[0], arrays.name, can_regress=True) if labels is not None else ((), ())
    report = Report(
        rows=len(kept),
        rows_dropped=rows_dropped,
        columns=column_reports(table.frame, columns, target=names, task=task),
        target=tuple(names),
        target_why="y of the file",
        task=task,
        task_why=task_why,
        classes=classes,
        class_counts=counts,
        warnings=(*arrays.notes, *notes, *_lonely(classes, counts)),
        read=dict(arrays.read),
        shape=arrays.x.shape[1:],
    )
    return Cleaned(
        frame=table.frame[kept].reset_index(drop=True),
        rows=_row_numbers(arrays)[kept],
        inputs=(),
        targets=tuple(names),
        task=task,
        classes=classes,
        labels=labels,
        report=report,
        x=arrays.x[kept],
        given_parts=arrays.parts[kept] if arrays.parts is not None else None,
    )


def _row_numbers(arrays: Arrays) -> NDArray[np.int64]:
    """Each row's number within its own part, where the file or files name the parts."""
    numbers = np.arange(len(arrays.x))
    if arrays.parts is not None:
        for part in dict.fromkeys(arrays.parts):
            members = arrays.parts == part
            numbers[members] = np.arange(members.sum())
    return numbers


def _targets(table: Table, told: Told, columns: Sequence[Column]) -> tuple[tuple[str, ...], str]:
    said = told.target if isinstance(told, FileData) else None
    names = [str(name) for name in table.frame.columns]
    if said is None:
        if table.targets:
            return table.targets, "y of the file"
        if not isinstance(told, FileData):
            return (names[-1],), "the set's own"
        found, why = guess_target(list(columns))
        return (found,), why
    if isinstance(said, int):
        if not -len(names) <= said < len(names):
            raise DataError(
                f"there is no column number {said}",
                where=f"{table.name}, target",
                remedy=f"It has {len(names)} columns: 0 to {len(names) - 1}, or -1 for the last.",
            )
        said = names[said]
    if said not in names:
        raise DataError(
            f"there is no column {said!r}", where=f"{table.name}, target", remedy=f"Its columns are: {_listed(names)}."
        )
    if said not in [column.name for column in columns]:
        raise DataError(
            f"the target {said!r} is among the dropped columns or the split column",
            where=table.name,
            remedy="Choose another target, or keep that column.",
        )
    return (said,), "as you chose"


def _task(
    frame: pd.DataFrame, told: Told, targets: Sequence[str], columns: Sequence[Column], where: str
) -> tuple[Task, str]:
    place = f"{where}, column {targets[0]!r}"
    column = next(column for column in columns if column.name == targets[0])
    if column.missing == len(frame):
        raise DataError(
            "the target is missing in every row",
            where=place,
            remedy="Choose another target column, or fill this one in.",
        )
    if len(targets) > 1:
        if told.task == "classification":
            raise DataError(
                f"{len(targets)} target columns cannot be one class",
                where=where,
                remedy="Give y as one column of labels, or let the task be regression.",
            )
        return "regression", f"y has {len(targets)} columns"
    guess, why = guess_task(frame[targets[0]], column)
    task, why = (told.task, "as you chose") if told.task is not None else (guess, why)
    if task == "regression":
        values = cells.numbers(frame[targets[0]])
        if not np.isfinite(values).any():
            example = next(label for label in cells.labels(frame[targets[0]]) if label is not None)
            raise DataError(
                f"the target holds words such as {_short(example)!r}, which cannot be predicted as numbers",
                where=place,
                remedy="Let the task be classification, or choose another target.",
            )
        if np.unique(values[np.isfinite(values)]).size < 2:
            raise DataError("the target has one value only", where=place, remedy="Choose a target that varies.")
    return ("regression" if task == "regression" else "classification"), why


def _with_target(
    frame: pd.DataFrame, targets: Sequence[str], task: str, where: str
) -> tuple[NDArray[np.bool_], int, list[str]]:
    """Which rows have a target, how many have not, and that in words."""
    kept = np.ones(len(frame), dtype=bool)
    for name in targets:
        if task == "regression":
            kept &= np.isfinite(cells.numbers(frame[name]))
        else:
            kept &= np.array([label is not None for label in cells.labels(frame[name])], dtype=bool)
    dropped = int(len(kept) - kept.sum())
    if not kept.any():
        raise DataError(
            "no row has a target", where=f"{where}, column {targets[0]!r}", remedy="Choose another target column."
        )
    if kept.sum() < MIN_ROWS:
        raise DataError(
            f"only {_count(int(kept.sum()), 'row')} with a target",
            where=f"{where}, column {targets[0]!r}",
            remedy=f"At least {MIN_ROWS} are needed.",
        )
    if not dropped:
        return kept, 0, []
    first = int(np.flatnonzero(~kept)[0])
    rest = "is" if dropped == 1 else f"(the first: row {first + 1}) are"
    return kept, dropped, [f"{_count(dropped, 'row')} without a target {rest} left out"]


def _classes(
    labels: NDArray[np.object_], target: str, where: str, *, can_regress: bool
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    names, counts = np.unique(labels.astype(str), return_counts=True)
    place = f"{where}, column {target!r}"
    if len(names) == 1:
        raise DataError(
            f"every row has the same class, {_short(str(names[0]))!r}",
            where=place,
            remedy="Two classes or more are needed: choose another target, or add rows of other classes.",
        )
    if len(names) > MAX_CLASSES or len(names) > len(labels) / 2:
        remedy = "Choose another target" + (
            ", or set the task to regression." if can_regress else " with fewer classes."
        )
        raise DataError(
            f"{len(names)} classes in {len(labels)} rows are too many to tell apart", where=place, remedy=remedy
        )
    order = sorted(range(len(names)), key=lambda index: _by_number(str(names[index])))
    return tuple(str(names[index]) for index in order), tuple(int(counts[index]) for index in order)


def _by_number(label: str) -> tuple[int, float, str]:
    """2 before 10, numbers before words."""
    try:
        value = float(label)
    except ValueError:
        return 1, 0.0, label
    return 0, value, label


def _lonely(classes: Sequence[str], counts: Sequence[int]) -> list[str]:
    alone = [name for name, count in zip(classes, counts, strict=True) if count == 1]
    if not alone:
        return []
    one = len(alone) == 1
    return [
        f"{'class' if one else 'classes'} {_listed(alone)} {'has' if one else 'have'} one row only: it goes into training, so "
        f"{'this class is' if one else 'these classes are'} neither validated nor tested"
    ]


def _usable(inputs: Sequence[Column], where: str) -> list[Column]:
    """The inputs; if all were left out and one is a mere running number, that one serves. Raises DataError if none does."""
    if any(column.use for column in inputs):
        return list(inputs)
    lone = [column for column in inputs if column.lone]
    if lone:
        return [
            replace(column, type="number", use=True, why="the only column there is") if column is lone[0] else column
            for column in inputs
        ]
    if not inputs:
        raise DataError("there is no column beside the target", where=where, remedy="Give at least one input column.")
    reasons = "; ".join(f"{_short(column.name)!r}: {column.why}" for column in inputs[:MAX_NAMED])
    more = f"; and {len(inputs) - MAX_NAMED} more" if len(inputs) > MAX_NAMED else ""
    raise DataError(
        f"no column can serve as input ({reasons}{more})",
        where=where,
        remedy="Give at least one column of numbers, categories or dates, or set the type of one of these.",
    )


def _left_out(columns: Sequence[Column], targets: Sequence[str]) -> list[str]:
    left = [column for column in columns if not column.use and column.name not in targets]
    notes = [f"column {_short(column.name)!r} is left out: {column.why}" for column in left[:MAX_NAMED]]
    if len(left) > MAX_NAMED:
        notes.append(f"and {len(left) - MAX_NAMED} more columns are left out")
    for column in columns:
        if column.infinite and column.name not in targets:
            notes.append(
                f"column {_short(column.name)!r}: {_count(column.infinite, 'infinite value')} counted as missing"
            )
        if column.odd and column.name not in targets:
            noun = "dates" if column.type == "date" else "numbers"
            notes.append(
                f"column {_short(column.name)!r}: {_count(column.odd, 'cell')} that are no {noun} "
                f"({', '.join(column.odd_examples)}) counted as missing"
            )
    return notes


def _mostly_numbers(column: pd.Series) -> bool:
    return bool(np.isfinite(cells.numbers(column)).mean() > 0.5)


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:57] + "..."


def _listed(names: Any) -> str:
    shown = [_short(str(name)) for name in names]
    return ", ".join(shown[:MAX_NAMED]) + (f" and {len(shown) - MAX_NAMED} more" if len(shown) > MAX_NAMED else "")
