"""Arrays on the disk whose rows are read on demand, and the scratch files that hold them."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nnviz.errors import DataError

PREFIX = "nnviz-rows-"
OLD_SECONDS = 24 * 3600


class DiskArray:
    """An array on the disk, (n, ...), in C order from byte `offset` of an open file."""

    def __init__(self, file: BinaryIO, offset: int, shape: tuple[int, ...], dtype: Any = np.float32) -> None:
        self.file = file
        self.offset = offset
        self.shape = shape
        self.dtype = np.dtype(dtype)

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[Any]:
        """These rows, in memory. Read, not mapped: the system would map hundreds of kB around each row, and count them as
        ours."""
        rows = np.empty((len(numbers), *self.shape[1:]), self.dtype)
        if not rows.size:
            return rows
        bytes_of, width = rows.reshape(-1).view(np.uint8).data, rows[0].nbytes
        starts = np.flatnonzero(np.diff(numbers, prepend=-2) != 1)
        for start, stop, row in zip(starts.tolist(), [*starts[1:].tolist(), len(numbers)], numbers[starts].tolist(), strict=True):
            at, place, end = self.offset + row * width, start * width, stop * width
            while place < end:
                got = os.preadv(self.file.fileno(), [bytes_of[place:end]], at)
                if not got:
                    raise DataError("the rows on the disk end early", where="rows", remedy="Start it again.")
                place, at = place + got, at + got
        return rows


class DiskRows:
    """Some rows of an array on the disk: indexed by their numbers, or by a slice, it gives them in memory."""

    def __init__(self, x: DiskArray, rows: NDArray[np.int64]) -> None:
        self.x = x
        self.rows = rows
        self.shape = (len(rows), *x.shape[1:])
        self.dtype = np.dtype(np.float32)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> NDArray[np.float32]:
        return self.x.rows(np.asarray(self.rows[index]))


def scratch(folder: Path | None, wanted: int, *, what: str, name: str) -> str:
    """The path of a new empty file under `folder` that has room for so many bytes. Raises DataError where it has not."""
    folder = folder or Path(tempfile.gettempdir())
    folder.mkdir(parents=True, exist_ok=True)
    _clean(folder)
    free = shutil.disk_usage(folder).free
    if wanted > 0.9 * free:
        raise DataError(
            f"{what} take {wanted / 2**30:,.1f} GB on the disk, where {free / 2**30:,.1f} GB are free",
            where=f"{name}, {folder}",
            remedy="Free some space, or give fewer rows or columns.",
        )
    handle, place = tempfile.mkstemp(prefix=PREFIX, suffix=".npy", dir=folder)
    os.close(handle)
    return place


def scratch_file(folder: Path | None, wanted: int, *, what: str, name: str) -> BinaryIO:
    """As `scratch`, open and already without a name: its bytes go with the process, however it ends."""
    place = scratch(folder, wanted, what=what, name=name)
    try:
        return open(place, "r+b", buffering=0)
    finally:
        with suppress(OSError):
            os.unlink(place)


def _clean(folder: Path) -> None:
    """What a killed process may have left."""
    for path in folder.glob(f"{PREFIX}*.npy"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > OLD_SECONDS:
                path.unlink()
