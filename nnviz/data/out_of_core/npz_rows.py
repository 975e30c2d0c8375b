"""`.npz` files that would take much memory: their rows stay in the file and are read and encoded as they are needed.

What is inferred, fitted and reported comes from the same code as for a small file, so it is the same. For that the columns
of a table are written to the disk once, one after another, in one pass over the file; of images one pass finds the scale."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.column_names import listed
from nnviz.data.columns.encode import Encoder
from nnviz.data.columns.report import PREVIEW_ROWS, preview
from nnviz.data.limits import check_unpacked, max_bytes
from nnviz.data.out_of_core.disk_arrays import DiskArray, scratch_file
from nnviz.data.out_of_core.npz_members import Member, NpzFile, holds_arrays
from nnviz.data.out_of_core.parquet_columns import LargeFrame, large_bytes
from nnviz.data.out_of_core.stored_rows import CodedRows, Stacked, StoredImages, numbers_code, pixels
from nnviz.data.readers.npz import PARTS, cost_of, one_hot, target_of
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError

MOST_COLUMNS = 20_000
_EXPECTED = "Save it as numpy.savez(path, x=..., y=...), or with x_train, y_train, x_test, y_test."


def large_arrays(
    source: "Path | bytes", *, name: str, folder: Path | None = None, on_read: Callable[[str], None] | None = None
) -> Table | Arrays | None:
    """The contents of an .npz file that is large, its rows still on the disk; None for every other file. `folder`: where
    unpacked and transposed arrays are written; `on_read` is called with the progress, as text. Raises DataError."""
    if not holds_arrays(source):
        return None
    try:
        file = NpzFile(source, name=name)
    except DataError:
        if isinstance(source, bytes) or os.stat(source).st_size <= max_bytes():
            # read whole it is refused, or mended, in its own words
            return None
        raise
    inputs = [(suffix, part, file.members[f"x{suffix}"]) for suffix, part in PARTS.items() if f"x{suffix}" in file.members]
    numbers = sum(member.bytes // member.dtype.itemsize for _, _, member in inputs)
    if file.size <= max_bytes() and 4 * numbers <= large_bytes():
        return None
    check_unpacked(
        sum(cost_of(member.shape, member.dtype) for member in file.members.values()), file.size, where=name, is_on_disk=True
    )
    if not inputs:
        raise DataError(f"holds no array named x (but {listed(file.members) or 'nothing'})", where=name, remedy=_EXPECTED)
    tell = on_read or (lambda words: None)
    for suffix, _, member in inputs:
        _check(member, inputs[0][2], f"{name}, x{suffix}")
    ys = [_target(file, f"y{suffix}", member.shape[0]) for suffix, _, member in inputs]
    if any((y is None) != (ys[0] is None) for y in ys):
        raise DataError("some parts have labels and some have none", where=name, remedy=_EXPECTED)
    y = np.concatenate([part for part in ys if part is not None]) if ys[0] is not None else None
    notes: list[str] = []
    if y is not None and y.ndim == 2 and y.shape[1] > 1 and one_hot(y):
        y = y.argmax(axis=1)
        notes.append(f"y holds one column for each of {int(y.max()) + 1} classes: read as class numbers")
    counts = [member.shape[0] for _, _, member in inputs]
    parts = np.repeat(np.array([part for _, part, _ in inputs], dtype=object), counts) if len(inputs) > 1 else None
    read = {"format": "npz", "arrays": {member.key: list(member.shape) for member in file.members.values()}}
    x = Stacked([file.array(member, folder=folder, on_read=tell) for _, _, member in inputs])
    if len(x.shape) > 2:
        images, strange = _scanned(x, tell)
        notes += [f"{strange:,} pixels that are no numbers or infinite are taken for 0"] if strange else []
        stored: Any = images
        return Arrays(x=stored, y=y, name=name, read=read, notes=tuple(notes), parts=parts)
    rows = np.concatenate([np.arange(count) for count in counts])
    frame = ArrayFrame.of(x, y, name=name, folder=folder, tell=tell)
    head: Any = frame.head(PREVIEW_ROWS)
    whole: Any = frame
    return Table(
        frame=whole,
        name=name,
        read=read,
        notes=tuple(notes),
        parts=parts,
        rows=rows,
        targets=tuple(frame.targets),
        preview=preview(head),
    )


class ArrayFrame(LargeFrame):
    """The rows of `x` as a table: its columns stand one after another on the disk too (`transposed`), the targets in memory."""

    x: Stacked
    transposed: DiskArray
    targets: dict[str, pd.Series]

    @classmethod
    def of(
        cls, x: Stacked, y: NDArray[Any] | None, *, name: str, folder: Path | None, tell: Callable[[str], None]
    ) -> "ArrayFrame":
        width = 1 if len(x.shape) == 1 else x.shape[1]
        if width > MOST_COLUMNS:
            raise DataError(f"{width:,} columns are more than {MOST_COLUMNS:,}", where=name, remedy="Give fewer columns.")
        columns = [] if y is None else list(y.reshape(len(y), -1).T)
        names = ["y"] if len(columns) == 1 else [f"y{index}" for index in range(len(columns))]
        frame = cls(b"", columns=[*(f"x{index}" for index in range(width)), *names], count=len(x), name=name, on_read=tell)
        frame.x = x
        frame.targets = {target: pd.Series(column) for target, column in zip(names, columns, strict=True)}
        frame.transposed = _transposed(x, width, name=name, folder=folder, tell=tell)
        return frame

    def head(self, rows: int) -> pd.DataFrame:
        top = self.x.rows(np.arange(min(rows, len(self.x)))).reshape(-1, self.transposed.shape[0])
        frame = pd.DataFrame(top, columns=list(self.columns[: top.shape[1]]))
        return frame.assign(**{name: column.iloc[:rows] for name, column in self.targets.items()})

    def coded(self, encoder: Encoder) -> CodedRows | None:
        """The rows as the network's inputs, read where they lie; None where an input is more than a number of x."""
        code = numbers_code(encoder, list(self.columns[: self.transposed.shape[0]]))
        if code is None:
            return None
        rows = np.arange(len(self.x)) if self.rows is None else self.rows
        return CodedRows(self.x, rows, code, (len(encoder.features),))

    def _taken(self, rows: NDArray[np.int64]) -> "ArrayFrame":
        frame = ArrayFrame(
            b"",
            columns=list(self.columns),
            count=self._count,
            name=self.name,
            rows=rows if self.rows is None else self.rows[rows],
            on_read=self._on_read,
            ways=self._ways,
            rules=self._rules,
        )
        frame.x, frame.transposed, frame.targets = self.x, self.transposed, self.targets
        return frame

    def _read(self, name: str) -> pd.Series:
        if name in self.targets:
            self.tell(f"{name!r}")
            return self.targets[name]
        place = int(self.columns.get_loc(name))  # type: ignore[arg-type]
        self.tell(f"column {place + 1} of {len(self.columns)}")
        return pd.Series(self.transposed.rows(np.array([place]))[0])


