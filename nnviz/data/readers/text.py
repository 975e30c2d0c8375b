"""CSV, TSV and their relatives -> Table. The dialect is found on a sample, the rest is Arrow's fast reader; what it
gave is then checked, since parsers accept most broken files in silence."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from nnviz.data.column_names import canonical, mended, short
from nnviz.data.columns import cells, missing_words, numbers
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.columns.report import PREVIEW_COLUMNS, PREVIEW_ROWS, cut
from nnviz.data.columns.wide import FEWEST
from nnviz.data.limits import MAX_COLUMNS
from nnviz.data.readers import dialect
from nnviz.data.readers.encodings import Text
from nnviz.data.readers.malformed import Dialect, check_quotes, line_of, ragged
from nnviz.data.readers.parquet import WHOLE, rounding
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.spec import FileData

_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"([ \t]*(\r\n|\r|\n))*")
_RECORD = re.compile(r'([^"\r\n]|"([^"]|"")*")*+(\r\n|\r|\n|$)')
_FAILED_COLUMN = re.compile(r"In CSV column #(\d+)")
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})?(\.\d*)?([eE][+-]?\d+)?(?<=[\d.])")
_LONG_WHOLE = re.compile(r"(?<![\d.])\d{16,}(?![\d.]*[eE])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
SHORT = 16 << 20
"""Letters of a text that are looked through in a moment."""
LONGEST_CELL = 8 << 20
"""Bytes of one cell of text."""
_TITLES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with BOM",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Latin-1 (Windows-1252)",
    "latin-1": "Latin-1",
    "gb18030": "GBK",
    "gbk": "GBK",
}


def read_text(content: bytes, *, name: str, data: FileData) -> Table:
    """Raises DataError with the line."""
    if Rules.of(data).is_old:
        encoding = dialect.encoding_of(content, data.read.encoding, name=name)
        text = dialect.decode(content, encoding, name=name).removeprefix("\ufeff")
        return table_of(Text(text, encoding, ""), find_dialect(text, name, data), name, Rules.of(data))
    read = composed(dialect.text_of(content, data.read.encoding, name=name))
    layout = find_dialect(read.text, name, data)
    table = table_of(read, layout, name, Rules.of(data))
    return replace(table, notes=(*table.notes, *_open_mark(layout)))


def composed(decoded: Text) -> Text:
    """The text with letters and their accents as one character (NFC): the same word is the same value."""
    if unicodedata.is_normalized("NFC", decoded.text):
        return decoded
    return replace(decoded, text=unicodedata.normalize("NFC", decoded.text))


def find_dialect(text: str, name: str, data: FileData) -> Dialect:
    """How a text is written; what `data` says of it holds. Raises DataError."""
    _check_text(text, name)
    return _find(text, name, data)


def table_of(read: Text, layout: Dialect, name: str, rules: Rules) -> Table:
    """Raises DataError with the line."""
    text = read.text
    _check_width(text, layout, name)
    table = _parse(text, layout, name, rules)
    names, notes = mended(layout.head if layout.has_header else [""] * layout.width, named=layout.has_header)
    if not table.num_rows:
        raise DataError(
            "the file holds a header and no rows",
            where=f"{name}, line {layout.skip + 1}",
            remedy="Add rows below the header, or say that there is no header.",
        )
    check_quotes(table, text, name)
    preview = tuple(tuple(cut(cell) for cell in row[:PREVIEW_COLUMNS]) for row in layout.body[:PREVIEW_ROWS])
    frame = _typed(table, names, layout.decimal, name, rules)
    words: dict[str, dict[str, int]] = {}
    if not rules.is_old:
        frame, words = _with_words(frame, table, text, layout, rules)
    title = "TSV" if layout.separator == "\t" else "CSV"
    sure = {"encoding_sure": read.sure} | ({"row_names": True} if layout.has_row_names else {}) if read.sure else {}
    return Table(
        frame=frame,
        name=name,
        notes=(*read.notes, *notes, *rounding(_rounded(frame, text))),
        preview=preview,
        words=words,
        read={
            "format": title,
            "separator": layout.separator,
            "separator_name": dialect.NAMES.get(layout.separator, layout.separator),
            "decimal": layout.decimal,
            "encoding": read.encoding,
            "encoding_name": _TITLES.get(read.encoding, read.encoding) if rules.is_old else read.title,
            "header": layout.has_header,
            **sure,
        },
    )


def _open_mark(layout: Dialect) -> list[str]:
    return (
        [
            f'dots with three digits behind, as in "{short(layout.open_mark)}", are read as decimal points; if they group '
            'thousands, set data.read.decimal to ","'
        ]
        if layout.open_mark
        else []
    )


def _check_width(text: str, layout: Dialect, name: str) -> None:
    """Refuses too many columns before any is built, and a first row too long for the sample to tell."""
    start = _after_lines(text, layout.skip)
    end = _after_record(text, start)
    first = 0 if text.find('"', start, end) >= 0 else text.count(layout.separator, start, end) + 1
    _check_columns(max(layout.width, len(layout.head), first if layout.separator != dialect.BLANKS else 0), name)


def _check_columns(width: int, name: str) -> None:
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


def _find(text: str, name: str, data: FileData) -> Dialect:
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
    _check_columns(max(width, len(rows[0])), name)
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


def _with_words(
    frame: pd.DataFrame, table: pa.Table, text: str, layout: Dialect, rules: Rules
) -> tuple[pd.DataFrame, dict[str, dict[str, int]]]:
    """Which words in columns of numbers counted as missing; columns that were read as numbers at once are read once more, as
    texts. A column of a single number beside such words stays text, since there they may be values."""
    gaps = [
        place
        for place, name in enumerate(frame.columns)
        if frame.dtypes.iloc[place] == np.float64 and bool(frame.iloc[:, place].isna().any())
    ]
    words: dict[str, dict[str, int]] = {}
    again = [f"c{place}" for place in gaps if table.schema.field(place).type == pa.float64()]
    if again:
        body, separator, quoted = _body(text, layout)
        names = [f"c{index}" for index in range(layout.width)]
        types = dict.fromkeys(names, pa.large_string())
        read_again = _arrow(body, separator, types, layout.decimal, quoted, rules, only=again)
    flags = {}
    for place in gaps:
        name = frame.columns[place]
        column = _whole((read_again if f"c{place}" in again else table).column(f"c{place}"))
        counts = missing_words.counted(column, rules=rules)
        if not counts:
            continue
        if rules.missing is None and frame.iloc[:, place].nunique() <= 1:
            flags[name] = pd.Series(cells.present(column, rules=rules.as_written).to_pandas(), dtype="str")
        else:
            words[str(name)] = counts
    return (frame.assign(**flags) if flags else frame), words


def _parse(text: str, layout: Dialect, name: str, rules: Rules) -> pa.Table:
    body, separator, quoted = _body(text, layout)
    columns = [f"c{index}" for index in range(layout.width)]
    if not body.strip():
        return pa.table({column: pa.array([], pa.large_string()) for column in columns})
    # Columns of numbers are parsed as such at once (three times as fast); one that holds other cells further down is
    # read again as text.
    types = {
        column: pa.float64() if _is_numeric(layout.body, index, layout.decimal, rules) else pa.large_string()
        for index, column in enumerate(columns)
    }
    while True:
        try:
            return _arrow(body, separator, types, layout.decimal, quoted, rules).combine_chunks()
        except pa.ArrowInvalid as error:
            failed = _FAILED_COLUMN.search(str(error))
            if not failed or types[columns[int(failed.group(1))]] != pa.float64():
                raise ragged(text, layout, name) or DataError(
                    f"cannot be read as a table ({str(error)[:200]})", where=name, remedy="Check separators and quotes."
                ) from error
            retries = sum(kind != pa.float64() for kind in types.values())
            types[columns[int(failed.group(1))]] = pa.large_string()
            if retries > 3:
                types = dict.fromkeys(columns, pa.large_string())


def _body(text: str, layout: Dialect) -> tuple[bytes, str, bool]:
    """The rows below the header, what separates their cells, and whether some are quoted."""
    start = _after_lines(text, layout.skip)
    if layout.has_header:
        start = _after_record(text, start)
    body = text[start:].encode("utf-8")
    quoted = b'"' in body
    return (_tabbed(body, quoted), "\t", quoted) if layout.separator == dialect.BLANKS else (body, layout.separator, quoted)


def _arrow(
    body: bytes,
    separator: str,
    types: dict[str, pa.DataType],
    decimal: str,
    quoted: bool,
    rules: Rules,
    *,
    only: Sequence[str] | None = None,
) -> pa.Table:
    return arrow_csv.read_csv(
        io.BytesIO(body),
        read_options=arrow_csv.ReadOptions(column_names=list(types), block_size=_block(len(body))),
        parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=quoted),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types,
            strings_can_be_null=False,
            decimal_point=decimal,
            null_values=_nulls(rules),
            include_columns=list(types) if only is None else list(only),
        ),
    )


def _nulls(rules: Rules) -> list[str]:
    return [form for mark in cells.missing_words(rules) for form in {mark, mark.upper(), mark.title()}]


def _is_numeric(rows: list[list[str]], index: int, decimal: str, rules: Rules) -> bool:
    """Whether a column's sample holds plain numbers or nothing, and at least one number; no codes such as 007."""
    numbers, missing = 0, cells.missing_words(rules)
    for row in rows:
        cell = row[index].strip() if index < len(row) else ""
        if cell.lower() in missing:
            continue
        plain = cell.replace(",", ".") if decimal == "," and "." not in cell else cell
        if not _PLAIN_NUMBER.fullmatch(plain):
            return False
        numbers += 1
    return numbers > 0


