"""Losses that became infinite or not a number, and the error that ends such a training."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.records import EpochRecord
from nnviz.errors import Diverged


def finite_steps(losses: NDArray[Any]) -> int:
    """How many of the losses come before the first that is no finite number."""
    finite = np.isfinite(losses)
    return len(losses) if finite.all() else int(np.argmin(finite))


def is_finite(record: EpochRecord) -> bool:
    """Whether all losses of an epoch, of training and of validation rows, are finite numbers."""
    return all(math.isfinite(value) for name, value in record.metrics.items() if name.endswith("loss"))


def diverged(step: int, epoch: int, *, rate: float, last_loss: float) -> Diverged:
    """`last_loss`: the last good one, not a number where there was none; `rate`: the learning rate then."""
    good = "" if math.isnan(last_loss) else f"; the last good one was {last_loss:.4g}"
    remedy = f"The learning rate {rate:g} is probably too large: try {rate / 10:g}."
    if math.isnan(last_loss):
        remedy = "It was so from the first step on: look for huge values in the data or in an expression."
    return Diverged(f"the loss became infinite or not a number at step {step} (epoch {epoch}){good}", remedy=remedy)
