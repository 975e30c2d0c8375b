"""The result of a training: which weights it ends with, their metrics, and how it was computed."""

from typing import Any

from nnviz.engine.loop.session import Session, info
from nnviz.engine.records import EpochRecord, Result
from nnviz.engine.training.history import BestEpoch
from nnviz.engine.training.live_changes import Changes
from nnviz.engine.training.metrics import TrainingMetrics


def parked(session: Session, *, step: int, seconds: float, compile_seconds: float) -> Result:
    """Of a training that is to go on from its last state: no weights and no metrics."""
    return Result(
        status="paused",
        weights=[],
        metrics={},
        steps=step,
        epochs=session.loop.calendar.share(step),
        seconds=seconds,
        steps_per_second=0.0,
        compile_seconds=compile_seconds,
        parameters=session.network.count_params(),
        info=info(session),
    )


def use_final_weights(session: Session, best: BestEpoch | None, step: int) -> None:
    """Give the network the weights that the run ends with: those of the `best` epoch, the optimizer's moving averages where it
    has them, else those of the last step."""
    if best is not None:
        session.network.values = best.weights
    elif session.loop.optimizer.use_ema and step:
        session.loop.average()


def final_metrics(
    measures: TrainingMetrics, *, best: BestEpoch | None, last: EpochRecord | None, exact: EpochRecord | None
) -> dict[str, float]:
    """Of the network as it is, from all rows. `last`: the record of the last step, if it has one; `exact`: the one whose
    metrics were taken from all training rows already."""
    record = last if best is None else best.record
    if record is None or (best is None and measures.session.loop.optimizer.use_ema):
        metrics = measures.now("train", "validation")
    else:
        metrics = dict((record if record is exact else measures.exact(record)).metrics)
    metrics.pop("learning_rate", None)
    return metrics | measures.final()


def final_info(
    changes: Changes, *, is_prepared: bool, compile_seconds: float, best: BestEpoch | None, early_stop_epoch: int | None
) -> dict[str, Any]:
    """How a run was computed and which epoch it ends with. `is_prepared`: whether its session had been compiled ahead."""
    parts = changes.prepared.parts
    return info(changes.session) | {
        "prepared": is_prepared,
        "compile_seconds": compile_seconds,
        "calendar": [part.to_json() for part in changes.calendar],
        # both always: a run that goes on after it has ended overrules what it said then
        "kept_epoch": None if best is None else best.record.epoch,
        "early_stop_epoch": early_stop_epoch,
        "units_off": list(changes.off),
        "is_validated": "validation" in parts and len(parts["validation"].y) > 0,
    }
