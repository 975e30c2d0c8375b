"""The queue: which runs wait for a worker, in which order, and how many train at once."""

import json
import time
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.engine import Row

from nnviz.errors import RequestError
from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.jobs.jobs import AT_ONCE
from nnviz.store.jobs.rows import count_of, rank_of, record
from nnviz.store.records import ENDED, Job
from nnviz.store.schema import jobs, runs, settings

MOST_AT_ONCE = 32
_ROOM = "room"

Move = Literal["before", "after", "first", "last"]


class Queue:
    """The queue of a store."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def in_order(self) -> list[Job]:
        """The runs that train, then those that wait, in the order in which they have their turn. A run that was stopped
        while it waited is not among them."""
        with self.db.read() as connection:
            training = connection.execute(
                select(jobs).where(jobs.c.kind == "train", jobs.c.status == "running").order_by(jobs.c.id)
            ).all()
            return [record(row) for row in [*training, *_waiting(connection)]]

    def place(self, run_id: str) -> int | None:
        """1 for the run that has its turn next; None for one that does not wait, or is the next while nothing trains."""
        with self.db.read() as connection:
            row = connection.execute(
                select(jobs.c.id).where(jobs.c.run == run_id, jobs.c.kind == "train", jobs.c.status == "queued").limit(1)
            ).one_or_none()
            if row is None:
                return None
            waiting = [job.id for job in _waiting(connection)]
            place = waiting.index(row.id) + 1 if row.id in waiting else None
            if place != 1:
                return place
            busy = connection.execute(
                select(func.count()).select_from(jobs).where(jobs.c.kind == "train", jobs.c.status == "running")
            ).scalar_one()
            return 1 if busy else None

    def move(self, job_id: int, where: Move) -> bool:
        """Puts a waiting run one place before or after, or first or last among those that wait; whether it could be moved: one
        that has begun meanwhile stays as it is."""
        with self.db.write() as connection:
            waiting = _waiting(connection)
            order = [row.id for row in waiting]
            if job_id not in order:
                return False
            # the places stay those that the jobs had before, so whatever is queued later comes after all of them
            places = [rank_of(row) for row in waiting]
            at = order.index(job_id)
            order.pop(at)
            order.insert({"before": max(0, at - 1), "after": at + 1, "first": 0, "last": len(order)}[where], job_id)
            for moved, place in zip(order, places, strict=True):
                connection.execute(update(jobs).where(jobs.c.id == moved).values(rank=place))
        return True

    def withdraw(self, job_id: int) -> bool:
        """Takes back a job that no worker has taken yet; whether it could be."""
        with self.db.write() as connection:
            return bool(
                connection.execute(
                    update(jobs)
                    .where(jobs.c.id == job_id, jobs.c.status == "queued")
                    .values(status="cancelled", ended=time.time())
                ).rowcount
            )

    def training_at_once(self) -> int | None:
        """How many runs somebody wants to train at once; None: as many as suit the computer."""
        return count_of(self._setting(AT_ONCE))

    def set_training_at_once(self, count: int | None) -> None:
        """For all workers of this store, from now on; what trains already goes on. Raises RequestError."""
        if count is not None and not 1 <= count <= MOST_AT_ONCE:
            raise RequestError(f"{count} runs cannot train at once", remedy=f"Use 1 to {MOST_AT_ONCE}.")
        self._set(AT_ONCE, None if count is None else str(count))

    def room_for_training(self) -> dict[str, Any]:
        """What a supervisor found when it started: `at_once` that suits the computer, its `cores`, and `free` bytes of memory;
        empty before there was one."""
        try:
            capacity = documents.metrics(self._setting(_ROOM) or "{}")
        except ValueError:
            return {}
        return capacity if {"at_once", "cores", "free"} <= set(capacity) else {}

    def set_room_for_training(self, *, at_once: int, cores: int, free: int) -> None:
        self._set(_ROOM, json.dumps({"at_once": at_once, "cores": cores, "free": free}))

    def _setting(self, key: str) -> str | None:
        with self.db.read() as connection:
            text: str | None = connection.execute(select(settings.c.value).where(settings.c.key == key)).scalar_one_or_none()
        return text

    def _set(self, key: str, value: str | None) -> None:
        with self.db.write() as connection:
            connection.execute(delete(settings).where(settings.c.key == key))
            if value is not None:
                connection.execute(insert(settings).values(key=key, value=value))


def _waiting(connection: Connection) -> list[Row[Any]]:
    rows = connection.execute(
        select(jobs)
        .outerjoin(runs, runs.c.id == jobs.c.run)
        .where(jobs.c.kind == "train", jobs.c.status == "queued", runs.c.status.is_(None) | runs.c.status.not_in(ENDED))
    ).all()
    return sorted(rows, key=lambda row: (rank_of(row), row.id))
