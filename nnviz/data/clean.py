"""From a table as read to rows and columns that can be used: the target is picked, the task settled, rows without a
target are left out, and what cannot be used at all is refused. Nothing is fitted here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.column_names import MAX_NAMED, count_of, listed, short
from nnviz.data.columns import cells, missing_words, numbers
from nnviz.data.columns.column import BY_CHOICE, Column
from nnviz.data.columns.encode import Task
from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.columns.report import Report, column_reports, preview
from nnviz.data.columns.target import MIN_ROWS, Told, find_classes, lonely, pick_targets, pick_task, with_target
from nnviz.data.columns.wide import Wide
from nnviz.data.columns.writing import Marks
from nnviz.data.out_of_core.stored_rows import StoredImages
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import ColumnSpec, FileData

T = TypeVar("T")
FEW_ROWS = 1000


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
    """How the numbers of each target are written, where that is not plain (see `numbers.Way`)."""
    value_words: tuple[str, ...] = ()
    """The usual words for a missing value that are classes."""


def clean(
    table: Table,
    options: Told,
    *,
    split_column: str | None = None,
    split_by: str | None = None,
    on_read: Callable[[str], None] | None = None,
) -> Cleaned:
    """`on_read` is told in words which column is looked at. Raises DataError with the file, the column and a remedy."""
    frame, where, rules = table.frame, table.name, Rules.of(options)
    dropped = columns_by_place(frame.columns, options.drop, where) if isinstance(options, FileData) else ()
    column_specs: Mapping[str, ColumnSpec] = options.columns if isinstance(options, FileData) else {}
    for name in (*dropped, *column_specs, *(name for name in (split_column, split_by) if name)):
        if name not in frame.columns:
            raise DataError(f"there is no column {name!r}", where=where, remedy=f"Its columns are: {listed(frame.columns)}.")
    if len(frame) < MIN_ROWS:
        raise DataError(
            f"only {count_of(len(frame), 'row')} of data",
            where=where,
            remedy=f"At least {MIN_ROWS} rows are needed to train, validate and test.",
        )
    series, wide = by_name(frame), _wide(frame, rules)
    unsure = {*column_specs, *(wide.days() if wide and not rules.is_old else ())}
    inferred = {name: column for name, column in (wide.inferred() if wide else {}).items() if name not in unsure}
    file = _marks(table, options)
    columns = [
        inferred.get(name)
        or infer_column(name, series[name], told=column_specs.get(name), first=position == 0, rules=rules, file=file)
        for position, name in enumerate(telling(list(frame.columns), on_read))
        if name not in dropped and name != split_column
    ]
    _check_elapsed(columns, column_specs, where)
    columns = [
        replace(column, missing_words=table.words[column.name]) if table.words.get(column.name) else column for column in columns
    ]
    if not columns:
        raise DataError("no column is left", where=where, remedy="Drop fewer columns.")
    by = infer_column(split_by, frame[split_by], told=column_specs.get(split_by), rules=rules, file=file) if split_by else None
    if by is not None and by.type != "date" and not (split_by in column_specs and column_specs[by.name].use):
        # groups that validate are never trained on: as an input their names could only be learned by heart
        columns = [
            replace(column, use=False, why="its groups stay together when the rows are split")
            if column.name == by.name
            else column
            for column in columns
        ]
    targets, target_why = pick_targets(table, options, columns)
    if split_by in targets:
        raise DataError(
            "the rows cannot be split by the column to predict",
            where=f"column {split_by!r}",
            remedy="Choose another column for split.by; classes keep their shares without it.",
        )
    ways = {column.name: column.way for column in columns if column.type == "number" and column.way}
    raw, frame = frame, read_as(frame, ways, rules)
    task, task_why = pick_task(frame, options, targets, columns, where)
    if task == "classification" and targets[0] in ways:
        # classes are called as they are written
        del ways[targets[0]]
        frame = read_as(raw, ways, rules)
    series = by_name(frame) if ways else series
    value_words = _value_words(columns, targets, task)
    of_target = cells.sparing(rules, value_words)
    has_target, rows_dropped, words = with_target(frame, targets, task, where, rules=of_target)
    labels = cells.labels(frame[targets[0]], rules=of_target)[has_target] if task == "classification" else None
    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    notes = list(words)
    if labels is not None:
        classes, counts = find_classes(labels, targets[0], where, can_regress=_mostly_numbers(frame[targets[0]], rules))
        notes += lonely(classes, counts)
    inputs = [column for column in columns if column.name not in targets]
    frame = frame if bool(has_target.all()) else frame[has_target].reset_index(drop=True)
    inputs = _usable(inputs, where)
    given_parts = table.parts[has_target] if table.parts is not None else None
    rows = (table.rows if table.rows is not None else np.arange(len(has_target)))[has_target]
    known = {column.name: column for column in inputs}
    reported = [column if column.name in targets else known.get(column.name, column) for column in columns]
    report = Report(
        rows=len(has_target),
        rows_dropped=rows_dropped,
        columns=column_reports(
            series, telling(reported, on_read), target=targets, task=task, wide=wide, wide_columns=reported, rules=rules
        ),
        target=targets,
        target_why=target_why,
        task=task,
        task_why=task_why,
        classes=classes,
        class_counts=counts,
        warnings=(
            *table.notes,
            *notes,
            *_left_out(reported, targets),
            *_reading_notes(reported, targets, task, rules),
            *_words(reported, targets),
        ),
        read=dict(table.read),
        preview_columns=tuple(frame.columns[:100]),
        preview=table.preview or preview(table.frame, rules=rules),
    )
    return Cleaned(
        frame=frame,
        rows=rows,
        inputs=tuple(column for column in inputs if column.use),
        targets=targets,
        task=task,
        classes=classes,
        labels=labels,
        given_parts=given_parts,
        report=report,
        x=np.empty(0),
        wide=wide if bool(has_target.all()) else _wide(frame, rules),
        by=by,
        rules=rules,
        target_ways=tuple(ways.get(name, "") for name in targets),
        value_words=value_words,
    )


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


def read_as(frame: Any, ways: Mapping[str, str], rules: Rules) -> Any:
    """A table with those columns as numbers (float64, NaN where a cell is none) that are written in some way."""
    if not ways:
        return frame
    if not isinstance(frame, pd.DataFrame):
        return frame.written(ways, rules)
    return frame.assign(**{name: numbers.read(frame[name], way, rules=rules) for name, way in ways.items()})


def _check_elapsed(columns: Sequence[Column], column_specs: Mapping[str, ColumnSpec], where: str) -> None:
    for column in columns:
        if column.name in column_specs and column_specs[column.name].elapsed and column.type not in ("date", "constant", "empty"):
            raise DataError(
                f"column {short(column.name)!r} holds no dates, so no time elapses between them",
                where=f"{where}, data.columns.{short(column.name)}.elapsed",
                remedy='Leave it out, or set the type of the column to "date".',
            )


def _marks(table: Table, options: Told) -> Marks:
    is_set = isinstance(options, FileData) and options.read.decimal is not None
    decimal = str(table.read.get("decimal", "."))
    return Marks(decimal=decimal, is_sure=is_set or (isinstance(table.frame, pd.DataFrame) and _shows_decimals(table.frame)))


def _shows_decimals(frame: pd.DataFrame) -> bool:
    """Whether a column was read as numbers some of which are not whole: then the file's decimal mark is not in doubt."""
    head = frame.iloc[:FEW_ROWS].select_dtypes(np.floating).to_numpy(dtype=np.float64)
    known = head[np.isfinite(head)]
    return bool((known != np.round(known)).any())


