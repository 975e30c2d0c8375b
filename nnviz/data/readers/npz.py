"""`.npz` -> a table (x of two dimensions) or images. Shapes are checked before anything is allocated."""

import io
import math
import zipfile
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.column_names import listed, short
from nnviz.data.limits import IMAGE_NUMBER, TABLE_NUMBER, check_unpacked, max_memory
from nnviz.data.readers.foreign_errors import reading
from nnviz.data.readers.npy_header import arrays_of, read_header
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
LONGEST_LABEL = 1 << 16
"""Bytes of one label."""
_EXPECTED = "Save it as numpy.savez(path, x=..., y=...), or with x_train, y_train, x_test, y_test."


def read_arrays(content: bytes, *, name: str) -> Table | Arrays:
    """Raises DataError with the array's name."""
    stored, notes = _stored(content, name)
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
        raise DataError(f"holds no array named x (but {listed(stored) or 'nothing'})", where=name, remedy=_EXPECTED)
    if any((y is None) != (ys[0] is None) for y in ys):
        raise DataError("some parts have labels and some have none", where=name, remedy=_EXPECTED)
    x = np.concatenate(xs)
    part_names = np.repeat(np.array(parts, dtype=object), [len(part) for part in xs]) if len(xs) > 1 else None
    rows = np.concatenate([np.arange(len(part)) for part in xs])
    y = np.concatenate([part for part in ys if part is not None]) if ys[0] is not None else None
    if y is not None and y.ndim == 2 and y.shape[1] > 1 and one_hot(y):
        y = y.argmax(axis=1)
        notes.append(f"y holds one column for each of {int(y.max()) + 1} classes: read as class numbers")
    read = {"format": "npz", "arrays": {key: list(value.shape) for key, value in stored.items()}}
    if x.ndim <= 2:
        return _table(x.reshape(len(x), -1), y, name, read, notes, part_names, rows)
    if np.issubdtype(x.dtype, np.floating) and not np.isfinite(x).all():
        notes.append(f"{int((~np.isfinite(x)).sum()):,} pixels that are no numbers or infinite are taken for 0")
        x = np.nan_to_num(x, nan=0.0, posinf=0.0, neginf=0.0)
    return Arrays(x=x if x.ndim == 4 else x[..., None], y=y, name=name, read=read, notes=tuple(notes), parts=part_names)


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


def _stored(content: bytes, name: str) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """The arrays, and what is odd about them in words."""
    with reading("the .npz file is damaged", where=name, remedy=_EXPECTED), zipfile.ZipFile(io.BytesIO(content)) as archive:
        notes = _check_headers(archive, len(content), name)
    with (
        reading("the .npz file is damaged", where=name, remedy=_EXPECTED),
        np.load(io.BytesIO(content), allow_pickle=False) as arrays,
    ):
        return {key: arrays[key] for key in arrays.files}, notes


def _check_headers(archive: zipfile.ZipFile, size: int, name: str) -> list[str]:
    total, cost, notes = 0, 0, []
    for key, member in arrays_of(archive, name):
        place = f"{name}, {short(key)}"
        with archive.open(member) as file:
            header = read_header(file, place)
        if header.dtype.hasobject:
            raise DataError(
                "holds Python objects, which are never loaded here (they could run code)",
                where=place,
                remedy="Save it as an array of numbers or of text.",
            )
        held = member.file_size - len(header.head)
        if header.bytes > held:
            raise DataError(
                f"says it has the shape {short(str(header.shape))}, but holds only {member.file_size:,} bytes",
                where=place,
                remedy="Save the file again: it was cut off or damaged.",
            )
        if header.bytes < held:
            notes.append(f"{short(key)!r} holds {held - header.bytes:,} bytes more than its shape says: they are not read")
        total += header.bytes
        cost += cost_of(header.shape, header.dtype)
        check_unpacked(cost, size, where=place)
        if total > max_memory():
            raise DataError(
                f"would take {total / 2**30:,.1f} GB of memory, more than {max_memory() / 2**30:,.1f} GB",
                where=place,
                remedy="Give fewer rows, or a smaller type such as uint8.",
            )
    return notes


def cost_of(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    """Bytes that an array takes while it is read and encoded, about."""
    return math.prod(shape) * max(dtype.itemsize, IMAGE_NUMBER if len(shape) > 2 else TABLE_NUMBER)


def checked(x: NDArray[Any], where: str) -> NDArray[Any]:
    """x as it is trained on: real numbers of 1 to 4 dimensions. Raises DataError for other arrays."""
    if not (np.issubdtype(x.dtype, np.number) or x.dtype == bool) or np.issubdtype(x.dtype, np.complexfloating):
        raise DataError(f"holds {x.dtype}, not real numbers", where=where, remedy="Give an array of integers or floats.")
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
    """y as one label, or one row of targets, for each of the `rows` of x. Raises DataError for other arrays."""
    if y.ndim == 0 or len(y) != rows:
        raise DataError(
            f"has {len(y) if y.ndim else 0} rows, but x has {rows}", where=where, remedy="Give one label for each row of x."
        )
    if y.ndim > 2:
        raise DataError(f"has {y.ndim} dimensions", where=where, remedy="Give (rows,) or (rows, columns).")
    if y.dtype.kind in "SU" and y.dtype.itemsize > LONGEST_LABEL:
        raise DataError(f"holds texts of up to {y.dtype.itemsize:,} bytes", where=where, remedy="Give short labels.")
    if y.dtype.kind == "U":
        with reading("holds text that is no Unicode", where=where, remedy="Save the labels again."):
            # NumPy keeps any number as a letter, halves of characters among them
            np.char.encode(y, "utf-8")
    if y.dtype.kind == "S":
        y = np.char.decode(y, "utf-8", "replace")
    if y.dtype.kind not in "biufU":
        raise DataError(f"holds {y.dtype}", where=where, remedy="Give labels as whole numbers or text, or targets as numbers.")
    return y.reshape(-1) if y.ndim == 2 and y.shape[1] == 1 else y


def one_hot(y: NDArray[Any]) -> bool:
    """Whether each row (n, classes) holds one 1, and 0 otherwise."""
    return y.dtype.kind in "biuf" and bool(np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all())
