"""How a run ended and why, and which epoch's weights it keeps, in words."""

from collections.abc import Mapping
from typing import Any

from nnviz.errors import NnvizError
from nnviz.plain_text import without_folders
from nnviz.spec import RunSpec
from nnviz.store import EARLY, PRUNED, Run

OUTCOMES = {EARLY: "ended early", "stopped": "stopped by hand", PRUNED: "pruned"}
"""How a run ended, in a word or two, where its status is not that word: as the sentences of `end_words` begin."""
_WITH_ERROR = {"failed": "Failed", "diverged": "Diverged"}


def ending(spec: RunSpec, status: str, info: Mapping[str, Any], *, epoch: float) -> str:
    """Why a training is over, a sentence whose parts `; ` divides, the reason first; empty for a status that is none of an end.
    `info` as the engine gives it, `epoch`: done, with parts of one; `spec`: with the epochs that were planned in the end."""
    best, early = info.get("kept_epoch"), info.get("early_stop_epoch")
    if status == "finished" and early is not None and spec.training.early_stopping is not None:
        part = "validation" if info.get("is_validated", True) else "training"
        epochs = spec.training.early_stopping.patience * spec.training.record_every
        return (
            f"Ended early at epoch {early:,}: {part} loss has not fallen for {_epochs(epochs)}; "
            f"weights of epoch {early if best is None else best:,} are used"
            + (", the last ones (“Keep the best” takes the best)" if best is None else "")
        )
    planned = spec.training.epochs
    if status == "finished":
        reason = f"Finished: all {_epochs(planned)}" if planned > 1 else "Finished: its one epoch"
    elif status == "stopped":
        at = f"{epoch:,.0f}" if epoch >= 100 else _number(epoch)
        reason = f"Stopped by hand at epoch {at} of {planned:,}" if epoch else "Stopped by hand before the first step"
        reason = str(info.get("pruned") or reason)
    else:
        return ""
    return reason if best is None else f"{reason}; weights of epoch {best:,} are used, the best by validation"


def end_words(run: Run) -> str:
    """Why a run is over, a sentence: what `ending` says, or what went wrong; empty for one that is not. Of a run that cannot be
    read any more only its status."""
    if not run.is_ended:
        return ""
    title = _WITH_ERROR.get(run.status)
    if title is not None:
        what = without_folders(str((run.error or {}).get("what") or ""))
        return f"{title}: {what}" if what else title
    try:
        spec = run.spec if run.control.epochs is None else run.spec.with_("training.epochs", run.control.epochs)
        return ending(spec, run.status, run.info, epoch=run.epoch)
    except NnvizError:  # a spec that this nnviz cannot read any more
        return run.status.capitalize()


def outcome_words(run: Run) -> str:
    """How a run stands, in a word or two: `finished`, `ended early`, `running`, `unreadable`."""
    return "unreadable" if run.broken else OUTCOMES.get(run.outcome, run.outcome)


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
    """`end_words` of a run that early stopping has ended; else empty."""
    return end_words(run) if run.outcome == EARLY else ""


def _number(epoch: float) -> str:
    return f"{epoch:,.0f}" if float(epoch).is_integer() else f"{epoch:,.2f}"


def _epochs(count: int) -> str:
    return f"{count:,} epoch" + ("" if count == 1 else "s")
