"""CSV, TSV and their relatives -> Table. The dialect is found on a sample, the rest is Arrow's fast reader; what it
gave is then checked, since parsers accept most broken files in silence."""

import re
import unicodedata
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.column_names import mended, short
from nnviz.data.columns import cells, missing_words
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.columns.report import PREVIEW_COLUMNS, PREVIEW_ROWS, cut
from nnviz.data.columns.wide import FEWEST
from nnviz.data.readers import dialect
from nnviz.data.readers.encodings import Text
from nnviz.data.readers.malformed import Dialect, check_quotes
from nnviz.data.readers.parquet import WHOLE, rounding
from nnviz.data.readers.text_columns import after_lines, after_record, body_of, parse_columns, read_csv
from nnviz.data.readers.text_layout import check_columns, find_dialect
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.spec import FileData

_LONG_WHOLE = re.compile(r"(?<![\d.])\d{16,}(?![\d.]*[eE])")
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
    """The table in the bytes of a CSV, TSV or similar file. Raises DataError with the line."""
    if Rules.of(data).is_old:
        encoding = dialect.encoding_of(content, data.read.encoding, name=name)
        text = dialect.decode(content, encoding, name=name).removeprefix("\ufeff")
        return table_of(Text(text, encoding, ""), find_dialect(text, name, data), name, Rules.of(data))
    read = normalized(dialect.text_of(content, data.read.encoding, name=name))
    layout = find_dialect(read.text, name, data)
    table = table_of(read, layout, name, Rules.of(data))
    return replace(table, notes=(*table.notes, *_open_mark(layout)))


def normalized(decoded: Text) -> Text:
    """The text with letters and their accents as one character (NFC): the same word is the same value."""
    if unicodedata.is_normalized("NFC", decoded.text):
        return decoded
    return replace(decoded, text=unicodedata.normalize("NFC", decoded.text))


def table_of(read: Text, layout: Dialect, name: str, rules: Rules) -> Table:
    """The table in a text that is laid out like this. Raises DataError with the line."""
    text = read.text
    _check_width(text, layout, name)
    table = parse_columns(text, layout, name, rules)
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
        frame, words = _with_missing_words(frame, table, text, layout, rules)
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
    start = after_lines(text, layout.skip)
    end = after_record(text, start)
    first = 0 if text.find('"', start, end) >= 0 else text.count(layout.separator, start, end) + 1
    check_columns(max(layout.width, len(layout.head), first if layout.separator != dialect.BLANKS else 0), name)


def _with_missing_words(
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
        body, separator, quoted = body_of(text, layout)
        names = [f"c{index}" for index in range(layout.width)]
        types = dict.fromkeys(names, pa.large_string())
        read_again = read_csv(body, separator, types, layout.decimal, quoted, rules, only=again)
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