def columns_by_place(names: Sequence[str], columns: Sequence[str | int], where: str) -> tuple[str, ...]:
    """Names of columns that are chosen by name or place (0: the first, -1: the last). Raises DataError for a place there is
    not; whether a name is there is for the caller."""
    wrong = [column for column in columns if isinstance(column, int) and not -len(names) <= column < len(names)]
    if wrong:
        raise DataError(
            f"there is no column number {wrong[0]}",
            where=f"{where}, drop",
            remedy=f"It has {len(names)} columns: 0 to {len(names) - 1}, or -1 for the last.",
        )
    return tuple(names[column] if isinstance(column, int) else column for column in columns)


class _Taken(dict[str, pd.Series]):
    """Columns of a frame, each taken out of it once."""

    def __init__(self, frame: pd.DataFrame) -> None:
        super().__init__()
        self.frame = frame

    def __missing__(self, name: str) -> pd.Series:
        self[name] = self.frame[name]
        return self[name]


def by_name(frame: Any) -> Mapping[str, pd.Series]:
    """The columns of a table; those on the disk are read when they are asked for. Taking one of thousands out of a frame
    costs more than looking at its few rows."""
    return _Taken(frame) if isinstance(frame, pd.DataFrame) else frame


def telling(columns: Sequence[T], on_read: Callable[[str], None] | None) -> Iterator[T]:
    """The columns one by one, each told of before it is looked at."""
    for number, column in enumerate(columns, start=1):
        if on_read is not None:
            on_read(f"column {number} of {len(columns)}")
        yield column


