"""AutoTrainer: Zhang, Zhai, Ma, Shen, "AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair System", ICSE 2021,
with the thresholds of its published code (`default_param`) and the order of its `IssueMonitor` of that year. It judges
classifiers by their accuracy; of other runs it says nothing."""

import numpy as np

from benchmarks.doctor.published.system import Published, System
from nnviz.doctor import Evidence, Moment

RATIO, FIRST, HIGH = 1e-3, 1e-4, 70.0
"""beta 1 to 3: the first layer's gradient against the last one's, the first one's alone, and the former where it explodes."""
DEAD = 0.7
"""gamma: the share of gradients that are 0."""
SWING, OFTEN = 0.03, 0.2
"""zeta and eta: of accuracies between neighbouring extremes, and of the epochs."""
STILL = 0.01
"""delta: the largest step of the accuracy from one epoch to the next."""
ENOUGH = 0.7
"""Theta: the accuracy from which a training has converged."""
BEGUN = 0.3
"""Of the epochs, before which accuracies are not judged."""
WILD = 1e5
"""A validation loss that counts as no number."""


def _is_nan(evidence: Evidence) -> bool:
    losses = [evidence.epochs[name].value for name in ("loss", "val_loss") if name in evidence.epochs]
    return (
        evidence.status == "diverged"
        or any(not np.isfinite(loss).all() for loss in losses)
        or bool(losses and len(losses[-1]) and losses[-1][-1] >= WILD)
    )


def _accuracies(evidence: Evidence) -> list[np.ndarray]:
    points = [evidence.points(name) for name in ("accuracy", "val_accuracy")]
    return [each.value for each in points if each is not None]


def _is_slow(evidence: Evidence) -> bool:
    return all(float(np.diff(values).max(initial=0.0)) < STILL for values in _accuracies(evidence))


def _is_bad(evidence: Evidence) -> bool:
    """Not converged, or slow: only then are gradients looked at."""
    values = _accuracies(evidence)
    is_judged = bool(values) and evidence.epoch >= BEGUN * evidence.spec.training.epochs
    return is_judged and (min(float(value.max()) for value in values) < ENOUGH or _is_slow(evidence))


def _gradients(moment: Moment) -> list[float]:
    return [layer.gradient for layer in moment.layers if layer.gradient is not None]


def _times(moment: Moment) -> float:
    gradients = _gradients(moment)
    return gradients[0] / max(gradients[-1], 1e-30) if gradients else 1.0


def _is_dead(evidence: Evidence) -> bool:
    # a unit that is 0 for every row has gradients of 0, which stands for the share of gradients that are
    for moment in evidence.moments:
        count = sum(layer.count for layer in moment.layers)
        if count and sum((layer.dead or 0.0) * layer.count for layer in moment.layers) >= DEAD * count:
            return True
    return False


def _explodes(evidence: Evidence) -> bool:
    return any(_times(moment) > HIGH for moment in evidence.moments)


def _vanishes(evidence: Evidence) -> bool:
    return any(_times(moment) < RATIO and _gradients(moment)[0] < FIRST for moment in evidence.moments if _gradients(moment))


def _swings(evidence: Evidence) -> bool:
    values = evidence.points("accuracy")
    if values is None or evidence.epoch < BEGUN * evidence.spec.training.epochs:
        return False
    before, here, after = values.value[:-2], values.value[1:-1], values.value[2:]
    high, low = here[(here >= before) & (here >= after)], here[(here <= before) & (here <= after)]
    count = min(len(high), len(low))
    return bool((high[:count] - low[:count] >= SWING).sum() >= OFTEN * len(values.value))


def _first_of(evidence: Evidence) -> str:
    """What it says of a run; empty for nothing."""
    if _is_nan(evidence):
        return "explode"
    if _is_bad(evidence):
        checks = (("relu", _is_dead), ("explode", _explodes), ("vanish", _vanishes), ("slow", _is_slow))
        return next((name for name, holds in checks if holds(evidence)), "")
    return "unstable" if _swings(evidence) else ""


SYSTEM = System(
    name="AutoTrainer",
    source="Zhang et al., ICSE 2021; github.com/shiningrain/AUTOTRAINER, utils/utils.py and utils/monitor.py",
    rules=(
        Published(
            name="explode",
            fires=lambda e: _first_of(e) == "explode",
            means=("exploding_gradient", "rate_too_high", "diverged", "poor_initialisation"),
        ),
        Published(name="dying ReLU", fires=lambda e: _first_of(e) == "relu", means=("dead_relu",)),
        Published(name="vanishing gradient", fires=lambda e: _first_of(e) == "vanish", means=("vanishing_gradient",)),
        Published(
            name="slow convergence",
            fires=lambda e: _first_of(e) == "slow",
            means=("rate_too_low", "trained_too_short", "batch_too_large", "plateau"),
        ),
        Published(
            name="oscillating loss", fires=lambda e: _first_of(e) == "unstable", means=("rate_too_high", "batch_too_small")
        ),
    ),
    left_out={
        "improper activation, improper loss, data": "added to its code after the paper",
        "share of gradients that are 0": "taken from the units that are 0 for every row",
    },
    is_for=lambda evidence: evidence.score == "accuracy",
)
