"""The report of a data set: its columns and what will be done with them, small, JSON-able, in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from nnviz.data.columns import cells, dates
from nnviz.data.columns.column import Column
from nnviz.data.columns.column_code import MAX_CATEGORIES
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.columns.wide import Wide, examples

PREVIEW_ROWS = 20
PREVIEW_COLUMNS = 100
PREVIEW_LETTERS = 80


@dataclass(frozen=True, kw_only=True)
class ColumnReport:
    """One column of a data set. `type`: see `column.Type`, and `why` it is of this type. `use`: whether it is an input or a
    target. `action` says in plain words what will be done with it. `missing` counts cells, `unique` different values.
    `distribution`: see the function; `examples`: the first different values, as text. `missing_words`: how many cells hold each
    word that counted as missing. `elapsed`: whether the days since the first date are an input, too."""

    name: str
    type: str
    why: str
    use: bool
    action: str
    missing: int
    unique: int
    distribution: dict[str, Any] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    missing_words: dict[str, int] = field(default_factory=dict)
    elapsed: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a data set holds and what will be done with it. `rows` were read, `rows_dropped` of them left out, for want of a
    target. `columns`: one report each, the targets included. `target`: names of the target columns, and `target_why` they are;
    `task`: "classification" or "regression", and `task_why`. `classes` in the order of the outputs (empty for regression), with
    the rows of each in `class_counts`. `warnings`: sentences to read before training.

    `read` tells how a file was read (format, separator, decimal, encoding, header). `preview` holds the first rows as text, of
    the columns in `preview_columns`. `shape` is that of images, empty for a table. `leaks`: columns that give the target away
    (`column`, how as `said`, whether it is `used` as an input). `target_ranges`: of each target that is a number, see
    `nnviz.catalog.domain.target_range`. `copies`: see `splitting.copies.record`, empty where nobody looked."""

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
    leaks: tuple[dict[str, Any], ...] = ()
    target_ranges: tuple[dict[str, Any], ...] = ()
    copies: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """All fields by their names, as JSON knows them: tuples become lists, column reports dicts. `warnings` come first."""
        record = {name: _plain(value) for name, value in vars(self).items() if name != "warnings"}
        record["columns"] = [{name: _plain(value) for name, value in vars(column).items()} for column in self.columns]
        return {"warnings": list(self.warnings), **record}


def column_reports(
    frame: pd.DataFrame | Mapping[str, pd.Series],
    columns: Iterable[Column],
    *,
    target: Sequence[str],
    task: str,
    wide: Wide | None = None,
    wide_columns: Sequence[Column] = (),
    rules: Rules = NEWEST,
) -> tuple[ColumnReport, ...]:
    """A report of each of the `columns`, whose cells are in `frame`. `wide_columns`: those that `wide` may draw all at once."""
    reports = []
    pictures = wide.pictures(wide_columns) if wide is not None else {}
    for column in columns:
        is_target = column.name in target
        sentence = (
            f"the target: what is to be {'told apart' if task == 'classification' else 'predicted'}"
            if is_target
            else action(column)
        )
        reports.append(
            ColumnReport(
                name=column.name,
                type=column.type,
                why=column.why,
                use=is_target or column.use,
                action=sentence,
                missing=column.missing,
                unique=column.unique,
                missing_words=dict(column.missing_words),
                elapsed=column.elapsed,
                **_picture(frame[column.name], column, cells.sparing(rules, column.spared))
                if column.name not in pictures
                else dict(zip(("distribution", "examples"), pictures[column.name], strict=True)),
            )
        )
    return tuple(reports)


def _picture(series: pd.Series, column: Column, rules: Rules) -> dict[str, Any]:
    return {"distribution": distribution(series, column, rules=rules), "examples": _examples(series, rules)}


