"""A paused run's network changed by hand: a unit switched off or on, a weight set. It stays paused."""

from typing import Any

from nnviz.errors import RequestError
from nnviz.jobs.launcher import resume_run
from nnviz.spec.by_hand import check_switch, check_weight
from nnviz.store import Run, Store


def switch_unit(store: Store, run: Run, name: str, *, is_on: bool, expect: int | None = None) -> None:
    """`name`: `layers[0].is_on[4]`; `expect`: the number of the control that it is meant for. Raises RequestError for a unit that
    cannot be switched off and a run that is not paused, Conflict as `set_control`."""
    check_switch(run.spec, name)
    _edit(store, run, expect, live={name: float(is_on)})


def set_weight(store: Store, run: Run, name: str, value: Any, *, expect: int | None = None) -> None:
    """`name`: `layers[0].kernel[3,1]`; `value`: anything, refused with a RequestError where float32 cannot hold it. Raises as
    `switch_unit`."""
    _edit(store, run, expect, weights={name: check_weight(name, value)})


def _edit(store: Store, run: Run, expect: int | None, **changes: Any) -> None:
    if run.is_ended:
        raise RequestError(
            "the run has ended, so its network stays as it is", remedy="Go on from a moment of it as a new run, and pause that."
        )
    if run.status != "paused":
        raise RequestError("the network can be changed by hand while the run is paused", remedy="Pause it first.")
    if run.step == 0:
        raise RequestError("the run has done no step yet", remedy="Do one step first.")
    store.runs.set_control(run.id, expect=expect, **changes)
    if run.pid is None:  # its worker has gone: another one takes it, and it stays paused
        resume_run(store, run.id, pace="step", steps_allowed=run.step)
