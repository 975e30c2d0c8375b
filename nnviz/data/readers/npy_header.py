"""The header of a NumPy array in a file: its shape, order and type, checked before anything is built by them."""

import io
import math
import struct
import zipfile
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from nnviz.data.column_names import short
from nnviz.data.readers.foreign_errors import reading
from nnviz.errors import DataError

LONGEST_HEADER = 10_000
"""Bytes; NumPy itself reads no longer ones."""
MAX_ARRAYS = 1000
"""Arrays in one .npz file."""
AGAIN = "Save the file again: it was cut off or damaged."


@dataclass(frozen=True)
class Header:
    """`in_columns`: stored column by column. `head`: the bytes before the numbers."""

    shape: tuple[int, ...]
    in_columns: bool
    dtype: np.dtype[Any]
    head: bytes

    @property
    def count(self) -> int:
        """How many numbers."""
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        """Of its numbers."""
        return self.count * self.dtype.itemsize


def read_header(file: IO[bytes], where: str) -> Header:
    """Reads it from where the file stands. Raises DataError."""
    with reading("the array is damaged", where=where, remedy=AGAIN):
        start = file.read(8)
        if not start.startswith(b"\x93NUMPY") or len(start) < 8:
            raise DataError("this is no array", where=where, remedy="Save it with numpy.savez.")
        is_old = start[6] == 1
        sizes = file.read(2 if is_old else 4)
        length = struct.unpack("<H" if is_old else "<I", sizes)[0]
        if length > LONGEST_HEADER:
            raise DataError(f"its header has {length:,} bytes, more than {LONGEST_HEADER:,}", where=where, remedy=AGAIN)
        top = io.BytesIO(sizes + file.read(length))
        read = np.lib.format.read_array_header_1_0 if is_old else np.lib.format.read_array_header_2_0
        shape, in_columns, dtype = read(top)
    if any(isinstance(size, bool) or size < 0 for size in shape) or len(shape) > 32 or math.prod(shape) >= 2**62:
        raise DataError(f"says it has the shape {short(str(shape))}", where=where, remedy=AGAIN)
    return Header(tuple(map(int, shape)), bool(in_columns), dtype, start + top.getvalue()[: top.tell()])


def arrays_of(archive: zipfile.ZipFile, name: str) -> list[tuple[str, zipfile.ZipInfo]]:
    """The arrays by name. Raises DataError for what is none, for too many and for two of one name."""
    infos = archive.infolist()
    if len(infos) > MAX_ARRAYS:
        raise DataError(f"holds {len(infos):,} arrays, more than {MAX_ARRAYS:,}", where=name, remedy="Save x and y only.")
    for info in infos:
        if not info.filename.endswith(".npy"):
            raise DataError(
                "this is no array",
                where=f"{name}, {short(info.filename)}",
                remedy="Save it as numpy.savez(path, x=..., y=...), or with x_train, y_train, x_test, y_test.",
            )
    named = [(info.filename.removesuffix(".npy"), info) for info in infos]
    if len({key.lower() for key, _ in named}) < len(named):
        raise DataError("holds two arrays of the same name", where=name, remedy="Save the file again.")
    return named
