"""The columns of a text table, parsed by Arrow's CSV reader: as numbers where a sample holds plain ones, else as text."""

import csv
import io
import re
from collections.abc import Sequence

import pyarrow as pa
from pyarrow import csv as arrow_csv

from nnviz.data.columns import cells
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.readers import dialect
from nnviz.data.readers.malformed import Dialect, ragged
from nnviz.errors import DataError

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"([ \t]*(\r\n|\r|\n))*")
_RECORD = re.compile(r'([^"\r\n]|"([^"]|"")*")*+(\r\n|\r|\n|$)')
_FAILED_COLUMN = re.compile(r"In CSV column #(\d+)")
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})?(\.\d*)?([eE][+-]?\d+)?(?<=[\d.])")


def parse_columns(text: str, layout: Dialect, name: str, rules: Rules) -> pa.Table:
    """Columns c0, c1, ... of the rows below the header: float64 or large_string. Raises DataError with the line."""
    body, separator, quoted = body_of(text, layout)
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
            return read_csv(body, separator, types, layout.decimal, quoted, rules).combine_chunks()
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


def body_of(text: str, layout: Dialect) -> tuple[bytes, str, bool]:
    """The rows below the header, what separates their cells, and whether some are quoted."""
    start = after_lines(text, layout.skip)
    if layout.has_header:
        start = after_record(text, start)
    body = text[start:].encode("utf-8")
    quoted = b'"' in body
    return (_tabbed(body, quoted), "\t", quoted) if layout.separator == dialect.BLANKS else (body, layout.separator, quoted)


def read_csv(
    body: bytes,
    separator: str,
    types: dict[str, pa.DataType],
    decimal: str,
    quoted: bool,
    rules: Rules,
    *,
    only: Sequence[str] | None = None,
) -> pa.Table:
    """Rows without a header, in columns of these `types`; of them `only` some. Raises ArrowInvalid."""
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


def after_lines(text: str, count: int) -> int:
    """Where the first line starts that is not blank, after `count` lines."""
    start = 0
    for _ in range(count):
        line_end = _LINE_END.search(text, start)
        start = line_end.end() if line_end else len(text)
    blank = _BLANK_LINES.match(text, start)
    return blank.end() if blank else start


def after_record(text: str, start: int) -> int:
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
