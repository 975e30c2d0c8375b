"""Runs that wait, shared among processes of this machine: what the command line does where one alone would take long."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil

from nnviz.errors import WorkerLost
from nnviz.jobs.launcher import log_folder, start_module
from nnviz.store import Job, Store

LEAST_SECONDS = 15.0
"""What one process alone would still have to do for another to be worth its start."""


@contextmanager
def shared(store: Store, run_ids: Sequence[str], *, seconds: float) -> Iterator[list[str]]:
    """Gives those of the queued runs that this process is to train, while others train the rest; waits for them at the end.

    `seconds`: what one run took. A run whose process died, and those that process had not begun, are queued after that, for
    the caller to train."""
    count = processes(len(run_ids), seconds)
    others = [
        start_module("nnviz.jobs.shares", store.url, *run_ids[number::count], log=log_folder() / "shares.log")
        for number in range(1, count)
    ]
    try:
        yield list(run_ids[::count])
    except BaseException:
        for process in others:
            process.kill()
        raise
    finally:
        for process in others:
            process.wait()
    pids = {process.pid: process.returncode for process in others}
    for run in store.runs.list_runs(ids=run_ids):
        if run.is_ended or run.pid not in pids:
            continue
        reason = f"The process that trained it (pid {run.pid}) ended with code {pids[run.pid]}"
        if not store.run_control.retry(run.id, reason=reason):
            store.runs.finish(run.id, None, "failed", error=WorkerLost(reason, remedy="Train it again."))


def processes(waiting: int, seconds: float) -> int:
    """How many are to train `waiting` runs of so many seconds each: as many as there are cores and memory for."""
    if waiting < 2 or waiting * seconds < LEAST_SECONDS:
        return 1
    room = psutil.virtual_memory().available // (2 * psutil.Process().memory_info().rss)
    return max(1, min(waiting, os.cpu_count() or 1, 1 + room))


def train_job(run_id: str) -> Job:
    """The job of a worker, for a run that is trained without one."""
    return Job(
        id=0, kind="train", run=run_id, payload={}, key="", status="running", worker=None, result=None, created=time.time()
    )


def train_all(url: str, run_ids: Sequence[str]) -> None:
    """Trains queued runs of the store at `url`, one after the other."""
    from nnviz.jobs.worker import reader

    reader.use_limits(reader.for_command_line)
    reader.reader()
    from nnviz.jobs.worker.training.train import Trainer

    trainer = Trainer(Store(url))
    for run_id in run_ids:
        trainer.train(train_job(run_id))


if __name__ == "__main__":
    train_all(sys.argv[1], sys.argv[2:])
