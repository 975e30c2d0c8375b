"""A run's own row: what a new one holds, and the row that an open attempt may write to."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import Row

from nnviz.errors import StaleAttempt
from nnviz.spec import RunSpec, summary
from nnviz.store.records import ENDED, Control
from nnviz.store.schema import events, runs

# asked many times a second while a run trains: building such a statement takes longer than running it
_STATE = select(runs.c.attempt, runs.c.status, runs.c.info, runs.c.metrics, runs.c.best, runs.c.revision, runs.c.step).where(
    runs.c.id == bindparam("of")
)


def open_attempt(connection: Any, run_id: str, attempt: int) -> Row[Any]:
    """The run's row, for a write by its open attempt. Raises StaleAttempt for any other one, or once the run has ended."""
    row: Row[Any] | None = connection.execute(_STATE, {"of": run_id}).one_or_none()
    if row is None or row.attempt != attempt or row.status in ENDED:
        raise StaleAttempt(f"attempt {attempt} is not the open one", where=run_id)
    return row


def record_event(
    connection: Any, run_id: str, row: Row[*tuple[Any, ...]], kind: str, text: str, data: Mapping[str, Any] | None = None
) -> None:
    """Something that happened to a run now, at the step and epoch of its `row`."""
    at = {"step": row.step, "epoch": row.epoch, "time": time.time()}
    connection.execute(insert(events).values(run=run_id, kind=kind, text=text, data=json.dumps(dict(data or {})), **at))


def fresh_id() -> str:
    """The id of a new run: the time (UTC) and six random hexadecimal digits."""
    return time.strftime("%y%m%d-%H%M%S-", time.gmtime()) + secrets.token_hex(3)


def queued_row(run_id: str, spec: RunSpec, name: str, control: Control | None) -> dict[str, Any]:
    """The columns of a new run that waits for its turn."""
    return {
        "id": run_id,
        "name": name,
        "spec": json.dumps(spec.to_json()),
        "status": "queued",
        "phase": "queued",
        "created": time.time(),
        "control": json.dumps(asdict(control or Control())),
        "info": json.dumps({"network": summary(spec)}),
    }


def default_name(spec: RunSpec) -> str:
    """What a run is called that nobody named: its data, its layers and its optimizer."""
    source = getattr(spec.data, "name", "") or getattr(spec.data, "path", "")
    return f"{source.rsplit('/', 1)[-1]}, {summary(spec)}, {spec.optimizer.kind}"
