"""Claims a job, does it, reports, takes the next; and gives a sign of life all the while. Runs train in threads, in turns, so
that there may be several of them and short jobs beside them."""

import argparse
import gc
import logging
import os
import signal
import socket
import threading
import time
from typing import Any

import psutil

from nnviz.catalog import own_changed
from nnviz.engine.loop import xla_flags
from nnviz.errors import NnvizError, StoreFull, Unexpected, log_unexpected_to
from nnviz.jobs.launcher import examine
from nnviz.jobs.worker import cpu_priority
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import TUNINGS, Tuning
from nnviz.store import Job, Store, home

POLL = 0.02
BEAT = 1.0
MOST_BYTES = 1_500_000_000
MOST_COMPILATIONS = 50
EXAMINED = ("finished", "stopped", "diverged")
"""Ends of a training after which the doctor looks at it."""

log = logging.getLogger("nnviz.worker")


class WorkerLoop:
    def __init__(
        self, store: Store, worker_id: str, *, training_at_once: int, tuning: Tuning = "", parent: int | None = None
    ) -> None:
        self.store = store
        self.parent = parent or os.getppid()
        self.id = worker_id
        self.tuning = tuning
        self.training_at_once = training_at_once
        self.tasks = Tasks(store)
        self.tasks.trainer.has_rounds = True
        self.tasks.doctor.between = self._show_what_is_asked_for
        self.stopping = False
        self.is_warm = False
        self._training: list[threading.Thread] = []
        self._state = ""
        self._worn = False
        self._next_look = 0.0

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        start = time.monotonic()
        self._beat("warming")
        threading.Thread(target=self._keep_beating, name="heartbeat", daemon=True).start()
        xla_flags.use(self.tuning or "quick")
        self.tasks.warm_up()
        cpu_priority.end()
        # What is loaded by now stays: without this every full collection walks it, a pause of 0.3 s.
        gc.collect()
        gc.freeze()
        self.is_warm = True
        self._note_start(time.monotonic() - start)
        while not self.stopping and not self.is_orphan():
            if own_changed():
                # A run may use what this process has not read: its successor will have.
                self._say("retiring")
                time.sleep(BEAT)
                continue
            self._say(self._doing())
            job = self.store.jobs.claim(
                self.id, training_at_once=self.training_at_once, runs_too=not (self._worn and self._training)
            )
            if job is None:
                time.sleep(POLL)
                continue
            self._state = "busy"  # the claim has said so
            if job.kind == "train":
                # No daemon: a process that ends in the middle of a compilation would crash.
                thread = threading.Thread(target=self.do, args=(job,), name=f"run-{job.run}")
                self._training.append(thread)
                thread.start()
            else:
                self.do(job)
                self._next_look = 0.0
        self.tasks.trainer.is_leaving = True
        for thread in self._training:
            thread.join()
        self.store.workers.remove(self.id)

    def _note_start(self, seconds: float) -> None:
        try:
            self.store.workers.note_start(seconds)
        except Exception:  # a full disk, a store that is busy: no reason not to work
            log.warning("how long this start took could not be noted")

    def _doing(self) -> str:
        """The worker's state: what it says of itself between two jobs."""
        before = len(self._training)
        self._training = [thread for thread in self._training if thread.is_alive()]
        if len(self._training) < before or time.monotonic() >= self._next_look:
            self._worn, self._next_look = self.is_worn(), time.monotonic() + BEAT
        return "retiring" if self._worn else "busy" if self._training else "idle"

    def _say(self, state: str) -> None:
        if state != self._state:
            self._beat(state)
            self._state = state

    def do(self, job: Job) -> None:
        """One job, whatever comes of it: an error is its answer, never the end of the worker. On a full disk it waits until
        there is room to say so."""
        answer: dict[str, Any] | None = None
        failure: NnvizError | None = None
        try:
            answer = self.tasks.do(job)
        except NnvizError as error:
            failure = error
        except Exception as error:
            failure = Unexpected.logged(error, where=f"the job {job.kind!r}")
        while not self._is_answered(job, answer, failure) and not self.stopping:
            time.sleep(BEAT)
        if job.kind == "train" and answer is not None and answer.get("status") in EXAMINED:
            self._examine(job.run or "")

    def _show_what_is_asked_for(self) -> None:
        """Views that somebody waits for go before the rest of a judgement."""
        while (job := self.store.jobs.claim(self.id, runs_too=False, kind="probe")) is not None:
            self.do(job)

    def _examine(self, run_id: str) -> None:
        try:
            examine(self.store, self.store.runs.get(run_id))
        except NnvizError:
            log.warning("run %s is not looked at by the doctor: it is gone, or there is no room", run_id)

    def _is_answered(self, job: Job, answer: dict[str, Any] | None, failure: NnvizError | None) -> bool:
        try:
            with self.store.transaction():
                # a training that could not even say that it has failed
                mine = [run for run in self.store.runs.list_runs(ids=[job.run]) if run.pid == os.getpid()] if job.run else []
                if isinstance(failure, StoreFull) and mine:
                    self.store.runs.finish(mine[0].id, mine[0].attempt, "failed", error=failure)
                self.store.jobs.answer(job.id, result=answer, error=failure)
        except StoreFull:
            log.exception("job %d (%s) waits for room to be answered", job.id, job.kind)
            return False
        return True

    def is_orphan(self) -> bool:
        """Whether its supervisor is gone. What it trains it still brings to its end; the next supervisor has its own."""
        return os.getppid() != self.parent

    def is_worn(self) -> bool:
        """A worker grows with every network it compiled; past these bounds it asks to be replaced."""
        return psutil.Process().memory_info().rss > MOST_BYTES or self.tasks.compilations > MOST_COMPILATIONS

    def _beat(self, state: str | None = None) -> None:
        self.store.workers.beat(
            self.id, pid=os.getpid(), host=socket.gethostname(), state=state, ready=self.tasks.ready, tuning=self.tuning
        )

    def _keep_beating(self) -> None:
        while True:
            time.sleep(BEAT)
            try:
                if self.is_orphan() and not self.is_warm:
                    # nothing is begun yet, and loading TensorFlow for nobody takes time from its successor
                    self.store.workers.remove(self.id)
                    os._exit(0)
                self._beat()
            except Exception:
                # the store may be busy or full for a moment; the next beat says enough
                log.exception("heartbeat")

    def _stop(self, *_: object) -> None:
        self.stopping = self.tasks.trainer.is_leaving = True


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m nnviz.jobs.worker")
    parser.add_argument("--store", required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--training-at-once", type=int, default=1)
    parser.add_argument("--parent", type=int, help="leave once this process is gone; default: the one that started this")
    parser.add_argument("--tuning", choices=TUNINGS, default="", help="take only jobs that this suits; else all")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    log_unexpected_to(home() / "logs" / "errors.log")
    WorkerLoop(Store(args.store), args.id, training_at_once=args.training_at_once, tuning=args.tuning, parent=args.parent).run()
