"""What is written of a group as a whole."""

from collections.abc import Sequence

from sqlalchemy import update

from nnviz.store.database import Database
from nnviz.store.runs.runs import Runs
from nnviz.store.schema import groups


class GroupEdits:
    """Names, tags and notes of groups."""

    def __init__(self, db: Database, runs: Runs) -> None:
        self.db, self.runs = db, runs

    def edit(
        self, run_ids: Sequence[str], *, name: str | None = None, tags: Sequence[str] | None = None, note: str | None = None
    ) -> None:
        """As `Runs.edit`, of the group that these runs are: its name begins theirs."""
        called = name.strip() if name is not None else ""
        with self.db.write() as connection:
            for run in self.runs.list_runs(ids=run_ids):
                if called:
                    connection.execute(update(groups).where(groups.c.id == run.group).values(name=called[:300]))
                self.runs.edit(run.id, name=f"{called[:250]} · {run.label}" if called else None, tags=tags, note=note)
