"""What runs and files take on the disk, and freeing it: what was deleted is removed for good, with the blobs that nothing
refers to any more, and SQLite's file is shortened."""

import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, LargeBinary, String, delete, func, select
from sqlalchemy.engine import make_url

from nnviz.store.database import BUSY_SECONDS, Database
from nnviz.store.files.blob_refs import hashes_in, referenced, referenced_by_run, run_tables
from nnviz.store.runs.snapshots import Snapshots
from nnviz.store.schema import blobs, groups, runs, snapshots

UNUSED_SECONDS = 86_400.0
"""How long a blob is kept that nothing refers to: an upload may be waiting in a user's draft."""
_FIXED = 8
"""Bytes counted for each numeric column of a row."""
_ROW = 8
"""Bytes counted for a row itself."""
_SLICE_PAGES = 2_000
_PAUSE_SECONDS = 0.05
_WORTH = 0.25
_WORTH_BYTES = 32 << 20
_WHOLE_BYTES = 2 << 30


@dataclass(frozen=True)
class Usage:
    """Bytes. `runs`: of each run, its rows, its snapshots and the blobs that it alone uses; `shared`: blobs of several runs
    (a data file); `unused`: blobs of no run (uploads of drafts, downloads); `deleted`: runs that can still be brought back,
    in `runs` too; `free`: room in the file that new rows will take first; `total`: all on the disk."""

    total: int
    runs: dict[str, int] = field(default_factory=dict)
    shared: int = 0
    unused: int = 0
    deleted: int = 0
    free: int = 0


class DiskUsage:
    """What a store takes on the disk."""

    def __init__(self, db: Database, snapshots: Snapshots) -> None:
        self.db, self.snapshots = db, snapshots

    def usage(self) -> Usage:
        """What takes how much. Rows are counted by their content, a little less than they take with their indexes."""
        with self.db.read() as connection:
            sizes: dict[str, int] = {}
            for table in (runs, *run_tables()):
                owner = table.c.id if table is runs else table.c.run
                long = [column for column in table.columns if isinstance(column.type, String | LargeBinary)]
                size = func.count() * (_ROW + _FIXED * (len(table.columns) - len(long)))
                for column in long:
                    size = size + func.coalesce(func.sum(func.length(column)), 0)
                for run_id, taken in connection.execute(select(owner, size).group_by(owner)):
                    sizes[run_id] = sizes.get(run_id, 0) + int(taken)
            snapshot_bytes = 0
            for run_id, taken in connection.execute(
                select(snapshots.c.run, func.sum(snapshots.c.size)).group_by(snapshots.c.run)
            ):
                sizes[run_id] = sizes.get(run_id, 0) + int(taken)
                snapshot_bytes += int(taken)
            users: dict[str, set[str]] = {}
            for run_id, hashes in referenced_by_run(connection):
                for sha256 in hashes:
                    users.setdefault(sha256, set()).add(run_id)
            shared = unused = 0
            for sha256, taken in connection.execute(select(blobs.c.sha256, blobs.c.size)):
                match len(users.get(sha256, ())):
                    case 0:
                        unused += taken
                    case 1:
                        sizes[next(iter(users[sha256]))] += taken
                    case _:
                        shared += taken
            gone = set(connection.execute(select(runs.c.id).where(runs.c.deleted.is_not(None))).scalars())
            total, free = self._pages(connection)
        return Usage(
            total=total + snapshot_bytes if total else sum(sizes.values()) + shared + unused,
            runs=sizes,
            shared=shared,
            unused=unused,
            deleted=sum(sizes.get(run_id, 0) for run_id in gone),
            free=free,
        )

    def purge(self, *, older_than: float = 3600.0, unused_for: float = UNUSED_SECONDS) -> int:
        """Removes for good what was deleted more than `older_than` seconds ago, the blobs that only those runs used, and
        blobs that nothing has used for `unused_for` seconds; gives how many runs."""
        now = time.time()
        late = runs.c.deleted < now - older_than
        old = blobs.c.created < now - unused_for
        with self.db.read() as connection:
            if not (
                connection.execute(select(runs.c.id).where(late).limit(1)).first()
                or set(connection.execute(select(blobs.c.sha256).where(old)).scalars()) - referenced(connection)
            ):
                return 0
        with self.db.write() as connection:
            ids = set(connection.execute(select(runs.c.id).where(late)).scalars())
            theirs: set[str] = set()
            for run_id, hashes in referenced_by_run(connection):
                if run_id in ids:
                    theirs |= hashes
            connection.execute(delete(runs).where(runs.c.id.in_(ids)))
            connection.execute(
                delete(groups).where(groups.c.id.not_in(select(runs.c.group_id).where(runs.c.group_id.is_not(None))))
            )
            candidates = theirs | set(connection.execute(select(blobs.c.sha256).where(old)).scalars())
            unused = hashes_in(candidates) - referenced(connection)
            for sha256 in unused:
                connection.execute(delete(blobs).where(blobs.c.sha256 == sha256))
        for run_id in ids:
            self.snapshots.remove(run_id)
        self.give_back()
        return len(ids)

    def give_back(self) -> int:
        """Shortens SQLite's file where a quarter of it and 32 MB or more are free; returns the bytes. It proceeds in slices of
        some 8 MB, between which others can write. A file of an older nnviz is rewritten once (VACUUM), while nothing
        trains. PostgreSQL does this by itself (autovacuum)."""
        if not self.db.is_sqlite:
            return 0
        with self.db.read() as connection:
            before, free = self._pages(connection)
            if free < _WORTH_BYTES or free < _WORTH * before:
                return 0
            if connection.exec_driver_sql("PRAGMA auto_vacuum").scalar_one() == 0:
                is_open = connection.execute(
                    select(runs.c.id).where(runs.c.status.in_(("queued", "running", "paused"))).limit(1)
                ).first()
                if is_open is not None or before > _WHOLE_BYTES:
                    return 0
                connection.exec_driver_sql("VACUUM")
            else:
                driver = cast(sqlite3.Connection, connection.connection.driver_connection)
                while connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() > 0:
                    # it takes a step a page without giving rows, and only executescript goes on to the last one
                    driver.executescript(f"PRAGMA incremental_vacuum({_SLICE_PAGES})")
                    time.sleep(_PAUSE_SECONDS)
            # the log, too, has grown by all that was moved; whoever reads it for long is not waited for
            connection.exec_driver_sql("PRAGMA busy_timeout=1000")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            return before - self._pages(connection)[0]

    def _pages(self, connection: Connection) -> tuple[int, int]:
        """Bytes of SQLite's file and of its free pages; of PostgreSQL's database, and 0."""
        if not self.db.is_sqlite:
            return int(connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one()), 0
        page, pages, free = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_size", "page_count", "freelist_count")
        )
        log = Path(f"{make_url(self.db.url).database or ''}-wal")
        return page * pages + (log.stat().st_size if log.is_file() else 0), page * free
