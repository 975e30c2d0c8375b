"""Sweeps begun, stopped, resumed and extended: what pages and the command line call."""

import os

import psutil

from nnviz.errors import NotFound, RequestError
from nnviz.jobs import launcher
from nnviz.jobs.launcher import go_on, queue_training, stop_group
from nnviz.jobs.sweep.driver import Driver
from nnviz.spec import MAX_TRIALS, RunSpec, sweep_of
from nnviz.store import PRUNED, Run, Store, SweepState


def start_sweep(store: Store, spec: RunSpec, *, name: str = "") -> str:
    """Begins a sweep, whose trials workers train; gives its id. Its first trial is there at once. Raises SpecError."""
    group_id = create_sweep(store, spec, name=name, here=False)
    Driver(store, group_id).step(at_once=1)
    launcher.ensure_supervisor(store.url)
    return group_id


def create_sweep(store: Store, spec: RunSpec, *, name: str = "", here: bool) -> str:
    """A sweep that has no trials yet; `here`: this process trains them. Raises SpecError."""
    sweep_of(spec)
    return store.sweeps.create(spec, name=name, pid=os.getpid() if here else None)


def is_sweep(store: Store, group_id: str) -> bool:
    """Whether a group is a sweep."""
    try:
        return bool(group_id) and store.runs.group(group_id).spec_json.get("sweep") is not None
    except NotFound:
        return False


def sweep_state(store: Store, group_id: str) -> SweepState:
    """How a sweep stands; one whose command line is gone has stopped. Raises NotFound."""
    state = store.sweeps.state(group_id)
    if state.status == "running" and state.pid is not None and not psutil.pid_exists(state.pid):
        return SweepState(state.trials, "stopped", "The command line that trained it is gone", state.pid)
    return state


def stop_sweep(store: Store, group_id: str) -> None:
    """No more trials are begun, and those that train end with what they learned; one that has ended stays as it is."""
    if store.sweeps.state(group_id).status == "running":
        store.sweeps.change(group_id, status="stopped", reason="Stopped by hand")
    stop_group(store, group_id)


def resume_sweep(store: Store, group_id: str, *, more: int = 0, here: bool = False) -> None:
    """A sweep goes on: with the trials that were stopped with it, or lost, then with new ones, `more` than were wanted.
    `here`: this process trains them, not workers. Raises RequestError for one that is at work, or has nothing left to do."""
    state, members = sweep_state(store, group_id), store.runs.group_runs(group_id)
    unfinished = [run for run in members if _goes_on(run)]
    if state.status == "running" and not more:
        raise RequestError("this sweep is at work", where=group_id, remedy="Stop it, or wait until it has ended.")
    trials = state.trials + more
    if trials > MAX_TRIALS:
        raise RequestError(f"{trials:,} trials are too many", where=group_id, remedy=f"At most {MAX_TRIALS:,} are allowed.")
    done = max((head.number for head in store.sweeps.heads(group_id)), default=0)
    if state.status == "finished" and not unfinished and done >= trials:
        raise RequestError(f"all {done:,} trials of this sweep are done", where=group_id, remedy="Say how many more.")
    pid = state.pid if state.status == "running" else os.getpid() if here else None
    with store.transaction():
        store.sweeps.change(group_id, status="running", reason="", trials=trials, pid=pid)
        queued = {job.run for job in store.jobs.open_jobs() if job.kind == "train"}
        for run in unfinished if state.status != "running" else ():
            if run.status != "queued" and not _requeued(store, run):
                continue
            if not here and run.id not in queued:
                queue_training(store, run.id, run.spec, member=run.member)
    if pid is None:
        launcher.ensure_supervisor(store.url)


def _goes_on(run: Run) -> bool:
    """Whether a trial is to be trained further: it was stopped with its sweep, or its process is gone."""
    is_lost = run.status == "failed" and (run.error or {}).get("error") == "WorkerLost"
    return not run.broken and run.outcome != PRUNED and (run.status in ("queued", "stopped") or is_lost)


def _requeued(store: Store, run: Run) -> bool:
    try:
        go_on(store, run)
    except RequestError:  # no snapshot of it is kept: it stays as it is
        return False
    return True
