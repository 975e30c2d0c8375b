"""Which version a store's tables have, and the way to today's.

A store says its version in alembic's own table, `alembic_version`. Opening one of today's version costs one SELECT;
alembic is loaded only where there is something to migrate. Whoever opens an older store holds its write lock meanwhile, so
of several processes one migrates and the others wait and find it done; a migration that fails leaves the store as it was.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.schema import CreateColumn

from nnviz.errors import RequestError
from nnviz.store.schema import metadata

if TYPE_CHECKING:
    from nnviz.store.database import Database

SCRIPTS = Path(__file__).parent / "migrations"
BASELINE = "0001"
"""What a store has that was made before versions were written down."""
HEAD = "0004"
"""The version of the tables in `nnviz.store.schema`; there is a file of this number in `migrations/versions`."""
_LOCK = 0x6E6E76697A
"""The number of PostgreSQL's advisory lock: "nnviz"."""


def bring_up_to_date(db: "Database") -> None:
    """Makes the tables of a new store and migrates those of an older one. Raises RequestError for a store of a newer
    nnviz, which is left untouched."""
    with db.read() as connection:
        if _version(connection) == HEAD:
            return
    with db.write() as connection:
        if not db.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        tables = set(inspect(connection).get_table_names())
        version = _version(connection) if "alembic_version" in tables else None
        if version == HEAD:
            return
        if version is not None and version not in known():
            raise RequestError(
                f"the store was made by a newer nnviz (its tables have version {version}; this nnviz knows them up to {HEAD})",
                where=db.name,
                remedy="Update nnviz (git pull, then pip install -r requirements.txt), or use another store "
                "with NNVIZ_HOME or --store. Nothing in it was changed.",
            )
        if "runs" not in tables:
            metadata.create_all(connection)
            _stamp(connection, HEAD)
            return
        if version is None:
            _stamp(connection, BASELINE)
        migrate(connection)


def migrate(connection: Connection, *, to: str = "head") -> None:
    """Runs the revisions that the store lacks, in the transaction that `connection` is in."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def add_missing(connection: Connection) -> None:
    """Makes the tables that are missing, and adds to the others the columns that they lack, with their indexes: what most
    revisions come to. A new column may be empty or has a default of the database's."""
    metadata.create_all(connection)
    inspector = inspect(connection)
    for table in metadata.tables.values():
        have = {column["name"] for column in inspector.get_columns(table.name)}
        fresh = [column for column in table.columns if column.name not in have]
        for column in fresh:
            words = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {words}")
        for index in table.indexes:
            if any(column in fresh for column in index.columns):
                index.create(connection, checkfirst=True)


def known() -> list[str]:
    """The versions that this nnviz knows, oldest first."""
    return sorted(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def digest() -> str:
    """16 hex digits that change with the tables' and columns' names and types."""
    words = [
        f"{table.name}.{column.name} {column.type} {column.nullable}"
        for table in metadata.tables.values()
        for column in table.columns
    ]
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()[:16]


def _version(connection: Connection) -> str | None:
    try:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except (OperationalError, ProgrammingError):
        return None  # there is no such table


def _stamp(connection: Connection, version: str) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("DELETE FROM alembic_version")
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:version)"), {"version": version})
