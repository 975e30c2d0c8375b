"""Jobs and the workers that do them: submitted, claimed atomically, answered; workers known by their heartbeat."""

import json
import time
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.engine import Row

from nnviz.errors import NnvizError
from nnviz.store.database import Database
from nnviz.store.jobs.rows import count_of, fits, rank_of, ready_keys, record
from nnviz.store.jobs.sharing import may_take, sharing, slots
from nnviz.store.records import ENDED, Job
from nnviz.store.schema import jobs, runs, settings, workers

PREFERENCE_SECONDS = 5.0
"""How long a job waits for the worker that has prepared it, if that one is alive."""
ALIVE_SECONDS = 10.0
AT_ONCE = "training_at_once"
"""The setting for how many runs train at once, where a user has set it."""
LATER = ("prepare", "doctor")
"""Short jobs that nobody waits for: they go after those that somebody does, the doctor's also after runs that may begin."""
# Every worker runs these many times a second.
_WITH_RUNS = (
    select(jobs, runs.c.status.label("run_status"), runs.c.control, runs.c.group_id)
    .select_from(jobs.outerjoin(runs, runs.c.id == jobs.c.run))
    .order_by(jobs.c.id)
)
_QUEUED = _WITH_RUNS.where(jobs.c.status == "queued")
_RUNNING = _WITH_RUNS.where(jobs.c.status == "running")
_ASKED = select(settings.c.value).where(settings.c.key == AT_ONCE)


