"""How a text file is written: encoding, separator, decimal mark, header. Found out on a sample of its lines."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from nnviz.data.column_names import short
from nnviz.data.columns.cells import MISSING
from nnviz.data.readers import encodings
from nnviz.errors import DataError

SEPARATORS = (",", ";", "\t", "|")
BLANKS = " "
"""As a separator: runs of blanks."""
SAMPLE_LINES = 200
SAMPLE_BYTES = 256 * 1024

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", BLANKS: "blanks"}

_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(,\d{3})+\.\d+)([eE][+-]?\d+)?%?")
_COMMA = re.compile(r"[+-]?(\d*|\d{1,3}(\.\d{3})+),\d+([eE][+-]?\d+)?")
_DOT = re.compile(r"[+-]?(\d*|\d{1,3}(,\d{3})+)\.\d+([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_UNIT = r"[^\W\d_$€£¥₹%‰]{0,4}[$€£¥₹%‰]?"
_WRITTEN = re.compile(rf"\(?[+\-\u2212]?\s?({_UNIT})\s?[+\-\u2212]?\d+([\s.'\u2019]\d{{3}})*(,\d+)?-?\s?({_UNIT})\)?")
_NUMBER_BLANK = re.compile(r"[\d.]+\s+\S")
_NUMBER_BLANK_NUMBER = re.compile(r"[\d.]+\s+[+-]?\d")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_NO_FILES = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "undefined", "mbcs", "oem"})
"""Codecs of Python that nobody writes tables in; some run for minutes, or make other text of plain ASCII."""


def find_encoding(content: bytes, *, name: str) -> str:
    """The codec's name. Raises DataError for NUL bytes in what is no UTF-16."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return encoding
    if b"\x00" in content:
        return _wide(content, name)
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        sample = content[max(0, error.start - 2000) : error.start + SAMPLE_BYTES]
    return _single_or_double(sample)


def encoding_of(content: bytes, chosen: str | None, *, name: str) -> str:
    """The codec's name: the one that was chosen, else what is found out. Raises DataError for one that is unknown or is no
    way to write text."""
    if not chosen:
        return find_encoding(content, name=name)
    try:
        codec = codecs.lookup(chosen)
    except (LookupError, ValueError, UnicodeError):
        codec = None
    if codec is None or not codec._is_text_encoding or codec.name.replace("-", "_") in _NO_FILES:
        raise DataError(
            f"unknown encoding {short(chosen)!r}",
            where=f"{name}, encoding",
            remedy="Use utf-8, utf-16, latin-1, cp1252 or gbk, for example.",
        )
    return chosen


def decode(content: bytes, encoding: str, *, name: str) -> str:
    """`encoding`: as `encoding_of` gives it. Raises DataError that names the line where it does not fit."""
    try:
        return content.decode(encoding)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        byte = f": byte {content[start]:#04x} cannot be read" if start < len(content) else ""
        raise DataError(
            f"this is not {encoding}{byte}",
            where=f"{name}, line {line_at(content, start)}",
            remedy="Choose another encoding, or leave it to be found out.",
        ) from error


def text_of(content: bytes, chosen: str | None, *, name: str, expected: str | None = None) -> encodings.Text:
    """The text of a file, without a mark (BOM). `chosen`: the encoding that was set, which is obeyed; `expected`: the one that
    such files had so far. Raises DataError where the encoding that was set does not fit, with the line."""
    if chosen:
        encoding = encoding_of(content, chosen, name=name)
        text = encodings.Text(decode(content, encoding, name=name), encoding, "chosen")
    elif b"\x00" in content or any(content.startswith(bom) for bom, _ in _BOMS):
        encoding = find_encoding(content, name=name)
        text = encodings.Text(decode(content, encoding, name=name), encoding)
    else:
        text = encodings.read(content, expected=expected)
    return replace(text, text=text.text.removeprefix("\ufeff"))


def line_at(content: bytes, place: int) -> int:
    """The number, from 1, of the line that holds the byte at `place`."""
    return content.count(b"\n", 0, place) + 1


def find_separator(lines: Sequence[str], *, is_old: bool = False) -> str:
    """The separator under which most rows have the same number of clean fields; a comma if there is but one column. `is_old`: by
    the first reading rules, which know no thin blanks, currencies and units."""
    best, best_score = ",", 0.0
    for separator in (*SEPARATORS, BLANKS):
        rows = [fields(line, separator) for line in lines]
        width, count = Counter(len(row) for row in rows).most_common(1)[0]
        if width < 2:
            continue
        steady = count / len(rows)
        cells = [cell for row in rows for cell in row]
        clean = float(np.mean([_clean(cell, separator, is_old) for cell in cells]))
        score = steady * clean * (0.6 if separator == BLANKS else 1.0)
        if score > best_score * 1.02:
            best, best_score = separator, score
    return best


