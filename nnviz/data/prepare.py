"""From the `data` and `split` blocks of a spec to arrays that can be trained on, with what they were made by."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.catalog import COSTS
from nnviz.data import builtin, cells, folds, imagezip, split, synthetic
from nnviz.data.clean import Cleaned, clean, clean_images, telling
from nnviz.data.encode import ColumnCode, Encoder, TargetCode
from nnviz.data.folder import pack
from nnviz.data.large import DiskRows, LargeFrame, encoded, large_table, trim
from nnviz.data.largearrays import ArrayFrame, large_arrays
from nnviz.data.leak import leaks
from nnviz.data.open_file import is_folder, is_regular, read_regular
from nnviz.data.prepared import Part, Prepared
from nnviz.data.read import read
from nnviz.data.report import Report
from nnviz.data.storedrows import StoredImages, numbers_code
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import BuiltinData, FileData, RunSpec, SplitSpec, SyntheticData, expand

SMALL_TABLE = 4_000_000
"""Cells of a table that may be held twice while it is encoded."""
MARGIN = 0.08
"""How far the plane's drawing reaches beyond the data, as a share of its range."""


def load(spec: RunSpec, *, base: Path | None = None, blob: Callable[[str], bytes] | None = None,
         cache: Path | None = None, on_read: Callable[[str], None] | None = None) -> Prepared:
    """Read, clean, split and encode what `spec.data` names. `base`: the folder that relative paths start from;
    `blob(sha256)`: gives the bytes of a file that the store keeps; `cache`: where the rows of a large file are put;
    `on_read`: told in words how far it has been read.

    Everything fitted is fitted on the training rows alone. Raises DataError (a file or its contents) or SpecError."""
    scaled = COSTS[spec.cost.kind].target_scaling
    source = _source(spec.data, base=base, blob=blob, cache=cache, on_read=on_read)
    if isinstance(source, Arrays):
        return _load_images(source, spec, scaled=scaled)
    return _load_table(source, spec, scaled=scaled, cache=cache, on_read=on_read)


def inspect(
    source: "bytes | Path | FileData | BuiltinData | SyntheticData",
    *,
    name: str = "",
    data: FileData | None = None,
    split_column: str | None = None,
) -> Report:
    """What a file (its bytes and name, or its path) or the data block of a spec holds, before any training."""
    if isinstance(source, bytes | Path):
        content = source if isinstance(source, bytes) else _file(source)
        name = name or (source.name if isinstance(source, Path) else "data")
        told = data or FileData(kind="file", path=name)
        found: Table | Arrays = read(content, name=name, data=told)
    else:
        told, found = source, _source(source, base=None, blob=None)  # type: ignore[assignment]
    if isinstance(found, Arrays):
        return clean_images(found, told).report
    cleaned = clean(found, told, split_column=split_column)
    return _with_leaks(cleaned).report


def read_rows(
    content: bytes, *, name: str, encoder: Encoder, data: FileData | None = None
) -> "pd.DataFrame | NDArray[Any]":
    """New rows for a trained network, to be given to `encoder.transform` (and `transform_target` where labels are
    present): a table, or for images their array. Columns that it does not know are ignored.
    Raises DataError that names the columns it misses."""
    told = data.model_copy(update={"path": name}) if data is not None else FileData(kind="file", path=name)
    found = read(content, name=name, data=told)
    if encoder.is_images:
        if not isinstance(found, Arrays):
            raise DataError(
                "this is a table, but the network was trained on images",
                where=name,
                remedy=f"Give an .npz file whose x has the shape (rows, {', '.join(map(str, encoder.shape))}).",
            )
        return found.x
    if isinstance(found, Arrays):
        raise DataError(
            "this file holds images, but the network was trained on a table",
            where=name,
            remedy=f"Give a table with the columns {', '.join(encoder.inputs[:8])}.",
        )
    absent = [column for column in encoder.inputs if column not in found.frame.columns]
    if absent and found.read.get("header") is False and told.header is None:
        # A few rows of words leave it open whether the first holds names; the columns that are wanted settle it.
        named = read(content, name=name, data=told.model_copy(update={"header": True}))
        if isinstance(named, Table) and set(encoder.inputs) <= set(named.frame.columns):
            return named.frame
    if absent:
        few = ", ".join(repr(column) for column in absent[:8]) + (
            f" and {len(absent) - 8} more" if len(absent) > 8 else ""
        )
        raise DataError(
            f"missing column{'s' if len(absent) > 1 else ''} {few}",
            where=name,
            remedy="The network was trained with them: add them, with blanks where the value is not known.",
        )
    return found.frame


