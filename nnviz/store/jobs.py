"""Jobs and the workers that do them: submitted, claimed atomically, answered; workers known by their heartbeat."""

import json
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.engine import Row

from nnviz.errors import NnvizError, RunError
from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.records import ENDED, Job, Worker
from nnviz.store.schema import jobs, presence, runs, settings, workers
from nnviz.store.sharing import may_take, sharing, slots

PREFERENCE_SECONDS = 5.0
"""How long a job waits for the worker that has prepared it, if that one is alive."""
ALIVE_SECONDS = 10.0
AT_ONCE = "training_at_once"
"""The setting that says how many runs train at once, where somebody has said so."""
# Every worker asks many times a second.
_WITH_RUNS = select(jobs, runs.c.status.label("run_status"), runs.c.control, runs.c.group_id).select_from(
    jobs.outerjoin(runs, runs.c.id == jobs.c.run)).order_by(jobs.c.id)
_QUEUED = _WITH_RUNS.where(jobs.c.status == "queued")
_RUNNING = _WITH_RUNS.where(jobs.c.status == "running")
_ASKED = select(settings.c.value).where(settings.c.key == AT_ONCE)


class Jobs:
    """The jobs of a store."""

    db: Database

    def add_job(self, kind: str, *, run_id: str | None = None, payload: dict[str, Any] | None = None, key: str = "",
                needs: str = "", rank: float | None = None) -> int:
        """A queued job; gives its id. `key` names what a `prepare` prepares and what a `train` would profit from; `needs`
        the tuning that its worker must have, if any; `rank` its place among those that wait (default: the last, but a run of no
        group goes between the members of groups, see `_between`). `payload` of a `train`: `small` where others may share its
        worker."""
        with self.db.write() as connection:
            prefers = ""
            if key and kind == "train":
                ready = connection.execute(select(workers.c.id, workers.c.ready, workers.c.tuning)).all()
                prefers = next((row.id for row in ready if _fits(needs, row.tuning) and key in _ready(row)), "")
                if not prefers:
                    prefers = connection.execute(select(jobs.c.worker).where(
                        jobs.c.kind == "prepare", jobs.c.key == key, jobs.c.status == "running")).scalars().first() or ""
            if kind == "prepare":
                connection.execute(update(jobs).where(jobs.c.kind == "prepare", jobs.c.status == "queued").values(
                    status="cancelled", ended=time.time()))
            if kind == "train" and rank is None:
                rank = _between(connection, run_id)
            made = connection.execute(insert(jobs).values(
                kind=kind, run=run_id, payload=json.dumps(payload or {}), key=key, status="queued", prefers=prefers,
                created=time.time(), needs=needs or None, rank=rank))
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])

    def claim_job(self, worker_id: str, *, training_at_once: int, runs_too: bool = True) -> Job | None:
        """The next job for this worker, or None: one that needs no tuning or the worker's own. At most `training_at_once`
        runs use the processor (or as many as were asked for, see `set_training_at_once`), so that one worker is left for
        short jobs; those go first, then runs by their rank, see `sharing` for how many go together. A run that waits has its
        turn before later ones where a worker that may take it is free, though it be another. Without `runs_too` only short
        jobs."""
        with self.db.read() as connection:
            if self._next(connection, worker_id, training_at_once, runs_too) is None:
                return None
        with self.db.write() as connection:
            row = self._next(connection, worker_id, training_at_once, runs_too)
            if row is None:
                return None
            connection.execute(update(jobs).where(jobs.c.id == row.id).values(status="running", worker=worker_id))
            connection.execute(update(workers).where(workers.c.id == worker_id).values(job=row.id, state="busy"))
            return record(row)

    def _next(self, connection: Connection, worker_id: str, training_at_once: int, runs_too: bool) -> Row[Any] | None:
        queued = connection.execute(_QUEUED).all()
        if not queued:
            return None
        asked = connection.execute(_ASKED).scalar_one_or_none()
        at_once = count_of(asked) or training_at_once
        running = connection.execute(_RUNNING).all()
        training = [sharing(row) for row in running if row.kind == "train"]
        using = slots(training)
        taken = sum(using.values())
        held = [one for one in training if one.worker == worker_id]
        alive = {row.id: row for row in connection.execute(select(workers).where(
            workers.c.heartbeat > self.db.now - ALIVE_SECONDS))}
        me = connection.execute(select(workers.c.tuning).where(workers.c.id == worker_id)).scalar_one_or_none()
        others = [row for row in alive.values() if row.id != worker_id]
        idle = [row for row in others if row.state == "idle"]
        in_short_job = {row.worker for row in running if row.kind != "train"}
        free = idle + [row for row in others if using.get(row.id) == 0 and row.id not in in_short_job]
        for row in sorted(queued, key=lambda row: (row.kind == "train", row.kind == "prepare", rank_of(row), row.id)):
            others_idle = any(_fits(row.needs, one.tuning) for one in idle)
            if row.kind != "train":
                if _fits(row.needs, me) and not (held and others_idle):
                    return row
                continue
            one = sharing(row)
            if not runs_too or (not one.rests and taken >= at_once):
                continue
            awaited = row.prefers if row.prefers in alive and abs(time.time() - row.created) < PREFERENCE_SECONDS else ""
            if (_fits(row.needs, me) and awaited in ("", worker_id)
                    and may_take(held, one, others_idle=others_idle and awaited != worker_id)):
                return row
            taker = next((one for one in free if _fits(row.needs, one.tuning) and awaited in ("", one.id)), None)
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
            connection.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.status.in_(("queued", "running"))).values(
                status="failed" if error else "done", result=json.dumps(body), ended=time.time()))

    def report(self, job_id: int, progress: dict[str, Any]) -> bool:
        """What a running job has found so far, in place of what it reported before; False once it is no longer wanted."""
        with self.db.write() as connection:
            done = connection.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.status == "running").values(
                result=json.dumps({"progress": progress})))
            return bool(done.rowcount)

    def cancel_job(self, job_id: int) -> None:
        """Takes back a job that has not ended; a running one learns it at its next report."""
        with self.db.write() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.status.in_(("queued", "running"))).values(
                status="cancelled", ended=time.time()))

    def job(self, job_id: int) -> Job | None:
        with self.db.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
        return record(row) if row else None

    def open_jobs(self) -> list[Job]:
        with self.db.read() as connection:
            return [record(row) for row in connection.execute(
                select(jobs).where(jobs.c.status.in_(("queued", "running"))).order_by(jobs.c.id))]

    def is_awaited(self) -> bool:
        """Whether a run waits for a worker to train it."""
        with self.db.read() as connection:
            return connection.execute(select(jobs.c.id).where(
                jobs.c.kind == "train", jobs.c.status == "queued").limit(1)).first() is not None

    def forget_jobs(self, *, older_than: float = 3600.0) -> None:
        """Removes ended jobs; what they found out is in the run or was read long ago."""
        with self.db.write() as connection:
            connection.execute(delete(jobs).where(jobs.c.ended < time.time() - older_than))

    def beat(self, worker_id: str, *, pid: int, host: str, state: str | None = None,
             ready: Sequence[str] | None = None, tuning: str | None = None) -> None:
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
                connection.execute(insert(workers).values(
                    {"id": worker_id, "pid": pid, "host": host, "state": "warming", "started": self.db.now} | values))

    def list_workers(self) -> list[Worker]:
        with self.db.read() as connection:
            found = connection.execute(select(workers, (self.db.now - workers.c.heartbeat).label("age"))).all()
        return [Worker(row.id, row.pid, row.host, row.state, row.job, tuple(_ready(row)), float(row.age),
                       row.tuning or "", row.heartbeat)
                for row in found]

    def remove_worker(self, worker_id: str) -> list[Job]:
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
            connection.execute(update(jobs).where(jobs.c.id == row.id).values(
                payload=json.dumps(payload | {"overtaken": True})))
            return (rank_of(waiting[at - 1]) + rank_of(row)) / 2 if at else rank_of(row) - 0.5
    return None


