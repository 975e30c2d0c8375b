"""Runs can be pinned; with whatever else a store of before lacks."""

from alembic import op

from nnviz.store.versions import add_missing

revision = "0002"
down_revision = "0001"
schema = "5ba13d58d9215120"


def upgrade() -> None:
    add_missing(op.get_bind())
