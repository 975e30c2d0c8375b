"""JSON -> Table: a list of records, one record a line, or lists by column."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from nnviz.data.column_names import mended, short
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.limits import MAX_COLUMNS
from nnviz.data.readers import dialect
from nnviz.data.readers.foreign_errors import words_of
from nnviz.data.readers.parquet import WHOLE, rounding
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.spec import FileData

CELLS = 4_000_000
"""Cells of a table that are built however small the file is; a larger file may have as many as it has letters."""
_RECORDS = 'Give a list of records: [{"a": 1, "b": "x"}, ...].'
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def is_json(content: bytes, name: str) -> bool:
    """By the ending of the name, or by first bytes that open a record or a list of records."""
    head = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if name.lower().endswith((".json", ".jsonl", ".ndjson")):
        return True
    return head.startswith(b'{"') or head.replace(b" ", b"").replace(b"\r", b"").replace(b"\n", b"").startswith(b"[{")


def read_json(content: bytes, name: str, data: FileData) -> Table:
    """Raises DataError with the line or the item."""
    notes: list[str] = []
    if Rules.of(data).is_old:
        encoding = dialect.encoding_of(content, data.read.encoding, name=name)
        text = dialect.decode(content, encoding, name=name).removeprefix("\ufeff").strip()
    else:
        read = dialect.text_of(content, data.read.encoding, name=name)
        encoding, text, notes = read.encoding, read.text.strip(), list(read.notes)
    twice: Counter[str] = Counter()
    records = _records(text, name, twice)
    if not records:
        raise DataError("holds no records", where=name, remedy=_RECORDS)
    keys = _keys(records, name)
    if len(keys) * len(records) > max(CELLS, len(text)):
        raise DataError(
            f"{len(records):,} records with {len(keys):,} names between them make {len(keys) * len(records):,} "
            "cells, most of them empty",
            where=name,
            remedy="Give every record the same names, or fewer records.",
        )
    if _HALF.search(text) or "\\u0000" in text or "\x00" in text:
        _check_letters(records, name)
    notes += [
        f"the name {short(key)!r} stands more than once in a record ({count:,} times in all): the last of its values is read"
        for key, count in twice.most_common(5)
    ]
    notes += [f"{len(twice) - 5:,} more names stand more than once in a record"] if len(twice) > 5 else []
    columns: dict[str, pd.Series] = {}
    rounded: list[str] = []
    left_out: list[str] = []
    for key in keys:
        cells = [record.get(key) for record in records]
        nested = next((index for index, cell in enumerate(cells) if isinstance(cell, list | dict)), None)
        if nested is not None:
            left_out.append(f"column {short(key)!r} holds {_kind(cells[nested])} (item {nested + 1}): left out")
            continue
        columns[key] = _settled(cells)
        if columns[key].dtype == np.float64 and any(isinstance(cell, int) and not -WHOLE <= cell <= WHOLE for cell in cells):
            rounded.append(key)
    if not columns:
        raise DataError(
            "every column holds lists or records inside",
            where=f"{name}, item 1",
            remedy="Give flat records: one number or text for each name.",
        )
    if len(left_out) > 6:
        left_out = [*left_out[:5], f"{len(left_out) - 5:,} more columns hold lists or records: left out"]
    names, renamed = mended(list(columns))
    frame = pd.DataFrame(dict(zip(names, columns.values(), strict=True)))
    return Table(
        frame=frame,
        name=name,
        notes=(*notes, *left_out, *renamed, *rounding(rounded)),
        read={"format": "JSON", "encoding": encoding},
    )


def _keys(records: list[Any], name: str) -> dict[str, None]:
    keys: dict[str, None] = {}
    for index, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise DataError(
                f"item {index + 1} is {_kind(record)}, not a record", where=f"{name}, item {index + 1}", remedy=_RECORDS
            )
        keys.update(dict.fromkeys(record))
        if len(keys) > MAX_COLUMNS:
            raise DataError(
                f"the records have more than {MAX_COLUMNS:,} names between them (at item {index + 1})",
                where=name,
                remedy="Give fewer columns: every name becomes one.",
            )
    if not keys:
        raise DataError("the records are empty", where=f"{name}, item 1", remedy='Give records such as {"a": 1, "b": "x"}.')
    return keys


def _check_letters(records: list[Any], name: str) -> None:
    """Halves of characters, which JSON can write and no text can hold, and NUL characters."""
    for index, record in enumerate(records, start=1):
        for key, cell in record.items():
            for text in (key, cell):
                if not isinstance(text, str):
                    continue
                where = f"{name}, item {index}, {short(key)!a}"
                if "\x00" in text:
                    raise DataError("holds a NUL character (\\u0000)", where=where, remedy="Remove it.")
                try:
                    text.encode("utf-8")
                except UnicodeEncodeError as error:
                    raise DataError(
                        f"holds half a character (\\u{ord(text[error.start]):04x} without its other half)",
                        where=where,
                        remedy="Write the whole character, or remove it.",
                    ) from error


def _records(text: str, name: str, twice: Counter[str]) -> list[Any]:
    try:
        content = _parsed(text, name, 0, twice)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and lines[0].lstrip().startswith("{"):
            twice.clear()
            return _json_lines(lines, name, twice)
        raise DataError(f"this is not JSON ({words_of(error)})", where=f"{name}, line {error.lineno}", remedy=_RECORDS) from error
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        if (
            lists
            and len(lists) == len(content)
            and len({len(value) for value in lists}) == 1
            and not any(isinstance(cell, dict) for value in lists for cell in value[:1])
        ):
            _keys([content], name)
            return [dict(zip(content, row, strict=True)) for row in zip(*lists, strict=True)]
        tables = [value for value in lists if value and isinstance(value[0], dict)]
        if len(tables) == 1:
            return tables[0]
        return [content]
    if not isinstance(content, list):
        raise DataError(f"holds {_kind(content)}, not records", where=f"{name}, line 1", remedy=_RECORDS)
    return content


def _json_lines(lines: list[str], name: str, twice: Counter[str]) -> list[Any]:
    records = []
    for number, line in enumerate(lines, start=1):
        try:
            records.append(_parsed(line, name, number, twice))
        except json.JSONDecodeError as error:
            raise DataError(
                f"this is not JSON ({words_of(error)})",
                where=f"{name}, line {number}",
                remedy="Give one record a line, or one list of records.",
            ) from error
    return records


def _parsed(text: str, name: str, line: int, twice: Counter[str]) -> Any:
    """Raises JSONDecodeError, and DataError for what is JSON and still cannot be held. `line` 0: the whole file."""

    def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            twice.update(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return made

    where = f"{name}, line {line}" if line else name
    try:
        return json.loads(text, object_pairs_hook=record)
    except json.JSONDecodeError:
        raise
    except RecursionError as error:
        raise DataError("is nested too deeply", where=where, remedy="Give a flat list of records.") from error
    except ValueError as error:
        # the only other thing that Python's reader refuses
        raise DataError(
            "holds a whole number of more than 4,300 digits",
            where=where,
            remedy="Give numbers of at most 300 digits, or write it as a text.",
        ) from error


def _settled(cells: list[Any]) -> pd.Series:
    """Numbers where every cell is one; texts and mixed cells stay as they are."""
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in known):
        try:
            return pd.Series(np.array([np.nan if cell is None else float(cell) for cell in cells]))
        except OverflowError:
            pass
    if known and all(isinstance(cell, str) for cell in known):
        return pd.Series(cells, dtype="str")
    return pd.Series(cells, dtype=object)


def _kind(value: Any) -> str:
    return {dict: "a record", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}.get(
        type(value), "a number"
    )
