"""What is said of a training whose loss became infinite or not a number."""

import math

from nnviz.errors import Diverged


def diverged(step: int, epoch: int, *, rate: float, last_loss: float) -> Diverged:
    """`last_loss`: the last good one, not a number where there was none; `rate`: the learning rate then."""
    good = "" if math.isnan(last_loss) else f"; the last good one was {last_loss:.4g}"
    remedy = f"The learning rate {rate:g} is probably too large: try {rate / 10:g}."
    if math.isnan(last_loss):
        remedy = "It was so from the first step on: look for huge values in the data or in an expression."
    return Diverged(f"the loss became infinite or not a number at step {step} (epoch {epoch}){good}", remedy=remedy)
