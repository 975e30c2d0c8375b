"""From the `data` and `split` blocks of a spec to arrays that can be trained on, with what they were made by."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.catalog import COSTS
from nnviz.data.clean import clean, telling
from nnviz.data.clean_images import clean_images
from nnviz.data.cleaned import Cleaned, without
from nnviz.data.column_names import as_column
from nnviz.data.columns import cells
from nnviz.data.columns.encode import ColumnCode, Encoder, TargetCode
from nnviz.data.columns.report import Report
from nnviz.data.findings import with_cost, with_findings
from nnviz.data.named_columns import meant, meant_data
from nnviz.data.out_of_core.npz_rows import ArrayFrame
from nnviz.data.out_of_core.parquet_columns import DiskRows, LargeFrame, encoded, trim
from nnviz.data.out_of_core.stored_rows import StoredImages, numbers_code
from nnviz.data.prepared import Part, Prepared
from nnviz.data.readers.file_format import FileForm
from nnviz.data.readers.read import read
from nnviz.data.sources import synthetic
from nnviz.data.sources.named import file_bytes, source_of
from nnviz.data.splitting import divide as parts
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import BuiltinData, FileData, RunSpec, SyntheticData, expand

SMALL_TABLE = 4_000_000
"""Cells of a table that may be held twice while it is encoded."""
MARGIN = 0.08
"""How far the plane's drawing reaches beyond the data, as a share of its range."""


def load(
    spec: RunSpec,
    *,
    base: Path | None = None,
    blob: Callable[[str], bytes] | None = None,
    cache: Path | None = None,
    on_read: Callable[[str], None] | None = None,
) -> Prepared:
    """Read, clean, split and encode what `spec.data` names. `base`: the folder that relative paths start from;
    `blob(sha256)`: gives the bytes of a file that the store keeps; `cache`: where the rows of a large file are put;
    `on_read`: told in words how far it has been read.

    Everything fitted is fitted on the training rows alone. Raises DataError (a file or its contents) or SpecError."""
    scaled = COSTS[spec.cost.kind].target_scaling
    source = source_of(spec.data, base=base, blob=blob, cache=cache, on_read=on_read)
    if isinstance(source, Arrays):
        prepared = _load_images(source, spec, scaled=scaled)
    else:
        spec = meant(spec, source.frame.columns)
        prepared = _load_table(source, spec, scaled=scaled, cache=cache, on_read=on_read)
    return with_cost(prepared, spec.cost.kind, spec.cost.params)


def inspect(
    source: "bytes | Path | FileData | BuiltinData | SyntheticData",
    *,
    name: str = "",
    data: FileData | None = None,
    split_column: str | None = None,
) -> Report:
    """What a file (its bytes and name, or its path) or the data block of a spec holds, before any training."""
    if isinstance(source, bytes | Path):
        content = source if isinstance(source, bytes) else file_bytes(source)
        name = name or (source.name if isinstance(source, Path) else "data")
        options = data or FileData(kind="file", path=name)
        loaded: Table | Arrays = read(content, name=name, data=options)
    else:
        options, loaded = source, source_of(source, base=None, blob=None)  # type: ignore[assignment]
    if isinstance(loaded, Arrays):
        cleaned = with_findings(clean_images(loaded, options), options)
        return parts.with_copies(cleaned, parts.copies_of(cleaned), None)
    options = meant_data(options, loaded.frame.columns)
    cleaned = clean(loaded, options, split_column=split_column and as_column(split_column, set(loaded.frame.columns)))
    cleaned = replace(cleaned, report=parts.with_copies(cleaned, parts.copies_of(cleaned), None))
    return with_findings(cleaned, options).report


