"""The start of a race: who is ready waits until the networks of all are built, so that they move at the same time."""

import time

from nnviz.store import Run, Store

READY = "ready"
"""The phase of a run that waits here."""
BEFORE = ("queued", "reading", "building")
"""How the phases of a run begin that will be ready."""
PATIENCE = 60.0
"""Seconds: then it starts without those that wait for a worker, or for files."""
POLL = 0.1


def is_rival(store: Store, run: Run) -> bool:
    """Whether a run is in a race."""
    return bool(run.group) and bool(store.runs.group(run.group).spec_json.get("race"))


def wait(store: Store, run: Run, attempt: int, *, patience: float = PATIENCE) -> None:
    """Returns once no run of the race is on its way here any more, or this one is to stop. Raises StaleAttempt."""
    store.runs.set_phase(run.id, attempt, READY)
    end = time.monotonic() + patience
    while time.monotonic() < end and not store.runs.control(run.id).stop:
        if not any(_comes(other) for other in store.runs.group_runs(run.group) if other.id != run.id):
            return
        time.sleep(POLL)


def _comes(run: Run) -> bool:
    return run.status in ("queued", "running") and run.step == 0 and run.phase.startswith(BEFORE)
