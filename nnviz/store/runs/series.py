"""Numbers of runs: appended by the worker that has the open attempt, read by whoever watches.

Writing again what was already written changes nothing, so a worker that does not know whether a commit went through
may repeat it.
"""

import json
import math
import time
from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import bindparam, func, select, update

from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.documents import or_empty
from nnviz.store.records import Cursor, Curve, EpochRow, FrameRow, Updates
from nnviz.store.rows import block_records, epoch_records, event_records, floats, frame_records, run_record, value_of
from nnviz.store.runs.run_rows import open_attempt
from nnviz.store.runs.upserts import insert_new, insert_or_replace
from nnviz.store.schema import epochs, events, frames, runs, steps
from nnviz.store.values import WHOLE as WHOLE_NUMBER, number, whole

BLOCK = 256
"""Steps summarised by one minimum, maximum and mean."""
WHOLE = 200_000
"""Up to this many steps a series is read whole; beyond it, by its blocks."""
WHOLE_EPOCHS = 20_000
"""Up to this many values by epoch are read whole; of more, the database itself looks for the extremes."""

# Built once: building the statements of an append took longer than running them.
_DONE = (
    update(runs)
    .where(runs.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("step", "epoch", "seconds", "phase", "revision", "status", "metrics", "best")})
)


class Series:
    """The points of a store's runs."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def append(
        self,
        run_id: str,
        attempt: int,
        *,
        step: int,
        epoch: float,
        seconds: float,
        first_step: int = 0,
        first_seconds: float = 0.0,
        steps_: Mapping[str, np.ndarray] | None = None,
        epochs_: Sequence[tuple[float, int, float, Mapping[str, float]]] = (),
        frame: FrameRow | None = None,
        phase: str = "training",
    ) -> None:
        """What a run did since the last call. `steps_`: one float32 array a series, for steps first_step+1 ... ;
        `epochs_`: (epoch, step, seconds, values). Raises StaleAttempt where another attempt is open or the run ended."""
        now = time.time()
        with self.db.write() as connection:
            row = open_attempt(connection, run_id, attempt)
            revision = row.revision + 1
            arrays = {series: np.ascontiguousarray(values, dtype="<f4") for series, values in (steps_ or {}).items()}
            blocks = [
                {
                    "run": run_id,
                    "attempt": attempt,
                    "series": series,
                    "start": first_step,
                    "stop": first_step + len(values),
                    "time_start": first_seconds,
                    "time_stop": seconds,
                    "written": now,
                    "values": values.tobytes(),
                    "blocks": blocks_of(values).tobytes(),
                }
                for series, values in arrays.items()
                if len(values)
            ]
            if blocks:
                connection.execute(insert_new(steps, self.db.is_sqlite), blocks)
            points = [
                {"run": run_id, "name": name, "epoch": at, "step": at_step, "time": at_seconds}
                | ({"value": float(value), "odd": None} if math.isfinite(value) else {"value": None, "odd": str(float(value))})
                for at, at_step, at_seconds, metrics in epochs_
                for name, value in metrics.items()
            ]
            if points:
                connection.execute(insert_new(epochs, self.db.is_sqlite), points)
            if frame is not None:
                connection.execute(
                    insert_or_replace(frames, self.db.is_sqlite),
                    {
                        "run": run_id,
                        "view": frame.view,
                        "revision": revision,
                        "step": frame.step,
                        "epoch": frame.epoch,
                        "body": frame.body,
                    },
                )
            known = {"metrics": row.metrics, "best": row.best}
            if epochs_:
                last, best = or_empty(documents.metrics, row.metrics), or_empty(documents.metrics, row.best)
                for at, at_step, _at_seconds, metrics in epochs_:
                    finite = {name: value for name, value in metrics.items() if math.isfinite(value)}
                    last |= finite
                    rank = "val_loss" if "val_loss" in metrics else "loss"
                    if finite.get(rank, math.inf) < best.get(rank, math.inf):
                        best = finite | {"epoch": at, "step": at_step}
                known = {"metrics": json.dumps(last), "best": json.dumps(best)}
            connection.execute(
                _DONE,
                known
                | {
                    "of": run_id,
                    "step": step,
                    "epoch": epoch,
                    "seconds": seconds,
                    "phase": phase,
                    "revision": revision,
                    "status": "running" if row.status == "paused" and step > row.step else row.status,
                },
            )

    def updates(self, run_id: str, cursor: Cursor) -> Updates:
        """What came since `cursor`; one small query when nothing did."""
        with self.db.read() as connection:
            revision = connection.execute(select(runs.c.revision).where(runs.c.id == run_id)).scalar_one_or_none()
            if revision is None or revision == cursor.revision:
                return Updates(cursor=cursor)
            row = connection.execute(
                select(*[column for column in runs.c if column.name != "encoder"]).where(runs.c.id == run_id)
            ).one()
            new_steps = connection.execute(
                select(steps).where(steps.c.run == run_id, steps.c.id > cursor.steps).order_by(steps.c.id)
            ).all()
            new_epochs = connection.execute(
                select(epochs).where(epochs.c.run == run_id, epochs.c.id > cursor.epochs).order_by(epochs.c.id)
            ).all()
            new_events = connection.execute(
                select(events).where(events.c.run == run_id, events.c.id > cursor.events).order_by(events.c.id)
            ).all()
            new_frames = connection.execute(select(frames).where(frames.c.run == run_id, frames.c.revision > cursor.frames)).all()
        return Updates(
            cursor=Cursor(
                # the revision that was read first: what was committed between the queries is asked for again
                revision=revision,
                steps=new_steps[-1].id if new_steps else cursor.steps,
                epochs=new_epochs[-1].id if new_epochs else cursor.epochs,
                events=new_events[-1].id if new_events else cursor.events,
                frames=max([cursor.frames, *(frame.revision for frame in new_frames if isinstance(frame.revision, int))]),
            ),
            run=run_record(row),
            steps=block_records(new_steps),
            epochs=epoch_records(new_epochs),
            events=event_records(new_events),
            frames=frame_records(new_frames),
        )

    def tail(self, run_id: str) -> Cursor:
        """A cursor past every point and event that is there now; the run itself and its frames are still to be read."""
        with self.db.read() as connection:
            newest = [
                connection.execute(select(func.max(table.c.id)).where(table.c.run == run_id)).scalar_one_or_none() or 0
                for table in (steps, epochs, events)
            ]
        return Cursor(steps=newest[0], epochs=newest[1], events=newest[2])

    def names(self, run_id: str) -> list[str]:
        """The names of a run's series by step."""
        with self.db.read() as connection:
            return list(
                connection.execute(
                    select(steps.c.series).where(steps.c.run == run_id).distinct().order_by(steps.c.series)
                ).scalars()
            )

    def curve(self, run_id: str, series: str) -> Curve:
        """A series by step: whole up to 200,000 steps, beyond that a mean, minimum and maximum for every 256 steps."""
        # what is no number, in a row that another program wrote, is larger than any
        mine = (steps.c.run == run_id) & (steps.c.series == series) & (steps.c.stop <= WHOLE_NUMBER)
        with self.db.read() as connection:
            total = connection.execute(select(func.max(steps.c.stop)).where(mine)).scalar_one_or_none() or 0
            packed = steps.c["values"] if total <= WHOLE else steps.c.blocks
            rows = connection.execute(
                select(steps.c.start, steps.c.stop, steps.c.time_start, steps.c.time_stop, packed.label("packed"))
                .where(mine)
                .order_by(steps.c.start)
            ).all()
        columns: list[list[np.ndarray]] = [[], [], [], [], []]
        for row in rows:
            try:
                count = whole(row.stop) - whole(row.start)
                values = floats(row.packed, count if total <= WHOLE else 3 * math.ceil(count / BLOCK))
                number(row.time_start), number(row.time_stop)
            except ValueError:
                continue  # another program wrote it: a gap in the curve
            if total <= WHOLE:
                place = np.arange(row.start + 1, row.stop + 1)
                lowest = highest = mean = values
            else:
                values = values.reshape(-1, 3)
                place = np.minimum(row.start + BLOCK * (np.arange(len(values)) + 1), row.stop)
                lowest, highest, mean = values.T
            share = (place - row.start) / (row.stop - row.start)
            clock = row.time_start + (row.time_stop - row.time_start) * share
            for column, part in zip(columns, (place, clock, mean, lowest, highest), strict=True):
                column.append(part)
        return Curve(*(np.concatenate(parts).astype(float) if parts else np.empty(0) for parts in columns))

    def epoch_rows(self, run_id: str) -> list[EpochRow]:
        """Every value by epoch, in the order it was written."""
        with self.db.read() as connection:
            rows = connection.execute(select(epochs).where(epochs.c.run == run_id).order_by(epochs.c.id)).all()
        return list(epoch_records(rows))

    def epoch_curves(self, run_id: str, *, points: int) -> dict[str, Curve]:
        """Every metric by epoch. Of a run with very many, about `points` stretches each: the last value, the lowest and the
        highest of each stretch."""
        mine = (epochs.c.run == run_id) & (epochs.c.step <= WHOLE_NUMBER)
        wanted = [epochs.c.name, epochs.c.epoch, epochs.c.step, epochs.c.time, epochs.c.value, epochs.c.odd]
        with self.db.read() as connection:
            count, last = connection.execute(select(func.count(), func.max(epochs.c.step)).where(mine)).one()
            if count <= WHOLE_EPOCHS:
                query = select(*wanted, epochs.c.value.label("low"), epochs.c.value.label("high")).where(mine)
            else:
                stretch = epochs.c.step // (last // points + 1)
                extremes = (
                    select(
                        func.max(epochs.c.id).label("id"),
                        func.min(epochs.c.value).label("low"),
                        func.max(epochs.c.value).label("high"),
                    )
                    .where(mine)
                    .group_by(epochs.c.name, stretch)
                    .subquery()
                )
                query = select(*wanted, extremes.c.low, extremes.c.high).join(extremes, extremes.c.id == epochs.c.id)
            rows = connection.execute(query.order_by(epochs.c.id)).all()
        metrics: dict[str, list[tuple[float, ...]]] = {}
        for row in rows:
            try:
                value = value_of(row)
                low, high = (value if row.low is None else number(extreme) for extreme in (row.low, row.high))
                point = (number(row.step), number(row.time), value, low, high, number(row.epoch))
            except ValueError:
                continue  # another program wrote it: a gap in the curve
            metrics.setdefault(row.name, []).append(point)
        return {name: Curve(*np.array(curve_points, dtype=float).T) for name, curve_points in metrics.items()}

    def history(self, run_id: str) -> list[dict[str, float]]:
        """One mapping an epoch: epoch, step, time (seconds since the first step) and every metric."""
        by_step: dict[int, dict[str, float]] = {}
        for row in self.epoch_rows(run_id):
            place = by_step.setdefault(row.step, {"epoch": row.epoch, "step": row.step, "time": row.time})
            place[row.name] = row.value
        return [by_step[step] for step in sorted(by_step)]

    def frames(self, run_id: str) -> list[FrameRow]:
        """The newest frame of each view."""
        with self.db.read() as connection:
            rows = connection.execute(select(frames).where(frames.c.run == run_id)).all()
        return list(frame_records(rows))


def blocks_of(values: np.ndarray) -> np.ndarray:
    """Minimum, maximum and mean of each 256 of `values` (n,), float32 (blocks, 3)."""
    starts = np.arange(0, len(values), BLOCK)
    counts = np.diff(np.append(starts, len(values)))
    means = np.add.reduceat(values.astype(np.float64), starts) / counts
    return np.stack([np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts), means], axis=1).astype("<f4")
