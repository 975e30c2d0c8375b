"""Runs of before reading rules had versions keep reading by the first: every spec whose data is a file gets them written in."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from nnviz.store.transfer.old_rules import with_payload_of_old, with_rules_of_old

revision = "0004"
down_revision = "0003"
schema = "7403fef205faab6b"

_AT_ONCE = 500
"""Rows that are held at once."""


def upgrade() -> None:
    for name in ("runs", "groups"):
        _rewrite(name, "spec", with_rules_of_old)
    _rewrite("jobs", "payload", with_payload_of_old)


def _rewrite(name: str, column: str, rewritten: Callable[[Any], Any]) -> None:
    """A text that cannot be read stays as it is."""
    connection = op.get_bind()
    table = sa.table(name, sa.column("id"), sa.column(column))
    ids = connection.execute(sa.select(table.c.id)).scalars().all()
    for start in range(0, len(ids), _AT_ONCE):
        rows = connection.execute(
            sa.select(table.c.id, table.c[column]).where(table.c.id.in_(ids[start : start + _AT_ONCE]))
        ).all()
        for row_id, before in rows:
            after = rewritten(before)
            if after != before:
                connection.execute(sa.update(table).where(table.c.id == row_id).values({column: after}))
