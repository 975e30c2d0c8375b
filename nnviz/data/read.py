"""From the bytes of a file to a table or arrays. The contents decide what it is; the name only breaks ties."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from nnviz.data import dialect
from nnviz.data.arrayfile import read_arrays
from nnviz.data.imagezip import read_images
from nnviz.data.names import mended
from nnviz.data.refuse import check_content, is_npz, max_memory
from nnviz.data.tables import Arrays, Table
from nnviz.data.textfile import read_text
from nnviz.errors import DataError
from nnviz.spec import FileData

MAX_COLUMNS = 20_000


def read(content: bytes, *, name: str, data: FileData) -> Table | Arrays:
    """`name`: the file's name, for messages. `data.read` and `data.header` override what is found out.
    Raises DataError with the file, the place in it and a remedy."""
    name = PurePath(name).name or name
    check_content(content, name=name)
    if content.startswith(b"PAR1"):
        found: Table | Arrays = _parquet(content, name)
    elif content.startswith(b"PK") and not is_npz(content):
        found = read_images(content, name=name, size=data.size)
    elif content.startswith(b"PK"):
        found = read_arrays(content, name=name)
    elif _is_json(content, name):
        found = _json(content, name, data)
    else:
        for ending, what in ((".parquet", "Parquet"), (".npz", ".npz")):
            if name.lower().endswith(ending):
                raise DataError(
                    f"this is no {what} file, whatever its name says",
                    where=f"{name}, first bytes",
                    remedy="Save it again, or give it the right name if it is a text table.",
                )
        try:
            found = read_text(content, name=name, data=data)
        except (csv.Error, pa.ArrowException, UnicodeError, OverflowError) as error:
            raise DataError(
                f"cannot be read as a table ({str(error)[:200]})",
                where=name,
                remedy="Check separators, quotes and encoding.",
            ) from error
    if data.image_size is not None and not (isinstance(found, Arrays) and found.classes_why):
        raise DataError("image_size is for a zip or a folder of images, and this is none", where=name,
                        remedy="Leave data.image_size out.")
    if isinstance(found, Table) and len(found.frame.columns) > MAX_COLUMNS:
        raise DataError(
            f"{len(found.frame.columns):,} columns are more than {MAX_COLUMNS:,}",
            where=name,
            remedy="Give fewer columns, or choose another separator.",
        )
    return found


def _is_json(content: bytes, name: str) -> bool:
    head = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if name.lower().endswith((".json", ".jsonl", ".ndjson")):
        return True
    return head.startswith(b'{"') or head.replace(b" ", b"").replace(b"\r", b"").replace(b"\n", b"").startswith(b"[{")


def _json(content: bytes, name: str, data: FileData) -> Table:
    encoding = data.read.encoding or dialect.find_encoding(content, name=name)
    text = dialect.decode(content, encoding, name=name).removeprefix("\ufeff").strip()
    records = _records(text, name)
    if not records:
        raise DataError("holds no records", where=name, remedy='Give a list of records: [{"a": 1, "b": "x"}, ...].')
    keys: dict[str, None] = {}
    for index, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise DataError(
                f"item {index + 1} is {_kind(record)}, not a record",
                where=f"{name}, item {index + 1}",
                remedy='Give a list of records: [{"a": 1, "b": "x"}, ...].',
            )
        keys.update(dict.fromkeys(record))
    if not keys:
        raise DataError(
            "the records are empty", where=f"{name}, item 1", remedy='Give records such as {"a": 1, "b": "x"}.'
        )
    notes: list[str] = []
    columns: dict[str, pd.Series] = {}
    for key in keys:
        cells = [record.get(key) for record in records]
        nested = next((index for index, cell in enumerate(cells) if isinstance(cell, list | dict)), None)
        if nested is not None:
            notes.append(f"column {key!r} holds {_kind(cells[nested])} (item {nested + 1}): left out")
            continue
        columns[key] = _settled(cells)
    if not columns:
        raise DataError(
            "every column holds lists or records inside",
            where=f"{name}, item 1",
            remedy="Give flat records: one number or text for each name.",
        )
    names, renamed = mended(list(columns))
    frame = pd.DataFrame(dict(zip(names, columns.values(), strict=True)))
    return Table(frame=frame, name=name, notes=(*notes, *renamed), read={"format": "JSON", "encoding": encoding})


def _records(text: str, name: str) -> list[Any]:
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise DataError("is nested too deeply", where=name, remedy="Give a flat list of records.") from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and lines[0].lstrip().startswith("{"):
            return _json_lines(lines, name)
        line = getattr(error, "lineno", 1)
        raise DataError(
            f"this is not JSON ({error})",
            where=f"{name}, line {line}",
            remedy='Give a list of records: [{"a": 1, "b": "x"}, ...].',
        ) from error
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        if (
            lists
            and len(lists) == len(found)
            and len({len(value) for value in lists}) == 1
            and not any(isinstance(cell, dict) for value in lists for cell in value[:1])
        ):
            return [dict(zip(found, row, strict=True)) for row in zip(*lists, strict=True)]
        tables = [value for value in lists if value and isinstance(value[0], dict)]
        if len(tables) == 1:
            return tables[0]
        return [found]
    if not isinstance(found, list):
        raise DataError(
            f"holds {_kind(found)}, not records",
            where=f"{name}, line 1",
            remedy='Give a list of records: [{"a": 1, "b": "x"}, ...].',
        )
    return found


def _json_lines(lines: list[str], name: str) -> list[Any]:
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"this is not JSON ({error})",
                where=f"{name}, line {number}",
                remedy="Give one record a line, or one list of records.",
            ) from error
    return found


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


def _parquet(content: bytes, name: str) -> Table:
    try:
        source = parquet.ParquetFile(io.BytesIO(content))
        schema = source.schema_arrow
        _check_parquet(source.metadata.num_rows, schema, name)
        texts = [field.name for field in schema if is_text(field.type)]
        kept = [index for index, field in enumerate(schema) if not is_unusable(field.type)]
        notes = [f"column {field.name!r} holds {field.type}: left out" for field in schema if is_unusable(field.type)]
        if not kept:
            raise DataError("no column holds numbers, text or dates", where=name, remedy="Save a flat table.")
        # Dictionaries keep repeated texts small until their full size has been checked.
        source = parquet.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        columns = {index: [] for index in kept}  # type: dict[int, list[pa.Array]]
        taken = 0
        for batch in source.iter_batches(batch_size=65_536):
            taken += batch.nbytes + sum(_text_bytes(batch.column(index)) for index in kept)
            if taken > max_memory():
                raise DataError(
                    f"unpacks to more than {max_memory() / 2**30:,.1f} GB",
                    where=name,
                    remedy="Give fewer rows or columns.",
                )
            for index in kept:
                columns[index].append(batch.column(index))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            f"the Parquet file is damaged ({str(error)[:150]})", where=name, remedy="Save it again."
        ) from error
    names, renamed = mended([schema.field(index).name for index in kept])
    found = {}
    for new, index in zip(names, kept, strict=True):
        arrays = columns[index]
        found[new] = series_of(pa.chunked_array(arrays, type=arrays[0].type if arrays else schema.field(index).type))
    frame = pd.DataFrame(found)
    if not len(frame):
        raise DataError("the file holds columns and no rows", where=name, remedy="Give a table with rows.")
    return Table(frame=frame, name=name, notes=(*notes, *renamed), read={"format": "Parquet"})


def _check_parquet(rows: int, schema: pa.Schema, name: str) -> None:
    """The file's own size entries can lie; rows times the width of a row cannot be less than what reading takes."""
    width = sum(field.type.bit_width / 8 if pa.types.is_primitive(field.type) else 8 for field in schema)
    if rows * width > max_memory():
        raise DataError(
            f"{rows:,} rows of {len(schema)} columns would take {rows * width / 2**30:,.1f} GB of memory, more than "
            f"{max_memory() / 2**30:,.1f} GB",
            where=name,
            remedy="Give fewer rows or columns.",
        )


def series_of(column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        if not pa.types.is_string(kind.value_type) and not pa.types.is_large_string(kind.value_type):
            return series_of(column.cast(kind.value_type))
        return pd.Series(column.cast(pa.large_string()).to_pandas(), dtype="str")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
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


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def is_unusable(kind: pa.DataType) -> bool:
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
