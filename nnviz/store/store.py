"""The store: the only truth there is about runs. Every process opens its own; all of them may write at once.

What it promises:
- What was acknowledged survives the death of any process (each call is one transaction, written through to the disk).
- `claim_run` and `claim_job` give a run or job to exactly one caller.
- `append` and `finish` are refused (StaleAttempt) unless the attempt is the open one, so a worker that was given up
  cannot write into its successor; repeating an append changes nothing.
- Values are appended, never updated; NaN and infinities come back as they went in.
- Order is by sequence numbers, liveness by the database's clock; no two hosts' clocks are compared.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from nnviz.store.database import Database, default_url
from nnviz.store.files.blobs import Blobs
from nnviz.store.files.disk_usage import DiskUsage
from nnviz.store.files.opened_files import OpenedFiles
from nnviz.store.jobs.jobs import Jobs
from nnviz.store.jobs.queue import Queue
from nnviz.store.jobs.workers import Workers
from nnviz.store.runs.baselines import Baselines
from nnviz.store.runs.findings import Findings
from nnviz.store.runs.group_edits import GroupEdits
from nnviz.store.runs.listing import Listing
from nnviz.store.runs.notices import Notices
from nnviz.store.runs.run_control import RunControl
from nnviz.store.runs.runs import Runs
from nnviz.store.runs.series import Series
from nnviz.store.runs.snapshots import Snapshots
from nnviz.store.runs.sweeps import Sweeps
from nnviz.store.runs.thin_curves import ThinCurves
from nnviz.store.transfer.backup import Backup
from nnviz.store.transfer.pack import Packing


class Store:
    """Runs, their numbers, jobs and blobs at `url` (SQLAlchemy's; default: `default_url()`), each in a part of its own. Safe
    to share by threads."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url or default_url()
        self.db = Database(self.url)
        self.runs = Runs(self.db)
        self.group_edits = GroupEdits(self.db, self.runs)
        self.listing = Listing(self.db)
        self.baselines = Baselines(self.db)
        self.findings = Findings(self.db)
        self.notices = Notices(self.db)
        self.series = Series(self.db)
        self.thin_curves = ThinCurves(self.db)
        self.snapshots = Snapshots(self.db, self.url)
        self.sweeps = Sweeps(self.db)
        self.run_control = RunControl(self.db, self.runs, self.snapshots)
        self.jobs = Jobs(self.db)
        self.workers = Workers(self.db)
        self.queue = Queue(self.db)
        self.blobs = Blobs(self.db)
        self.opened_files = OpenedFiles(self.db)
        self.disk = DiskUsage(self.db, self.snapshots)
        self.packs = Packing(self.db, self.runs, self.snapshots, self.blobs)
        self.backup = Backup(self.db, self.snapshots)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What this thread writes within happens as a whole or not at all."""
        with self.db.write():
            yield

    def close(self) -> None:
        """Closes the connections to the database; the store is not to be used after it."""
        self.db.dispose()