def _transposed(x: Stacked, width: int, *, name: str, folder: Path | None, tell: Callable[[str], None]) -> DiskArray:
    """The columns of x on the disk, (columns, rows), in a file that goes when nothing uses it any more."""
    count, size = len(x), x.dtype.itemsize
    file = scratch_file(folder, count * width * size, what=f"{count:,} rows of {width:,} numbers", name=name)
    for start, block in x.blocks():
        tell(f"{100 * start // count} %")
        columns = np.ascontiguousarray(block.reshape(len(block), width).T)
        for index, column in enumerate(columns):
            _write(file.fileno(), memoryview(column).cast("B"), (index * count + start) * size)
    return DiskArray(file, 0, (width, count), x.dtype)


def _write(file: int, body: memoryview, at: int) -> None:
    while body:
        done = os.pwrite(file, body, at)
        body, at = body[done:], at + done


def _scanned(x: Stacked, tell: Callable[[str], None]) -> tuple[StoredImages, int]:
    """The images with what is largest in each, and how many pixels are no numbers."""
    largest, strange = np.zeros(len(x)), 0
    for start, block in x.blocks():
        tell(f"{100 * start // len(x)} %")
        if block.dtype.kind == "f":
            strange += int((~np.isfinite(block)).sum())
        largest[start : start + len(block)] = np.abs(pixels(block)).reshape(len(block), -1).max(axis=1)
    return StoredImages(x, largest, np.arange(len(x))), strange


def _check(member: Member, first: Member, where: str) -> None:
    kind = member.dtype
    if kind.kind not in "biuf":
        raise DataError(f"holds {kind}, not real numbers", where=where, remedy="Give an array of integers or floats.")
    if not 1 <= len(member.shape) <= 4:
        raise DataError(
            f"has {len(member.shape)} dimensions",
            where=where,
            remedy="Give (rows, columns), or images as (rows, height, width) or (rows, height, width, channels).",
        )
    if not member.bytes:
        raise DataError(f"is empty (shape {member.shape})", where=where, remedy="Give at least ten rows.")
    if member.shape[1:] != first.shape[1:]:
        raise DataError(
            f"rows of shape {member.shape[1:]}, but the first part has {first.shape[1:]}",
            where=where,
            remedy="Give every part the same shape.",
        )


def _target(file: NpzFile, key: str, rows: int) -> NDArray[Any] | None:
    member = file.members.get(key)
    return None if member is None else target_of(file.loaded(member), rows, f"{file.name}, {key}")