def _source(
    data: "FileData | BuiltinData | SyntheticData", *, base: Path | None, blob: Callable[[str], bytes] | None,
    cache: Path | None = None, on_read: Callable[[str], None] | None = None,
) -> Table | Arrays:
    if isinstance(data, SyntheticData):
        x, y = synthetic.make(data.name, samples=data.samples, noise=data.noise, seed=data.seed)
        return Table(
            frame=pd.DataFrame({"x1": x[:, 0].astype(float), "x2": x[:, 1].astype(float), "label": y}), name=data.name
        )
    if isinstance(data, BuiltinData):
        found = builtin.read(data.name)
        if isinstance(found, builtin.Images):
            return Arrays(x=found.x, y=found.y, name=data.name, divide=found.divide, target=found.target)
        return Table(frame=found, name=data.name)

    def kept(sha256: str | None) -> bytes | None:
        return blob(sha256) if sha256 is not None and blob is not None else None

    place, content = _placed(data.path, base), kept(data.sha256)
    if not data.validation_path and not data.test_path and (content is not None or is_regular(place)):
        given = content if content is not None else place
        large = (large_table(given, name=place.name, on_read=on_read)
                 or large_arrays(given, name=place.name, folder=cache, on_read=on_read))
        if large is not None:
            return large
    main = read(content if content is not None else _file(place), name=data.path, data=data)
    extra: dict[str, Table | Arrays] = {}
    for part, path, sha256 in (("validation", data.validation_path, data.validation_sha256),
                               ("test", data.test_path, data.test_sha256)):
        if path is None:
            continue
        more = kept(sha256)
        more = _file(_placed(path, base)) if more is None else more
        if isinstance(main, Arrays) and main.classes_why and imagezip.holds_images(more):
            extra[part] = imagezip.read_images(more, name=Path(path).name, shape=main.x.shape[1:])
        else:
            extra[part] = read(more, name=path, data=data)
    return main.with_parts(extra) if extra else main


