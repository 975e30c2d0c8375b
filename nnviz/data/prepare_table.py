"""From a table to arrays that can be trained on: columns are coded by their training rows, in memory or on the disk."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.clean import clean, with_progress
from nnviz.data.cleaned import Cleaned, without
from nnviz.data.columns import cells
from nnviz.data.columns.column_code import ColumnCode
from nnviz.data.columns.encode import Encoder
from nnviz.data.findings import with_findings
from nnviz.data.out_of_core.disk_arrays import DiskRows
from nnviz.data.out_of_core.npz_rows import ArrayFrame
from nnviz.data.out_of_core.parquet_columns import LargeFrame, encoded, trim
from nnviz.data.out_of_core.stored_rows import numbers_code
from nnviz.data.prepared import Part, Prepared, assembled
from nnviz.data.readers.file_format import FileForm
from nnviz.data.sources import synthetic
from nnviz.data.splitting import divide as parts
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.spec import FileData, RunSpec, SyntheticData, expand

SMALL_TABLE = 4_000_000
"""Cells of a table that may be held twice while it is encoded."""
MARGIN = 0.08
"""How far the plane's drawing reaches beyond the data, as a share of its range."""

PartRows = Mapping[str, NDArray[np.int64]]
"""By part, the places of its rows in the cleaned table."""


def prepare_table(
    table: Table, spec: RunSpec, *, scaled: bool, cache: Path | None = None, on_read: Callable[[str], None] | None = None
) -> Prepared:
    """Cleans, splits and encodes a table. `scaled`: whether targets that are numbers are brought to mean 0 and deviation 1;
    `cache`: where the encoded rows of a table on the disk are put. Raises DataError with the file, the column and a remedy."""
    cleaned = clean(table, spec.data, split_column=spec.split.column, split_by=spec.split.by, on_read=on_read)
    divided = parts.divide(cleaned, spec.split, type_said=_spec_type(spec.data, spec.split.by))
    cleaned, part_rows = replace(cleaned, report=divided.report), divided.rows
    cleaned, codes = _fitted(cleaned, part_rows["train"], spec, where=table.name, on_read=on_read)
    form = None if cleaned.rules.is_old else FileForm.of(table.read, list(table.frame.columns))
    target = cleaned.target_code(part_rows["train"], scaled=scaled)
    encoder = Encoder(target=target, columns=codes, rules=cleaned.rules, form=form)
    if isinstance(cleaned.frame, LargeFrame):
        return _on_disk(cleaned, encoder, part_rows, spec, cache)
    return _in_memory(cleaned, encoder, part_rows, spec, on_read)


def _fitted(
    cleaned: Cleaned, train: NDArray[np.int64], spec: RunSpec, *, where: str, on_read: Callable[[str], None] | None
) -> tuple[Cleaned, tuple[ColumnCode, ...]]:
    """The codes of the inputs, fitted on the training rows; columns that do not vary there are left out of both."""
    fitted_on = _training_rows(cleaned.frame, train)
    at_once = cleaned.wide.codes(cleaned.inputs, train) if cleaned.wide else {}
    codes = tuple(
        at_once.get(column.name)
        or ColumnCode.fit(
            fitted_on(column.name),
            name=column.name,
            type=column.type,
            day_first=column.day_first,
            way=column.way,
            value_words=column.spared,
            elapsed=column.elapsed,
            rules=cleaned.rules,
        )
        for column in with_progress(cleaned.inputs, on_read)
    )
    idle = {
        code.name: code.type == "date" and code.elapses(fitted_on(code.name), rules=cleaned.rules)
        for code in codes
        if not code.columns
    }
    if not cleaned.rules.is_old:
        cleaned = without(cleaned, idle)
    codes = tuple(code for code in codes if code.columns)
    if any(layer.kind == "Embedding" for _, layer in expand(spec.layers)):
        # An Embedding takes the numbers themselves.
        codes = tuple(replace(code, centre=(0.0,), scale=(1.0,)) if code.type == "number" else code for code in codes)
    if not codes:
        elapsing = next(
            (
                f" The time since the first date in {name!r} varies: set data.columns.{name}.elapsed to true."
                for name, elapses in idle.items()
                if elapses
            ),
            "",
        )
        raise DataError(
            "no column varies in the training rows", where=where, remedy=f"Give more rows or other columns.{elapsing}"
        )
    return cleaned, codes


