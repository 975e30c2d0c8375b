"""What a viewer may ask of a run over the socket.

{"command": "stop"}                             end it; what was learned is kept
{"command": "pause"}, {"command": "play"}       wait after the present step; go on at the pace from before, or at `pace` (also
                                                one that ended, from its last state)
{"command": "pace", "pace": "watch"}            step, watch or full
{"command": "step", "steps": 1}                 at pace step: do so many more; {"command": "step", "epochs": 1}
{"command": "set", "name": ..., "value": ...}   change a setting while it trains: `optimizer.learning_rate`, `layers[1].rate`
{"command": "unit", "name": "layers[0].is_on[4]", "on": false}           switch a unit off or on, while it is paused
{"command": "weight", "name": "layers[0].kernel[3,1]", "value": ...}     set a weight, while it is paused
{"command": "more", "epochs": 20}               go so many epochs beyond the planned ones

Each may carry `number`, that of the control it is meant for: if somebody else was faster it is refused (Conflict). The
answer is a message `answer`: command, ok, why, conflict, and the control's number from then on.
"""

import math
import sys
from collections.abc import Callable
from typing import Any

from nnviz import jobs
from nnviz.errors import RequestError
from nnviz.store import Run, Store
from nnviz.stream.progress import calendar

PACES = ("step", "watch", "full")
MOST_STEPS = 1_000_000


def command(store: Store, wanted: dict[str, Any]) -> int:
    """Do what a viewer asks; the number of the run's control then. Raises RequestError, Conflict."""
    run = store.runs.get(str(wanted["run"]))
    act = _COMMANDS.get(str(wanted.get("command")))
    number = wanted.get("number")
    if number is not None and (not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**63):
        raise RequestError("number is no number of a control", remedy="Give that of the newest status, or none.")
    if act is None:
        raise RequestError(
            f"unknown command {str(wanted.get('command'))[:40]!r}",
            remedy=f"Allowed: {', '.join(_COMMANDS)}; see nnviz/stream/commands.py.",
        )
    act(store, run, wanted, number)
    return store.runs.control(run.id).number


def _stop(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    store.runs.set_control(run.id, expect=number, stop=True)


def _pause(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    # a step that is under way is finished: what has been done by then is not known here
    store.runs.set_control(run.id, expect=number, pace="step", steps_allowed=0, play=_before(run))


def _before(run: Run) -> Any:
    """The pace at which it goes on after it has been paused."""
    return run.control.play if run.control.pace == "step" else run.control.pace


def _play(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    pace = wanted.get("pace", _before(run))
    if pace not in ("watch", "full"):
        raise _unknown("pace", pace)
    _go(store, run, number, pace=pace)


def _go(
    store: Store, run: Run, number: int | None, *, pace: Any, steps_allowed: int | None = None, epochs: int | None = None
) -> None:
    """Let it go on, whether or not a worker holds it."""
    changes = {"pace": pace, "steps_allowed": steps_allowed, "play": _before(run) if pace == "step" else pace}
    if epochs is not None:
        changes["epochs"] = epochs
    store.runs.set_control(run.id, expect=number, **changes)
    if run.is_ended or (run.status == "paused" and run.pid is None):
        jobs.resume_run(store, run.id, pace=pace, epochs=epochs, steps_allowed=steps_allowed)


def _pace(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    pace = wanted.get("pace")
    if pace not in PACES:
        raise _unknown("pace", pace)
    if pace == "step":
        _pause(store, run, wanted, number)
    elif run.is_ended:
        store.runs.set_control(run.id, expect=number, pace=pace)
    else:
        _go(store, run, number, pace=pace)


def _step(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    done = max(run.step, run.control.steps_allowed or 0)
    if "epochs" in wanted:
        epochs, parts = _whole(wanted, "epochs"), calendar(run)
        if not parts:
            raise RequestError("how many steps an epoch has is not known yet", remedy="Do one step first.")
        first, each = round(parts[-1][0]), round(parts[-1][2])
        allowed = first + ((done - first) // each + epochs) * each
    else:
        allowed = done + _whole(wanted, "steps")
    _go(store, run, number, pace="step", steps_allowed=allowed)


def _set(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    name, value = str(wanted.get("name", ""))[:200], wanted.get("value")
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= sys.float_info.max:
        raise RequestError(f"{name} needs a number", where=name)
    settings = run.settings
    if name not in settings:
        raise RequestError(
            f"{name or 'this'} cannot be changed while it trains",
            where=name,
            remedy=f"What can be: {', '.join(settings)}." if settings else "Nothing of this run can be.",
        )
    run.spec.with_(name, value)  # says what is wrong with it, if anything is
    store.runs.set_control(run.id, expect=number, live={name: float(value)})


def _unit(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    if not isinstance(wanted.get("on"), bool):
        raise RequestError("a unit is on or off", where="on", remedy='Give "on" as true or false.')
    jobs.switch_unit(store, run, str(wanted.get("name", "")), is_on=wanted["on"], expect=number)


def _weight(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    jobs.set_weight(store, run, str(wanted.get("name", "")), wanted.get("value"), expect=number)


def _more(store: Store, run: Run, wanted: dict[str, Any], number: int | None) -> None:
    planned = run.control.epochs or run.spec.training.epochs
    epochs = max(planned, math.ceil(run.epoch - 1e-9)) + _whole(wanted, "epochs")
    if not run.is_ended:
        raise RequestError("the run has not ended yet", where=run.id, remedy="More epochs can be added when it has.")
    _go(store, run, number, pace=wanted.get("pace", _before(run)), epochs=epochs)


def _whole(wanted: dict[str, Any], name: str) -> int:
    value = wanted.get(name, 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_STEPS:
        raise RequestError(f"{name} must be a whole number from 1 to {MOST_STEPS:,}", where=name)
    return value


def _unknown(name: str, value: Any) -> RequestError:
    return RequestError(f"unknown {name} {str(value)[:40]!r}", remedy=f"Allowed: {', '.join(PACES)}.")


_COMMANDS: dict[str, Callable[[Store, Run, dict[str, Any], int | None], None]] = {
    "stop": _stop,
    "pause": _pause,
    "play": _play,
    "pace": _pace,
    "step": _step,
    "set": _set,
    "unit": _unit,
    "weight": _weight,
    "more": _more,
}
