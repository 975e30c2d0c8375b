"""Runs can be pinned and have snapshots; jobs and workers are of a tuning; with whatever else a store of before lacks."""

from alembic import op

from nnviz.store.versions import add_missing

revision = "0002"
down_revision = "0001"
schema = "11b811aea3999297"


def upgrade() -> None:
    add_missing(op.get_bind())
