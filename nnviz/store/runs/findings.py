"""What the doctor says of runs: with each run its last judgement, and an event for each finding."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update

from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.documents import or_empty
from nnviz.store.runs.run_rows import record_event
from nnviz.store.schema import events, runs

KIND = "finding"
"""Of the events."""


class Findings:
    """The findings of a store's runs. `Run.info["doctor"]` holds a run's last judgement: {`step`: how far the run was,
    `findings`: as of `nnviz doctor --json`}; a run that nobody has judged has none."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def replace(self, run_id: str, findings: Sequence[Mapping[str, Any]], *, step: int) -> bool:
        """Puts a judgement in the place of the last one, in one transaction; whether that changed anything. The same findings
        again change nothing, so their events keep their ids. A run that is gone stays so."""
        with self.db.write() as connection:
            row = connection.execute(select(runs.c.info, runs.c.step, runs.c.epoch).where(runs.c.id == run_id)).one_or_none()
            if row is None:
                return False
            info = or_empty(documents.info, row.info)
            new = json.loads(json.dumps(list(findings)))
            before = info.get("doctor")
            if isinstance(before, dict) and before.get("findings") == new:
                return False
            # only then are the old ones removed: ids rise with each event, and SQLite gives those that are free at the end again
            before_these = connection.execute(select(func.max(events.c.id))).scalar_one() or 0
            for finding in new:
                record_event(connection, run_id, row, KIND, f"{finding['title']}: {finding['text']}", finding)
            connection.execute(delete(events).where(events.c.run == run_id, events.c.kind == KIND, events.c.id <= before_these))
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(info=json.dumps(info | {"doctor": {"step": step, "findings": new}}), revision=runs.c.revision + 1)
            )
        return True
