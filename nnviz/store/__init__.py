"""Runs, their numbers, events, frames, jobs and blobs, in SQLite or by any SQLAlchemy URL."""

from nnviz.store.database import default_url, home
from nnviz.store.groups import Spread, is_whole, spreads
from nnviz.store.packing import Packed, Unpacked
from nnviz.store.records import (
    ENDED,
    Control,
    Cursor,
    Curve,
    EpochRow,
    Event,
    FrameRow,
    Group,
    Job,
    Run,
    StepBlock,
    Updates,
    Worker,
)
from nnviz.store.room import Usage
from nnviz.store.snapshots import Snapshot
from nnviz.store.store import Store

__all__ = [
    "ENDED", "Control", "Cursor", "Curve", "EpochRow", "Event", "FrameRow", "Group", "Job", "Packed", "Run", "Snapshot",
    "Spread", "StepBlock", "Store", "Unpacked", "Updates", "Usage", "Worker", "default_url", "home", "is_whole", "spreads",
]