def _load_table(
    table: Table, spec: RunSpec, *, scaled: bool, cache: Path | None = None, on_read: Callable[[str], None] | None = None
) -> Prepared:
    cleaned = clean(table, spec.data, split_column=spec.split.column, split_by=spec.split.by, on_read=on_read)
    divided = parts.divide(cleaned, spec.split, type_said=_type_said(spec.data, spec.split.by))
    cleaned, chosen = replace(cleaned, report=divided.report), divided.rows
    frame, train = cleaned.frame, chosen["train"]
    fitted_on = _training_rows(frame, train)
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
        for column in telling(cleaned.inputs, on_read)
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
            "no column varies in the training rows", where=table.name, remedy=f"Give more rows or other columns.{elapsing}"
        )
    target = _target_code(cleaned, train, scaled=scaled)
    form = None if cleaned.rules.is_old else FileForm.of(table.read, list(table.frame.columns))
    encoder = Encoder(target=target, columns=codes, rules=cleaned.rules, form=form)
    if isinstance(frame, LargeFrame):
        in_place = frame.coded(encoder) if isinstance(frame, ArrayFrame) and encoder.rules.missing is None else None
        if in_place is not None:
            on_disk: Any = {part: in_place.taken(numbers) for part, numbers in chosen.items()}
        else:
            rows = encoded(frame, encoder, folder=cache)
            on_disk = {part: DiskRows(rows, numbers) for part, numbers in chosen.items()}
        labels = target.transform([frame[name] for name in target.names], rules=encoder.rules)
        by_part = {part: Part(x=on_disk[part], y=labels[numbers], rows=cleaned.rows[numbers]) for part, numbers in chosen.items()}
        report = with_findings(cleaned, spec.data).report
        trim()
        return _prepared(encoder, by_part, report)
    plane = _plane(encoder)
    code = numbers_code(encoder, cleaned.wide.names) if cleaned.wide else None
    x = code(cleaned.wide.values.T) if code and cleaned.wide else encoder.transform(frame, on_read=on_read)
    y = encoder.transform_target(frame)
    assert y is not None
    raw = np.stack([cells.numbers(frame[name], rules=encoder.rules) for name in plane], axis=1) if plane else None
    by_part = {
        part: Part(x=x[rows], y=y[rows], rows=cleaned.rows[rows], raw=None if raw is None else raw[rows])
        for part, rows in chosen.items()
    }
    return _prepared(
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


def _load_images(arrays: Arrays, spec: RunSpec, *, scaled: bool) -> Prepared:
    cleaned = with_findings(clean_images(arrays, spec.data), spec.data)
    for field, name in (("column", spec.split.column), ("by", spec.split.by)):
        if name is not None:
            raise DataError(
                f"images have no column {name!r}",
                where=f"split.{field}",
                remedy=f"Leave split.{field} out, or give x_train and x_test in the file.",
            )
    divided = parts.divide(cleaned, spec.split)
    cleaned, chosen = replace(cleaned, report=divided.report), divided.rows
    target = _target_code(cleaned, chosen["train"], scaled=scaled)
    x: Any = cleaned.x
    if isinstance(x, StoredImages):
        train = x.taken(chosen["train"])
        encoder = Encoder(
            target=target, shape=x.shape[1:], divide=_scale(train, float(train.largest.max(initial=0.0))), rules=cleaned.rules
        )
        y, coded = encoder.transform_target(cleaned.frame), x.coded(encoder)
        assert y is not None
        stored: dict[str, Any] = {part: coded.taken(rows) for part, rows in chosen.items()}
        return _prepared(
            encoder,
            {part: Part(x=stored[part], y=y[rows], rows=cleaned.rows[rows]) for part, rows in chosen.items()},
            cleaned.report,
        )
    divide = arrays.divide or _divide(x[chosen["train"]])
    encoder = Encoder(target=target, shape=x.shape[1:], divide=divide, rules=cleaned.rules)
    encoded, y = encoder.transform(x), encoder.transform_target(cleaned.frame)
    assert y is not None
    by_part = {part: Part(x=encoded[rows], y=y[rows], rows=cleaned.rows[rows]) for part, rows in chosen.items()}
    return _prepared(encoder, by_part, cleaned.report)


def _prepared(
    encoder: Encoder,
    by_part: dict[str, Part],
    report: Report,
    *,
    plane: tuple[str, str] | None = None,
    extent: tuple[float, float, float, float] | None = None,
) -> Prepared:
    target = encoder.target
    return Prepared(
        task=target.task,
        shape=encoder.row_shape,
        outputs=len(target.classes) or len(target.names),
        classes=target.classes,
        columns=encoder.features,
        parts=by_part,
        targets=target.names,
        encoder=encoder,
        report=report,
        plane=plane,
        extent=extent,
        target_mean=np.array(target.mean or (0.0,), dtype=np.float64),
        target_scale=np.array(target.scale or (1.0,), dtype=np.float32),
    )


def _target_code(cleaned: Cleaned, train: NDArray[np.int64], *, scaled: bool) -> TargetCode:
    if cleaned.task == "classification":
        return TargetCode(names=cleaned.targets, task="classification", classes=cleaned.classes, value_words=cleaned.value_words)
    y = np.stack([cells.numbers(cleaned.frame[name], rules=cleaned.rules) for name in cleaned.targets], axis=1)
    return TargetCode.fit(y[train], names=cleaned.targets, scaled=scaled, ways=cleaned.target_ways)


def _type_said(data: Any, name: str | None) -> str | None:
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


def _divide(x: NDArray[Any]) -> float:
    """What brings images into 0..1: the usual full scale that holds the largest training value, else that value."""
    return _scale(x, float(np.nanmax(np.abs(x), initial=0.0)))


def _scale(x: Any, largest: float) -> float:
    whole = np.issubdtype(x.dtype, np.integer) or bool(np.all(x[:100] == np.round(x[:100])))
    if whole and largest > 1:
        return next((full for full in (16.0, 255.0, 65535.0) if largest <= full), largest)
    return largest if largest > 1 else 1.0
