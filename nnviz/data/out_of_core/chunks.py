"""Large files a block of rows at a time: Parquet, .npy, and .npz with x and y, or those of its parts, one after another. What
stands in memory is one block."""

import math
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from nnviz.data.column_names import mended, short
from nnviz.data.readers import parquet as parquetfile
from nnviz.data.readers.foreign_errors import OF_LIBRARIES, reading
from nnviz.data.readers.npy_header import AGAIN, Header, read_header
from nnviz.data.readers.npz import PARTS, checked, one_hot, target_of
from nnviz.data.readers.open_file import open_regular
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError

LONGEST_ROW = 1 << 27
"""Bytes of one row of an array."""
BLOCK = 1 << 24
"""Bytes of an array that are read at once."""


def is_parquet(path: Path) -> bool:
    return parquetfile.is_parquet(path)


def is_npy(path: Path) -> bool:
    with open_regular(path) as file:
        return file.read(6) == b"\x93NUMPY"


def is_plain_npz(path: Path) -> bool:
    """Whether it is an .npz that holds x (or x_train, x_test, ...), and maybe y, row by row: such can be read in blocks."""
    with open_regular(path) as opened:
        if opened.read(2) != b"PK":
            return False
    try:
        with open_regular(path) as opened, zipfile.ZipFile(opened) as archive:
            names = {name.lower() for name in archive.namelist()}
            xs = [suffix for suffix in PARTS if f"x{suffix}.npy" in names]
            labelled = [suffix for suffix in xs if f"y{suffix}.npy" in names]
            if len(archive.namelist()) != len(xs) + len(labelled) or not xs or labelled not in ([], xs):
                return False
            for name in archive.namelist():
                with archive.open(name) as file:
                    if read_header(file, path.name).in_columns:
                        return False
    except (DataError, *OF_LIBRARIES):
        return False
    return True


def parquet(path: Path, *, name: str, rows: int) -> Iterator[Table]:
    """Tables of at most `rows` rows. Raises DataError, also in the midst of a damaged file."""
    file = parquetfile.Opened(path, name=name)
    if not file.usable:
        raise DataError("no column holds numbers, text or dates", where=name, remedy="Save a flat table.")
    names, renamed = mended([file.schema.field(place).name for place in file.usable])
    border = partial(reading, parquetfile.DAMAGED, where=name, remedy=parquetfile.AGAIN)
    with ExitStack() as stack:
        with border():
            batches = stack.enter_context(parquetfile.reader_of(path, name)).iter_batches(batch_size=rows)
        while True:
            with border():
                batch = next(batches, None)
            if batch is None:
                return
            columns = {
                new: parquetfile.series_of(pa.chunked_array([batch.column(place)]), where=f"{name}, column {short(new)!r}")
                for new, place in zip(names, file.usable, strict=True)
            }
            yield Table(frame=pd.DataFrame(columns), name=name, notes=tuple(renamed), read={"format": "Parquet"})


def npy(path: Path, *, name: str, rows: int, names: Sequence[str] = ()) -> Iterator[Table | Arrays]:
    """The rows of a single array; `names`: what to call its columns if they are as many, else x0, x1, ..."""
    with open_regular(path) as file:
        for x in _blocks(file, rows, name):
            yield _made(x, None, name, names)


def npz(path: Path, *, name: str, rows: int) -> Iterator[Table | Arrays]:
    """The rows of an .npz for which `is_plain_npz` holds."""
    with ExitStack() as stack:
        with reading("the .npz file is damaged", where=name, remedy=AGAIN):
            archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(open_regular(path))))
        members = {
            member.lower().removesuffix(".npy"): stack.enter_context(archive.open(member)) for member in archive.namelist()
        }
        for suffix in PARTS:
            if f"x{suffix}" not in members:
                continue
            if f"y{suffix}" not in members:
                for x in _blocks(members[f"x{suffix}"], rows, f"{name}, x{suffix}"):
                    yield _made(x, None, name, ())
                continue
            with archive.open(next(member for member in archive.namelist() if member.lower() == f"x{suffix}.npy")) as file:
                at_once = _at_once(read_header(file, name), rows)
            blocks = [_blocks(members[f"{part}{suffix}"], at_once, f"{name}, {part}{suffix}") for part in ("x", "y")]
            try:
                for x, y in zip(*blocks, strict=True):
                    yield _made(x, y, name, ())
            except ValueError as error:
                raise DataError(
                    f"x{suffix} and y{suffix} have different numbers of rows",
                    where=name,
                    remedy="Give one label for each row of x.",
                ) from error


def _made(x: NDArray[Any], y: NDArray[Any] | None, name: str, names: Sequence[str]) -> Table | Arrays:
    x = checked(x, f"{name}, x")
    y = None if y is None else target_of(y, len(x), f"{name}, y")
    if x.ndim > 2:
        x = np.nan_to_num(x, nan=0.0, posinf=0.0, neginf=0.0) if x.dtype.kind == "f" else x
        return Arrays(x=x if x.ndim == 4 else x[..., None], y=y, name=name, read={"format": "array"})
    if y is not None and y.ndim == 2 and one_hot(y):
        y = y.argmax(axis=1)
    x = x.reshape(len(x), -1)
    columns = list(names) if len(names) == x.shape[1] else [f"x{index}" for index in range(x.shape[1])]
    frame = pd.DataFrame(x, columns=columns)
    if y is not None:
        targets = y.reshape(len(y), -1)
        for index in range(targets.shape[1]):
            frame["y" if targets.shape[1] == 1 else f"y{index}"] = targets[:, index]
    return Table(frame=frame, name=name, read={"format": "array"})


def _blocks(file: IO[bytes], rows: int, where: str) -> Iterator[NDArray[Any]]:
    header = read_header(file, where)
    shape, dtype = header.shape, header.dtype
    if dtype.hasobject:
        raise DataError(
            "holds Python objects, which are never loaded here (they could run code)",
            where=where,
            remedy="Save it as an array of numbers or of text.",
        )
    if not shape or (header.in_columns and len(shape) > 1):
        raise DataError("is not stored row by row", where=where, remedy="Save numpy.ascontiguousarray(x).")
    width = math.prod(shape[1:]) * dtype.itemsize
    if not 0 < width <= LONGEST_ROW:
        raise DataError(f"has rows of shape {shape[1:]}", where=where, remedy="Give (rows, columns) or images.")
    done, rows = 0, _at_once(header, rows)
    while done < shape[0]:
        count = min(rows, shape[0] - done)
        with reading("the array is damaged", where=where, remedy=AGAIN):
            body = file.read(count * width)
        if len(body) < count * width:
            raise DataError(
                f"says it has {shape[0]:,} rows, but ends after {done + len(body) // width:,}",
                where=where,
                remedy="Save the file again: it was cut off or damaged.",
            )
        yield np.frombuffer(body, dtype=dtype).reshape(count, *shape[1:])
        done += count


def _at_once(header: Header, rows: int) -> int:
    return max(1, min(rows, BLOCK // max(1, math.prod(header.shape[1:]) * header.dtype.itemsize)))
