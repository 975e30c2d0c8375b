"""From a spec and its data to a trained network, told step by step."""

from collections.abc import Callable

from nnviz.engine.loop import metric_sample
from nnviz.engine.loop.session import Session, form
from nnviz.engine.loop.state import State
from nnviz.engine.loop.turns import Turn
from nnviz.engine.records import Control, PreparedLike, Progress, Result
from nnviz.engine.training.recompile import spec_of
from nnviz.engine.training.run import TrainingRun
from nnviz.engine.training.snapshot_policy import Keep
from nnviz.errors import DataError
from nnviz.spec import RunSpec


def train(
    spec: RunSpec,
    prepared: PreparedLike,
    *,
    on_progress: Callable[[Progress], None],
    control: Callable[[], Control] = Control,
    session: Session | None = None,
    frames: bool = True,
    state: State | None = None,
    keep: Keep = "none",
    turn: Turn | None = None,
) -> Result:
    """Train until the epochs are done, early stopping ends it, or `control()` says stop.

    `on_progress` is called after the first step, then about every 0.1 s with all that is new; `control` between calls.
    A `session` made by `prepare` for a run of the same form saves building and compiling; weights are the same, bit for
    bit, with it, without it, at any pace. `frames`: whether live views are made. `state`: go on from there, which gives
    the very weights of a training that never stopped, also where settings were compiled in on its way (`spec` is as it
    began). `keep`: how often its state is reported (see `SnapshotPolicy`); with `all`
    and `few` also when it pauses and when it ends. `turn`: shared with other trainings of this process, of which one computes
    at a time; they may use the same session.

    Raises Diverged when a loss is infinite or not a number; SpecError and DataError for what cannot be trained."""
    _check(prepared)
    spec = spec_of(spec, state)
    switchable = state is not None and bool(state.off)
    if session is not None and session.form != form(spec, prepared, is_old=metric_sample.is_old(state), switchable=switchable):
        session = None
    with turn or Turn() as mine:
        run = TrainingRun(spec, prepared, on_progress, control, session, frames, state, keep, mine)
        try:
            return run.run()
        finally:
            run.seat.give_up()


def _check(prepared: PreparedLike) -> None:
    if "train" not in prepared.parts or not len(prepared.parts["train"].y):
        raise DataError("there are no rows to train on", where="data")
