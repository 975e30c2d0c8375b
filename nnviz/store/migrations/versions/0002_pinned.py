"""Runs can be pinned and have snapshots; jobs are of a tuning and have a place in a queue; with whatever else is lacking."""

from alembic import op

from nnviz.store.versions import add_missing

revision = "0002"
down_revision = "0001"
schema = "655504e1c9e7af04"


def upgrade() -> None:
    add_missing(op.get_bind())