def _load_table(table: Table, spec: RunSpec, *, scaled: bool, cache: Path | None = None,
                on_read: Callable[[str], None] | None = None) -> Prepared:
    cleaned = clean(table, spec.data, split_column=spec.split.column, split_by=spec.split.by, on_read=on_read)
    chosen = _parts(cleaned, spec.split)
    frame, train = cleaned.frame, chosen["train"]
    fitted_on = _training_rows(frame, train)
    at_once = cleaned.wide.codes(cleaned.inputs, train) if cleaned.wide else {}
    codes = tuple(
        at_once.get(column.name)
        or ColumnCode.fit(fitted_on(column.name), name=column.name, type=column.type, day_first=column.day_first)
        for column in telling(cleaned.inputs, on_read)
    )
    codes = tuple(code for code in codes if code.columns)
    if any(layer.kind == "Embedding" for _, layer in expand(spec.layers)):
        # An Embedding takes the numbers themselves.
        codes = tuple(replace(code, centre=(0.0,), scale=(1.0,)) if code.type == "number" else code for code in codes)
    if not codes:
        raise DataError(
            "no column varies in the training rows", where=table.name, remedy="Give more rows or other columns."
        )
    target = _target_code(cleaned, train, scaled=scaled)
    encoder = Encoder(target=target, columns=codes)
    if isinstance(frame, LargeFrame):
        in_place = frame.coded(encoder) if isinstance(frame, ArrayFrame) else None
        if in_place is not None:
            on_disk: Any = {part: in_place.taken(numbers) for part, numbers in chosen.items()}
        else:
            rows = encoded(frame, encoder, folder=cache)
            on_disk = {part: DiskRows(rows, numbers) for part, numbers in chosen.items()}
        labels = target.transform([frame[name] for name in target.names])
        given = {part: Part(x=on_disk[part], y=labels[numbers], rows=cleaned.rows[numbers])
                 for part, numbers in chosen.items()}
        report = _with_leaks(cleaned).report
        trim()
        return _prepared(encoder, given, report)
    plane = _plane(encoder)
    code = numbers_code(encoder, cleaned.wide.names) if cleaned.wide else None
    x = code(cleaned.wide.values.T) if code and cleaned.wide else encoder.transform(frame, on_read=on_read)
    y = encoder.transform_target(frame)
    assert y is not None
    raw = np.stack([cells.numbers(frame[name]) for name in plane], axis=1) if plane else None
    parts = {
        part: Part(x=x[rows], y=y[rows], rows=cleaned.rows[rows], raw=None if raw is None else raw[rows])
        for part, rows in chosen.items()
    }
    return _prepared(
        encoder,
        parts,
        _with_leaks(cleaned).report,
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
    cleaned = clean_images(arrays, spec.data)
    for field, name in (("column", spec.split.column), ("by", spec.split.by)):
        if name is not None:
            raise DataError(
                f"images have no column {name!r}",
                where=f"split.{field}",
                remedy=f"Leave split.{field} out, or give x_train and x_test in the file.",
            )
    chosen = _parts(cleaned, spec.split)
    target = _target_code(cleaned, chosen["train"], scaled=scaled)
    x: Any = cleaned.x
    if isinstance(x, StoredImages):
        train = x.taken(chosen["train"])
        encoder = Encoder(target=target, shape=x.shape[1:], divide=_scale(train, float(train.largest.max(initial=0.0))))
        y, coded = encoder.transform_target(cleaned.frame), x.coded(encoder)
        assert y is not None
        stored: dict[str, Any] = {part: coded.taken(rows) for part, rows in chosen.items()}
        return _prepared(encoder, {part: Part(x=stored[part], y=y[rows], rows=cleaned.rows[rows])
                                   for part, rows in chosen.items()}, cleaned.report)
    divide = arrays.divide or _divide(x[chosen["train"]])
    encoder = Encoder(target=target, shape=x.shape[1:], divide=divide)
    encoded, y = encoder.transform(x), encoder.transform_target(cleaned.frame)
    assert y is not None
    parts = {part: Part(x=encoded[rows], y=y[rows], rows=cleaned.rows[rows]) for part, rows in chosen.items()}
    return _prepared(encoder, parts, cleaned.report)


def _prepared(
    encoder: Encoder,
    parts: dict[str, Part],
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
        parts=parts,
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
        return TargetCode(names=cleaned.targets, task="classification", classes=cleaned.classes)
    y = np.stack([cells.numbers(cleaned.frame[name]) for name in cleaned.targets], axis=1)
    return TargetCode.fit(y[train], names=cleaned.targets, scaled=scaled)


def _parts(cleaned: Cleaned, said: SplitSpec) -> dict[str, NDArray[np.int64]]:
    """Row positions by part: by the column that says so, by the files that rows came from, or cut as `said`."""
    given, labels, frame = cleaned.given_parts, cleaned.labels, cleaned.frame
    if said.column is not None:
        return split.by_column(cells.labels(frame[said.column]).tolist(), column=said.column)
    groups, moments = _order(cleaned)
    if moments is not None and (said.repeats > 1 or said.test_seed not in (None, said.seed)):
        raise DataError(
            "cut along time, every repeat of the split would be the same",
            where="split.repeats",
            remedy="Leave it out, or repeat the training: training.repeats.",
        )
    if given is None:
        return folds.cut(len(frame), said, labels=labels, groups=groups, moments=moments)
    main = np.flatnonzero(given == "train")
    fixed = {part: np.flatnonzero(given == part) for part in ("validation", "test") if (given == part).any()}
    if said.folds is not None and "validation" in fixed:
        raise DataError(
            "the data brings validation rows of its own, and the folds would supply others",
            where="split.folds",
            remedy="Leave out one of the two.",
        )
    left = dict.fromkeys(fixed, 0.0)
    cut = folds.cut(
        len(main),
        said.model_copy(update=left),
        labels=labels[main] if labels is not None else None,
        groups=groups[main] if groups is not None else None,
        moments=moments[main] if moments is not None else None,
    )
    return {part: main[rows] for part, rows in cut.items()} | fixed


def _order(cleaned: Cleaned) -> tuple[NDArray[np.int64] | None, NDArray[np.int64] | None]:
    """Groups or moments, a number for each row, by the column `split.by`. Raises DataError where a cell is missing."""
    by = cleaned.by
    if by is None:
        return None, None
    column = cleaned.frame[by.name]
    if by.type == "date":
        found = cells.dates(column, day_first=by.day_first)
        missing = found.isna().to_numpy()
    else:
        found = cells.labels(column)
        missing = np.array([value is None for value in found])
    if missing.any():
        raise DataError(
            f"row {int(np.flatnonzero(missing)[0]) + 1} has no {'date' if by.type == 'date' else 'group'}"
            f" ({int(missing.sum())} rows have none)",
            where=f"column {by.name!r}",
            remedy="Fill it in or remove these rows: the split goes by this column.",
        )
    if by.type == "date":
        return None, found.astype("datetime64[us]").astype(np.int64).to_numpy()
    return np.unique(found.astype(str), return_inverse=True)[1].astype(np.int64), None


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


def _with_leaks(cleaned: Cleaned) -> Cleaned:
    found = leaks(cleaned.frame, cleaned.inputs, cleaned.targets[0], task=cleaned.task)
    if not found:
        return cleaned
    return replace(cleaned, report=replace(cleaned.report, warnings=(*found, *cleaned.report.warnings)))


def _placed(path: str, base: Path | None) -> Path:
    return Path(path) if base is None or Path(path).is_absolute() else base / path


def _file(path: Path) -> bytes:
    """The bytes of a file; of a folder of images those of its zip."""
    if not is_folder(path):
        return read_regular(path)
    with tempfile.TemporaryDirectory(prefix="nnviz-") as place:
        pack(path, Path(place, "images.zip"))
        return Path(place, "images.zip").read_bytes()
