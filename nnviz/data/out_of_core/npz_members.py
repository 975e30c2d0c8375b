"""The arrays of an .npz file where they lie on the disk: found, checked by their headers, and never loaded.

One that is stored as it is (`numpy.savez`) is read in place; a compressed one is unpacked once, to the disk."""

import io
import math
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nnviz.data.column_names import short
from nnviz.data.limits import max_memory
from nnviz.data.out_of_core.disk_arrays import DiskArray, scratch_file
from nnviz.data.readers.foreign_errors import reading
from nnviz.data.readers.npy_header import AGAIN, arrays_of, read_header
from nnviz.data.readers.open_file import open_regular
from nnviz.data.readers.sniff import is_npz
from nnviz.errors import DataError

BLOCK = 1 << 25
"""Bytes that are read at once."""
LONGEST_ROW = 1 << 27
MOST_ROWS = 2**31 - 1
BOMB = 100
"""So many times its size a compressed array may unpack to, unless what it unpacks to is small."""
LARGEST_TARGET = 1 << 30
DAMAGED = "the .npz file is damaged"


@dataclass(frozen=True)
class Member:
    """One array of the file. `head`: the bytes before its numbers; `start`: where those begin in the file, None where they
    are compressed."""

    key: str
    info: zipfile.ZipInfo
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    head: bytes
    start: int | None

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


