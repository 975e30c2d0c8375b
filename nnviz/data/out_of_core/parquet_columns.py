"""Parquet files whose encoded rows would take much memory: read a column at a time, encoded into a file on the disk.

What is inferred, fitted and reported comes from the same code as for a small file, so it is the same."""

import copy
import ctypes
import math
import mmap
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from nnviz.data.column_names import canonical, mended, short
from nnviz.data.columns import numbers
from nnviz.data.columns.encode import Encoder
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.columns.report import PREVIEW_ROWS, preview
from nnviz.data.limits import check_unpacked, max_bytes
from nnviz.data.out_of_core.disk_arrays import DiskArray, scratch
from nnviz.data.readers.foreign_errors import reading
from nnviz.data.readers.parquet import AGAIN, DAMAGED, Opened, is_parquet, reader_of, series_of
from nnviz.data.tables import Table
from nnviz.errors import DataError

DEFAULT_LARGE_MB = 400.0
AT_ONCE = 1 << 16
"""Rows that are encoded at once."""
READ_AT_ONCE = 1 << 19
"""Rows of a column of a Parquet file that are read before it is asked whether to go on."""


def large_bytes() -> float:
    """Above this a Parquet file is trained on from the disk: NNVIZ_LARGE_MB (default 400) in bytes, of encoded numbers. So is
    one that is larger than a file may be which is read whole."""
    return float(os.environ.get("NNVIZ_LARGE_MB", DEFAULT_LARGE_MB)) * 2**20


def large_table(
    source: "Path | bytes", *, name: str, rules: Rules = NEWEST, on_read: Callable[[str], None] | None = None
) -> Table | None:
    """The table of a Parquet file that is large, its columns still on the disk; None for every other file. `on_read` is called
    with the name of the column that is being read. Raises DataError for a damaged file."""
    if not is_parquet(source):
        return None
    file = Opened(source, name=name)
    rows, schema = file.rows, file.schema
    usable = [schema.field(place).name for place in file.usable]
    fields = {name if rules.is_old else canonical(name): name for name in usable}
    is_small = not isinstance(source, Path) or file.size <= max_bytes()
    if not usable or not rows or (is_small and 4 * rows * len(usable) <= large_bytes()):
        return None
    check_unpacked(file.unpacked, file.size, where=name, is_on_disk=True)
    if not file.is_true:
        raise DataError(f"{DAMAGED}: {file.notes[0]}", where=name, remedy=AGAIN)
    if mended(usable)[1] or len(fields) < len(usable) or len(set(schema.names)) < len(schema.names):
        raise DataError(
            "columns without a name, or with the same",
            where=name,
            remedy="In a file of this size every column needs a name of its own.",
        )
    with reading(DAMAGED, where=name, remedy=AGAIN), reader_of(source, name) as opened:
        first = next(opened.iter_batches(batch_size=PREVIEW_ROWS, columns=usable), None)
    if first is None:
        return None
    head = pd.DataFrame(
        {
            column: series_of(pa.chunked_array([first.column(field)]), where=f"{name}, column {short(field)!r}")
            for column, field in fields.items()
        }
    )
    notes = file.notes
    frame: Any = LargeFrame(source, columns=list(fields), count=rows, name=name, on_read=on_read)
    frame.fields = fields
    return Table(frame=frame, name=name, notes=notes, read={"format": "Parquet"}, preview=preview(head, rules=rules))


