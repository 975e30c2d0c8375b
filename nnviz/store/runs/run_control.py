"""Runs that pause, are parked, and resume: in a new attempt, from a snapshot, without the rows recorded past it."""

import json
import math
from typing import Any

import psutil
from sqlalchemy import delete, select, update

from nnviz.errors import NotFound, RequestError
from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.documents import or_empty
from nnviz.store.records import ENDED
from nnviz.store.rows import floats
from nnviz.store.runs.run_rows import open_attempt, record_event
from nnviz.store.runs.runs import Runs
from nnviz.store.runs.series import blocks_of
from nnviz.store.runs.snapshots import Snapshots
from nnviz.store.schema import epochs, frames, runs, steps

RETRIES = 3
"""How often in a row a run is restarted automatically without any progress."""


class RunControl:
    """The control of a store's runs."""

    def __init__(self, db: Database, runs: Runs, snapshots: Snapshots) -> None:
        self.db, self.runs, self.snapshots = db, runs, snapshots

    def set_paused(self, run_id: str, attempt: int) -> None:
        """It waits until somebody allows a step; that it was paused is told once it is. Raises StaleAttempt."""
        with self.db.write() as connection:
            open_attempt(connection, run_id, attempt)
            row = connection.execute(
                select(runs.c.status, runs.c.control, runs.c.step, runs.c.epoch).where(runs.c.id == run_id)
            ).one()
            if row.status != "paused" and or_empty(documents.control, row.control).get("steps_allowed") == 0:
                record_event(connection, run_id, row, "paused", "Paused")
            connection.execute(
                update(runs).where(runs.c.id == run_id).values(status="paused", phase="", revision=runs.c.revision + 1)
            )

    def park(self, run_id: str, attempt: int) -> None:
        """A paused run gives its worker back; `requeue` lets it go on. Raises StaleAttempt."""
        with self.db.write() as connection:
            open_attempt(connection, run_id, attempt)
            connection.execute(
                update(runs).where(runs.c.id == run_id).values(status="paused", phase="", pid=None, revision=runs.c.revision + 1)
            )

    def requeue(self, run_id: str, *, text: str = "", **control: Any) -> None:
        """A run that ended, is parked, or whose process died, is to go on from its last snapshot; `control` as in
        `set_control`.

        Raises RequestError for one that is waiting or at work."""
        with self.db.write() as connection:
            row = connection.execute(
                select(runs.c.status, runs.c.pid, runs.c.control, runs.c.step, runs.c.epoch, runs.c.info).where(
                    runs.c.id == run_id
                )
            ).one_or_none()
            if row is None:
                raise NotFound(f"there is no run {run_id!r}")
            is_left = row.status in ("running", "paused") and (row.pid is None or not psutil.pid_exists(row.pid))
            if row.status not in ENDED and not is_left:
                raise RequestError(f"the run is {row.status}", where=run_id, remedy="Only one that has ended or paused goes on.")
            before = or_empty(documents.control, row.control)
            info = or_empty(documents.event_data, row.info)
            wanted = before | {"stop": False, "steps_allowed": None, "number": before.get("number", 0) + 1} | control
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(
                    status="queued",
                    phase="queued",
                    ended=None,
                    error=None,
                    log=None,
                    control=json.dumps(wanted),
                    info=json.dumps({key: value for key, value in info.items() if key != "pruned"}),
                    revision=runs.c.revision + 1,
                )
            )
            if text:
                record_event(connection, run_id, row, "resumed", text)

    def retry(self, run_id: str, *, reason: str) -> bool:
        """A run whose worker was lost is queued again, at most three times in a row without having got further; whether it
        was. One that was to stop is not."""
        newest = max((snapshot.step for snapshot in self.snapshots.of_run(run_id) if not snapshot.damaged), default=0)
        with self.db.write() as connection:
            row = connection.execute(
                select(runs.c.status, runs.c.info, runs.c.control, runs.c.step, runs.c.epoch).where(runs.c.id == run_id)
            ).one_or_none()
            if row is None or row.status in ENDED or or_empty(documents.control, row.control).get("stop"):
                return False
            info = or_empty(documents.event_data, row.info)
            count, at = or_empty(documents.info, row.info).get("retries", [0, -1])
            count = count + 1 if newest <= at else 1
            if count > RETRIES:
                return False
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(
                    status="queued",
                    phase="queued",
                    pid=None,
                    info=json.dumps(info | {"retries": [count, newest]}),
                    revision=runs.c.revision + 1,
                )
            )
            record_event(connection, run_id, row, "lost", f"{reason}; it goes on by itself from step {newest:,}")
        return True

    def claim_from(self, run_id: str, *, pid: int, step: int, epoch: float, seconds: float) -> int:
        """`claim_run` for a run that goes on after `step` steps: what was recorded past them is cut off. Raises
        StaleAttempt."""
        attempt = self.runs.claim(
            run_id,
            pid=pid,
            rewind=lambda connection: _cut(connection, run_id, step) | {"step": step, "epoch": epoch, "seconds": seconds},
        )
        self.snapshots.drop(run_id, after=step)
        return attempt


def _cut(connection: Any, run_id: str, step: int) -> dict[str, Any]:
    """Removes the numbers past `step`; gives what the run's own row has to say then."""
    connection.execute(delete(steps).where(steps.c.run == run_id, steps.c.start >= step))
    for row in connection.execute(select(steps).where(steps.c.run == run_id, steps.c.stop > step)).all():
        try:
            values = floats(row._mapping["values"], row.stop - row.start)[: step - row.start]
        except ValueError:
            connection.execute(delete(steps).where(steps.c.id == row.id))
            continue
        share = (step - row.start) / (row.stop - row.start)
        connection.execute(
            update(steps)
            .where(steps.c.id == row.id)
            .values(
                stop=step,
                time_stop=row.time_start + share * (row.time_stop - row.time_start),
                values=values.tobytes(),
                blocks=blocks_of(values).tobytes(),
            )
        )
    connection.execute(delete(epochs).where(epochs.c.run == run_id, epochs.c.step > step))
    connection.execute(delete(frames).where(frames.c.run == run_id, frames.c.step > step))
    last: dict[str, float] = {}
    best: dict[str, float] = {}
    by_step: dict[int, dict[str, Any]] = {}
    for row in connection.execute(select(epochs).where(epochs.c.run == run_id).order_by(epochs.c.step, epochs.c.id)):
        place = by_step.setdefault(row.step, {"epoch": row.epoch, "step": row.step})
        if row.value is not None:
            place[row.name] = row.value
    for values_ in by_step.values():
        metrics = {name: value for name, value in values_.items() if name not in ("epoch", "step")}
        last |= metrics
        rank = "val_loss" if "val_loss" in metrics else "loss"
        if metrics.get(rank, math.inf) < best.get(rank, math.inf):
            best = values_
    return {"metrics": json.dumps(last), "best": json.dumps(best)}
