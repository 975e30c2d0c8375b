"""From a store's URL to an engine: a wrong URL or path gets a message of its own, and a SQLite file that cannot be written is
opened read-only."""

import os
import sqlite3
import stat
import time
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from nnviz.errors import RequestError

BUSY_SECONDS = 30
INCREMENTAL = 2
"""SQLite's number of this mode of `PRAGMA auto_vacuum`."""
_LONGEST = 4_000
_CHECK = "Check --store, NNVIZ_STORE and NNVIZ_HOME."


def home() -> Path:
    """The folder for everything kept: $NNVIZ_HOME, else ./.nnviz."""
    return Path(os.environ.get("NNVIZ_HOME") or ".nnviz").absolute()


def default_url() -> str:
    """$NNVIZ_STORE, else a SQLite file under `home()`."""
    return os.environ.get("NNVIZ_STORE") or f"sqlite:///{home() / 'nnviz.db'}"


def parse_url(url: str) -> URL:
    """Raises RequestError for what is no URL of a database."""
    try:
        url.encode()
        if len(url) > _LONGEST or "\0" in url:
            raise ValueError
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise RequestError(
            "this is no URL of a store",
            where="the store",
            remedy=(f"Write it as sqlite:////folder/nnviz.db, or postgresql+psycopg://name@server/database. {_CHECK}"),
        ) from error


def without_password(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "the store"


def open_engine(url: str) -> tuple[Engine, bool]:
    """An engine for the store, and whether it can only be read. Raises RequestError."""
    parsed = parse_url(url)
    try:
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True), False
        path = sqlite_file(parsed)
        read_only = path is not None and _check_place(path, where=without_password(url))
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
        if path is not None and read_only:
            options = {"creator": partial(_connect_to_read, path)}
        # autocommit: every SELECT sees the newest commit, and no lock stays behind
        engine = create_engine(parsed, isolation_level="AUTOCOMMIT", **options)
    except ImportError as error:
        raise RequestError(
            f"the driver for this kind of database is not installed ({error.name})",
            where=without_password(url),
            remedy="Install it (PostgreSQL: pip install psycopg[binary], then postgresql+psycopg://...), or use SQLite.",
        ) from error
    except (ArgumentError, TypeError, ValueError) as error:  # the last two come from options after a question mark
        raise RequestError(
            "this is no kind of database that nnviz knows, or its options are wrong",
            where=without_password(url),
            remedy=f"Use sqlite:///... or postgresql+psycopg://... {_CHECK}",
        ) from error
    event.listen(engine, "connect", _prepare_to_read if read_only else _prepare)
    return engine, read_only


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite store; None for one in memory, or one that SQLite's own URI names."""
    name = url.database or ""
    return None if name in ("", ":memory:") or name.startswith("file:") else Path(name)


def _check_place(path: Path, *, where: str) -> bool:
    """Whether the file, where it is there, can only be read. Makes the folder only where it is `home()`."""
    folder = path.absolute().parent
    try:
        if folder == home():
            folder.mkdir(parents=True, exist_ok=True)
        if not folder.is_dir():
            raise RequestError(
                f"there is no folder {folder}",
                where=where,
                remedy=(f"Make it (mkdir -p {folder}), or name a store in one that is there. {_CHECK}"),
            )
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            if not os.access(folder, os.W_OK | os.X_OK):
                raise RequestError(
                    f"nothing can be written into the folder {folder}, and there is no store in it",
                    where=where,
                    remedy=f"Use a folder that you may write to. {_CHECK}",
                ) from None
            return False
    except OSError as error:
        raise RequestError(
            f"the store's place cannot be used: {error.strerror}",
            where=where,
            remedy=(f"{folder} must be a folder that you may read and write. {_CHECK}"),
        ) from error
    if not stat.S_ISREG(mode):
        raise RequestError("there is a folder or a device, no file", where=where, remedy=f"Name the store's own file. {_CHECK}")
    if not os.access(path, os.R_OK):
        raise RequestError("you may not read this store", where=where, remedy="Ask its owner for the right to read it.")
    beside = [Path(f"{path}{ending}") for ending in ("-wal", "-shm")]
    return not os.access(path, os.W_OK) or not (os.access(folder, os.W_OK) or all(os.access(file, os.W_OK) for file in beside))


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Read-only. A write-ahead log beside the file is read with it; where there is none, and none can be made, the file is
    opened as immutable."""
    changes = Path(f"{path}-wal")
    fixed = not os.access(path.absolute().parent, os.W_OK) and not (changes.exists() and changes.stat().st_size)
    uri = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if fixed else ''}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


def _prepare_to_read(connection: sqlite3.Connection, _record: Any) -> None:
    connection.text_factory = _TEXT


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # for a new file: without it the space of deleted runs could only be freed by rewriting the whole file. Not repeated:
    # the statement writes, and a store on a full disk could not be opened
    if connection.execute("PRAGMA auto_vacuum").fetchone() != (INCREMENTAL,):
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    connection.text_factory = _TEXT
    _use_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


_TEXT = partial(str, encoding="utf-8", errors="replace")
"""Invalid UTF-8, written by another program, spoils its own row only, not the whole query."""


def _use_wal(connection: sqlite3.Connection) -> None:
    """On a new file this needs an exclusive lock, for which SQLite does not wait, whatever its busy timeout: so we retry."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
