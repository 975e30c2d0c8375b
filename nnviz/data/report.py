"""What was found in a data set and what will be done with it: small, JSON-able, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from nnviz.data import cells
from nnviz.data.infer import Column, action, distribution

PREVIEW_ROWS = 20
PREVIEW_COLUMNS = 100
PREVIEW_LETTERS = 80


@dataclass(frozen=True, kw_only=True)
class ColumnReport:
    """`action` says in plain words what will be done with the column."""

    name: str
    type: str
    why: str
    use: bool
    action: str
    missing: int
    unique: int
    distribution: dict[str, Any] = field(default_factory=dict)
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """`rows` were read, `rows_dropped` of them left out; `read` tells how a file was read (format, separator, decimal,
    encoding, header). `preview` holds the first rows as text. `shape` is that of images, empty for a table."""

    rows: int
    columns: tuple[ColumnReport, ...]
    target: tuple[str, ...]
    target_why: str
    task: str
    task_why: str
    classes: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    rows_dropped: int = 0
    read: dict[str, Any] = field(default_factory=dict)
    preview_columns: tuple[str, ...] = ()
    preview: tuple[tuple[str, ...], ...] = ()
    shape: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        record = {name: _plain(value) for name, value in vars(self).items() if name != "warnings"}
        record["columns"] = [{name: _plain(value) for name, value in vars(column).items()} for column in self.columns]
        return {"warnings": list(self.warnings), **record}


def column_reports(
    frame: pd.DataFrame, columns: Sequence[Column], *, target: Sequence[str], task: str
) -> tuple[ColumnReport, ...]:
    found = []
    for column in columns:
        series = frame[column.name]
        is_target = column.name in target
        said = (
            f"the target: what is to be {'told apart' if task == 'classification' else 'predicted'}"
            if is_target
            else action(column)
        )
        found.append(
            ColumnReport(
                name=column.name,
                type=column.type,
                why=column.why,
                use=is_target or column.use,
                action=said,
                missing=column.missing,
                unique=column.unique,
                distribution=distribution(series, column),
                examples=_examples(series),
            )
        )
    return tuple(found)


def preview(frame: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    head = frame.iloc[:PREVIEW_ROWS, :PREVIEW_COLUMNS]
    columns = [["" if cell is None else cut(cell) for cell in cells.labels(head[name])] for name in head.columns]
    return tuple(zip(*columns, strict=True)) if columns else ()


def cut(cell: str) -> str:
    return cell if len(cell) <= PREVIEW_LETTERS else cell[: PREVIEW_LETTERS - 1] + "…"


def _examples(series: pd.Series) -> tuple[str, ...]:
    known = [label for label in cells.labels(series.iloc[:200]) if label is not None]
    return tuple(cut(label) for label in list(dict.fromkeys(known))[:3])


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