def clean_images(arrays: Arrays, options: Told) -> Cleaned:
    """Raises DataError with the file and a remedy."""
    if arrays.y is None:
        raise DataError("holds x but no y", where=arrays.name, remedy="Give the labels as y, one for each row of x.")
    y, rules = arrays.y.reshape(len(arrays.y), -1), Rules.of(options)
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
            f"only {count_of(len(table.frame), 'image')}",
            where=arrays.name,
            remedy=f"At least {MIN_ROWS} are needed to train, validate and test.",
        )
    # no folder is named for a value that is missing
    of_folders = (
        tuple(sorted({str(label).lower() for label in y[:, 0].tolist()} & set(cells.MISSING)))
        if arrays.is_by_folder and not rules.is_old
        else ()
    )
    columns = [infer_column(name, table.frame[name], rules=cells.sparing(rules, of_folders)) for name in names]
    task: Task = "classification"
    task_why = arrays.classes_why
    if arrays.classes_why:
        if options.task == "regression":
            raise DataError(
                "names of folders cannot be predicted as numbers", where=arrays.name, remedy="Let the task be classification."
            )
    else:
        task, task_why = pick_task(table.frame, options, table.targets, columns, arrays.name, labels=True)
    value_words = of_folders or _value_words(columns, names, task)
    of_target = cells.sparing(rules, value_words)
    has_target, rows_dropped, notes = with_target(table.frame, table.targets, task, arrays.name, rules=of_target)
    labels = cells.labels(table.frame[names[0]], rules=of_target)[has_target] if task == "classification" else None
    classes, counts = find_classes(labels, names[0], arrays.name, can_regress=True) if labels is not None else ((), ())
    report = Report(
        rows=len(has_target),
        rows_dropped=rows_dropped,
        columns=column_reports(table.frame, columns, target=names, task=task, rules=of_target if of_folders else rules),
        target=tuple(names),
        target_why=arrays.target_why or arrays.classes_why or "y of the file",
        task=task,
        task_why=task_why,
        classes=classes,
        class_counts=counts,
        warnings=(*arrays.notes, *notes, *lonely(classes, counts, noun="image"), *_words(columns, names)),
        read=dict(arrays.read),
        shape=arrays.x.shape[1:],
    )
    x: Any = arrays.x
    return Cleaned(
        frame=table.frame[has_target].reset_index(drop=True),
        rows=_row_numbers(arrays)[has_target],
        inputs=(),
        targets=tuple(names),
        task=task,
        classes=classes,
        labels=labels,
        report=report,
        x=x.taken(np.flatnonzero(has_target)) if isinstance(x, StoredImages) else x[has_target],
        given_parts=arrays.parts[has_target] if arrays.parts is not None else None,
        rules=rules,
        value_words=value_words,
    )


