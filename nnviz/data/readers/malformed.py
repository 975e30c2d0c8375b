"""Where a text table is broken: rows of another length, quotes that are never closed."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from nnviz.data.readers import dialect
from nnviz.errors import DataError


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text table is laid out. `separator`: one character, a blank for runs of them; `decimal`: "." or ","; `head`: the
    names in the header or, without one, the first row; `width`: fields of a row."""

    separator: str
    decimal: str
    has_header: bool
    skip: int
    """Lines before the header or, without one, before the first row."""
    head: list[str]
    width: int
    body: list[list[str]]
    """The fields of the first rows, without the header."""
    has_row_names: bool = False
    """Whether the header is one name short: the first field of each row is its name."""
    open_mark: str = ""
    """A field that shows that nothing decides whether dots group thousands."""


def check_quotes(table: pa.Table, text: str, name: str) -> None:
    """A quote that is never closed swallows rows: an odd number of quotes, and a cell of several lines."""
    if text.count('"') % 2 == 0:
        return
    for column in (column for column in table.columns if column.type != pa.float64()):
        inside = pc.greater(pc.count_substring(column, pattern="\n"), 0)
        if pc.any(inside).as_py():
            cell = column.filter(inside)[-1].as_py()
            place = text.find('"' + cell[:60].replace('"', '""'))
            raise _never_closed(name, line_of(text, max(place, 0)))


def ragged(text: str, layout: Dialect, name: str) -> DataError | None:
    """The error that names the first rows with another number of fields; None where every row has `layout.width`."""
    wrong: list[tuple[int, int]] = []
    count, previous = 0, 0
    is_odd = text.count('"') % 2 == 1
    rows: Iterator[tuple[int, list[str]]]
    if layout.separator == dialect.BLANKS:
        rows = ((number, dialect.fields(line, dialect.BLANKS)) for number, line in enumerate(text.splitlines(), start=1))
    else:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.separator)
        rows = ((reader.line_num, row) for row in reader)
    start = layout.skip + int(layout.has_header)
    try:
        for line, row in rows:
            first_line, previous = previous + 1, line
            if not row or line <= start or len(row) == layout.width:
                continue
            if is_odd and not count and any("\n" in cell for cell in row):
                broken = next(index for index, cell in enumerate(row) if "\n" in cell)
                return _never_closed(name, first_line + sum(cell.count("\n") for cell in row[:broken]))
            count += 1
            if len(wrong) < 5:
                wrong.append((first_line, len(row)))
    except csv.Error:
        return _never_closed(name, previous + 1)
    if not wrong:
        return None
    line, width = wrong[0]
    others = ""
    if count > 1:
        places = ", ".join(str(place) for place, _ in wrong[1:]) + (", ..." if count > 5 else "")
        others = f"; {count - 1:,} more of another length: line{'s' if count > 2 else ''} {places}"
    return DataError(
        f"this row has {width} field{'' if width == 1 else 's'} where the others have {layout.width}{others}",
        where=f"{name}, line {line}",
        remedy="Give every row the same number of fields: put quotes around text that holds the separator, "
        "or choose another separator.",
    )


def _never_closed(name: str, line: int) -> DataError:
    return DataError(
        "a quote that is opened here is never closed",
        where=f"{name}, line {line}",
        remedy="Close the quote, or write a quote inside quotes twice.",
    )


def line_of(text: str, place: int) -> int:
    """The number, from 1, of the line that holds the character at `place`."""
    return text.count("\n", 0, place) + 1
