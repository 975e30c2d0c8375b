"""One process a host and store that keeps warm workers, replaces dead ones and ends the runs they left.

`python -m nnviz.jobs.supervisor --store URL`. It holds a file lock, so a second one leaves at once. It leaves when no
web process has been seen for a while and nothing is left to do.
"""

import argparse
import logging
import os
import secrets
import signal
import socket
import time
from collections import Counter

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from nnviz.errors import NnvizError, WorkerLost
from nnviz.jobs.capacity import memory_for_workers, tunings, worker_count
from nnviz.jobs.launcher import lock_path, log_folder, start_module
from nnviz.jobs.lost import end_lost
from nnviz.jobs.notify.notifier import notifying
from nnviz.jobs.notify.targets import fingerprint
from nnviz.jobs.processes import Child, exit_reason, is_alive, log_tail
from nnviz.jobs.sweep.driver import sweeping
from nnviz.spec import TUNINGS
from nnviz.store import Job, Store, Worker

LOST_SECONDS = 8.0
"""A worker of another parent whose heartbeat has not changed for so long is taken for dead."""
IDLE_SECONDS = float(os.environ.get("NNVIZ_IDLE_SECONDS", "180"))
TICK = 0.2
CLEARING_SECONDS = 300.0
"""Between two looks for what can be removed for good."""
log = logging.getLogger("nnviz.supervisor")


