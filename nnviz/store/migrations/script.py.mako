"""${message}."""

from alembic import op

from nnviz.store.versions import add_missing

revision = "${up_revision}"
down_revision = ${repr(down_revision)}
schema = ""


def upgrade() -> None:
    add_missing(op.get_bind())
