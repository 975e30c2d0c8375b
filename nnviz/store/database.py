"""The connection to the database, and what SQLite needs to be one: WAL, BEGIN IMMEDIATE, a long busy timeout.

With SQLAlchemy's own deferred BEGIN, most commits of several writers fail with "database is locked"; taking the write
lock at the start lets them queue instead.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, func, literal_column
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError as SqlDatabaseError, OperationalError

from nnviz.errors import RequestError, StoreFull
from nnviz.store import versions
from nnviz.store.opening import BUSY_SECONDS, default_url, home, open_engine, without_password

__all__ = ["BUSY_SECONDS", "Database", "default_url", "home"]


class Database:
    """One engine a process. `read()` gives a connection that takes no lock, `write()` one transaction; within it, further
    calls of both by the same thread belong to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = without_password(url)
        """The URL without its password, for messages."""
        self._open = threading.local()
        self.engine: Engine
        self.engine, self.is_read_only = open_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        try:
            versions.bring_up_to_date(self)
        except SqlDatabaseError as error:
            if _is_full(error):
                raise StoreFull.at(self.name) from error
            raise RequestError(
                f"the store cannot be opened ({_short(error)})",
                where=self.name,
                remedy="Check --store, NNVIZ_STORE and NNVIZ_HOME: the file must be nnviz's own and readable, the "
                "server must be there.",
            ) from error
        self._file = self._file_now()

    def is_there(self) -> bool:
        """Whether SQLite's file is still the one that was opened: what is written to one that was removed or replaced is
        silently lost. Any other database raises an error itself."""
        return self._file_now() == self._file

    def _file_now(self) -> tuple[int, int] | None:
        place = make_url(self.url).database if self.is_sqlite else None
        if not place or place == ":memory:":
            return None
        try:
            status = os.stat(place)
        except OSError:
            return (0, 0)
        return status.st_dev, status.st_ino

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that takes no lock; within a `write` of this thread, the one of its transaction."""
        mine = getattr(self._open, "connection", None)
        if mine is not None:
            yield mine
            return
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, or the one that this thread is in. Raises RequestError for a read-only store, StoreFull."""
        mine = getattr(self._open, "connection", None)
        if mine is not None:
            yield mine
            return
        if self.is_read_only:
            raise RequestError(
                "the store can only be read here, so nothing of it can be changed",
                where=self.name,
                remedy="Get the right to write its file and its folder, or use another store (--store).",
            )
        try:
            with self._transaction() as connection:
                self._open.connection = connection
                try:
                    yield connection
                finally:
                    self._open.connection = None
        except OperationalError as error:
            if _is_full(error):
                raise StoreFull.at(self.name) from error
            raise

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                with connection.begin():
                    yield connection
                return
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")

    @property
    def now(self) -> Any:
        """The database's own clock, in seconds: what heartbeats are compared by, whatever a host's clock says."""
        if self.is_sqlite:
            return literal_column("((julianday('now') - 2440587.5) * 86400.0)")
        return func.extract("epoch", func.clock_timestamp())

    def dispose(self) -> None:
        """Closes the pooled connections."""
        self.engine.dispose()


def _is_full(error: SqlDatabaseError) -> bool:
    return "disk is full" in str(error.orig)


def _short(error: SqlDatabaseError) -> str:
    """What the database's driver says, in one line."""
    return " ".join(str(error.orig or error).split())[:300]
