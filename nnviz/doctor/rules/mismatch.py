"""Outputs that do not fit the cost or the target, and losses that have come to rest far from done."""

import math
from collections.abc import Sequence

import numpy as np

from nnviz.doctor.evidence import Evidence, Moment
from nnviz.doctor.finding import Mark, Verdict
from nnviz.doctor.learned import final, is_harmed, may_be_harmed
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.signals import smooth
from nnviz.doctor.words import learned_words

BOUNDED = {"sigmoid": "between 0 and 1", "softmax": "between 0 and 1", "softplus": "above 0"}
"""Output transforms and what comes out of them."""
WIDE = 20.0
"""Of a target's mean, or its scale, in the numbers that are trained on: standardised ones have 0 and 1."""
STUCK = 0.35
"""Of the baseline's loss removed: who rests there has learned little, whatever the data."""
FLAT = 0.01
"""Of the baseline, that the training loss moved in the last half of the epochs."""
LEAST_EPOCHS = 16
GONE = 0.01
"""Of the first step's length, against that of the weights, where the training is half done: a schedule that is meant to end with
the training has half of the rate left there, or a tenth."""
LATE = 0.6
"""Of the steps, up to which that is seen."""


def cost_mismatch(evidence: Evidence) -> Verdict | None:
    """Outputs that cannot reach the target, or a target of a size that a fresh network is far from."""
    data, cost = evidence.data, evidence.spec.cost
    if data is None or data.task != "regression" or not len(data.target_mean):
        return None
    if not may_be_harmed(evidence):
        return None
    transform = cost.transform
    if transform in BOUNDED and (data.target_mean - data.target_scale).min() < 0:
        return Verdict(
            since=0,
            confidence=0.95,
            where="cost.transform",
            text=f"The outputs are always {BOUNDED[transform]}, but the target, as it is scaled for training, is often below 0.",
            what_to_do="Set the cost's transform to “identity”: the outputs then stay as they are and can take any value.",
            change={"cost.transform": "identity"},
        )
    size = float(max(np.abs(data.target_mean).max(), data.target_scale.max()))
    if size < WIDE:
        return None
    return Verdict(
        since=0,
        confidence=0.75,
        where="cost.kind",
        text=f"The target has values of about {size:,.3g}, and a fresh network answers with values of about 1.",
        what_to_do="Take a cost that first scales the target to a mean of 0 and a spread of 1, such as MeanSquaredError.",
        change={"cost.kind": "MeanSquaredError"},
        marks=(Mark("loss", 0, evidence.step, evidence.baseline(""), "same answer for every row"),) if evidence.step else (),
    )


def plateau(evidence: Evidence) -> Verdict | None:
    """A training loss that has not moved for half of the epochs, and is still high; or steps that a schedule has ended early."""
    ended = _ended_by_schedule(evidence)
    if ended is not None:
        return ended
    points, baseline, share = evidence.points("loss"), evidence.baseline(""), final(evidence, "")
    if points is None or baseline is None or share is None or len(points.value) < LEAST_EPOCHS or share > STUCK:
        return None
    values = smooth(points.value)
    later = values[len(values) // 2 :]
    if later.max() - later.min() > FLAT * baseline:
        return None
    moving = np.flatnonzero(np.abs(values - np.median(later)) > FLAT * baseline)
    since = int(points.step[moving[-1]]) if len(moving) else 0
    return Verdict(
        since=since,
        confidence=0.7,
        text=f"The training loss rests at about {later[-1]:.3g}, though {learned_words(share)}.",
        what_to_do="Try other first weights (another seed), a higher learning rate or another optimizer.",
        change={"training.seed": evidence.spec.training.seed + 1},
        marks=(Mark("loss", since, evidence.step, float(later[-1]), "at rest"),),
    )


def _ended_by_schedule(evidence: Evidence) -> Verdict | None:
    """Of a training that suffers: steps that were next to nothing when it was half done, by its schedule."""
    schedule, moments = evidence.spec.optimizer.schedule, evidence.moments
    if schedule is None or len(moments) < 3 or not is_harmed(evidence) or evidence.status == "diverged":
        return None
    since = _gone_since(moments)
    if since is None or since > LATE * evidence.step:
        return None
    return Verdict(
        since=since,
        confidence=0.85,
        where="optimizer.schedule",
        text=f"By step {since:,} of {evidence.step:,} the schedule had cut the learning rate to under 1 % of its first value; "
        "after that learning nearly stopped.",
        what_to_do="Train without the schedule, or with one that lasts as long as the training.",
        change={"optimizer.schedule": None},
        marks=(Mark("loss", since, evidence.step, None, "no steps left"),),
    )


def _gone_since(moments: Sequence[Moment]) -> int | None:
    """After how many steps the next one is for good below a hundredth of the first one, between two moments as if it fell by the
    same share with each step; None where the last is not."""
    lengths = np.array([_length(moment) for moment in moments])
    least = GONE * lengths[0]
    still = np.flatnonzero(lengths >= least)
    if not len(still) or still[-1] == len(moments) - 1:
        return None
    before, after = moments[still[-1]], moments[still[-1] + 1]
    steeper = math.log(max(lengths[still[-1] + 1], 1e-30) / lengths[still[-1]])
    return before.step + round((after.step - before.step) * math.log(least / lengths[still[-1]]) / steeper)


def _length(moment: Moment) -> float:
    """Of the next step of all weights together, against these; 0 where there is none."""
    updates = math.hypot(*(layer.update or 0.0 for layer in moment.layers))
    return updates / max(math.hypot(*(layer.weights for layer in moment.layers)), 1e-30)


ENTRIES = (
    Rule(
        name="cost_mismatch",
        title="Outputs and target do not fit",
        explains=(
            "rate_too_high",
            "exploding_gradient",
            "poor_initialisation",
            "underfitting",
            "saturated",
            "diverged",
            "dead_relu",
        ),
        why="What the last layer gives is brought into a range before it is compared with the target. Where the target lies "
        "outside of that range, or is of another size, no weights can bring the two together.",
        what_is_this="The cost, whose value is the loss, compares outputs with the target: the values to be predicted. Before "
        "that, a "
        "sigmoid brings outputs between 0 and 1, a softmax makes them add up to 1, softplus makes them positive. To predict "
        "numbers of any size, outputs must be free to take any value.",
        judge=cost_mismatch,
    ),
    Rule(
        name="plateau",
        title="Stuck on a plateau",
        why="A step is the slope of the loss times the learning rate. Where the loss is flat in all directions, or a schedule "
        "makes the rate tiny, learning nearly stops.",
        what_is_this="The loss is like a landscape over all weights, and parts of it are flat. On such a plateau steps lead "
        "nowhere in particular; other first weights or a higher learning rate often lead off it. A schedule is a plan by which "
        "the learning rate changes: if it makes the rate tiny too early, the curve looks just as flat.",
        judge=plateau,
    ),
)
