"""From a table as read to rows and columns that can be used: the target is picked, the task settled, rows without a
target are left out, and what cannot be used at all is refused. Nothing is fitted here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from nnviz.data.cleaned import Cleaned, class_words
from nnviz.data.cleaning_notes import left_out_notes, reading_notes, word_notes
from nnviz.data.column_names import MAX_NAMED, count_of, listed, short
from nnviz.data.columns import cells, numbers
from nnviz.data.columns.column import Column
from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.columns.report import Report, column_reports, preview
from nnviz.data.columns.target import MIN_ROWS, find_classes, lonely, pick_targets, pick_task, with_target
from nnviz.data.columns.wide import Wide
from nnviz.data.columns.writing import Marks
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.spec import ColumnSpec, Data, FileData

T = TypeVar("T")
FEW_ROWS = 1000


def clean(
    table: Table,
    options: Data,
    *,
    split_column: str | None = None,
    split_by: str | None = None,
    on_read: Callable[[str], None] | None = None,
) -> Cleaned:
    """The target and the inputs of a table, and its rows with a target. `on_read`: called with which column is looked at, in
    words. Raises DataError with the file, the column and a remedy."""
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
        or infer_column(name, series[name], choice=column_specs.get(name), first=position == 0, rules=rules, file=file)
        for position, name in enumerate(with_progress(list(frame.columns), on_read))
        if name not in dropped and name != split_column
    ]
    _check_elapsed(columns, column_specs, where)
    columns = [
        replace(column, missing_words=table.words[column.name]) if table.words.get(column.name) else column for column in columns
    ]
    if not columns:
        raise DataError("no column is left", where=where, remedy="Drop fewer columns.")
    by = infer_column(split_by, frame[split_by], choice=column_specs.get(split_by), rules=rules, file=file) if split_by else None
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
    value_words = class_words(columns, targets, task)
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
            series, with_progress(reported, on_read), target=targets, task=task, wide=wide, wide_columns=reported, rules=rules
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
            *left_out_notes(reported, targets),
            *reading_notes(reported, targets, task, rules),
            *word_notes(reported, targets),
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


def _marks(table: Table, options: Data) -> Marks:
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


class _ColumnCache(dict[str, pd.Series]):
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
    return _ColumnCache(frame) if isinstance(frame, pd.DataFrame) else frame


def with_progress(columns: Sequence[T], on_read: Callable[[str], None] | None) -> Iterator[T]:
    """The columns one by one; `on_read` is called with the number of each before it is looked at."""
    for number, column in enumerate(columns, start=1):
        if on_read is not None:
            on_read(f"column {number} of {len(columns)}")
        yield column


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


def _wide(frame: Any, rules: Rules) -> Wide | None:
    """None too where some numbers stand for a missing value."""
    return Wide.of(frame) if rules.missing is None else None


def _mostly_numbers(column: pd.Series, rules: Rules) -> bool:
    return bool(np.isfinite(cells.numbers(column, rules=rules)).mean() > 0.5)
