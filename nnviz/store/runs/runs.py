"""Runs: created, claimed, ended, renamed, deleted. A claim opens an attempt; only its own worker may end it."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from nnviz.errors import Conflict, NnvizError, NotFound, RequestError, StaleAttempt
from nnviz.spec import RunSpec, members
from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.documents import or_empty
from nnviz.store.records import ENDED, Control, Event, Group, Run
from nnviz.store.rows import event_records, group_record, run_record, run_records
from nnviz.store.runs.run_rows import default_name, fresh_id, open_attempt, queued_row, record_event
from nnviz.store.schema import events, groups, runs

COLUMNS = [column for column in runs.c if column.name != "encoder"]  # which may be large
# asked many times a second while a run trains: building such a statement takes longer than running it
_CONTROL = select(runs.c.control).where(runs.c.id == bindparam("of"))


class Runs:
    """The runs of a store."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def create(self, spec: RunSpec, *, name: str = "", control: Control | None = None) -> str:
        """A new run in status `queued`; gives its id. `control` sets the pace it starts at."""
        run_id = fresh_id()
        with self.db.write() as connection:
            connection.execute(insert(runs).values(**queued_row(run_id, spec, name or spec.name or default_name(spec), control)))
        return run_id

    def create_group(self, spec: RunSpec, *, name: str = "", control: Control | None = None) -> str:
        """The runs that a spec stands for, all in status `queued`, and their group; gives the group's id."""
        group_id, name = fresh_id(), name or spec.name or default_name(spec)
        with self.db.write() as connection:
            connection.execute(
                insert(groups).values(id=group_id, name=name, spec=json.dumps(spec.to_json()), created=time.time())
            )
            for number, member in enumerate(members(spec), start=1):
                connection.execute(
                    insert(runs).values(
                        group_id=group_id,
                        member=number,
                        label=member.label,
                        **queued_row(fresh_id(), member.spec, f"{name[:250]} · {member.label}", control),
                    )
                )
        return group_id

    def group(self, group_id: str) -> Group:
        """Raises NotFound. A unique beginning of an id will do."""
        begins = groups.c.id.startswith(group_id, autoescape=True)
        with self.db.read() as connection:
            alike = connection.execute(select(groups).where(begins).limit(2)).all() if group_id else []
        if len(alike) != 1:
            raise NotFound(f"there is no group {group_id!r}", remedy="`python -m nnviz runs` lists the runs.")
        return group_record(alike[0])

    def group_runs(self, group_id: str) -> list[Run]:
        """The runs of a group in their order, deleted ones left out."""
        query = select(*COLUMNS).where(runs.c.group_id == group_id, runs.c.deleted.is_(None)).order_by(runs.c.member)
        with self.db.read() as connection:
            return run_records(connection.execute(query))

    def get(self, run_id: str) -> Run:
        """Raises NotFound. A unique beginning of an id will do."""
        with self.db.read() as connection:
            row = connection.execute(select(*COLUMNS).where(runs.c.id == run_id)).one_or_none()
            if row is None and run_id:
                alike = connection.execute(
                    select(*COLUMNS).where(runs.c.id.startswith(run_id, autoescape=True), runs.c.deleted.is_(None)).limit(2)
                ).all()
                row = alike[0] if len(alike) == 1 else None
        if row is None:
            raise NotFound(f"there is no run {run_id!r}", remedy="`python -m nnviz runs` lists them.")
        return run_record(row)

    def list_runs(self, *, ids: Sequence[str] | None = None, limit: int = 1000) -> list[Run]:
        """Newest first, deleted ones left out; with `ids` those, in the order given."""
        query = select(*COLUMNS).where(runs.c.deleted.is_(None)).order_by(runs.c.created.desc(), runs.c.id.desc())
        with self.db.read() as connection:
            if ids is None:
                return run_records(connection.execute(query.limit(limit)))
            by_id = {run.id: run for run in run_records(connection.execute(query.where(runs.c.id.in_(list(ids)))))}
        return [by_id[run_id] for run_id in ids if run_id in by_id]

    def claim(self, run_id: str, *, pid: int, rewind: Callable[[Any], dict[str, Any]] | None = None) -> int:
        """Opens a new attempt and gives its number; status becomes `running`. `rewind` cuts off what lies past the state it
        goes on from, in the same transaction, and gives what to change of the run. Raises StaleAttempt where it already
        runs or has ended."""
        with self.db.write() as connection:
            row = connection.execute(select(runs.c.attempt, runs.c.status).where(runs.c.id == run_id)).one_or_none()
            if row is None or row.status != "queued":
                raise StaleAttempt(f"the run is {row.status if row else 'gone'}, not queued", where=run_id)
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(
                    attempt=row.attempt + 1,
                    status="running",
                    phase="reading data",
                    started=time.time(),
                    pid=pid,
                    revision=runs.c.revision + 1,
                    **(rewind(connection) if rewind else {}),
                )
            )
        return int(row.attempt) + 1

    def set_phase(
        self, run_id: str, attempt: int, phase: str, *, info: dict[str, Any] | None = None, encoder: dict[str, Any] | None = None
    ) -> None:
        """What the run is doing before it trains, and what has become known about it. Raises StaleAttempt."""
        with self.db.write() as connection:
            row = open_attempt(connection, run_id, attempt)
            values: dict[str, Any] = {"phase": phase, "revision": runs.c.revision + 1}
            if info is not None:
                values["info"] = json.dumps(or_empty(documents.event_data, row.info) | info)
            if encoder is not None:
                values["encoder"] = json.dumps(encoder)
            connection.execute(update(runs).where(runs.c.id == run_id).values(**values))

    def finish(
        self,
        run_id: str,
        attempt: int | None,
        status: str,
        *,
        error: NnvizError | None = None,
        log: str = "",
        metrics: dict[str, float] | None = None,
        info: dict[str, Any] | None = None,
        weights: str | None = None,
        text: str = "",
    ) -> None:
        """Ends a run; `text`: what its event says, where that is more than the status. With `attempt` None (a supervisor's word
        on a lost worker) whatever attempt is open. Ending a run that has ended changes nothing. Raises StaleAttempt where
        another attempt is open."""
        with self.db.write() as connection:
            row = connection.execute(
                select(runs.c.attempt, runs.c.status, runs.c.info, runs.c.metrics, runs.c.step, runs.c.epoch).where(
                    runs.c.id == run_id
                )
            ).one_or_none()
            if row is None or row.status in ENDED:
                return
            if attempt is not None and attempt != row.attempt:
                raise StaleAttempt(f"attempt {attempt} was replaced by {row.attempt}", where=run_id)
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(
                    status=status,
                    phase="",
                    ended=time.time(),
                    pid=None,
                    error=json.dumps(error.to_json()) if error else None,
                    log=log or None,
                    metrics=json.dumps(or_empty(documents.event_data, row.metrics) | (metrics or {})),
                    info=json.dumps(or_empty(documents.event_data, row.info) | (info or {})),
                    weights=weights,
                    revision=runs.c.revision + 1,
                )
            )
            stopped = "Stopped" if row.step else "Stopped by hand before the first step"
            text = error.message if error else text or {"finished": "Finished", "stopped": stopped}.get(status, status)
            record_event(connection, run_id, row, status, text)

    def encoder(self, run_id: str) -> dict[str, Any] | None:
        """The fitted encoder kept with the run, as JSON. Raises RequestError for one that cannot be read."""
        with self.db.read() as connection:
            text = connection.execute(select(runs.c.encoder).where(runs.c.id == run_id)).scalar_one_or_none()
        try:
            return documents.encoder(text) if text else None
        except ValueError as error:
            raise RequestError(
                f"the encoder of this run cannot be read: it {error}",
                where=run_id,
                remedy="Choose another run, or train this one again.",
            ) from error

    def set_control(
        self, run_id: str, *, expect: int | None = None, live: Any = None, weights: Any = None, **changes: Any
    ) -> Control:
        """Changes what is wanted of a run (`stop`, `pace`, `steps_allowed`, `epochs`; `live` and `weights`, set by hand, add to
        what is there); one that waits, in the queue or paused without a worker, ends at once when it is stopped.

        `expect`: the number of the control that the change is meant for. Raises Conflict where it is another by now."""
        with self.db.write() as connection:
            row = connection.execute(select(runs.c.control, runs.c.status, runs.c.pid).where(runs.c.id == run_id)).one_or_none()
            if row is None:
                raise NotFound(f"there is no run {run_id!r}")
            before = Control(**or_empty(documents.control, row.control))
            if expect is not None and expect != before.number:
                raise Conflict(
                    "somebody else has steered this run meanwhile",
                    where=run_id,
                    remedy="Look at what it does now, and try again.",
                )
            control = replace(before.numbered(weights or {}), live=before.live | (live or {}), **changes)
            values: dict[str, Any] = {"control": json.dumps(asdict(control)), "revision": runs.c.revision + 1}
            if control.stop and (row.status == "queued" or (row.status == "paused" and row.pid is None)):
                values |= {"status": "stopped", "phase": "", "ended": time.time()}
            connection.execute(update(runs).where(runs.c.id == run_id).values(**values))
        return control

    def control(self, run_id: str) -> Control:
        with self.db.read() as connection:
            text = connection.execute(_CONTROL, {"of": run_id}).scalar_one_or_none()
        return Control(**or_empty(documents.control, text or "{}"))

    def controls(self, run_ids: Sequence[str]) -> dict[str, Control]:
        """Of several runs, those that are there."""
        with self.db.read() as connection:
            rows = connection.execute(select(runs.c.id, runs.c.control).where(runs.c.id.in_(run_ids))).all()
        return {row.id: Control(**or_empty(documents.control, row.control or "{}")) for row in rows}

    def edit(self, run_id: str, *, name: str | None = None, tags: Sequence[str] | None = None, note: str | None = None) -> None:
        """Rename, tag, note."""
        values: dict[str, Any] = {"revision": runs.c.revision + 1}
        if name is not None and name.strip():
            values["name"] = name.strip()[:300]
        if tags is not None:
            values["tags"] = json.dumps(sorted({tag.strip()[:60] for tag in tags if tag.strip()}))
        if note is not None:
            values["note"] = note[:10_000]
        with self.db.write() as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(**values))

    def delete(self, run_ids: Sequence[str], *, with_pinned: bool = False) -> list[str]:
        """Out of sight, and stopped where it runs, be it broken or not; `restore_runs` brings it back until `purge`. Pinned runs
        stay unless `with_pinned`. Gives the ids of those deleted."""
        pinned = set() if with_pinned else {run.id for run in self.list_runs(ids=run_ids) if run.is_pinned}
        gone = [run_id for run_id in run_ids if run_id not in pinned]
        for run_id in gone:
            if not self.get(run_id).is_ended:
                self.set_control(run_id, stop=True)
        with self.db.write() as connection:
            connection.execute(update(runs).where(runs.c.id.in_(gone)).values(deleted=time.time()))
        return gone

    def pin(self, run_ids: Sequence[str], *, pinned: bool = True) -> None:
        """Keeps runs from being deleted among many, or no longer."""
        with self.db.write() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id.in_(list(run_ids)))
                .values(pinned=time.time() if pinned else None, revision=runs.c.revision + 1)
            )

    def restore(self, run_ids: Sequence[str]) -> None:
        with self.db.write() as connection:
            connection.execute(update(runs).where(runs.c.id.in_(list(run_ids))).values(deleted=None))

    def add_event(self, run_id: str, kind: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """Something that happened to a run, at the step where it is now."""
        with self.db.write() as connection:
            row = connection.execute(select(runs.c.step, runs.c.epoch).where(runs.c.id == run_id)).one_or_none()
            if row is None:
                raise NotFound(f"there is no run {run_id!r}")
            record_event(connection, run_id, row, kind, text, data)
            connection.execute(update(runs).where(runs.c.id == run_id).values(revision=runs.c.revision + 1))

    def events(self, run_id: str) -> list[Event]:
        """In the order in which they happened."""
        with self.db.read() as connection:
            rows = connection.execute(select(events).where(events.c.run == run_id).order_by(events.c.id)).all()
        return list(event_records(rows))

    def changed(self, run_id: str, kind: str = "changed") -> list[Event]:
        """The settings that were changed while it trained (of the kind `edited`: units and weights, by hand), in the order in
        which they took effect; not those of a process that
        was lost, past the moment from which another one went on."""
        changes: list[Event] = []
        for event in self.events(run_id):
            changes = [earlier for earlier in changes if earlier.step <= event.step]
            if event.kind == kind and isinstance(event.data.get("name"), str) and "after" in event.data:
                changes.append(event)
        return changes