def _block(size: int) -> int:
    """Arrow refuses rows longer than a block: small files are one block, large ones blocks of 64 MB."""
    return min(max(size + 1, 1 << 20), 1 << 26)


def _after_lines(text: str, count: int) -> int:
    """Where the first line starts that is not blank, after `count` lines."""
    start = 0
    for _ in range(count):
        line_end = _LINE_END.search(text, start)
        start = line_end.end() if line_end else len(text)
    blank = _BLANK_LINES.match(text, start)
    return blank.end() if blank else start


def _after_record(text: str, start: int) -> int:
    """Where the row that starts at `start` ends, line breaks inside quotes passed over."""
    whole = _RECORD.match(text, start, start + dialect.SAMPLE_BYTES)
    line_end = whole or _LINE_END.search(text, start)
    return line_end.end() if line_end else len(text)


def _tabbed(body: bytes, quoted: bool) -> bytes:
    """Runs of blanks as one tab."""
    if not quoted:
        return re.sub(rb"[ \t]+", b"\t", re.sub(rb"(?m)^[ \t]+|[ \t]+$|[ \t]+(?=\r)", b"", body))
    lines = [dialect.fields(line, dialect.BLANKS) for line in body.decode("utf-8").splitlines()]
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(line for line in lines if line)
    return out.getvalue().encode("utf-8")


