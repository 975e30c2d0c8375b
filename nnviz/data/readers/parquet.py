"""Parquet -> Table. What the footer says is held against the pages before anything is built."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from nnviz.data.column_names import listed, mended, short
from nnviz.data.limits import MAX_COLUMNS, TABLE_NUMBER, check_unpacked
from nnviz.data.readers.foreign_errors import reading
from nnviz.data.readers.open_file import open_regular
from nnviz.data.readers.parquet_pages import rows_in_pages
from nnviz.data.tables import Table
from nnviz.errors import DataError

DAMAGED = "the Parquet file is damaged"
AGAIN = "Save it again."
BATCH = 65_536
WHOLE = 2**53
"""From here on a float64 cannot hold every whole number."""


class Opened:
    """A Parquet file whose footer has been checked. `rows`: as many as there are; `notes`: what its footer says wrongly;
    `usable`: the places of the columns that a table can hold."""

    def __init__(self, source: "Path | bytes", *, name: str) -> None:
        """Raises DataError for a footer that cannot be true, and for too many columns."""
        self.source = source
        self.name = name
        file = open_regular(source, name=name) if isinstance(source, Path) else io.BytesIO(source)
        with file:
            self.size = file.seek(0, io.SEEK_END)
            file.seek(0)
            with reading(DAMAGED, where=name, remedy=AGAIN):
                metadata = parquet.read_metadata(file)
                self.declared_rows = metadata.num_rows
                if metadata.num_columns > MAX_COLUMNS:
                    raise DataError(
                        f"{metadata.num_columns:,} columns are more than {MAX_COLUMNS:,}",
                        where=name,
                        remedy="Give fewer columns.",
                    )
                self.schema = metadata.schema.to_arrow_schema()
                groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
                self.uncompressed = sum(max(0, group.total_byte_size) for group in groups)
                in_groups = sum(group.num_rows for group in groups)
                in_pages = rows_in_pages(file, metadata)
        self.rows = min(self.declared_rows, in_groups)
        if self.rows < 0:
            raise DataError(f"{DAMAGED}: it says it has {self.rows:,} rows", where=name, remedy=AGAIN)
        self.notes: tuple[str, ...] = ()
        real = in_groups if in_pages is None else in_pages
        if real != self.declared_rows:
            if self.declared_rows > 2 * real + 1000:
                raise DataError(
                    f"{DAMAGED}: it says it has {self.declared_rows:,} rows and holds {real:,}", where=name, remedy=AGAIN
                )
            self.rows = min(self.rows, real)
            self.notes = (f"the file says it has {self.declared_rows:,} rows and holds {real:,}: {self.rows:,} are read",)
        self.usable = [place for place, field in enumerate(self.schema) if not is_unusable(field.type)]
        self.notes += tuple(
            f"column {short(field.name)!r} holds {short(str(field.type))}: left out"
            for field in self.schema
            if is_unusable(field.type)
        )

    @property
    def is_true(self) -> bool:
        """Whether it has as many rows as it says."""
        return self.rows == self.declared_rows

    @property
    def unpacked(self) -> int:
        """Bytes that reading its columns will take, about; of texts as the footer says."""
        return max(self.rows * len(self.usable) * TABLE_NUMBER, self.uncompressed)


@contextmanager
def reader_of(source: "Path | bytes", name: str) -> Iterator[parquet.ParquetFile]:
    """The file, for reading it piece by piece. Raises what pyarrow does."""
    with open_regular(source, name=name) if isinstance(source, Path) else io.BytesIO(source) as file:
        yield parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20, page_checksum_verification=True)


def is_parquet(source: "Path | bytes") -> bool:
    """By the first bytes. Raises DataError for what is no regular file."""
    if isinstance(source, bytes):
        return source.startswith(b"PAR1")
    with open_regular(source) as file, reading("cannot be read", where=source.name, remedy="Check the disk."):
        return file.read(4) == b"PAR1"


def read_parquet(content: bytes, name: str) -> Table:
    """Raises DataError with the column."""
    file = Opened(content, name=name)
    if not file.usable:
        raise DataError("no column holds numbers, text or dates", where=name, remedy="Save a flat table.")
    check_unpacked(file.unpacked, len(content), where=name)
    texts = [field.name for field in file.schema if is_text(field.type)]
    columns: dict[int, list[pa.Array]] = {place: [] for place in file.usable}
    taken = 0
    with reading(DAMAGED, where=name, remedy=AGAIN):
        # Dictionaries keep repeated texts small until their full size has been checked.
        for batch in parquet.ParquetFile(
            io.BytesIO(content), read_dictionary=texts, page_checksum_verification=True
        ).iter_batches(batch_size=BATCH):
            taken += batch.nbytes + sum(_text_bytes(batch.column(place)) for place in file.usable)
            check_unpacked(taken, len(content), where=name)
            for place in file.usable:
                columns[place].append(batch.column(place))
    names, renamed = mended([file.schema.field(place).name for place in file.usable])
    series = {}
    for new, place in zip(names, file.usable, strict=True):
        arrays = columns[place]
        series[new] = series_of(
            pa.chunked_array(arrays, type=arrays[0].type if arrays else file.schema.field(place).type),
            where=f"{name}, column {short(new)!r}",
        )
    rounded = [
        new for new, place in zip(names, file.usable, strict=True) if is_rounded(file.schema.field(place).type, series[new])
    ]
    frame = pd.DataFrame(series)
    if not len(frame):
        raise DataError("the file holds columns and no rows", where=name, remedy="Give a table with rows.")
    notes = [*file.notes, *renamed, *rounding(rounded)]
    return Table(frame=frame, name=name, notes=tuple(notes), read={"format": "Parquet"})


def is_rounded(kind: pa.DataType, column: pd.Series) -> bool:
    """Whether a column of whole numbers (or of decimals, which are written out) holds some that a float64 cannot."""
    if pa.types.is_decimal(kind):
        return kind.precision > 15 and bool((column.abs() >= 10.0**15).any())
    if not pa.types.is_integer(kind) or kind.bit_width < 64 or not len(column):
        return False
    return bool(column.max() > WHOLE or column.min() < -WHOLE)


def rounding(names: list[str]) -> list[str]:
    """That, in words."""
    if not names:
        return []
    holds = f"column {short(names[0])!r} holds" if len(names) == 1 else f"columns {listed(names)} hold"
    return [f"{holds} numbers of more digits than can be calculated with: they are rounded to about 16"]


def series_of(column: pa.ChunkedArray, *, where: str) -> pd.Series:
    """A column as a table holds it. Raises DataError for texts that are no UTF-8 or hold a NUL character."""
    with reading("cannot be read", where=where, remedy=AGAIN):
        return _series(column, where)


def _series(column: pa.ChunkedArray, where: str) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        if not is_text(kind.value_type):
            return _series(column.cast(kind.value_type), where)
        for chunk in column.chunks:
            _check_texts(chunk.dictionary, where)
        return pd.Series(column.cast(pa.large_string()).to_pandas(), dtype="str")
    if is_text(kind):
        _check_texts(column, where)
        return pd.Series(column.to_pandas(), dtype="str")
    if pa.types.is_boolean(kind):
        return pd.Series(column.to_pandas())
    if pa.types.is_date(kind):
        return pd.Series(column.cast(pa.timestamp("s")).to_pandas())
    if pa.types.is_timestamp(kind):
        return pd.Series(column.to_pandas())
    if pa.types.is_integer(kind) and not column.null_count:
        return pd.Series(column.to_numpy())
    return pd.Series(column.cast(pa.float64(), safe=False).to_numpy())


def _check_texts(column: "pa.Array | pa.ChunkedArray", where: str) -> None:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid as error:
        raise DataError("holds text that is not UTF-8", where=where, remedy="Save it again, with its texts as UTF-8.") from error
    if pc.any(pc.match_substring(column, "\x00")).as_py():
        raise DataError("holds a text with a NUL character", where=where, remedy="Remove these characters.")


def is_text(kind: pa.DataType) -> bool:
    """Of one cell: a string, short or long; dictionaries of strings do not count."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def is_unusable(kind: pa.DataType) -> bool:
    """Whether a table cannot hold such a column: nested, binary, times of day."""
    if pa.types.is_dictionary(kind):
        return is_unusable(kind.value_type)
    plain = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_boolean,
        pa.types.is_decimal,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_string,
        pa.types.is_large_string,
    )
    return not any(test(kind) for test in plain)


def _text_bytes(array: pa.Array) -> int:
    """What a dictionary of texts takes once it is written out."""
    if not isinstance(array, pa.DictionaryArray) or not is_text(array.type.value_type):
        return 0
    lengths = pc.binary_length(array.dictionary)
    return int(pc.sum(lengths.take(array.indices)).as_py() or 0)
