"""How much a network has learned, measured against a constant answer: what every rule asks before it accuses."""

import numpy as np

from nnviz.doctor.evidence import Evidence
from nnviz.doctor.signals import smooth, tail

WELL = 0.9
"""Of a constant answer's loss removed: whoever has come so far is not accused of how the way looked. On the sets by which this
was chosen sound trainings removed 0.93 or more of it, but for data that cannot be learned better by anybody."""


def final(evidence: Evidence, prefix: str) -> float | None:
    """The share of the baseline's loss that is gone at the end: 1 for a loss of 0, 0 for a constant answer, below 0 for worse."""
    points, baseline = evidence.points(f"{prefix}loss"), evidence.baseline(prefix)
    if points is None or baseline is None:
        return _final_r2(evidence, prefix)
    return 1 - tail(points.value) / baseline


def _final_r2(evidence: Evidence, prefix: str) -> float | None:
    """The same by R², where a constant answer's loss is not above 0 (Poisson's cost of large counts)."""
    points = evidence.points(f"{prefix}r2")
    return None if points is None else tail(points.value)


def best(evidence: Evidence, prefix: str) -> float | None:
    """The same where it was best, evened out over five epochs."""
    points, baseline = evidence.points(f"{prefix}loss"), evidence.baseline(prefix)
    return None if points is None or baseline is None else 1 - float(smooth(points.value).min()) / baseline


def is_harmed(evidence: Evidence) -> bool:
    """Whether it ended badly or learned clearly less than all: of training or of held-out rows."""
    if evidence.status == "diverged":
        return True
    shares = [share for prefix in {"", evidence.held_out} if (share := final(evidence, prefix)) is not None]
    return bool(shares) and min(shares) < WELL


def may_be_harmed(evidence: Evidence) -> bool:
    """Of a run whether it is harmed; a draft may still be."""
    return evidence.status == "draft" or is_harmed(evidence)


def epochs_to_best(evidence: Evidence, prefix: str, *, within: float) -> float | None:
    """After how many epochs the loss first came within so much (of the baseline) of the lowest that it ever had."""
    points, baseline = evidence.points(f"{prefix}loss"), evidence.baseline(prefix)
    if points is None or baseline is None:
        return None
    values = smooth(points.value)
    return float(points.epoch[int(np.argmax(values <= values.min() + within * baseline))])
