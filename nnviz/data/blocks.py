"""Large files a block of rows at a time: Parquet, .npy, and .npz with x and y, or those of its parts, one after another. What
stands in memory is one block."""

import math
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet as arrow_parquet

from nnviz.data.arrayfile import PARTS, checked, one_hot, target_of
from nnviz.data.names import mended
from nnviz.data.read import is_unusable, series_of
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError

LONGEST_ROW = 1 << 27
"""Bytes of one row of an array."""
BLOCK = 1 << 24
"""Bytes of an array that are read at once."""
Header = tuple[tuple[int, ...], bool, np.dtype[Any]]
"""Shape, whether it is stored column by column, and type."""


def is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def is_npy(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6) == b"\x93NUMPY"


def is_plain_npz(path: Path) -> bool:
    """Whether it is an .npz that holds x (or x_train, x_test, ...), and maybe y, row by row: such can be read in blocks."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
            xs = [suffix for suffix in PARTS if f"x{suffix}.npy" in names]
            labelled = [suffix for suffix in xs if f"y{suffix}.npy" in names]
            if len(archive.namelist()) != len(xs) + len(labelled) or not xs or labelled not in ([], xs):
                return False
            for name in archive.namelist():
                with archive.open(name) as file:
                    _, in_columns, _ = _header(file)
                if in_columns:
                    return False
    except (zipfile.BadZipFile, ValueError, OSError, zlib.error, NotImplementedError, RuntimeError):
        return False
    return True


def parquet(path: Path, *, name: str, rows: int) -> Iterator[Table]:
    """Tables of at most `rows` rows. Raises DataError, also in the midst of a damaged file."""
    try:
        with arrow_parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20) as source:
            schema = source.schema_arrow
            kept = [index for index, field in enumerate(schema) if not is_unusable(field.type)]
            if not kept:
                raise DataError("no column holds numbers, text or dates", where=name, remedy="Save a flat table.")
            names, notes = mended([schema.field(index).name for index in kept])
            for batch in source.iter_batches(batch_size=rows):
                columns = {new: series_of(pa.chunked_array([batch.column(index)]))
                           for new, index in zip(names, kept, strict=True)}
                yield Table(frame=pd.DataFrame(columns), name=name, notes=tuple(notes), read={"format": "Parquet"})
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"the Parquet file is damaged ({str(error)[:150]})", where=name, remedy="Save it again.") from error


def npy(path: Path, *, name: str, rows: int, names: Sequence[str] = ()) -> Iterator[Table | Arrays]:
    """The rows of a single array; `names`: what to call its columns if they are as many, else x0, x1, ..."""
    with path.open("rb") as file:
        for x in _blocks(file, rows, name):
            yield _made(x, None, name, names)


def npz(path: Path, *, name: str, rows: int) -> Iterator[Table | Arrays]:
    """The rows of an .npz for which `is_plain_npz` holds."""
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(path))
        found = {member.lower().removesuffix(".npy"): stack.enter_context(archive.open(member))
                 for member in archive.namelist()}
        for suffix in PARTS:
            if f"x{suffix}" not in found:
                continue
            if f"y{suffix}" not in found:
                for x in _blocks(found[f"x{suffix}"], rows, f"{name}, x{suffix}"):
                    yield _made(x, None, name, ())
                continue
            with archive.open(next(member for member in archive.namelist() if member.lower() == f"x{suffix}.npy")) as file:
                at_once = _at_once(_header(file), rows)
            blocks = [_blocks(found[f"{part}{suffix}"], at_once, f"{name}, {part}{suffix}") for part in ("x", "y")]
            try:
                for x, y in zip(*blocks, strict=True):
                    yield _made(x, y, name, ())
            except ValueError as error:
                raise DataError(f"x{suffix} and y{suffix} have different numbers of rows", where=name,
                                remedy="Give one label for each row of x.") from error


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
    try:
        shape, in_columns, dtype = _header(file)
    except (ValueError, OSError, EOFError) as error:
        raise DataError(f"the array is damaged ({str(error)[:150]})", where=where, remedy="Save it again.") from error
    if dtype.hasobject:
        raise DataError("holds Python objects, which are never loaded here (they could run code)", where=where,
                        remedy="Save it as an array of numbers or of text.")
    if not shape or (in_columns and len(shape) > 1):
        raise DataError("is not stored row by row", where=where, remedy="Save numpy.ascontiguousarray(x).")
    width = math.prod(shape[1:]) * dtype.itemsize
    if not 0 < width <= LONGEST_ROW:
        raise DataError(f"has rows of shape {shape[1:]}", where=where, remedy="Give (rows, columns) or images.")
    done, rows = 0, _at_once((shape, in_columns, dtype), rows)
    while done < shape[0]:
        count = min(rows, shape[0] - done)
        body = file.read(count * width)
        if len(body) < count * width:
            raise DataError(f"says it has {shape[0]:,} rows, but ends after {done + len(body) // width:,}", where=where,
                            remedy="Save the file again: it was cut off or damaged.")
        yield np.frombuffer(body, dtype=dtype).reshape(count, *shape[1:])
        done += count


def _at_once(header: Header, rows: int) -> int:
    shape, _, dtype = header
    return max(1, min(rows, BLOCK // max(1, math.prod(shape[1:]) * dtype.itemsize)))


def _header(file: IO[bytes]) -> Header:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    return read(file)
