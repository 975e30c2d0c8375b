"""A backup of a store, as a folder: `nnviz.db`, by SQLite's backup API, and `snapshots` beside it.

Copying the file of a store in use would miss its write-ahead log (`nnviz.db-wal`), and with it the newest runs. SQLite's
backup is consistent, whatever is written meanwhile. Snapshot files never change and are named by rows: the existing ones are
copied before the backup, so that none that its rows name can be removed in between, and the newer ones after it.
"""

import contextlib
import errno
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from nnviz.errors import RequestError, RunError
from nnviz.store.database import Database
from nnviz.store.runs.snapshots import Snapshots
from nnviz.store.transfer.foreign import SNAPSHOT

NAME = "nnviz.db"
"""The database's file name, so that the folder can be used as NNVIZ_HOME."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class BackedUp:
    """Bytes of the database, the runs in it, and the files of snapshots beside it."""

    size: int
    runs: int
    snapshots: int


class Backup:
    """Backups of a store."""

    def __init__(self, db: Database, snapshots: Snapshots) -> None:
        self.db, self.snapshots = db, snapshots

    def back_up(self, target: Path) -> BackedUp:
        """Writes the store as it is at one moment into a new folder; others may write meanwhile. Raises RequestError where the
        target is there already or cannot be made, RunError on a full disk; then nothing is left of it."""
        if not self.db.is_sqlite:
            raise RequestError(
                "this store is no SQLite file",
                where=self.db.name,
                remedy=(f"Back it up with pg_dump, and copy the folder {self.snapshots.folder} after that."),
            )
        with _new_folder(target) as draft:
            self._copy_snapshots(draft)
            with self.db.read() as connection:
                source = cast(sqlite3.Connection, connection.connection.driver_connection)
                with contextlib.closing(sqlite3.connect(draft / NAME)) as copy:
                    # in one step: after each write of another process it would start again
                    source.backup(copy)
            with contextlib.closing(sqlite3.connect(draft / NAME)) as copy:
                named = set(copy.execute("SELECT DISTINCT run, file FROM snapshots"))
                self._copy_snapshots(draft)
                files = set(_files(draft / "snapshots"))
                for run, file in files - named:
                    (draft / "snapshots" / run / file).unlink()
                with copy:
                    copy.executemany("DELETE FROM snapshots WHERE run = ? AND file = ?", named - files)
                (count,) = copy.execute("SELECT count(*) FROM runs WHERE deleted IS NULL").fetchone()
                copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return BackedUp((draft / NAME).stat().st_size, count, len(files & named))

    def _copy_snapshots(self, draft: Path) -> None:
        for run, file in _files(self.snapshots.folder):
            place = draft / "snapshots" / run / file
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                    shutil.copyfile(self.snapshots.folder / run / file, place)


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """The place of a draft, which becomes the target once it is whole, or is removed."""
    if target.exists() or target.is_symlink():
        raise RequestError("there is something already", where=str(target), remedy="Name a folder that is not there yet.")
    draft = target.with_name(f".{target.name[:200]}.{secrets.token_hex(3)}.part")
    try:
        draft.mkdir()
        yield draft
        os.rename(draft, target)
    except OSError as error:
        if error.errno in _FULL:
            raise _full(target) from error
        raise RequestError(
            f"the backup cannot be written ({error.strerror or error})",
            where=str(target),
            remedy="Name a new folder in one that is there and that you may write to.",
        ) from error
    except sqlite3.Error as error:
        if "full" in str(error):
            raise _full(target) from error
        raise RunError(f"the store cannot be copied ({error})", where=str(target), remedy="Try again.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _full(target: Path) -> RunError:
    return RunError(
        "the disk is full, so there is no backup", where=str(target), remedy="Make room on it, or name a folder on another disk."
    )


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """(run, name) of each file of snapshots."""
    for path in folder.glob("*/*.snap"):
        if SNAPSHOT.fullmatch(path.name) and path.is_file():
            yield path.parent.name, path.name