class Supervisor:
    def __init__(self, store: Store, *, count: int) -> None:
        self.store = store
        self.suits = max(1, count - 1)
        self.has_one = count == 1
        self.children: dict[str, Child] = {}
        self.training_at_once = 0
        self.wanted: Counter[str] = Counter()
        self.resize()
        self.failures = 0
        self.stopping = False
        self.next_clearing = 0.0
        self.started = time.monotonic()
        self.idle_since = time.monotonic()
        self.presences: dict[str, float] = {}
        self.changes: dict[str, tuple[float, float]] = {}
        """Of workers of an earlier supervisor: their last heartbeat, and when it was first seen, by this process's clock."""

    def run(self) -> None:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        next_slow = 0.0
        while not self.stopping:
            try:
                self.reap()
                self.fill()
                if time.monotonic() >= next_slow:
                    next_slow = time.monotonic() + 1.0
                    self.bury()
                    self.retire()
                    self.resize()
                    self.shrink()
                    self.rebalance()
                    if self.is_superfluous():
                        log.info("nobody has been there for %g s: leaving", IDLE_SECONDS)
                        break
            except (NnvizError, SQLAlchemyError):
                # a full disk or a busy store: workers go on meanwhile, and what was to be done is still to be done
                log.exception("the store could not be used; trying again")
                time.sleep(1.0)
            time.sleep(TICK)
        for child in self.children.values():
            child.process.terminate()

    def fill(self) -> None:
        """Starts the workers of each tuning that are missing; after repeated early deaths it waits longer and longer."""
        staying = Counter(child.tuning for child in self.children.values() if not child.leaving)
        missing = list((self.wanted - staying).elements())
        if not missing or time.monotonic() - self.started < min(60.0, 2.0**self.failures - 1):
            return
        for tuning in missing:
            worker_id = secrets.token_hex(4)
            path = log_folder() / f"worker-{worker_id}.log"
            process = start_module(
                "nnviz.jobs.worker",
                "--store",
                self.store.url,
                "--id",
                worker_id,
                "--training-at-once",
                str(self.suits),
                "--parent",
                str(os.getpid()),
                *(("--tuning", tuning) if tuning else ()),
                log=path,
            )
            self.children[worker_id] = Child(process, path, time.monotonic(), tuning)

    def reap(self) -> None:
        """Ends what a dead child left behind, at once and with the reason."""
        for worker_id, child in list(self.children.items()):
            code = child.process.poll()
            if code is None:
                continue
            text = log_tail(child.log)
            self.give_up(worker_id, child.process.pid, exit_reason(code), text)
            del self.children[worker_id]
            if code == 0:
                child.log.unlink(missing_ok=True)
            elif time.monotonic() - child.born < 30 and not child.leaving:
                self.failures += 1
                self.started = time.monotonic()
            else:
                self.failures = 0

    def bury(self) -> None:
        """Ends what workers of an earlier supervisor left, once they are gone or their heartbeat stands still; forgets old
        jobs, removes deleted runs. No clock is compared with a time in the store: it may be set while workers live."""
        now, here, others = time.monotonic(), socket.gethostname(), {}
        for worker in self.store.workers.list_workers():
            if worker.id in self.children:
                continue
            before, since = self.changes.get(worker.id, (None, now))
            others[worker.id] = (worker.heartbeat, since if before == worker.heartbeat else now)
            silent = now - others[worker.id][1]
            if worker.host == here and not is_alive(worker.pid):
                self.give_up(worker.id, worker.pid, "is gone", "")
            elif silent > LOST_SECONDS:
                self.give_up(worker.id, worker.pid, f"has given no sign of life for {silent:.0f} s", "")
        self.changes = others
        known = {worker.id for worker in self.store.workers.list_workers()}
        for job in self.store.jobs.open_jobs():
            if job.status == "running" and job.worker not in known and job.worker not in self.children:
                run = job.run if job.kind == "train" else None
                self._end(job, run, WorkerLost("the process that did it is gone", remedy="Start it again."), "")
        end_lost(self.store)
        if time.monotonic() >= self.next_clearing:
            self.next_clearing = time.monotonic() + CLEARING_SECONDS
            self.store.jobs.forget()
            self.store.disk.purge()

    def retire(self) -> None:
        """Replaces a worker that says it has grown too large, once its successor is warm."""
        states = {worker.id: worker for worker in self.store.workers.list_workers()}
        for worker_id, child in self.children.items():
            if _is(states.get(worker_id), "retiring"):
                child.leaving = True
        idle = {
            child.tuning for worker_id, child in self.children.items() if not child.leaving and _is(states.get(worker_id), "idle")
        }
        for child in self.children.values():
            if child.leaving and child.tuning in idle and child.process.poll() is None:
                child.process.terminate()

    def resize(self) -> None:
        """As many workers as are needed for what somebody wants to train at once, or else for what suits the computer."""
        at_once = self.store.queue.training_at_once() or self.suits
        if self.training_at_once != at_once:
            self.training_at_once = at_once
            self.wanted = Counter(tunings(1 if self.has_one and at_once == 1 else at_once + 1))

    def shrink(self) -> None:
        """Lets idle workers go that are too many; one that has just got a job does it first."""
        workers = {worker.id: worker for worker in self.store.workers.list_workers()}
        staying = Counter(child.tuning for child in self.children.values() if not child.leaving)
        surplus = staying - self.wanted
        for worker_id, child in self.children.items():
            if not child.leaving and surplus[child.tuning] > 0 and _is(workers.get(worker_id), "idle"):
                surplus[child.tuning] -= 1
                child.leaving = True
                child.process.terminate()

    def rebalance(self) -> None:
        """Where a run waits only because all workers of its tuning are busy, one of several of the other tuning that is
        idle gives its place to one that the run needs."""
        open_jobs = [job for job in self.store.jobs.open_jobs() if job.kind == "train"]
        using = self.store.jobs.slots()
        if sum(using.values()) >= self.training_at_once:
            return
        waiting = {job.needs for job in open_jobs if job.status == "queued"}
        workers = {worker.id: worker for worker in self.store.workers.list_workers()}
        staying = [(worker_id, child.tuning) for worker_id, child in self.children.items() if not child.leaving]
        for needed, other in (TUNINGS, TUNINGS[::-1]):
            fit, unfit = ([worker_id for worker_id, tuning in staying if tuning == wanted] for wanted in (needed, other))
            # one that is not yet known, or has not been started yet, is about to be there; one whose runs rest has room
            free = len(fit) < self.wanted[needed] or not all(
                _is(workers.get(worker_id), "busy") and using.get(worker_id) != 0 for worker_id in fit
            )
            idle = [workers[worker_id] for worker_id in unfit if _is(workers.get(worker_id), "idle")]
            if needed in waiting and not free and idle and self.wanted[other] > 1 and len(unfit) > 1:
                self.wanted += Counter({needed: 1, other: -1})
                leaver = self.children[min(idle, key=lambda worker: len(worker.ready)).id]
                leaver.leaving = True
                leaver.process.terminate()
                return

    def give_up(self, worker_id: str, pid: int, reason: str, text: str) -> None:
        """Ends all that a worker had begun. Of several runs nobody knows which one it was: from then on each has a worker for
        itself, so that it takes no other with it again."""
        with self.store.transaction():
            left = self.store.workers.remove(worker_id)
            together = sum(job.kind == "train" for job in left) > 1
            for job in left:
                log.warning("worker %s (pid %d) %s; job %d (%s) given up", worker_id, pid, reason, job.id, job.kind)
                self._end(
                    job,
                    job.run if job.kind == "train" else None,
                    WorkerLost(
                        f"the process that did this (pid {pid}) {reason}",
                        remedy="What was recorded until then is kept. Press Train to start it again.",
                    ),
                    text,
                    alone=together,
                )

    def is_superfluous(self) -> bool:
        before, self.presences = self.presences, self.store.workers.presences()
        if self.store.jobs.open_jobs() or self.presences != before or self._sweeps():
            self.idle_since = time.monotonic()
        return time.monotonic() - self.idle_since > IDLE_SECONDS

    def _sweeps(self) -> bool:
        """Whether a sweep that workers train goes on."""
        return any(state.status == "running" and state.pid is None for state in self.store.sweeps.states().values())

    def _end(self, job: Job, run_id: str | None, error: WorkerLost, text: str, *, alone: bool = False) -> None:
        """The job ends with the error; its run goes on by itself where that is safe, in the place that it had, `alone` in its
        worker. All at once: a supervisor that dies here leaves no run without a job."""
        with self.store.transaction():
            self.store.jobs.answer(job.id, error=error)
            if run_id and self.store.run_control.retry(run_id, reason=error.what[:1].upper() + error.what[1:]):
                self.store.jobs.add(
                    "train",
                    run_id=run_id,
                    payload=job.payload | ({"small": False} if alone else {}),
                    needs=job.needs,
                    rank=job.rank,
                )
            elif run_id:
                self.store.runs.finish(run_id, None, "failed", error=error, log=text)

    def _stop(self, *_: object) -> None:
        self.stopping = True


def _is(worker: Worker | None, state: str) -> bool:
    return worker is not None and worker.state == state


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m nnviz.jobs.supervisor")
    parser.add_argument("--store", required=True)
    url = parser.parse_args().store
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        with FileLock(lock_path(url), timeout=0):
            store = Store(url)
            cores, room = os.cpu_count() or 2, memory_for_workers(store)
            count = worker_count(cores=cores, free=room)
            store.queue.set_room_for_training(at_once=max(1, count - 1), cores=cores, free=room)
            store.notices.note_setting(fingerprint())
            with notifying(store), sweeping(store):
                Supervisor(store, count=count).run()
    except Timeout:
        log.info("another supervisor is there already")


if __name__ == "__main__":
    main()
