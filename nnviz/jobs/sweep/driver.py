"""One step of a sweep after the other: trials that have ended are learned from, hopeless ones are pruned, new ones begun.

All that a step decides follows from the store, and what it begins is claimed there by the trial's number, so drivers may die, or
be several, and no trial is lost or done twice."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from nnviz.errors import NnvizError
from nnviz.jobs.launcher import queue_training
from nnviz.jobs.sweep.pruning import Curve, behind
from nnviz.jobs.sweep.suggest import suggest
from nnviz.jobs.sweep.trials import Trial, trial_of
from nnviz.spec import RunSpec, is_better_higher, pruning_metric, sweep_of, trial_spec
from nnviz.store import ENDED, Store, SweepState

POLL, LOOK = 0.15, 1.0
"""Seconds between two steps of sweeps, and between two looks whether there is one."""
FAILURES, DIVERGED = 5, 10
"""After so many trials that all failed, or diverged, a sweep gives up."""
log = logging.getLogger("nnviz.sweep")


class Driver:
    """Of one sweep. It keeps in mind what cannot change: trials that have ended."""

    def __init__(self, store: Store, group_id: str) -> None:
        self.store, self.id = store, group_id
        self.spec: RunSpec = store.runs.group(group_id).spec
        self.sweep = sweep_of(self.spec)
        self._metric = pruning_metric(self.spec)
        self._ended: dict[str, tuple[Trial, Curve]] = {}

    def step(self, *, at_once: int, queues: bool = True) -> SweepState:
        """Brings the sweep on; at most `at_once` trials are open after it, those that wait included. `queues`: new trials are
        queued for workers; else the caller trains them."""
        state = self.store.sweeps.state(self.id)
        if state.status != "running":
            return state
        heads = self.store.sweeps.heads(self.id)
        if heads and all(head.is_deleted for head in heads):
            return self.store.sweeps.change(self.id, status="stopped", reason="Its trials were deleted")
        self._learn({head.run for head in heads if head.status in ENDED})
        open_ids = [head.run for head in heads if head.status not in ENDED]
        opened = [trial_of(run, self.spec) for run in self.store.runs.list_runs(ids=open_ids)]
        if self.sweep.prune:
            self._prune([trial for trial in opened if trial.status == "running"])
        if reason := self._hopeless():
            return self._give_up(reason, open_ids)
        number = heads[-1].number if heads else 0
        trials = [*(trial for trial, _ in self._ended.values()), *opened]
        while len(open_ids) < at_once and number < state.trials:
            values = suggest(self.spec, trials, number + 1)
            if values is None:
                return state if open_ids else self._finish(f"All {len(heads):,} combinations have been tried")
            run_id = self._begin(number + 1, trial_spec(self.spec, values), queues=queues)
            if run_id is None:
                return self.store.sweeps.state(self.id)
            number += 1
            open_ids.append(run_id)
            trials.append(Trial(number, run_id, values, "waiting", {}))
        return state if open_ids else self._finish("")

    def _learn(self, ended: set[str]) -> None:
        for run_id in set(self._ended) - ended:  # it goes on
            del self._ended[run_id]
        new = sorted(ended - set(self._ended))
        if not new:
            return
        curves = self.store.sweeps.points(new, self._metric) if self.sweep.prune else {}
        for run in self.store.runs.list_runs(ids=new):
            self._ended[run.id] = (trial_of(run, self.spec), curves.get(run.id, []))

    def _prune(self, running: list[Trial]) -> None:
        curves = self.store.sweeps.points([trial.run for trial in running], self._metric)
        is_higher = is_better_higher(self._metric)
        others = {run_id: curve for run_id, (_, curve) in self._ended.items()} | curves
        for trial in running:
            rest = [curve for run_id, curve in others.items() if run_id != trial.run]
            epochs = int(trial.values.get("training.epochs", self.spec.training.epochs))
            late = behind(curves.get(trial.run, []), rest, epochs=epochs, is_higher=is_higher)
            if late is not None:
                data = {"metric": self._metric, "value": late.value, "better": late.better, "of": late.others}
                self.store.sweeps.prune(trial.run, late.text, data)

    def _hopeless(self) -> str:
        """Why no further trial is worth it; empty where one is."""
        trials = sorted((trial for trial, _ in self._ended.values()), key=lambda trial: trial.number)
        bad = [trial for trial in trials if trial.status == "failed"]
        if not bad or len(bad) < len(trials) or self._is_going_on(bad):
            return ""
        return f"All of the first {len(bad)} trials failed. The first one: {bad[0].reason}"

    def _is_going_on(self, bad: list[Trial]) -> bool:
        return sum(not trial.is_diverged for trial in bad) < FAILURES and len(bad) < DIVERGED

    def _give_up(self, reason: str, open_ids: list[str]) -> SweepState:
        state = self.store.sweeps.change(self.id, status="failed", reason=reason)
        for run_id in reversed(open_ids):
            self.store.runs.set_control(run_id, stop=True)
        return state

    def _finish(self, reason: str) -> SweepState:
        return self.store.sweeps.change(self.id, status="finished", reason=reason)

    def _begin(self, number: int, spec: RunSpec, *, queues: bool) -> str | None:
        """All at once: a driver that dies here leaves no trial without its job."""
        with self.store.transaction():
            run_id = self.store.sweeps.add_trial(self.id, number, spec)
            if run_id is not None and queues:
                queue_training(self.store, run_id, spec, member=number)
        return run_id


class _Sweeping:
    """Drives the sweeps of a store that workers train, in a thread beside the supervisor."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ending = threading.Event()
        self.drivers: dict[str, Driver] = {}

    def run(self) -> None:
        while not self.ending.wait(POLL if self.drivers else LOOK):
            try:
                self.look()
            except (NnvizError, SQLAlchemyError):
                log.exception("the store could not be used; trying again")
                self.ending.wait(LOOK)

    def look(self) -> None:
        """One step of every sweep that is wanted."""
        running = [name for name, state in self.store.sweeps.states().items() if state.status == "running" and state.pid is None]
        self.drivers = {name: driver for name, driver in self.drivers.items() if name in running}
        # one more than train waits, so that no worker is idle while the next one is chosen
        room = self.store.queue.training_at_once() or int(self.store.queue.room_for_training().get("at_once", 1))
        for name in running:
            try:
                driver = self.drivers.get(name) or self.drivers.setdefault(name, Driver(self.store, name))
                driver.step(at_once=room + 1)
            except NnvizError as error:
                log.exception("the sweep %s cannot go on", name)
                self.store.sweeps.change(name, status="failed", reason=error.message)


@contextmanager
def sweeping(store: Store) -> Iterator[None]:
    """The sweeps of the store go on meanwhile."""
    work = _Sweeping(store)
    thread = threading.Thread(target=work.run, name="sweeps", daemon=True)
    thread.start()
    try:
        yield
    finally:
        work.ending.set()
        thread.join(5.0)
