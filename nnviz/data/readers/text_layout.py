"""How the rows of a text table are laid out: comments and blank lines above them, header, separator, decimal mark, width."""

import re
from collections import Counter

from nnviz.data.column_names import canonical, short
from nnviz.data.columns import numbers
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.limits import MAX_COLUMNS
from nnviz.data.readers import dialect
from nnviz.data.readers.malformed import Dialect, line_of
from nnviz.errors import DataError
from nnviz.spec import FileData

_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def find_dialect(text: str, name: str, data: FileData) -> Dialect:
    """How a text is written; what `data` says of it holds. Raises DataError."""
    _check_text(text, name)
    return _layout_of(text, name, data)


def check_columns(width: int, name: str) -> None:
    """Raises DataError for more than MAX_COLUMNS."""
    if width > MAX_COLUMNS:
        raise DataError(
            f"{width:,} columns are more than {MAX_COLUMNS:,}",
            where=name,
            remedy="Give fewer columns, or choose another separator.",
        )


def _check_text(text: str, name: str) -> None:
    place = text.find("\x00")
    if place >= 0:
        raise DataError(
            f"the file holds NUL characters (the first at {place:,})",
            where=f"{name}, line {line_of(text, place)}",
            remedy="Save the table as CSV again, or remove them.",
        )
    sample = text[:100_000]
    strange = _CONTROL.findall(sample)
    if len(strange) > 0.01 * len(sample):
        first = _CONTROL.search(sample)
        line = line_of(text, first.start()) if first else 1
        raise DataError(
            "this is binary data, not text",
            where=f"{name}, line {line}",
            remedy="Give a table as CSV, TSV, JSON records, Parquet or .npz.",
        )


def _layout_of(text: str, name: str, data: FileData) -> Dialect:
    lines = _first_lines(text)
    skip = 0
    chosen = _separator(data.read.separator, name)
    marked = _SEP_LINE.fullmatch(lines[0])
    if marked:
        chosen, skip, lines = chosen or marked.group(1), 1, lines[1:]
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise DataError("the file holds no rows", where=name, remedy="Give a header and rows.")
    separator = chosen or dialect.find_separator(filled, is_old=Rules.of(data).is_old)
    rows = [dialect.fields(line, separator) for line in filled]
    width = Counter(len(row) for row in rows[1:] or rows).most_common(1)[0][0]
    check_columns(max(width, len(rows[0])), name)
    comments = 0
    while comments < len(rows) - 1 and filled[comments].startswith(("#", "%")) and len(rows[comments]) != width:
        comments += 1
    position = 0
    for line in lines:
        if line.strip():
            if comments == 0:
                break
            comments -= 1
            rows = rows[1:]
        position += 1
    decimal, open_mark = data.read.decimal or "", ""
    if not decimal:
        decimal, open_mark = (
            (dialect.find_decimal(rows, separator), "") if Rules.of(data).is_old else numbers.file_decimal(rows, separator)
        )
    has_header = data.header if data.header is not None else dialect.find_header(rows)
    head = [cell.strip() if Rules.of(data).is_old else canonical(cell) for cell in rows[0]]
    is_short = False
    if has_header and len(rows) == 1:
        raise DataError(
            "the file holds a header and no rows",
            where=f"{name}, line {skip + position + 1}",
            remedy="Add rows below the header, or say that there is no header.",
        )
    if has_header and len(head) == width - 1:
        # R writes row names without a name for their column; others end each row with a separator.
        ends = all(len(row) == width and not row[-1].strip() for row in rows[1:])
        head = [*head, ""] if ends else ["", *head]
        is_short = not ends
    elif not has_header:
        width = len(head) if len(rows) < 3 else width
    return Dialect(
        separator=separator,
        decimal=decimal,
        has_header=has_header,
        skip=skip + position,
        head=head,
        width=len(head) if has_header else width,
        body=rows[1:] if has_header else rows,
        has_row_names=is_short,
        open_mark=open_mark,
    )


def _separator(chosen: str | None, name: str) -> str | None:
    if chosen is None:
        return None
    words = {title: mark for mark, title in dialect.NAMES.items()} | {
        "\\t": "\t",
        "blank": " ",
        "space": " ",
        "whitespace": " ",
        "\\s+": " ",
        "pipe": "|",
    }
    mark = words.get(chosen.lower(), chosen)
    if len(mark) != 1 or mark in '"\r\n\x00' or not mark.isascii():
        raise DataError(
            f"{short(chosen)!r} cannot be a separator",
            where=f"{name}, separator",
            remedy="Give one character, or one of comma, semicolon, tab, bar, blanks.",
        )
    return mark


def _first_lines(text: str) -> list[str]:
    """The first lines; a quoted line break does not end one."""
    sample = text[: dialect.SAMPLE_BYTES]
    lines = re.split(r"\r\n|\r|\n", sample)
    if len(sample) < len(text) and len(lines) > 1:
        lines.pop()
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1].count('"') % 2 and len(joined[-1]) < 10_000:
            joined[-1] += "\n" + line
        else:
            joined.append(line)
        if len(joined) > dialect.SAMPLE_LINES:
            joined.pop()
            break
    return joined
