"""Which tables hold a run's rows, and which blobs rows refer to: read from the schema, so that a new table is included.

A row refers to a blob where its sha256 is in one of its texts: a column of its own, or anywhere in a JSON document.
"""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Column, Connection, LargeBinary, String, Table, select

from nnviz.store.schema import blob_parts, blobs, epochs, events, frames, metadata, presence, runs, steps, workers

_SHA256 = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_WITHOUT = {table.name for table in (blobs, blob_parts, steps, epochs, events, frames, presence, workers)}
"""Long tables that never refer to a blob."""
_WITHOUT_COLUMNS = {"encoder", "log", "error"}


def run_tables() -> list[Table]:
    """The tables whose column `run` points to a run, in the order in which rows can be put into them."""
    return [
        table
        for table in metadata.sorted_tables
        if "run" in table.c and any(key.column is runs.c.id for key in table.c.run.foreign_keys)
    ]


def hashes_in(words: Iterable[object]) -> set[str]:
    """The sha256 in these texts."""
    return {sha256 for text in words if isinstance(text, str) for sha256 in _SHA256.findall(text)}


def referenced(connection: Connection) -> set[str]:
    """The sha256 of the blobs that any row refers to."""
    hashes: set[str] = set()
    for table in metadata.tables.values():
        columns = _columns(table)
        if columns:
            for row in connection.execute(select(*columns)):
                hashes |= hashes_in(row)
    return hashes


def referenced_by_run(connection: Connection) -> Iterator[tuple[str, set[str]]]:
    """(run id, sha256 of the blobs that one row of it refers to); a run may come more than once."""
    for table in (runs, *run_tables()):
        columns = _columns(table)
        if columns:
            for row in connection.execute(select(table.c.id if table is runs else table.c.run, *columns)):
                if hashes := hashes_in(row[1:]):
                    yield row[0], hashes


def _columns(table: Table) -> list[Column[str]]:
    if table.name in _WITHOUT:
        return []
    return [
        column
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, LargeBinary)
        and (column.type.length is None or column.type.length >= 64)
        and column.name not in _WITHOUT_COLUMNS
    ]
