"""The tables. Runs, jobs, events and workers are plain rows; values by step are packed, one row a range of steps."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
_Id = BigInteger().with_variant(Integer, "sqlite")


def _run(*, index: bool = False) -> Column[str]:
    return Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=index)


runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("phase", String(32), nullable=False, default=""),
    Column("attempt", Integer, nullable=False, default=0),
    Column("revision", Integer, nullable=False, default=0),
    Column("created", Float, nullable=False, index=True),
    Column("started", Float),
    Column("ended", Float),
    Column("step", _Id, nullable=False, default=0),
    Column("epoch", Float, nullable=False, default=0.0),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("pid", Integer),
    Column("error", Text),
    Column("log", Text),
    Column("control", Text, nullable=False, default="{}"),
    Column("info", Text, nullable=False, default="{}"),
    Column("metrics", Text, nullable=False, default="{}"),
    Column("best", Text, nullable=False, default="{}"),
    Column("encoder", Text),
    Column("weights", String(64)),
    Column("tags", Text, nullable=False, default="[]"),
    Column("note", Text, nullable=False, default=""),
    Column("deleted", Float),
    Column("group_id", String(32), index=True),
    Column("member", Integer),
    Column("label", Text),
    Column("pinned", Float),
)

groups = Table(
    "groups",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("created", Float, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _run(),
    Column("attempt", Integer, nullable=False),
    Column("series", String(64), nullable=False),
    Column("start", _Id, nullable=False),
    Column("stop", _Id, nullable=False),
    Column("time_start", Float, nullable=False),
    Column("time_stop", Float, nullable=False),
    Column("written", Float, nullable=False),
    Column("values", LargeBinary, nullable=False),
    Column("blocks", LargeBinary, nullable=False),
    UniqueConstraint("run", "attempt", "series", "start"),
)

epochs = Table(
    "epochs",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _run(),
    Column("name", String(64), nullable=False),
    Column("epoch", Float, nullable=False),
    Column("step", _Id, nullable=False),
    Column("value", Float),
    Column("odd", String(4)),
    Column("time", Float, nullable=False),
    UniqueConstraint("run", "name", "step"),
)

events = Table(
    "events",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _run(),
    Column("step", _Id, nullable=False),
    Column("epoch", Float, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("data", Text, nullable=False, default="{}"),
    Column("time", Float, nullable=False),
)
Index("events_by_run", events.c.run, events.c.id)
Index("epochs_by_run", epochs.c.run, epochs.c.id)
Index("steps_by_run", steps.c.run, steps.c.id)

frames = Table(
    "frames",
    metadata,
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("view", String(32), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("step", _Id, nullable=False),
    Column("epoch", Float, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("run", String(32), index=True),
    Column("payload", Text, nullable=False),
    Column("key", String(80), nullable=False, default=""),
    Column("status", String(16), nullable=False, index=True),
    Column("prefers", String(32), nullable=False, default=""),
    Column("worker", String(32)),
    Column("result", Text),
    Column("created", Float, nullable=False),
    Column("ended", Float),
    Column("needs", String(16)),
    Column("rank", Float),
)

workers = Table(
    "workers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("job", _Id),
    Column("ready", Text, nullable=False, default="[]"),
    Column("started", Float, nullable=False),
    Column("heartbeat", Float, nullable=False),
    Column("tuning", String(16)),
)

presence = Table("presence", metadata, Column("id", String(64), primary_key=True), Column("heartbeat", Float, nullable=False))

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", _Id, nullable=False),
    Column("created", Float, nullable=False),
)

blob_parts = Table(
    "blob_parts",
    metadata,
    Column("sha256", String(64), ForeignKey("blobs.sha256", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("step", _Id, primary_key=True),
    Column("epoch", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("file", String(80), nullable=False),
    Column("place", _Id, nullable=False),
    Column("size", _Id, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created", Float, nullable=False),
    Column("damaged", Integer),
)

opened_files = Table(
    "opened_files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("size", _Id, nullable=False),
    Column("modified_ns", _Id, nullable=False),
    Column("opened", Float, nullable=False),
)

settings = Table("settings", metadata, Column("key", String(32), primary_key=True), Column("value", Text, nullable=False))
