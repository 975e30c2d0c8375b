"""How long a run waits that comes while no worker has TensorFlow loaded yet."""

import time
from typing import Any

from nnviz.store import Run, Store

USUAL_SECONDS = 10.0
"""Where no worker of this store has been started yet."""


def loading(store: Store, run: Run | None) -> dict[str, Any] | None:
    """For a run that waits until TensorFlow is loaded: `expected` seconds, by what earlier starts took, and `since` when (in
    seconds since 1970; None where no worker has said so yet: since the run is there). None for any other."""
    if run is None or run.status != "queued" or run.step:
        return None
    states = [worker.state for worker in store.workers.list_workers()]
    if any(state != "warming" for state in states):
        return None
    elapsed = store.workers.warming_for()
    return {"expected": store.workers.usual_start() or USUAL_SECONDS, "since": None if elapsed is None else time.time() - elapsed}
