"""Runs whose process is gone: they never read as running."""

import psutil

from nnviz.errors import WorkerLost
from nnviz.store import Run, Store


def is_lost(run: Run) -> bool:
    """Whether the process of this computer that trained the run is no more. No times are compared: the clock may be set while a
    run trains."""
    if run.status not in ("running", "paused") or run.pid is None:
        return False
    try:
        return bool(psutil.Process(run.pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


def end_lost(store: Store) -> list[str]:
    """Ends such runs as failed, with the reason; gives their ids. Those of a worker are left to its supervisor, which lets them
    go on by themselves; so are all in a database that other computers share, of whose processes nothing is known here."""
    if not store.db.is_sqlite:
        return []
    lost = [run for run in store.runs.list_runs() if is_lost(run)]
    if not lost:
        return []
    of_workers = {job.run for job in store.jobs.open_jobs()}
    ended = [run for run in lost if run.id not in of_workers]
    for run in ended:
        store.runs.finish(
            run.id,
            run.attempt,
            "failed",
            error=WorkerLost(
                f"the process that trained this (pid {run.pid}) is gone",
                remedy=f"`python -m nnviz resume {run.id}` goes on {where_from(store, run)}.",
            ),
        )
    return [run.id for run in ended]


def where_from(store: Store, run: Run) -> str:
    """In words, where a run begins once it is resumed."""
    newest = max((snapshot.step for snapshot in store.snapshots.of_run(run.id) if not snapshot.damaged), default=None)
    return "anew from step 0" if newest is None else f"from step {newest:,}"
