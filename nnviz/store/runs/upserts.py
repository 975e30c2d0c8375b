"""INSERT statements that may be repeated, in the dialect of the database; each is built once."""

from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Table


@cache
def insert_new(table: Table, is_sqlite: bool) -> Any:
    """INSERT of rows; those whose key exists already stay as they are."""
    return _dialect(is_sqlite).insert(table).on_conflict_do_nothing()


@cache
def insert_or_replace(table: Table, is_sqlite: bool) -> Any:
    """INSERT of a row, replacing the one with the same key."""
    statement: Any = _dialect(is_sqlite).insert(table)
    keys = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys},
    )


def _dialect(is_sqlite: bool) -> Any:
    """Imported when needed: the other one would add a tenth of a second to the start of every command."""
    return import_module(f"sqlalchemy.dialects.{'sqlite' if is_sqlite else 'postgresql'}")
