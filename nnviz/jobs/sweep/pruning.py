"""Whether a trial is behind the others: the median stopping rule (Golovin et al. 2017, Google Vizier, section 3.2.2)."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Curve = Sequence[tuple[float, float]]
"""(epoch, value) in the order of the epochs."""
LEAST_OTHERS = 4
"""So many trials must have come as far before any is judged by them."""
FIRST_SHARE = 0.1
"""Of the epochs: until then nobody is judged, since all trials are still at their beginning."""


@dataclass(frozen=True)
class Behind:
    """At `epoch` the best value of a trial so far, `value`, was worse than that of `better` of `others` trials."""

    epoch: float
    value: float
    better: int
    others: int

    @property
    def text(self) -> str:
        """The reason, as a sentence."""
        return f"Pruned at epoch {self.epoch:g}: worse than {self.better} of {self.others} trials were at that epoch"


def behind(curve: Curve, others: Iterable[Curve], *, epochs: int, is_higher: bool) -> Behind | None:
    """Whether a trial is worse, at its newest epoch, than the median of the `others` that came as far; each is judged by its
    best value until then. `epochs`: how many each trial is to do."""
    if not curve or curve[-1][0] < max(1.0, FIRST_SHARE * epochs) or curve[-1][0] >= epochs:
        return None
    epoch = curve[-1][0]
    sign = 1 if is_higher else -1
    mine = _best(curve, epoch, sign)
    theirs = [_best(other, epoch, sign) for other in others if other and other[-1][0] >= epoch]
    better = sum(value > mine for value in theirs)
    if len(theirs) < LEAST_OTHERS or mine >= statistics.median(theirs):
        return None
    return Behind(epoch, sign * mine, better, len(theirs))


def _best(curve: Curve, epoch: float, sign: int) -> float:
    return max((sign * value for at, value in curve if at <= epoch and math.isfinite(value)), default=-math.inf)
