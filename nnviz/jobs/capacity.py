"""How many workers a computer has room for, and what each of them is tuned to."""

import os
import socket

from nnviz.jobs.processes import resident_bytes
from nnviz.memory import free
from nnviz.spec import TUNINGS
from nnviz.store import Store

WORKER_BYTES = 1_000_000_000
"""What a worker takes in memory, about: TensorFlow and a small network."""


def worker_count(*, cores: int, free: int) -> int:
    """Warm workers to keep, one for short jobs and the others for training: what cores and `free` bytes of memory allow;
    $NNVIZ_WORKERS overrides it."""
    override = os.environ.get("NNVIZ_WORKERS", "")
    return max(1, int(override)) if override.isdigit() else max(1, min(max(2, min(4, cores)), free // WORKER_BYTES))


def memory_for_workers(store: Store) -> int:
    """Bytes that are free, or that workers of an earlier supervisor on this host have and will give back."""
    here = socket.gethostname()
    return free() + sum(resident_bytes(worker.pid) for worker in store.workers.list_workers() if worker.host == here)


def tunings(count: int) -> list[str]:
    """Of so many workers: both in turn, so that any run finds one it may train in; a single worker takes everything."""
    return [TUNINGS[number % len(TUNINGS)] for number in range(count)] if count > 1 else [""]
