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

from nnviz.store.backup import Backup
from nnviz.store.blobs import Blobs
from nnviz.store.database import Database, default_url
from nnviz.store.opened_files import OpenedFiles
from nnviz.store.packing import Packing
from nnviz.store.queue import Queue
from nnviz.store.room import Room
from nnviz.store.steering import Steering


class Store(Steering, Packing, Backup, Room, Queue, OpenedFiles, Blobs):
    """Runs, their numbers, jobs and blobs at `url` (SQLAlchemy's; default: `default_url()`). Safe to share by threads."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url or default_url()
        self.db = Database(self.url)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What this thread writes within happens as a whole or not at all."""
        with self.db.write():
            yield

    def close(self) -> None:
        self.db.dispose()
