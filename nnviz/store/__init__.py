"""Runs, their numbers, events, frames, jobs and blobs, in SQLite or by any SQLAlchemy URL."""

from nnviz.store.database import default_url, home
from nnviz.store.files.disk_usage import Usage
from nnviz.store.records import (
    EARLY,
    ENDED,
    PRUNED,
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
from nnviz.store.runs.group_entries import GroupEntry, MemberEntry
from nnviz.store.runs.groups import Spread, is_whole, spreads
from nnviz.store.runs.listing import SORTS, RunPage, Sort
from nnviz.store.runs.run_rows import default_name
from nnviz.store.runs.snapshots import Snapshot
from nnviz.store.runs.sweeps import SweepState, TrialHead
from nnviz.store.store import Store
from nnviz.store.transfer.pack import Packed, Unpacked

__all__ = [
    "EARLY",
    "ENDED",
    "PRUNED",
    "SORTS",
    "Control",
    "Cursor",
    "Curve",
    "EpochRow",
    "Event",
    "FrameRow",
    "Group",
    "GroupEntry",
    "Job",
    "MemberEntry",
    "Packed",
    "Run",
    "RunPage",
    "Snapshot",
    "Sort",
    "Spread",
    "StepBlock",
    "Store",
    "SweepState",
    "TrialHead",
    "Unpacked",
    "Updates",
    "Usage",
    "Worker",
    "default_name",
    "default_url",
    "home",
    "is_whole",
    "spreads",
]
