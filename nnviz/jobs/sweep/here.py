"""A sweep trained in this very process: what the command line does where no dashboard can."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from nnviz.jobs import data_files
from nnviz.jobs.launcher import ensure_supervisor, has_supervisor
from nnviz.jobs.shares import train_job
from nnviz.jobs.sweep.control import stop_sweep, sweep_state
from nnviz.jobs.sweep.driver import Driver
from nnviz.jobs.sweep.results import trials_of
from nnviz.jobs.sweep.trials import Trial
from nnviz.store import ENDED, Store

MOST_THREADS = 3
"""Trials that take turns in this process: while one computes, another one is compiled."""
POLL, LOOK = 0.05, 0.5
OnChange = Callable[[Sequence[Trial], int], None]
"""Gets the trials, and how many are wanted."""


def sweep_here(store: Store, group_id: str, *, on_change: OnChange) -> None:
    """Trains the trials of a sweep that is this process's until it has ended. Ctrl+C stops it, and what was learned is kept."""
    from nnviz.jobs.worker import reader

    reader.use_limits(reader.for_command_line)
    reader.reader()
    data_files.remember(store, store.runs.group(group_id).spec.data)
    from nnviz.jobs.worker.training.train import Trainer

    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of networks that were compiled one after the other
    trainer, driver = Trainer(store), Driver(store, group_id)
    count = min(MOST_THREADS, os.cpu_count() or 1)
    training: dict[str, Future[object]] = {}
    with _Stopping(store, group_id), ThreadPoolExecutor(count) as pool:
        next_look = 0.0
        while True:
            state = driver.step(at_once=count, queues=False)
            heads = store.sweeps.heads(group_id)
            for head in heads:
                if head.status == "queued" and head.run not in training:
                    training[head.run] = pool.submit(trainer.train, train_job(head.run))
            for run_id, work in list(training.items()):
                if work.done():
                    work.result()
                    del training[run_id]
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + LOOK
                on_change(trials_of(store, group_id), state.trials)
            if state.status != "running" and not training and all(head.status in ENDED for head in heads):
                break
            time.sleep(POLL)
    on_change(trials_of(store, group_id), state.trials)


def follow_sweep(store: Store, group_id: str, *, on_change: OnChange) -> None:
    """Waits for a sweep that workers train; one whose supervisor is gone gets another. Ctrl+C stops it."""
    with _Stopping(store, group_id) as stopping:
        while True:
            state, trials = sweep_state(store, group_id), trials_of(store, group_id)
            on_change(trials, state.trials)
            if state.status != "running" and all(trial.is_ended for trial in trials):
                return
            if not has_supervisor(store.url):
                ensure_supervisor(store.url)
            stopping.wait(LOOK)


class _Stopping:
    """Within, Ctrl+C stops a sweep instead of this process."""

    def __init__(self, store: Store, group_id: str) -> None:
        self.store, self.id = store, group_id
        self._pressed = threading.Event()

    def __enter__(self) -> "_Stopping":
        self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def wait(self, seconds: float) -> None:
        """So long, or until Ctrl+C."""
        self._pressed.wait(seconds)
        self._pressed.clear()

    def _stop(self, *_: object) -> None:
        self._pressed.set()
        stop_sweep(self.store, self.id)
