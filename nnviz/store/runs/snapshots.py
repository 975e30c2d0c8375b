"""Snapshots: states of a run's training, to resume from or to look back at.

The bytes lie in files beside the database, several states to a file where they are small; their place, size and checksum
are rows. A file is written under another name, brought to the disk and renamed before a row speaks of it: whatever dies in
between, no row leads to half a state.
"""

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import make_url

from nnviz.errors import DamagedSnapshot, NotFound, StoreFull
from nnviz.store.database import Database, home
from nnviz.store.runs.run_rows import open_attempt
from nnviz.store.schema import snapshots
from nnviz.store.values import number, whole

MOST_BYTES = 100_000_000
MOST_COUNT = 2_000
"""Limits for the snapshots of one run: beyond them every second of the later half is removed, the two newest stay."""


@dataclass(frozen=True)
class Snapshot:
    """A state after `step` steps and `epoch` epochs, `seconds` of training, written by the worker of that `attempt`; its `size`
    in bytes, `created` in seconds since 1970: a step may be kept anew, where the network was changed by hand. `damaged`: its
    bytes were not those that were written when it was last read."""

    step: int
    epoch: float
    seconds: float
    attempt: int
    size: int
    damaged: bool
    created: float

    @property
    def state(self) -> str:
        """Names it: another one where the step was kept anew."""
        return f"{self.step} {self.created}"


class Snapshots:
    """The snapshots of a store's runs."""

    def __init__(self, db: Database, url: str) -> None:
        self.db, self.url = db, url

    @property
    def folder(self) -> Path:
        """Beside a SQLite file; else under `home()`."""
        database = make_url(self.url).database
        return (Path(database).parent if self.db.is_sqlite and database else home()) / "snapshots"

    def add(self, run_id: str, attempt: int, states: Sequence[tuple[int, float, float, bytes]]) -> None:
        """`states`: (step, epoch, seconds, bytes) of each, one a step. Raises StaleAttempt where another attempt is open."""
        if not states:
            return
        name = f"{attempt}-{states[0][0]}-{secrets.token_hex(3)}.snap"
        folder = self.folder / run_id
        write_whole(folder / name, [content for *_, content in states])
        rows, offset = [], 0
        for step, epoch, seconds, content in states:
            rows.append(
                {
                    "run": run_id,
                    "step": step,
                    "epoch": epoch,
                    "seconds": seconds,
                    "attempt": attempt,
                    "file": name,
                    "place": offset,
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "created": time.time(),
                }
            )
            offset += len(content)
        try:
            with self.db.write() as connection:
                open_attempt(connection, run_id, attempt)
                steps = [row["step"] for row in rows]
                connection.execute(delete(snapshots).where(snapshots.c.run == run_id, snapshots.c.step.in_(steps)))
                connection.execute(insert(snapshots), rows)
        except BaseException:
            (folder / name).unlink(missing_ok=True)
            raise
        self.thin(run_id)

    def of_run(self, run_id: str) -> list[Snapshot]:
        """In the order of their steps."""
        with self.db.read() as connection:
            rows = connection.execute(select(snapshots).where(snapshots.c.run == run_id).order_by(snapshots.c.step)).all()
        return list(_records(rows))

    def newest(self, run_id: str, *, at: int | None = None) -> Snapshot | None:
        """The one after the most steps that is not damaged, with `at` of those not past that step."""
        good = select(snapshots).where(snapshots.c.run == run_id, snapshots.c.damaged.is_(None))
        if at is not None:
            good = good.where(snapshots.c.step <= at)
        with self.db.read() as connection:
            rows = connection.execute(good.order_by(snapshots.c.step.desc()).limit(1)).all()
        return next(iter(_records(rows)), None)

    def get(self, run_id: str, step: int) -> bytes:
        """The state after `step` steps. Raises NotFound, and DamagedSnapshot where its bytes are not what was written."""
        with self.db.read() as connection:
            row = connection.execute(select(snapshots).where(snapshots.c.run == run_id, snapshots.c.step == step)).one_or_none()
        if row is None:
            raise NotFound(f"the moment after {step:,} steps is not among those recorded of this run")
        try:
            with (self.folder / run_id / row.file).open("rb") as file:
                file.seek(whole(row.place))
                content = file.read(whole(row.size))
        except (OSError, ValueError, TypeError):  # TypeError: of a file name that is no text
            content = b""
        if hashlib.sha256(content).hexdigest() != row.sha256:
            if not self.db.is_read_only:
                with self.db.write() as connection:
                    connection.execute(
                        update(snapshots).where(snapshots.c.run == run_id, snapshots.c.step == step).values(damaged=1)
                    )
            raise DamagedSnapshot(f"the snapshot after {step:,} steps is damaged", where=run_id)
        return content

    def last(self, run_id: str, *, at: int | None = None) -> tuple[int, bytes, list[int]] | None:
        """The newest good state, with `at` the newest not past that step: its step, its bytes, and the steps of newer ones
        that turned out damaged. None where there is none."""
        damaged: list[int] = []
        for snapshot in reversed(self.of_run(run_id)):
            if at is not None and snapshot.step > at:
                continue
            try:
                return snapshot.step, self.get(run_id, snapshot.step), damaged
            except DamagedSnapshot:
                damaged.append(snapshot.step)
        return None

    def thin(self, run_id: str, *, most_bytes: int = MOST_BYTES, most_count: int = MOST_COUNT) -> None:
        """Keeps within the budget: of those that are not the two newest, every second of the later half goes until it is
        met, so that early steps stay dense."""
        remaining = self.of_run(run_id)
        gone: list[int] = []
        while len(remaining) > 2 and (len(remaining) > most_count or sum(snapshot.size for snapshot in remaining) > most_bytes):
            old = remaining[:-2]
            half = len(old) // 2
            drop = old[half::2]
            gone += [snapshot.step for snapshot in drop]
            remaining = [snapshot for snapshot in remaining if snapshot not in drop]
        self._forget(run_id, gone)

    def drop(self, run_id: str, *, after: int) -> None:
        """Those past `after` steps, before the run goes on from there."""
        self._forget(run_id, [snapshot.step for snapshot in self.of_run(run_id) if snapshot.step > after])

    def remove(self, run_id: str) -> None:
        """The files of a run whose rows are gone."""
        shutil.rmtree(self.folder / run_id, ignore_errors=True)

    def _forget(self, run_id: str, steps: Sequence[int]) -> None:
        if not steps:
            return
        with self.db.write() as connection:
            for start in range(0, len(steps), 500):
                connection.execute(
                    delete(snapshots).where(snapshots.c.run == run_id, snapshots.c.step.in_(list(steps[start : start + 500])))
                )
            used = set(connection.execute(select(snapshots.c.file).where(snapshots.c.run == run_id)).scalars())
        folder = self.folder / run_id
        for path in folder.glob("*.snap"):
            # a file that no row refers to may be another process's, whose row is about to be written
            if path.name not in used and time.time() - path.stat().st_mtime > 60:
                path.unlink(missing_ok=True)


def _records(rows: Iterable[Any]) -> Iterator[Snapshot]:
    """Rows that another program wrote, without a place or a number, are left out."""
    for row in rows:
        with contextlib.suppress(ValueError):
            yield Snapshot(
                whole(row.step),
                number(row.epoch),
                number(row.seconds),
                whole(row.attempt),
                whole(row.size),
                bool(row.damaged),
                number(row.created),
            )


def write_whole(path: Path, contents: Iterable[bytes]) -> None:
    """All or nothing: under another name, to the disk, renamed. Raises StoreFull."""
    draft = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.writelines(contents)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull.at(str(path.parent)) from error
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