def _on_disk(cleaned: Cleaned, encoder: Encoder, part_rows: PartRows, spec: RunSpec, cache: Path | None) -> Prepared:
    """The rows stay on the disk: as they are stored where that is enough, else encoded once into `cache`."""
    frame: Any = cleaned.frame
    in_place = frame.coded(encoder) if isinstance(frame, ArrayFrame) and encoder.rules.missing is None else None
    if in_place is not None:
        on_disk: Any = {part: in_place.taken(numbers) for part, numbers in part_rows.items()}
    else:
        rows = encoded(frame, encoder, folder=cache)
        on_disk = {part: DiskRows(rows, numbers) for part, numbers in part_rows.items()}
    labels = encoder.target.transform([frame[name] for name in encoder.target.names], rules=encoder.rules)
    by_part = {part: Part(x=on_disk[part], y=labels[numbers], rows=cleaned.rows[numbers]) for part, numbers in part_rows.items()}
    report = with_findings(cleaned, spec.data).report
    trim()
    return assembled(encoder, by_part, report)


def _in_memory(
    cleaned: Cleaned, encoder: Encoder, part_rows: PartRows, spec: RunSpec, on_read: Callable[[str], None] | None
) -> Prepared:
    frame = cleaned.frame
    plane = _plane(encoder)
    code = numbers_code(encoder, cleaned.wide.names) if cleaned.wide else None
    x = code(cleaned.wide.values.T) if code and cleaned.wide else encoder.transform(frame, on_read=on_read)
    y = encoder.transform_target(frame)
    assert y is not None
    raw = np.stack([cells.numbers(frame[name], rules=encoder.rules) for name in plane], axis=1) if plane else None
    by_part = {
        part: Part(x=x[rows], y=y[rows], rows=cleaned.rows[rows], raw=None if raw is None else raw[rows])
        for part, rows in part_rows.items()
    }
    return assembled(
        encoder,
        by_part,
        with_findings(cleaned, spec.data).report,
        plane=plane,
        extent=_extent(raw, synthetic_range=isinstance(spec.data, SyntheticData)),
    )


def _training_rows(frame: Any, train: NDArray[np.int64]) -> Callable[[str], pd.Series]:
    """The training rows of a column. Of a small table all at once: thousands of columns take long one by one."""
    if isinstance(frame, pd.DataFrame) and frame.size <= SMALL_TABLE:
        rows = frame.iloc[train]
        return lambda name: rows[name]
    return lambda name: frame[name].iloc[train]


def _spec_type(data: Any, name: str | None) -> str | None:
    """What a spec takes a column for."""
    column_spec = data.columns.get(name) if isinstance(data, FileData) and name is not None else None
    return None if column_spec is None else column_spec.type


def _plane(encoder: Encoder) -> tuple[str, str] | None:
    if len(encoder.columns) == 2 and all(code.type == "number" and not code.indicator for code in encoder.columns):
        return encoder.columns[0].name, encoder.columns[1].name
    return None


def _extent(raw: NDArray[np.float64] | None, *, synthetic_range: bool) -> tuple[float, float, float, float] | None:
    if raw is None:
        return None
    known = raw[np.isfinite(raw).all(axis=1)]
    if synthetic_range and np.abs(known).max() <= synthetic.RANGE:
        return -synthetic.RANGE, synthetic.RANGE, -synthetic.RANGE, synthetic.RANGE
    low, high = known.min(axis=0), known.max(axis=0)
    margin = np.where(high > low, (high - low) * MARGIN, 1.0)
    (x0, y0), (x1, y1) = low - margin, high + margin
    return float(x0), float(x1), float(y0), float(y1)