def _row_numbers(arrays: Arrays) -> NDArray[np.int64]:
    """Each row's number within its own part, where the file or files name the parts."""
    numbers = np.arange(len(arrays.x))
    if arrays.parts is not None:
        for part in dict.fromkeys(arrays.parts):
            members = arrays.parts == part
            numbers[members] = np.arange(members.sum())
    return numbers


def _usable(inputs: Sequence[Column], where: str) -> list[Column]:
    """The inputs; if all were left out, a mere running number of the rows serves. Raises DataError if none does."""
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
    reasons = "; ".join(f"{short(column.name)!r}: {column.why}" for column in inputs[:MAX_NAMED])
    more = f"; and {len(inputs) - MAX_NAMED} more" if len(inputs) > MAX_NAMED else ""
    raise DataError(
        f"no column can serve as input ({reasons}{more})",
        where=where,
        remedy="Give at least one column of numbers, categories or dates, or set the type of one of these.",
    )


def _reading_notes(columns: Sequence[Column], targets: Sequence[str], task: str, rules: Rules) -> list[str]:
    """How columns were read, and cells of the target that are no numbers."""
    notes = []
    for column in columns:
        is_target = column.name in targets
        if is_target and task == "classification":
            continue
        notes += [f"column {short(column.name)!r}: {note}" for note in column.said]
        if is_target and column.odd and not rules.is_old:
            notes.append(
                f"column {short(column.name)!r}: {count_of(column.odd, 'cell')} that are no numbers "
                f"({', '.join(column.odd_examples)}), so their rows have no target"
            )
    if len(notes) > 3 * MAX_NAMED:
        notes = [*notes[: 3 * MAX_NAMED], f"and {len(notes) - 3 * MAX_NAMED} more notes of this kind"]
    return notes


def _left_out(columns: Sequence[Column], targets: Sequence[str]) -> list[str]:
    left = [column for column in columns if not column.use and column.name not in targets and column.why != BY_CHOICE]
    notes = [f"column {short(column.name)!r} is left out: {column.why}" for column in left[:MAX_NAMED]]
    if len(left) > MAX_NAMED:
        notes.append(f"and {len(left) - MAX_NAMED} more columns are left out")
    for column in columns:
        if column.infinite and column.name not in targets:
            notes.append(f"column {short(column.name)!r}: {count_of(column.infinite, 'infinite value')} counted as missing")
        if column.odd and column.name not in targets:
            noun = "dates" if column.type == "date" else "numbers"
            notes.append(
                f"column {short(column.name)!r}: {count_of(column.odd, 'cell')} that are no {noun} "
                f"({', '.join(column.odd_examples)}) counted as missing"
            )
    return notes


def _value_words(columns: Sequence[Column], targets: Sequence[str], task: Task) -> tuple[str, ...]:
    """The usual words for a missing value that are classes."""
    return next(column.spared for column in columns if column.name == targets[0]) if task == "classification" else ()


def _words(columns: Sequence[Column], targets: Sequence[str]) -> list[str]:
    """Which words counted as missing, which as values, and which cells became one; the target first."""
    ordered = sorted(
        (column for column in columns if column.use or column.name in targets), key=lambda column: column.name not in targets
    )
    notes = [
        note
        for column in ordered
        for note in (*missing_words.said(column.name, column.missing_words, list(column.value_words.items())), *_merged(column))
    ]
    more = len(notes) - MAX_NAMED
    return notes if more <= 0 else [*notes[:MAX_NAMED], f"and {more} more such notes: see the columns"]


def _merged(column: Column) -> list[str]:
    if not column.merged:
        return []
    kind = {"number": "number", "date": "date"}.get(column.type, "truth")
    return [
        f"column {short(column.name)!r}: {count_of(column.merged, 'cell')} written differently became the same {kind} as "
        f"another ({' and '.join(repr(short(text)) for text in column.merged_examples)})"
    ]


def _wide(frame: Any, rules: Rules) -> Wide | None:
    """None too where some numbers stand for a missing value."""
    return Wide.of(frame) if rules.missing is None else None


def _mostly_numbers(column: pd.Series, rules: Rules) -> bool:
    return bool(np.isfinite(cells.numbers(column, rules=rules)).mean() > 0.5)