class Jobs:
    """The jobs of a store."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(
        self,
        kind: str,
        *,
        run_id: str | None = None,
        payload: dict[str, Any] | None = None,
        key: str = "",
        needs: str = "",
        rank: float | None = None,
    ) -> int:
        """A queued job; gives its id. `key` names what a `prepare` prepares and what a `train` would profit from; `needs`
        the tuning that its worker must have, if any; `rank` its place among those that wait (default: the last, but a run of no
        group goes between the members of groups, see `_between`). `payload` of a `train`: `small` where others may share its
        worker."""
        with self.db.write() as connection:
            prefers = ""
            if key and kind == "train":
                ready = connection.execute(select(workers.c.id, workers.c.ready, workers.c.tuning)).all()
                prefers = next((row.id for row in ready if fits(needs, row.tuning) and key in ready_keys(row)), "")
                if not prefers:
                    prefers = (
                        connection.execute(
                            select(jobs.c.worker).where(jobs.c.kind == "prepare", jobs.c.key == key, jobs.c.status == "running")
                        )
                        .scalars()
                        .first()
                        or ""
                    )
            if kind == "prepare":
                connection.execute(
                    update(jobs)
                    .where(jobs.c.kind == "prepare", jobs.c.status == "queued")
                    .values(status="cancelled", ended=time.time())
                )
            if kind == "train" and rank is None:
                rank = _between(connection, run_id)
            made = connection.execute(
                insert(jobs).values(
                    kind=kind,
                    run=run_id,
                    payload=json.dumps(payload or {}),
                    key=key,
                    status="queued",
                    prefers=prefers,
                    created=time.time(),
                    needs=needs or None,
                    rank=rank,
                )
            )
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])

    def claim(self, worker_id: str, *, training_at_once: int = 0, runs_too: bool = True, kind: str = "") -> Job | None:
        """The next job for this worker, or None: one that needs no tuning or the worker's own. At most `training_at_once`
        runs use the processor (or as many as were asked for, see `set_training_at_once`), so that one worker is left for
        short jobs; those go first, then runs by their rank, see `sharing` for how many go together. A run that waits has its
        turn before later ones where a worker that may take it is free, though it be another. Without `runs_too` only short
        jobs, with a `kind` only those of that kind."""
        with self.db.read() as connection:
            if self._next(connection, worker_id, training_at_once, runs_too, kind) is None:
                return None
        with self.db.write() as connection:
            row = self._next(connection, worker_id, training_at_once, runs_too, kind)
            if row is None:
                return None
            connection.execute(update(jobs).where(jobs.c.id == row.id).values(status="running", worker=worker_id))
            connection.execute(update(workers).where(workers.c.id == worker_id).values(job=row.id, state="busy"))
            return record(row)

    def _next(self, connection: Connection, worker_id: str, training_at_once: int, runs_too: bool, kind: str) -> Row[Any] | None:
        queued = [row for row in connection.execute(_QUEUED) if kind in ("", row.kind)]
        if not queued:
            return None
        asked = connection.execute(_ASKED).scalar_one_or_none()
        at_once = count_of(asked) or training_at_once
        running = connection.execute(_RUNNING).all()
        training = [sharing(row) for row in running if row.kind == "train"]
        using = slots(training)
        taken = sum(using.values())
        held = [one for one in training if one.worker == worker_id]
        alive = {
            row.id: row for row in connection.execute(select(workers).where(workers.c.heartbeat > self.db.now - ALIVE_SECONDS))
        }
        me = connection.execute(select(workers.c.tuning).where(workers.c.id == worker_id)).scalar_one_or_none()
        others = [row for row in alive.values() if row.id != worker_id]
        idle = [row for row in others if row.state == "idle"]
        in_short_job = {row.worker for row in running if row.kind != "train"}
        free = idle + [row for row in others if using.get(row.id) == 0 and row.id not in in_short_job]
        for row in sorted(queued, key=_turn):
            others_idle = any(fits(row.needs, one.tuning) for one in idle)
            if row.kind != "train":
                if fits(row.needs, me) and not (held and others_idle):
                    return row
                continue
            one = sharing(row)
            if not runs_too or (not one.rests and taken >= at_once):
                continue
            awaited = row.prefers if row.prefers in alive and abs(time.time() - row.created) < PREFERENCE_SECONDS else ""
            if (
                fits(row.needs, me)
                and awaited in ("", worker_id)
                and may_take(held, one, others_idle=others_idle and awaited != worker_id)
            ):
                return row
            taker = next((one for one in free if fits(row.needs, one.tuning) and awaited in ("", one.id)), None)
            if not one.rests and taker is not None:
                free.remove(taker)
                taken += 1
        return None

    def slots(self) -> dict[str, int]:
        """Of each worker that trains, how many of its runs use the processor: the others rest."""
        with self.db.read() as connection:
            return slots(sharing(row) for row in connection.execute(_RUNNING) if row.kind == "train")

    def answer(self, job_id: int, *, result: dict[str, Any] | None = None, error: NnvizError | None = None) -> None:
        """Ends a job with its result or its error; one that has ended stays as it is."""
        body = {"error": error.to_json()} if error else {"result": result or {}}
        with self.db.write() as connection:
            connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id, jobs.c.status.in_(("queued", "running")))
                .values(status="failed" if error else "done", result=json.dumps(body), ended=time.time())
            )

    def report(self, job_id: int, progress: dict[str, Any]) -> bool:
        """What a running job has found so far, in place of what it reported before; False once it is no longer wanted."""
        with self.db.write() as connection:
            done = connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id, jobs.c.status == "running")
                .values(result=json.dumps({"progress": progress}))
            )
            return bool(done.rowcount)

    def cancel(self, job_id: int) -> None:
        """Takes back a job that has not ended; a running one learns it at its next report."""
        with self.db.write() as connection:
            connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id, jobs.c.status.in_(("queued", "running")))
                .values(status="cancelled", ended=time.time())
            )

    def get(self, job_id: int) -> Job | None:
        with self.db.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
        return record(row) if row else None

    def open_jobs(self) -> list[Job]:
        with self.db.read() as connection:
            return [
                record(row)
                for row in connection.execute(select(jobs).where(jobs.c.status.in_(("queued", "running"))).order_by(jobs.c.id))
            ]

    def is_awaited(self) -> bool:
        """Whether a run waits for a worker to train it."""
        with self.db.read() as connection:
            return (
                connection.execute(select(jobs.c.id).where(jobs.c.kind == "train", jobs.c.status == "queued").limit(1)).first()
                is not None
            )

    def forget(self, *, older_than: float = 3600.0) -> None:
        """Removes ended jobs; what they found out is in the run or was read long ago."""
        with self.db.write() as connection:
            connection.execute(delete(jobs).where(jobs.c.ended < time.time() - older_than))


def _between(connection: Connection, run_id: str | None) -> float | None:
    """The rank of a run of no group: before the first member of a group that waits behind all other such runs, but for the
    first member of all, and before each member once, so that a group goes on however many come. None: the last."""
    if connection.execute(select(runs.c.group_id).where(runs.c.id == (run_id or ""))).scalar_one_or_none() is not None:
        return None
    rows = connection.execute(_QUEUED.add_columns(runs.c.member).where(jobs.c.kind == "train")).all()
    waiting = sorted((row for row in rows if row.run_status not in ENDED), key=lambda row: (rank_of(row), row.id))
    first = next((at + 1 for at in reversed(range(len(waiting))) if waiting[at].group_id is None), 0)
    for at in range(first, len(waiting)):
        row = waiting[at]
        payload = record(row).payload
        if (row.member or 0) > 1 and not payload.get("overtaken"):
            connection.execute(update(jobs).where(jobs.c.id == row.id).values(payload=json.dumps(payload | {"overtaken": True})))
            return (rank_of(waiting[at - 1]) + rank_of(row)) / 2 if at else rank_of(row) - 0.5
    return None


def _turn(row: Any) -> tuple[Any, ...]:
    """By which queued jobs are looked at, the first one first: a run begins in a thread, so short jobs go before it."""
    return row.kind == "doctor", row.kind == "train", row.kind in LATER, rank_of(row), row.id