def fields(line: str, separator: str) -> list[str]:
    """The fields of one line, quotes respected."""
    if separator == BLANKS:
        if '"' not in line:
            return line.split()
        line = re.sub(r"[ \t]+", " ", line.strip())
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def find_decimal(rows: Sequence[Sequence[str]], separator: str) -> str:
    """`,` where more cells read as 1,5 than as 1.5; 1,234 counts only where nothing speaks against it."""
    commas = dots = grouped = 0
    for row in rows:
        for cell in row:
            cell = cell.strip()
            if _GROUPED.fullmatch(cell):
                grouped += 1
            elif _COMMA.fullmatch(cell):
                commas += 1
            elif _DOT.fullmatch(cell):
                dots += 1
    if separator != "," and not dots:
        commas += grouped
    return "," if commas > dots else "."


def find_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names: words over numbers, or words that do not come again below."""
    head, body = rows[0], rows[1:]
    if not body:
        return not any(_is_value(cell) for cell in head)
    if _counts_on(head, body):
        return True
    votes = 0.0
    for index, cell in enumerate(head):
        column = [row[index].strip() for row in body if index < len(row) and row[index].strip().lower() not in MISSING]
        cell = cell.strip()
        if not column:
            continue
        values = sum(map(_is_value, column)) / len(column)
        if values >= 0.7:
            votes += -1 if _is_value(cell) else 1 if cell and cell.lower() not in MISSING else 0
        elif cell in column:
            votes -= 1
        elif cell and len(set(column)) <= len(column) / 2:
            votes += 0.5
    if votes:
        return votes > 0
    named = [cell.strip() for cell in head]
    return all(named) and len(set(named)) == len(named) and not any(map(_is_value, named))


def _counts_on(head: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Names such as 0, 1, 2 or 2019, 2020, 2021 over rows that do not count on in the same way."""
    named = [(index, int(cell)) for index, cell in enumerate(head) if cell.strip().isdigit()]
    if len(named) < 3 or any(b - a != 1 for (_, a), (_, b) in pairwise(named)):
        return False
    below = [row[index] for row in body[:20] for index, _ in named if index < len(row)]
    return sum(cell.strip().isdigit() for cell in below) < 0.5 * len(below)


def _clean(cell: str, separator: str, is_old: bool) -> float:
    cell = cell.strip()
    if not cell:
        return 0.7
    if not is_old and separator not in (",", BLANKS) and "," in cell and _WRITTEN.fullmatch(cell):
        return 0.9
    if any(other in cell for other in SEPARATORS if other != separator):
        return 0.9 if _NUMBER.fullmatch(cell) and separator != "," else 0.5 if " " in cell else 0.2
    if separator != BLANKS and not _is_value(cell) and _NUMBER_BLANK.match(cell):
        return 0.0 if _NUMBER_BLANK_NUMBER.match(cell) else 0.5
    return 1.0 if _is_value(cell) or len(cell) < 40 else 0.8


def _is_value(cell: str) -> bool:
    cell = cell.strip()
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell) or _GROUPED.fullmatch(cell))


def _wide(content: bytes, name: str) -> str:
    """UTF-16 without a mark: nearly every second byte is zero."""
    sample = np.frombuffer(content[: SAMPLE_BYTES - SAMPLE_BYTES % 2], dtype=np.uint8)
    even, odd = float(np.mean(sample[::2] == 0)), float(np.mean(sample[1::2] == 0))
    for share, other, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if share > 0.4 and other < 0.05 and len(content) % 2 == 0:
            return encoding
    place = content.index(b"\x00")
    line = content.count(b"\n", 0, place) + 1
    raise DataError(
        f"the file holds NUL bytes (the first is byte {place:,}), so it is no text or was damaged",
        where=f"{name}, line {line}",
        remedy="Save the table as CSV again, or remove these bytes.",
    )


def _single_or_double(sample: bytes) -> str:
    """GBK has its high bytes in pairs, Latin-1 mostly one by one; what is neither is left to charset-normalizer."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    high = sum(runs)
    if sum(length for length in runs if length > 1 and length % 2 == 0) >= 0.8 * high:
        leads = re.findall(rb"([\xa1-\xf7])[\xa1-\xfe]", sample)
        common = sum(b"\xb0" <= lead <= b"\xd7" for lead in leads)
        if leads and common >= 0.6 * len(leads):
            return "gb18030"
    if high < 0.12 * len(sample) and sum(length == 1 for length in runs) >= 0.6 * len(runs):
        return "cp1252" if _fits(sample, "cp1252") else "latin-1"
    from charset_normalizer import from_bytes

    guess = from_bytes(sample).best()
    if guess is not None and guess.encoding not in ("utf_8", "ascii"):
        return str(guess.encoding)
    return "cp1252" if _fits(sample, "cp1252") else "latin-1"


def _fits(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