def preview(frame: pd.DataFrame, *, rules: Rules = NEWEST) -> tuple[tuple[str, ...], ...]:
    """The first rows, at most `PREVIEW_ROWS` of `PREVIEW_COLUMNS` cells; "" where a cell is missing."""
    head = frame.iloc[:PREVIEW_ROWS, :PREVIEW_COLUMNS]
    columns = [
        ["" if cell is None else cut(cell) for cell in cells.labels(head[name], rules=rules.as_written)] for name in head.columns
    ]
    return tuple(zip(*columns, strict=True)) if columns else ()


def cut(cell: str) -> str:
    """At most `PREVIEW_LETTERS` characters of a cell."""
    return cell if len(cell) <= PREVIEW_LETTERS else cell[: PREVIEW_LETTERS - 1] + "…"


def _examples(series: pd.Series, rules: Rules) -> tuple[str, ...]:
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        return examples(series.array[:200].to_numpy(dtype=np.float64, na_value=np.nan).tolist())
    known = [label for label in cells.labels(series.iloc[:200], rules=rules) if label is not None]
    return tuple(cut(label) for label in list(dict.fromkeys(known))[:3])


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def distribution(column: pd.Series, inferred: Column, *, bins: int = 20, rules: Rules = NEWEST) -> dict[str, Any]:
    """A small picture of one column: histogram counts over `edges`, or the most frequent values."""
    if inferred.type in ("number", "date") or (inferred.type == "identifier" and pd.api.types.is_numeric_dtype(column.dtype)):
        if inferred.type == "date":
            moments = dates.read(column, inferred.way, day_first=inferred.day_first, rules=rules)
            known = moments.local[~moments.missing].astype("datetime64[s]").astype(np.float64)
        else:
            values = cells.numbers(column, rules=rules)
            known = values[np.isfinite(values)]
        if not len(known):
            return {"kind": "none"}
        low, high = float(known.min()), float(known.max())
        counts, edges = np.array([len(known)]), np.array([low, high])
        if np.isfinite(high - low) and high > low:
            # numbers may be too large for twenty different ones between them
            with suppress(ValueError):
                counts, edges = np.histogram(known, bins=bins, range=(low, high))
        return {
            "kind": "date" if inferred.type == "date" else "histogram",
            "counts": counts.tolist(),
            "edges": edges.tolist(),
            "mean": float(known.mean()),
            "median": float(np.median(known)),
            "std": float(known.std()),
        }
    counted = pc.value_counts(cells.text(column, rules=rules).drop_null())
    names, counts = counted.field("values").to_pylist(), counted.field("counts").to_numpy(zero_copy_only=False)
    order = np.argsort(-counts, kind="stable")[:10]
    return {
        "kind": "top",
        "values": [names[index] for index in order],
        "counts": counts[order].tolist(),
        "others": int(counts.sum() - counts[order].sum()),
    }


def action(column: Column) -> str:
    """What will be done with an input column, in plain words."""
    if not column.use:
        return f"left out: {column.why}"
    words = {
        "number": "scaled to mean 0 and deviation 1",
        "category": f"one input for each of its {min(column.unique, MAX_CATEGORIES)} values"
        + (f" (the {MAX_CATEGORIES} most frequent of {column.unique})" if column.unique > MAX_CATEGORIES else ""),
        "boolean": "0 or 1",
        "date": f"split into year, month, day, weekday{', hour, minute and second' if column.way else ' and hour'}, as far as "
        "they vary" + (", and the days since the first one" if column.elapsed else ""),
    }[column.type]
    notes = []
    if column.infinite:
        notes.append(f"{_rows(column.infinite)} with an infinite value counted as missing")
    if column.odd:
        noun = "date" if column.type == "date" else "number"
        notes.append(f"{_rows(column.odd)} with no {noun} ({', '.join(column.odd_examples)}) counted as missing")
    gaps = column.missing + column.infinite + column.odd
    if gaps:
        filler = {"number": "the median", "date": "the median", "category": "no category", "boolean": "one half"}[column.type]
        notes.append(f"{filler} stands in for {gaps} missing, and an extra input says where")
    return "; ".join([words, *notes])


def _rows(count: int) -> str:
    return f"{count} row" + ("s" if count != 1 else "")
