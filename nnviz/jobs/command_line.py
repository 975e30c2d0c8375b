"""What the command line has done: by a warm worker of a dashboard where one is free and gives the same results, else in this very
process. `here`: True for this process, None for whichever is right; False for a worker, whose turn is waited for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nnviz.errors import RequestError
from nnviz.jobs import foreground, warm
from nnviz.jobs.alike import why_not
from nnviz.jobs.notify.notifier import notifying
from nnviz.jobs.notify.targets import targets
from nnviz.spec import RunSpec, Tuning, tuning_of
from nnviz.store import Run, Store

LARGEST = 64 << 20
"""A larger file is predicted in the foreground: a start counts for little there, and no worker is kept from the dashboard."""
OnBegin = Callable[[], None]
OnChange = Callable[[Run], None]


def check(store: Store, spec: RunSpec, *, here: bool | None) -> None:
    """Before there is a run of it. Raises RequestError where a worker is to train this and none can, or those that are to be
    told of its end cannot be."""
    targets()
    if here is False:
        _asks(store, tuning_of(spec), here)


def asks(store: Store, spec: RunSpec, *, here: bool | None) -> bool:
    """Whether workers train runs of this spec, and not this process. Raises RequestError where they are to and cannot."""
    return _asks(store, tuning_of(spec), here)


def train(store: Store, run_id: str, *, on_begin: OnBegin, on_change: OnChange, here: bool | None = None) -> Run:
    """Trains a queued run; `on_begin` is called once there is something to wait for, `on_change` some times a second. Ctrl+C
    stops the run, not the process."""
    with notifying(store):
        if _left(store, [run_id], on_begin, on_change, here):
            return foreground.train_here(store, run_id, on_change=on_change)
        return store.runs.get(run_id)


def train_group(store: Store, group_id: str, *, on_begin: OnBegin, on_change: OnChange, here: bool | None = None) -> list[Run]:
    """Trains the queued runs of a group. Ctrl+C stops all of them. What fails does not keep the others from training."""
    waiting = [run.id for run in store.runs.group_runs(group_id) if run.status == "queued"]
    with notifying(store):
        if waiting and _left(store, waiting, on_begin, on_change, here):
            return foreground.train_group_here(store, group_id, on_change=on_change)
        return store.runs.group_runs(group_id)


def evaluate(store: Store, run_id: str, rows: Path, *, cost: str | None = None, here: bool | None = None) -> dict[str, Any]:
    """The answer of the job `evaluate`."""
    payload = {"path": str(rows)} | ({"cost": cost} if cost else {})
    return _there(store, "evaluate", run_id, rows, payload, here) or foreground.do_here(store, "evaluate", run_id, payload)


def predict(store: Store, run_id: str, rows: Path, *, out: Path, exact: bool, here: bool | None = None) -> dict[str, Any]:
    """The answer of the job `predict`, and its CSV in the new file `out`, which this process writes in either case: a worker's
    goes through the store, in parts."""
    answer = _there(store, "predict", run_id, rows, {"path": str(rows)}, here)
    if answer is None:
        return foreground.do_here(store, "predict", run_id, {"path": str(rows), "out": str(out), "safe": not exact})
    sha256 = answer["csv"] if exact else answer.get("csv_safe", answer["csv"])
    with out.open("wb") as file:
        for part in store.blobs.parts(sha256):
            file.write(part)
    return answer


def doctor(store: Store, run_id: str, *, here: bool | None = None) -> dict[str, Any]:
    """The answer of the job `doctor`."""
    if _asks(store, "", here):
        answer = warm.do_there(store, "doctor", run_id, {}, patient=here is False)
        if answer is not None:
            return answer
    return foreground.do_here(store, "doctor", run_id, {})


def row_results(store: Store, run_id: str, *, here: bool | None = None) -> dict[str, Any]:
    """The answer of the job `row_results`."""
    if _asks(store, "", here):
        answer = warm.do_there(store, "row_results", run_id, {}, patient=here is False)
        if answer is not None:
            return answer
    return foreground.do_here(store, "row_results", run_id, {})


def _left(store: Store, run_ids: Sequence[str], on_begin: OnBegin, on_change: OnChange, here: bool | None) -> list[str]:
    """Those of the runs that are to be trained in this process, once workers have done what they could."""
    if not _asks(store, tuning_of(store.runs.get(run_ids[0]).spec), here):
        on_begin()
        return list(run_ids)
    return warm.train_there(store, run_ids, on_begin=on_begin, on_change=on_change, patient=here is False)


def _there(store: Store, kind: str, run_id: str, rows: Path, payload: dict[str, Any], here: bool | None) -> dict[str, Any] | None:
    """A worker's answer; None where this process is to do it."""
    is_small = rows.is_file() and rows.stat().st_size <= LARGEST
    if (here is None and not is_small) or not _asks(store, "", here):
        return None
    return warm.do_there(store, kind, run_id, payload, patient=here is False)


def _asks(store: Store, needs: Tuning, here: bool | None) -> bool:
    """Whether a worker is to be asked. Raises RequestError where one was wanted and none can be."""
    if here:
        return False
    reason = why_not(store, needs, idle=here is None)
    if reason and here is False:
        raise RequestError(f"no worker can do this: {reason}", where="--worker", remedy="Leave it out, to have it done here.")
    return not reason