def _typed(table: pa.Table, names: list[str], decimal: str, name: str, rules: Rules) -> pd.DataFrame:
    for column, title in zip(table.columns, names, strict=True):
        if column.type != pa.float64() and (pc.max(pc.binary_length(column)).as_py() or 0) > LONGEST_CELL:
            raise DataError(
                f"holds a cell of more than {LONGEST_CELL >> 20} MB",
                where=f"{name}, column {short(title)!r}",
                remedy="Leave this column out of the file, or check the quotes: one may not be closed.",
            )
    if len(names) >= FEWEST and all(column.type == pa.float64() for column in table.columns):
        return pd.DataFrame(np.stack([column.to_numpy() for column in table.columns]).T, columns=pd.Index(names, dtype="str"))
    return pd.DataFrame(
        {
            name: pd.Series(column.to_numpy())
            if column.type == pa.float64()
            else cells.settle(_whole(column), decimal=decimal, rules=rules)
            for name, column in zip(names, table.columns, strict=True)
        }
    )


def _rounded(frame: pd.DataFrame, text: str) -> list[str]:
    """Columns of numbers with whole ones that a float64 cannot hold, written with all their digits."""
    if len(text) < SHORT and not _LONG_WHOLE.search(text):
        return []
    large = [
        str(name) for name, column in frame.items() if column.dtype == np.float64 and len(column) and _beyond(column.to_numpy())
    ]
    return large if large and _LONG_WHOLE.search(text) else []


def _beyond(values: NDArray[np.float64]) -> bool:
    return bool(np.abs(values[np.isfinite(values)]).max(initial=0.0) > WHOLE)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