class LargeFrame:
    """As much of a pandas DataFrame as inferring and fitting ask for; a column is read when it is asked for, and the last
    one is kept. `rows`: the numbers of the rows it stands for (None: all)."""

    def __init__(
        self,
        source: "Path | bytes",
        *,
        columns: list[str],
        count: int,
        name: str,
        rows: NDArray[np.int64] | None = None,
        on_read: Callable[[str], None] | None = None,
        ways: Mapping[str, str] | None = None,
        rules: Rules = NEWEST,
    ) -> None:
        self.source = source
        self.columns = pd.Index(columns)
        self.name = name
        self.rows = rows
        self.fields: Mapping[str, str] = {}
        """What the file calls a column that is not called as in `columns`."""
        self._on_read = on_read
        self._count = count
        self._last: tuple[str, pd.Series] | None = None
        self._ways = dict(ways or {})
        self._rules = rules

    def __len__(self) -> int:
        return self._count if self.rows is None else len(self.rows)

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return self._taken(np.flatnonzero(np.asarray(key)))
        if self._last is None or self._last[0] != key:
            self._last = None
            column = self._read(key)
            if key in self._ways:
                column = pd.Series(numbers.read(column, self._ways[key], rules=self._rules))
            self._last = (key, column if self.rows is None else column.iloc[self.rows].reset_index(drop=True))
        return self._last[1]

    @property
    def iloc(self) -> "_RowIndexer":
        return _RowIndexer(self)

    def reset_index(self, *, drop: bool) -> "LargeFrame":
        return self

    def _taken(self, rows: NDArray[np.int64]) -> "LargeFrame":
        taken = LargeFrame(
            self.source,
            columns=list(self.columns),
            count=self._count,
            name=self.name,
            rows=rows if self.rows is None else self.rows[rows],
            on_read=self._on_read,
            ways=self._ways,
            rules=self._rules,
        )
        taken.fields = self.fields
        return taken

    def written(self, ways: Mapping[str, str], rules: Rules) -> "LargeFrame":
        """This table with those columns as numbers that are written in some way (see `number_formats.Way`)."""
        frame = copy.copy(self)
        frame._ways, frame._rules, frame._last = dict(ways), rules, None
        return frame

    def tell(self, words: str) -> None:
        """Reports progress to `on_read`, which may raise to cancel reading."""
        if self._on_read is not None:
            self._on_read(words)

    def _read(self, name: str) -> pd.Series:
        pieces: list[pa.Array] = []
        where = f"{self.name}, column {short(name)!r}"
        with ExitStack() as stack:
            with reading(DAMAGED, where=where, remedy=AGAIN):
                file = stack.enter_context(reader_of(self.source, self.name))
                field = self.fields.get(name, name)
                kind = file.schema_arrow.field(field).type
                batches = file.iter_batches(batch_size=READ_AT_ONCE, columns=[field], use_threads=False)
            while True:
                with reading(DAMAGED, where=where, remedy=AGAIN):
                    batch = next(batches, None)
                if batch is None:
                    break
                self.tell(f"column {self.columns.get_loc(name) + 1} of {len(self.columns)}")
                pieces.append(batch.column(0))
        column = series_of(pa.chunked_array(pieces, type=pieces[0].type if pieces else kind), where=where)
        if len(column) != self._count:
            raise DataError(
                f"{DAMAGED}: it has {len(column):,} rows where others have {self._count:,}", where=where, remedy=AGAIN
            )
        return column


class _RowIndexer:
    def __init__(self, frame: LargeFrame) -> None:
        self.frame = frame

    def __getitem__(self, rows: NDArray[np.int64]) -> LargeFrame:
        return self.frame._taken(np.asarray(rows))


def encoded(frame: LargeFrame, encoder: Encoder, *, folder: Path | None) -> DiskArray:
    """The network's inputs, float32 (rows, columns), in a file under `folder` that goes when nothing uses it any more.
    Raises DataError where the disk has no room for it."""
    shape = (len(frame), len(encoder.features))
    place = scratch(folder, 4 * math.prod(shape), what=f"{shape[0]:,} rows of {shape[1]:,} numbers", name=frame.name)
    try:
        x = np.lib.format.open_memmap(place, mode="w+", dtype=np.float32, shape=shape)
        at = 0
        for code in encoder.columns:
            column, width = frame[code.name], len(code.columns)
            for start in range(0, shape[0], AT_ONCE):
                frame.tell(f"{code.name!r} is encoded")
                x[start : start + AT_ONCE, at : at + width] = code.transform(
                    column.iloc[start : start + AT_ONCE], rules=encoder.rules
                )
                _give_back(x)
            at += width
        x.flush()
        return DiskArray(open(place, "rb", buffering=0), x.offset, shape)
    finally:
        # the open file keeps the bytes; without a name they go with the process, however it ends
        with suppress(OSError):
            os.unlink(place)


def _give_back(x: Any) -> None:
    held = getattr(x, "_mmap", None)
    if held is not None and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def trim() -> None:
    """Gives the system back what reading took and no longer needs: Arrow and C's heap would keep it for the next time."""
    pa.default_memory_pool().release_unused()
    heap = ctypes.CDLL(None)
    if hasattr(heap, "malloc_trim"):  # of glibc
        heap.malloc_trim(0)
