"""How a run ended, and which epoch's weights it keeps, in words."""

from collections.abc import Mapping
from typing import Any

from nnviz.errors import NnvizError
from nnviz.spec import RunSpec
from nnviz.store import Run


def ending(spec: RunSpec, status: str, info: Mapping[str, Any]) -> str:
    """What the event says of a training that ended by itself or was stopped; `info` as the engine gives it. Empty where
    there is no more to say than its status."""
    best, early = info.get("kept_epoch"), info.get("early_stop_epoch")
    if early is not None and spec.training.early_stopping is not None:
        part = "validation" if info.get("is_validated", True) else "training"
        epochs = spec.training.early_stopping.patience * spec.training.record_every
        return (
            f"Stopped at epoch {early:,}: no better {part} loss for {_epochs(epochs)}; "
            f"weights of epoch {early if best is None else best:,} kept"
        )
    if best is None:
        return ""
    return f"{'Stopped' if status == 'stopped' else 'Finished'}; weights of epoch {best:,} kept, the best by validation"


def weights_epoch(run: Run) -> float | None:
    """The epoch after which the run had the weights that it predicts with; None where it has none."""
    if run.weights is None:
        return None
    best = run.info.get("kept_epoch")
    return float(best) if isinstance(best, int | float) else run.epoch


def weights_words(run: Run) -> str:
    """`weights of epoch 4 of 8`; empty where it has none."""
    epoch = weights_epoch(run)
    if epoch is None:
        return ""
    of = "" if epoch == run.epoch else f" of {_number(run.epoch)}"
    return f"weights of epoch {_number(epoch)}{of}"


def early_words(run: Run) -> str:
    """The sentence about early stopping of a run that has ended so; else empty."""
    if run.status != "finished" or run.info.get("early_stop_epoch") is None:
        return ""
    try:
        return ending(run.spec, run.status, run.info)
    except NnvizError:  # a spec that this nnviz cannot read any more
        return ""


def _number(epoch: float) -> str:
    return f"{epoch:,.0f}" if float(epoch).is_integer() else f"{epoch:,.2f}"


def _epochs(count: int) -> str:
    return f"{count:,} epoch" + ("" if count == 1 else "s")