class StoredArray(DiskArray):
    """An array on the disk that a file of the user's holds. `crc`: the checksum of its numbers, where it is still to be
    checked, and of the bytes before them."""

    def __init__(
        self, file: BinaryIO, offset: int, shape: tuple[int, ...], dtype: Any, *, where: str, crc: tuple[int, int] | None = None
    ) -> None:
        super().__init__(file, offset, shape, dtype)
        self.where = where
        self.crc = crc
        self._stamp = self._stamped()

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[Any]:
        if self._stamped() != self._stamp:
            raise DataError("the file was changed while it was being read", where=self.where, remedy="Start it again.")
        return super().rows(numbers)

    def blocks(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """All rows in order, some MB at a time, with the number of the first. Raises DataError where the checksum of the zip
        shows damage."""
        at_once = max(1, BLOCK // (math.prod(self.shape[1:]) * self.dtype.itemsize))
        checksum = self.crc[1] if self.crc else 0
        for start in range(0, self.shape[0], at_once):
            block = self.rows(np.arange(start, min(start + at_once, self.shape[0])))
            if self.crc:
                checksum = zlib.crc32(block.reshape(-1).view(np.uint8).data, checksum)
            yield start, block
        if self.crc and checksum != self.crc[0]:
            raise DataError("is damaged: its checksum is wrong", where=self.where, remedy=AGAIN)

    def _stamped(self) -> tuple[int, int]:
        known = os.fstat(self.file.fileno())
        return known.st_size, known.st_mtime_ns


class NpzFile:
    """`members` by their names in small letters. Raises DataError for a file whose headers cannot be true."""

    def __init__(self, source: "Path | bytes", *, name: str) -> None:
        self.source = source
        self.name = name
        with self._opened() as file:
            self.size = file.seek(0, io.SEEK_END)
        with reading(DAMAGED, where=name, remedy=AGAIN), self._opened() as file, zipfile.ZipFile(file) as archive:
            self.members = {key.lower(): self._member(file, archive, key, info) for key, info in arrays_of(archive, name)}

    def array(self, member: Member, *, folder: Path | None, on_read: Callable[[str], None]) -> StoredArray:
        """The array on the disk: in place, or unpacked into a file under `folder` that goes when nothing uses it any more.
        Raises DataError where the disk has no room for it."""
        where = f"{self.name}, {member.key}"
        width = math.prod(member.shape[1:]) * member.dtype.itemsize
        if not 0 < width <= LONGEST_ROW or not 0 < member.shape[0] <= MOST_ROWS:
            raise DataError(
                f"has the shape {member.shape}",
                where=where,
                remedy="Give (rows, columns), or images as (rows, height, width) or (rows, height, width, channels).",
            )
        if member.start is not None and isinstance(self.source, Path):
            crc = (member.info.CRC, zlib.crc32(member.head))
            return StoredArray(
                open_regular(self.source, name=self.name), member.start, member.shape, member.dtype, where=where, crc=crc
            )
        if member.bytes > max_memory() and member.bytes > BOMB * max(1, member.info.compress_size):
            raise DataError(
                f"{member.info.compress_size / 2**20:,.1f} MB unpack to {member.bytes / 2**30:,.1f} GB",
                where=where,
                remedy="Save it uncompressed: numpy.savez.",
            )
        return StoredArray(self._unpacked(member, folder, on_read), len(member.head), member.shape, member.dtype, where=where)

    def loaded(self, member: Member) -> NDArray[Any]:
        """A small array, in memory. Raises DataError for a large one."""
        if member.bytes > LARGEST_TARGET:
            raise DataError(
                f"takes {member.bytes / 2**30:,.1f} GB",
                where=f"{self.name}, {member.key}",
                remedy="Give one number or label for each row of x.",
            )
        with (
            reading("is damaged", where=f"{self.name}, {member.key}", remedy=AGAIN),
            self._opened() as file,
            zipfile.ZipFile(file) as archive,
            archive.open(member.info) as content,
        ):
            body = content.read()
        return np.frombuffer(body, member.dtype, offset=len(member.head)).reshape(member.shape)

    def _opened(self) -> BinaryIO:
        return open_regular(self.source, name=self.name) if isinstance(self.source, Path) else io.BytesIO(self.source)

    def _member(self, file: BinaryIO, archive: zipfile.ZipFile, key: str, info: zipfile.ZipInfo) -> Member:
        where = f"{self.name}, {short(key)}"
        with archive.open(info) as content:
            header = read_header(content, where)
        shape, dtype, head = header.shape, header.dtype, header.head
        if dtype.hasobject:
            raise DataError(
                "holds Python objects, which are never loaded here (they could run code)",
                where=where,
                remedy="Save it as an array of numbers or of text.",
            )
        if header.in_columns and len(shape) > 1:
            raise DataError("is not stored row by row", where=where, remedy="Save numpy.ascontiguousarray(x).")
        member = Member(key, info, shape, dtype, head, self._start(file, info, len(head)))
        if member.bytes + len(head) != info.file_size:
            raise DataError(
                f"says it has the shape {shape}, but holds {info.file_size - len(head):,} bytes", where=where, remedy=AGAIN
            )
        if member.start is not None and member.start + member.bytes > self.size:
            raise DataError("reaches beyond the end of the file", where=where, remedy=AGAIN)
        return member

    def _start(self, file: BinaryIO, info: zipfile.ZipInfo, head: int) -> int | None:
        """Where the numbers begin, by the header that stands before them (APPNOTE 4.3.7)."""
        if info.compress_type != zipfile.ZIP_STORED:
            return None
        file.seek(info.header_offset)
        fixed = file.read(30)
        if len(fixed) < 30 or not fixed.startswith(b"PK\x03\x04"):
            raise zipfile.BadZipFile("a member is not where the directory says")
        return info.header_offset + 30 + sum(struct.unpack("<HH", fixed[26:30])) + head

    def _unpacked(self, member: Member, folder: Path | None, on_read: Callable[[str], None]) -> BinaryIO:
        written = scratch_file(folder, member.info.file_size, what=f"the unpacked {member.key}", name=self.name)
        border = reading("is damaged", where=f"{self.name}, {member.key}", remedy=AGAIN)
        try:
            with border, self._opened() as file, zipfile.ZipFile(file) as archive, archive.open(member.info) as content:
                while block := content.read(BLOCK >> 3):
                    on_read(f"{member.key} unpacked to {100 * written.tell() // member.info.file_size} %")
                    written.write(block)
                if written.tell() != member.info.file_size:
                    raise EOFError("it ends early")
        except BaseException:
            written.close()
            raise
        return written


def holds_arrays(source: "Path | bytes") -> bool:
    """Whether the bytes look like those of an .npz file."""
    if isinstance(source, bytes):
        return source.startswith(b"PK") and is_npz(source)
    with open_regular(source) as file, reading("cannot be read", where=source.name, remedy="Check the disk."):
        top = file.read(256)
        file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
        return top.startswith(b"PK") and is_npz(top + file.read())
