"""Workers, known by their heartbeat, and web processes that say that they are there."""

import json
from collections.abc import Sequence
from statistics import median
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from nnviz.store.database import Database
from nnviz.store.jobs.rows import ready_keys, record
from nnviz.store.records import Job, Worker
from nnviz.store.schema import jobs, presence, settings, workers

MOST_STARTS = 5
"""Starts of workers by which the next one is expected."""
_STARTS = "worker_starts"


class Workers:
    """The workers of a store."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def beat(
        self,
        worker_id: str,
        *,
        pid: int,
        host: str,
        state: str | None = None,
        ready: Sequence[str] | None = None,
        tuning: str | None = None,
    ) -> None:
        """A worker's sign of life; the first one makes it known. State `idle` also says that it has no job. `tuning`:
        what jobs that need one it takes; a worker that never named one takes all."""
        with self.db.write() as connection:
            values: dict[str, Any] = {"heartbeat": self.db.now}
            if state is not None:
                values["state"] = state
                if state != "busy":
                    values["job"] = None
            if ready is not None:
                values["ready"] = json.dumps(list(ready))
            if tuning is not None:
                values["tuning"] = tuning
            if not connection.execute(update(workers).where(workers.c.id == worker_id).values(**values)).rowcount:
                connection.execute(
                    insert(workers).values(
                        {"id": worker_id, "pid": pid, "host": host, "state": "warming", "started": self.db.now} | values
                    )
                )

    def list_workers(self) -> list[Worker]:
        with self.db.read() as connection:
            rows = connection.execute(select(workers, (self.db.now - workers.c.heartbeat).label("age"))).all()
        return [
            Worker(
                row.id,
                row.pid,
                row.host,
                row.state,
                row.job,
                tuple(ready_keys(row)),
                float(row.age),
                row.tuning or "",
                row.heartbeat,
            )
            for row in rows
        ]

    def warming_for(self) -> float | None:
        """For how many seconds the first of those workers that are not ready yet has been starting; None where none is."""
        with self.db.read() as connection:
            first = func.max(self.db.now - workers.c.started)
            seconds = connection.execute(select(first).where(workers.c.state == "warming")).scalar_one()
        return None if seconds is None else max(0.0, float(seconds))

    def note_start(self, seconds: float) -> None:
        """A worker has become ready after so long."""
        with self.db.write() as connection:
            before = _starts(connection)
            connection.execute(delete(settings).where(settings.c.key == _STARTS))
            text = json.dumps([*before[1 - MOST_STARTS :], round(seconds, 2)])
            connection.execute(insert(settings).values(key=_STARTS, value=text))

    def usual_start(self) -> float | None:
        """How many seconds a worker takes to become ready: the median of the last ones; None before the first."""
        with self.db.read() as connection:
            starts = _starts(connection)
        return median(starts) if starts else None

    def remove(self, worker_id: str) -> list[Job]:
        """Forgets a worker that is gone; gives the jobs it had not ended."""
        with self.db.write() as connection:
            left = connection.execute(select(jobs).where(jobs.c.worker == worker_id, jobs.c.status == "running")).all()
            connection.execute(delete(workers).where(workers.c.id == worker_id))
        return [record(row) for row in left]

    def present(self, who: str) -> None:
        """A web process says that it is there."""
        with self.db.write() as connection:
            if not connection.execute(update(presence).where(presence.c.id == who).values(heartbeat=self.db.now)).rowcount:
                connection.execute(insert(presence).values({"id": who, "heartbeat": self.db.now}))

    def presences(self) -> dict[str, float]:
        """When each web process last said that it is there, by the database's clock; whoever wants to know whether one still
        is looks whether that changes."""
        with self.db.read() as connection:
            return {row.id: row.heartbeat for row in connection.execute(select(presence))}


def _starts(connection: Connection) -> list[float]:
    text = connection.execute(select(settings.c.value).where(settings.c.key == _STARTS)).scalar_one_or_none()
    try:
        starts = json.loads(text or "[]")
    except ValueError:
        return []
    is_list = isinstance(starts, list) and all(isinstance(one, int | float) and 0 <= one < 1e6 for one in starts)
    return [float(one) for one in starts] if is_list else []
