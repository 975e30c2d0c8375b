"""Sweeps: a group whose spec says what varies, its trials, which are its runs, and whether more of them are wanted."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from nnviz.errors import NotFound
from nnviz.spec import RunSpec
from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.documents import or_empty
from nnviz.store.records import ENDED, Control
from nnviz.store.rows import value_of
from nnviz.store.runs.run_rows import default_name, fresh_id, queued_row, record_event
from nnviz.store.schema import epochs, groups, runs, settings

SweepStatus = Literal["running", "stopped", "finished", "failed"]
_KEY = "sweep."


@dataclass(frozen=True)
class SweepState:
    """What is wanted of a sweep: `trials` of them; `status` says whether more are begun, or why not, in words `reason`. `pid` is
    the process of the command line that trains it; None where workers do."""

    trials: int
    status: SweepStatus = "running"
    reason: str = ""
    pid: int | None = None


@dataclass(frozen=True)
class TrialHead:
    """How a trial stands: the id of its `run`, its `number` within the sweep, from 1, the run's `status`, and whether it
    `is_deleted`."""

    run: str
    number: int
    status: str
    is_deleted: bool = False


class Sweeps:
    """The sweeps of a store. What a sweep is stands in its group's spec, what is wanted of it in a row of the settings."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def create(self, spec: RunSpec, *, name: str = "", pid: int | None = None) -> str:
        """A sweep without trials, for `add_trial`; gives the group's id."""
        assert spec.sweep is not None
        group_id, name = fresh_id(), name or spec.name or default_name(spec)
        with self.db.write() as connection:
            connection.execute(
                insert(groups).values(id=group_id, name=name, spec=json.dumps(spec.to_json()), created=time.time())
            )
            _put(connection, group_id, SweepState(trials=spec.sweep.trials, pid=pid))
        return group_id

    def state(self, group_id: str) -> SweepState:
        """Raises NotFound for what is no sweep."""
        with self.db.read() as connection:
            state = _state(connection, group_id)
        if state is None:
            raise NotFound(f"there is no sweep {group_id!r}", remedy="`python -m nnviz runs` lists the runs.")
        return state

    def states(self) -> dict[str, SweepState]:
        """Of all sweeps, by their ids."""
        query = select(settings.c.key, settings.c.value).where(settings.c.key.startswith(_KEY, autoescape=True))
        with self.db.read() as connection:
            rows = connection.execute(query).all()
        return {row.key.removeprefix(_KEY): state for row in rows if (state := _read(row.value)) is not None}

    def change(self, group_id: str, **changes: Any) -> SweepState:
        """Another `status`, `reason`, `pid`, number of `trials`. Raises NotFound."""
        with self.db.write() as connection:
            before = _state(connection, group_id)
            if before is None:
                raise NotFound(f"there is no sweep {group_id!r}", remedy="`python -m nnviz runs` lists the runs.")
            state = replace(before, **changes)
            _put(connection, group_id, state)
        return state

    def add_trial(self, group_id: str, number: int, spec: RunSpec) -> str | None:
        """The run of the trial with this number, queued; gives its id, or None where another process was first, or no more are
        wanted."""
        with self.db.write() as connection:
            state = _state(connection, group_id)
            newest = connection.execute(select(func.max(runs.c.member)).where(runs.c.group_id == group_id)).scalar_one() or 0
            if state is None or state.status != "running" or newest != number - 1 or number > state.trials:
                return None
            name = connection.execute(select(groups.c.name).where(groups.c.id == group_id)).scalar_one()
            run_id, label = fresh_id(), f"trial {number}"
            connection.execute(
                insert(runs).values(
                    group_id=group_id,
                    member=number,
                    label=label,
                    **queued_row(run_id, spec, f"{name[:250]} · {label}", Control()),
                )
            )
        return run_id

    def heads(self, group_id: str) -> list[TrialHead]:
        """All trials in their order, those that were deleted as well."""
        wanted = (runs.c.id, runs.c.member, runs.c.status, runs.c.deleted)
        query = select(*wanted).where(runs.c.group_id == group_id).order_by(runs.c.member)
        with self.db.read() as connection:
            rows = connection.execute(query).all()
        return [TrialHead(row.id, int(row.member), row.status, row.deleted is not None) for row in rows]

    def points(self, run_ids: Sequence[str], metric: str) -> dict[str, list[tuple[float, float]]]:
        """Of each run the values of a metric by epoch, (epoch, value) in order; those that are not finite come as they are."""
        query = (
            select(epochs.c.run, epochs.c.epoch, epochs.c.value, epochs.c.odd)
            .where(epochs.c.run.in_(list(run_ids)), epochs.c.name == metric)
            .order_by(epochs.c.id)
        )
        curves: dict[str, list[tuple[float, float]]] = {}
        with self.db.read() as connection:
            for row in connection.execute(query):
                curves.setdefault(row.run, []).append((row.epoch, value_of(row)))
        return curves

    def prune(self, run_id: str, text: str, data: Mapping[str, Any]) -> bool:
        """A trial is to end, with the reason as an event and in `Run.info["pruned"]`; whether it had not ended by itself."""
        with self.db.write() as connection:
            row = connection.execute(
                select(runs.c.status, runs.c.info, runs.c.control, runs.c.step, runs.c.epoch).where(runs.c.id == run_id)
            ).one_or_none()
            if row is None or row.status in ENDED:
                return False
            info = or_empty(documents.event_data, row.info)
            before = Control(**or_empty(documents.control, row.control))
            if before.stop or info.get("pruned"):
                return False
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(
                    control=json.dumps(asdict(replace(before, stop=True, number=before.number + 1))),
                    info=json.dumps(info | {"pruned": text}),
                    revision=runs.c.revision + 1,
                )
            )
            record_event(connection, run_id, row, "pruned", text, data)
        return True


def _state(connection: Connection, group_id: str) -> SweepState | None:
    query = select(settings.c.value).where(settings.c.key == _KEY + group_id).with_for_update()
    return _read(connection.execute(query).scalar_one_or_none())


def _read(text: str | None) -> SweepState | None:
    try:
        return SweepState(**json.loads(text)) if text else None
    except (ValueError, TypeError):
        return None


def _put(connection: Connection, group_id: str, state: SweepState) -> None:
    connection.execute(delete(settings).where(settings.c.key == _KEY + group_id))
    connection.execute(insert(settings).values(key=_KEY + group_id, value=json.dumps(asdict(state))))
