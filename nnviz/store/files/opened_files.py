"""Data files outside the store that its command line opened: with these alone a dashboard may go on by path.

The mark is a row of the store and not a field of the spec, so no spec that comes from a browser, an address or an import can
carry it."""

import os
import time
from pathlib import Path

from sqlalchemy import insert, select, update

from nnviz.store.database import Database
from nnviz.store.schema import opened_files


class OpenedFiles:
    """The files of a store that lie elsewhere."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def remember(self, path: Path) -> None:
        """Notes the file as it is now. Raises OSError where there is none."""
        size, modified = _fingerprint(path)
        values = {"size": size, "modified_ns": modified, "opened": time.time()}
        with self.db.write() as connection:
            if not connection.execute(update(opened_files).where(opened_files.c.path == str(path)).values(**values)).rowcount:
                connection.execute(insert(opened_files).values(path=str(path), **values))

    def has(self, path: Path) -> bool:
        """Whether the command line opened the file of this very path, and it is still the same by size and time."""
        with self.db.read() as connection:
            row = connection.execute(select(opened_files).where(opened_files.c.path == str(path))).one_or_none()
        if row is None:
            return False
        try:
            return _fingerprint(path) == (row.size, row.modified_ns)
        except OSError:
            return False


def _fingerprint(path: Path) -> tuple[int, int]:
    known = os.stat(path)
    return known.st_size, known.st_mtime_ns
