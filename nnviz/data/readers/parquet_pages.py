"""How many values the pages of a Parquet column hold by their own headers, since the footer may say anything.

A page's header is a struct in Thrift's compact protocol (parquet.thrift, PageHeader); only its few numbers are read."""

from typing import BinaryIO

from pyarrow import parquet

HEADER = 1 << 16
"""Bytes that are read for one header; those with longer statistics are left alone."""
MOST_PAGES = 20_000
_COMPRESSED, _DATA, _DATA_2 = 3, 5, 8
"""Fields of PageHeader: its size on the disk, and the headers of data pages of either version, whose field 1 is the number
of values."""


def rows_in_pages(file: BinaryIO, metadata: parquet.FileMetaData) -> int | None:
    """Rows by the pages of the columns that are not nested; where columns differ, the fewest. None where it cannot be told
    (nested columns only, encrypted, too many pages). Raises OSError."""
    schema = metadata.schema
    flat = [
        place
        for place in range(metadata.num_columns)
        if schema.column(place).max_repetition_level == 0 and schema.column(place).max_definition_level <= 1
    ]
    total, left = 0, MOST_PAGES
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        fewest: int | None = None
        for place in flat:
            counted, left = _values(file, group.column(place), left)
            if counted is None:
                return None
            fewest = counted if fewest is None else min(fewest, counted)
        if fewest is None:
            return None
        total += fewest
    return total


def _values(file: BinaryIO, column: parquet.ColumnChunkMetaData, left: int) -> tuple[int | None, int]:
    start = column.data_page_offset
    if column.has_dictionary_page and column.dictionary_page_offset is not None:
        start = min(start, column.dictionary_page_offset)
    end, values = start + column.total_compressed_size, 0
    while start < end:
        left -= 1
        if left < 0:
            return None, left
        file.seek(start)
        header = file.read(min(HEADER, max(64, end - start)))
        try:
            fields, length = _Compact(header).struct()
        except (IndexError, ValueError, RecursionError):
            return None, left
        compressed = fields.get(_COMPRESSED)
        if not isinstance(compressed, int) or compressed < 0:
            return None, left
        data = fields.get(_DATA) or fields.get(_DATA_2)
        if isinstance(data, dict) and isinstance(data.get(1), int):
            values += data[1]
        start += length + compressed
    return values, left


class _Compact:
    """Numbers and structs of one message; all else is passed over."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def struct(self) -> "tuple[dict[int, object], int]":
        """The fields by their ids, and where the struct ends. Raises IndexError where it does not."""
        fields: dict[int, object] = {}
        number = 0
        while kind := self._byte():
            step, kind = kind >> 4, kind & 15
            number = number + step if step else self._signed()
            fields[number] = self._value(kind)
        return fields, self.at

    def _value(self, kind: int) -> object:
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._signed()
        if kind in (7, 8):
            self._skip(8 if kind == 7 else self._number())
            return None
        if kind in (9, 10):
            head = self._byte()
            count = head >> 4 if head >> 4 != 15 else self._number()
            for _ in range(count):
                self._byte() if head & 15 in (1, 2) else self._value(head & 15)
            return None
        if kind == 12:
            return self.struct()[0]
        raise ValueError("a kind that page headers have not")

    def _byte(self) -> int:
        self.at += 1
        return self.content[self.at - 1]

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self.content):
            raise IndexError

    def _number(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    def _signed(self) -> int:
        number = self._number()
        return number >> 1 ^ -(number & 1)
