"""`.npz` -> a table (x of two dimensions) or images. Shapes are checked before anything is allocated."""

import io
import math
import zipfile
import zlib
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.refuse import max_memory
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError

PARTS = {
    "": "train",
    "_train": "train",
    "_validation": "validation",
    "_val": "validation",
    "_valid": "validation",
    "_test": "test",
}
_EXPECTED = "Save it as numpy.savez(path, x=..., y=...), or with x_train, y_train, x_test, y_test."


def read_arrays(content: bytes, *, name: str) -> Table | Arrays:
    """Raises DataError with the array's name."""
    stored = _stored(content, name)
    lower = {key.lower(): key for key in stored}
    xs: list[NDArray[Any]] = []
    ys: list[NDArray[Any] | None] = []
    parts: list[str] = []
    for suffix, part in PARTS.items():
        if f"x{suffix}" not in lower:
            continue
        x = checked(stored[lower[f"x{suffix}"]], f"{name}, x{suffix}")
        y = stored.get(lower.get(f"y{suffix}", ""))
        if y is not None:
            y = target_of(y, len(x), f"{name}, y{suffix}")
        if xs and x.shape[1:] != xs[0].shape[1:]:
            raise DataError(
                f"rows of shape {x.shape[1:]}, but the first part has {xs[0].shape[1:]}",
                where=f"{name}, x{suffix}",
                remedy="Give every part the same shape.",
            )
        xs.append(x)
        ys.append(y)
        parts.append(part)
    if not xs:
        raise DataError(f"holds no array named x (but {', '.join(stored) or 'nothing'})", where=name, remedy=_EXPECTED)
    if any((y is None) != (ys[0] is None) for y in ys):
        raise DataError("some parts have labels and some have none", where=name, remedy=_EXPECTED)
    x = np.concatenate(xs)
    given = np.repeat(np.array(parts, dtype=object), [len(part) for part in xs]) if len(xs) > 1 else None
    rows = np.concatenate([np.arange(len(part)) for part in xs])
    y = np.concatenate([part for part in ys if part is not None]) if ys[0] is not None else None
    notes: list[str] = []
    if y is not None and y.ndim == 2 and y.shape[1] > 1 and one_hot(y):
        y = y.argmax(axis=1)
        notes.append(f"y holds one column for each of {int(y.max()) + 1} classes: read as class numbers")
    read = {"format": "npz", "arrays": {key: list(value.shape) for key, value in stored.items()}}
    if x.ndim <= 2:
        return _table(x.reshape(len(x), -1), y, name, read, notes, given, rows)
    if np.issubdtype(x.dtype, np.floating) and not np.isfinite(x).all():
        notes.append(f"{int((~np.isfinite(x)).sum()):,} pixels that are no numbers or infinite are taken for 0")
        x = np.nan_to_num(x, nan=0.0, posinf=0.0, neginf=0.0)
    return Arrays(x=x if x.ndim == 4 else x[..., None], y=y, name=name, read=read, notes=tuple(notes), parts=given)


def _table(
    x: NDArray[Any],
    y: NDArray[Any] | None,
    name: str,
    read: dict[str, Any],
    notes: list[str],
    parts: NDArray[np.object_] | None,
    rows: NDArray[np.int64],
) -> Table:
    frame = pd.DataFrame(x, columns=[f"x{index}" for index in range(x.shape[1])])
    targets: tuple[str, ...] = ()
    if y is not None:
        columns = y.reshape(len(y), -1)
        targets = ("y",) if columns.shape[1] == 1 else tuple(f"y{index}" for index in range(columns.shape[1]))
        added = pd.DataFrame({target: pd.Series(columns[:, index]) for index, target in enumerate(targets)})
        frame = pd.concat([frame, added], axis=1)
    return Table(frame=frame, name=name, read=read, notes=tuple(notes), parts=parts, rows=rows, targets=targets)


def _stored(content: bytes, name: str) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_headers(archive, name)
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            return {key: found[key] for key in found.files}
    except DataError:
        raise
    except (
        ValueError,
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise DataError(f"the .npz file is damaged ({str(error)[:150]})", where=name, remedy=_EXPECTED) from error


def _check_headers(archive: zipfile.ZipFile, name: str) -> None:
    total = 0
    for member in archive.infolist():
        place = f"{name}, {member.filename.removesuffix('.npy')}"
        if not member.filename.endswith(".npy"):
            raise DataError("this is no array", where=f"{name}, {member.filename}", remedy=_EXPECTED)
        with archive.open(member) as file:
            version = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, _, dtype = read(file)
        if dtype.hasobject:
            raise DataError(
                "holds Python objects, which are never loaded here (they could run code)",
                where=place,
                remedy="Save it as an array of numbers or of text.",
            )
        size = math.prod(shape) * dtype.itemsize
        if size > member.file_size:
            raise DataError(
                f"says it has the shape {shape}, but holds only {member.file_size:,} bytes",
                where=place,
                remedy="Save the file again: it was cut off or damaged.",
            )
        total += size
        if total > max_memory():
            raise DataError(
                f"would take {total / 2**30:,.1f} GB of memory, more than {max_memory() / 2**30:,.1f} GB",
                where=place,
                remedy="Give fewer rows, or a smaller type such as uint8.",
            )


def checked(x: NDArray[Any], where: str) -> NDArray[Any]:
    if not (np.issubdtype(x.dtype, np.number) or x.dtype == bool) or np.issubdtype(x.dtype, np.complexfloating):
        raise DataError(
            f"holds {x.dtype}, not real numbers", where=where, remedy="Give an array of integers or floats."
        )
    if not 1 <= x.ndim <= 4:
        raise DataError(
            f"has {x.ndim} dimensions",
            where=where,
            remedy="Give (rows, columns), or images as (rows, height, width) or (rows, height, width, channels).",
        )
    if x.size == 0:
        raise DataError(f"is empty (shape {x.shape})", where=where, remedy="Give at least ten rows.")
    if x.dtype.kind == "f" and x.dtype.itemsize != 8:
        return x.astype(np.float32)
    return x.astype(np.uint8) if x.dtype == bool else x


def target_of(y: NDArray[Any], rows: int, where: str) -> NDArray[Any]:
    if y.ndim == 0 or len(y) != rows:
        raise DataError(
            f"has {len(y) if y.ndim else 0} rows, but x has {rows}",
            where=where,
            remedy="Give one label for each row of x.",
        )
    if y.ndim > 2:
        raise DataError(f"has {y.ndim} dimensions", where=where, remedy="Give (rows,) or (rows, columns).")
    if y.dtype.kind == "S":
        y = np.char.decode(y, "utf-8", "replace")
    if y.dtype.kind not in "biufU":
        raise DataError(
            f"holds {y.dtype}", where=where, remedy="Give labels as whole numbers or text, or targets as numbers."
        )
    return y.reshape(-1) if y.ndim == 2 and y.shape[1] == 1 else y


def one_hot(y: NDArray[Any]) -> bool:
    return y.dtype.kind in "biuf" and bool(np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all())
