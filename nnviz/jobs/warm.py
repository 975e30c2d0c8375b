"""Work of the command line done by a dashboard's warm worker, so that nothing waits for TensorFlow to be loaded: queued as any
other job, followed, and taken back where no worker takes it soon. `alike.why_not` says beforehand whether one may.

Ctrl+C stops a run and cancels a short job; so does what ends this process, but for SIGKILL, after which a run goes on."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import psutil

from nnviz import early
from nnviz.errors import WorkerLost
from nnviz.jobs import alike, data_files
from nnviz.jobs.launcher import has_supervisor, is_small, key_of, result
from nnviz.jobs.lost import is_lost, where_from
from nnviz.spec import tuning_of
from nnviz.store import Run, Store

TAKEN_SECONDS = 1.0
"""How long a job waits for a worker before it is done here."""
PREPARED_SECONDS = 8.0
"""How much longer while a worker prepares a network: it is free in a moment."""
_SOON, _POLL, _LOOK = 0.03, 0.15, 1.0
"""Seconds between two looks at the runs: before the first step of any, after it; and between two at who is to train them."""
_ENDING = (signal.SIGTERM, signal.SIGHUP)


def train_there(
    store: Store, run_ids: Sequence[str], *, on_begin: Callable[[], None], on_change: Callable[[Run], None], patient: bool = False
) -> list[str]:
    """Has queued runs trained by workers and waits for them; `on_begin` is called once they are queued, `on_change` gets each
    run as it changes. Gives those that are left to be trained here: all where no worker took the first in time (`patient`: they
    wait for their turn), and those that still wait once the dashboard has gone."""
    with _Signals() as signals:
        tickets = _queue(store, run_ids)
        try:
            on_begin()
            left = [] if patient or _is_taken(store, tickets[run_ids[0]]) else _withdrawn(store, tickets)
            return _follow(store, run_ids, left, on_change, signals)
        except BaseException:
            _stop(store, run_ids)
            raise


def do_there(store: Store, kind: str, run_id: str, payload: dict[str, Any], *, patient: bool = False) -> dict[str, Any] | None:
    """The answer of a short job of a worker; None where no worker took it in time. Raises what the job raised, WorkerLost where
    its worker is gone."""
    with _Signals(at_once=True):
        job_id = store.jobs.add(kind, run_id=run_id, payload=data_files.owners(payload))
        try:
            if not patient and not _is_taken(store, job_id) and store.queue.withdraw(job_id):
                return None
            next_look = time.monotonic() + _LOOK
            while (answer := result(store, job_id)) is None:
                if time.monotonic() >= next_look:
                    next_look = time.monotonic() + _LOOK
                    _check_worker(store, job_id)
                time.sleep(0.015)
            return answer
        except BaseException:
            store.jobs.cancel(job_id)
            raise


def _queue(store: Store, run_ids: Sequence[str]) -> dict[str, int]:
    runs = store.runs.list_runs(ids=run_ids)
    is_begun = any(job.key == early.key() and job.status == "running" for job in store.jobs.open_jobs())
    with store.transaction():
        for run in runs:
            data_files.remember(store, run.spec.data)
        # as for a group of the dashboard: only the first waits for the worker that has prepared the network
        return {
            run.id: store.jobs.add(
                "train",
                run_id=run.id,
                key="" if number else early.key() if is_begun else key_of(run.spec),
                needs=tuning_of(run.spec),
                payload=data_files.owners({"small": is_small(store, run.spec)}),
            )
            for number, run in enumerate(runs)
        }


def _is_taken(store: Store, job_id: int) -> bool:
    end = time.monotonic() + TAKEN_SECONDS
    last = end + PREPARED_SECONDS
    while time.monotonic() < end:
        job = store.jobs.get(job_id)
        if job is None or job.status != "queued":
            return True
        time.sleep(0.01)
        if end <= time.monotonic() < last and any(alike.is_preparing(store, worker) for worker in store.workers.list_workers()):
            end += TAKEN_SECONDS
    return False


def _withdrawn(store: Store, tickets: dict[str, int]) -> list[str]:
    """The runs whose jobs were still waiting, and now are none."""
    return [run_id for run_id, job_id in tickets.items() if store.queue.withdraw(job_id)]


def _follow(
    store: Store, run_ids: Sequence[str], left: list[str], on_change: Callable[[Run], None], signals: "_Signals"
) -> list[str]:
    """Until all have ended but those that are `left`; gives these, and others that nobody is going to train."""
    seen: dict[str, int] = {}
    next_look = time.monotonic() + _LOOK
    while True:
        if signals.is_new():
            _stop(store, run_ids)
            signals.obey()
        waiting = [run_id for run_id in run_ids if run_id not in left]
        runs = [store.runs.get(run_id) for run_id in waiting]
        for run in runs:
            if run.status != "queued" and seen.get(run.id) != run.revision:
                seen[run.id] = run.revision
                on_change(run)
        if all(run.is_ended for run in runs):
            return [run.id for run in store.runs.list_runs(ids=left) if run.status == "queued"]
        if time.monotonic() >= next_look:
            next_look = time.monotonic() + _LOOK
            left += _forsaken(store, [run for run in runs if not run.is_ended])
        time.sleep(_POLL if any(run.step for run in runs) else _SOON)


def _forsaken(store: Store, runs: Sequence[Run]) -> list[str]:
    """Those of the runs that wait though no supervisor is there any more to see to them: they are taken back. One that was being
    trained by a process that is gone, too, ends as failed."""
    jobs = {job.run: job for job in store.jobs.open_jobs() if job.kind == "train"}
    doubtful = [run for run in runs if run.status == "queued" or is_lost(run)]
    if not doubtful or has_supervisor(store.url):
        # a supervisor queues lost runs again, or ends them with the reason
        return [
            run.id
            for run in doubtful
            if run.status == "queued" and run.id not in jobs and store.runs.get(run.id).status == "queued"
        ]
    left = []
    for run in doubtful:
        job = jobs.get(run.id)
        if run.status == "queued":
            if job is None or store.queue.withdraw(job.id):
                left.append(run.id)
            continue
        with store.transaction():
            error = WorkerLost(
                f"the process that trained this (pid {run.pid}) is gone, and with it the dashboard",
                remedy=f"`python -m nnviz resume {run.id}` goes on {where_from(store, run)}.",
            )
            if job is not None:
                store.jobs.answer(job.id, error=error)
            store.runs.finish(run.id, run.attempt, "failed", error=error)
    return left


def _check_worker(store: Store, job_id: int) -> None:
    """Raises WorkerLost where the worker of a job is gone and no supervisor is there to say so."""
    job = store.jobs.get(job_id)
    if job is None or job.status not in ("queued", "running"):
        return
    pid = next((worker.pid for worker in store.workers.list_workers() if worker.id == job.worker), None)
    if (pid is None or not psutil.pid_exists(pid)) and not has_supervisor(store.url):
        raise WorkerLost("the process that did this is gone, and with it the dashboard", remedy="Try again.")


def _stop(store: Store, run_ids: Sequence[str]) -> None:
    """Those that wait first, lest one begins meanwhile."""
    for run in reversed(store.runs.list_runs(ids=run_ids)):
        if not run.is_ended:
            store.runs.set_control(run.id, stop=True)


class _Signals:
    """While within: Ctrl+C and what ends a process are noted. `at_once`: Ctrl+C stays as it is, and what ends the process
    raises `_Ended` where it is; the signal is sent again at the end."""

    def __init__(self, *, at_once: bool = False) -> None:
        self.at_once = at_once
        self._new: list[int] = []
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "_Signals":
        # one that is ignored, as SIGHUP under nohup, stays so
        wanted = [number for number in _ENDING if signal.getsignal(number) == signal.SIG_DFL]
        for number in [*wanted, *(() if self.at_once else (signal.SIGINT,))]:
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        self.obey()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._new.append(number)
        if self.at_once:
            raise _Ended

    def is_new(self) -> bool:
        return bool(self._new)

    def obey(self) -> None:
        """Ends this process by the signal that came, unless that was Ctrl+C, for which the runs end by themselves."""
        noted, self._new = self._new, []
        for number in noted:
            if number != signal.SIGINT:
                signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)


class _Ended(BaseException):
    """The process is to end."""