def record(row: Row[Any]) -> Job:
    """A job whose payload or answer cannot be read has an empty payload, and an error for an answer."""
    try:
        payload, result = documents.event_data(row.payload), documents.event_data(row.result) if row.result else None
    except ValueError as error:
        payload, result = {}, {"error": RunError(f"this job cannot be read: it {error}", remedy="Ask again.").to_json()}
    return Job(id=row.id, kind=row.kind, run=row.run, payload=payload, key=row.key, status=row.status,
               worker=row.worker, result=result, created=row.created, needs=row.needs or "", rank=rank_of(row))


def _ready(row: Any) -> list[str]:
    """The keys that a worker has prepared."""
    try:
        return documents.tags(row.ready)
    except ValueError:
        return []


def rank_of(row: Row[Any]) -> float:
    """A job that was never moved has its turn by its id."""
    return float(row.rank if isinstance(row.rank, int | float) else row.id)


def count_of(setting: str | None) -> int | None:
    """A setting that is a number of runs; None where nobody has set it, or it is none."""
    return int(setting) if setting and setting.isdecimal() and len(setting) < 6 else None


def _fits(needs: str | None, tuning: str | None) -> bool:
    """Whether a worker of this tuning may take a job that needs that one."""
    return not needs or not tuning or needs == tuning
