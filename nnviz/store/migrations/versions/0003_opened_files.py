"""Files that the command line opened are remembered, so that runs trained on them can go on from the dashboard."""

from alembic import op

from nnviz.store.versions import add_missing

revision = "0003"
down_revision = "0002"
schema = "7403fef205faab6b"


def upgrade() -> None:
    add_missing(op.get_bind())
