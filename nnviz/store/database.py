"""The connection to the database, and what SQLite needs to be one: WAL, BEGIN IMMEDIATE, a long busy timeout.

With SQLAlchemy's own deferred BEGIN, most commits of several writers fail with "database is locked"; taking the write
lock at the start lets them queue instead.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, literal_column
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError as SqlDatabaseError, OperationalError

from nnviz.errors import RequestError, StoreFull
from nnviz.store import versions

BUSY_SECONDS = 30
INCREMENTAL = 2
"""SQLite's number of that auto_vacuum."""


def home() -> Path:
    """The folder for everything kept: $NNVIZ_HOME, else ./.nnviz."""
    return Path(os.environ.get("NNVIZ_HOME") or ".nnviz").absolute()


def default_url() -> str:
    """$NNVIZ_STORE, else a SQLite file under `home()`."""
    return os.environ.get("NNVIZ_STORE") or f"sqlite:///{home() / 'nnviz.db'}"


class Database:
    """One engine a process. `read()` gives a connection that takes no lock, `write()` one transaction; within it, further
    calls of both by the same thread belong to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._open = threading.local()
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
        try:
            self.engine: Engine = create_engine(url, **(
                # autocommit: every SELECT sees the newest commit, and no lock stays behind
                {"isolation_level": "AUTOCOMMIT", "connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
                if self.is_sqlite else {"pool_pre_ping": True}))
            if self.is_sqlite:
                event.listen(self.engine, "connect", _prepare_sqlite)
            versions.bring_up_to_date(self)
        except SqlDatabaseError as error:
            if _is_full(error):
                raise StoreFull.at(url) from error
            raise RequestError(f"the store cannot be opened ({error.__cause__ or error})", where=url,
                               remedy="Check --store, NNVIZ_STORE and NNVIZ_HOME: the file must be nnviz's own and writable."
                               ) from error
        self._file = self._file_now()

    def is_there(self) -> bool:
        """Whether SQLite's file is still the one that was opened: what is written into one that was removed or replaced is
        lost without a word. Any other database says so itself."""
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
        mine = getattr(self._open, "connection", None)
        if mine is not None:
            yield mine
            return
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        mine = getattr(self._open, "connection", None)
        if mine is not None:
            yield mine
            return
        try:
            with self._transaction() as connection:
                self._open.connection = connection
                try:
                    yield connection
                finally:
                    self._open.connection = None
        except OperationalError as error:
            if _is_full(error):
                raise StoreFull.at(self.url) from error
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
        self.engine.dispose()


def _is_full(error: SqlDatabaseError) -> bool:
    return "disk is full" in str(error.orig)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # of a file that is still empty; without it the room of deleted runs could only be given back by writing the file anew.
    # Said again it would write, and nobody could look at a store whose disk is full
    if connection.execute("PRAGMA auto_vacuum").fetchone() != (INCREMENTAL,):
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    _use_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Of a new file it needs the only lock on it, for which SQLite does not wait, whatever its busy timeout."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)
