"""Learning rates that are too high or too low, and what the former end in."""

import math

import numpy as np

from nnviz.doctor.evidence import Evidence, Moment
from nnviz.doctor.finding import Mark, Verdict
from nnviz.doctor.learned import WELL, final, is_harmed
from nnviz.doctor.rules import draft
from nnviz.doctor.rules.draft import TIMES
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.words import learned_words, percent, round_rate

LARGE = 0.15
"""An update's norm against that of its weights, in the median layer at one of the first moments. Sound trainings began with 0.01
to 0.04, and 0.01 is what Karpathy (CS231n) calls large; rates 100 times as high gave 1.4 and more."""
SMALL = 1e-3
"""The same at the moment where it was largest: sound trainings had 0.01 and more of it early on, rates a hundredth as high
0.0003."""
AIM = 0.015
"""What a better rate is to bring that ratio to."""
WILD = 1.5
"""Times the loss before the first step: sound trainings are below it after a few steps, and stay there."""
LEAST_STEPS = 20
SOME = 1e-4
"""A gradient against its weights: less is no matter of the rate, since nothing comes through."""


def diverged(evidence: Evidence) -> Verdict | None:
    """A loss that is no finite number any more."""
    losses = [points for name, points in evidence.epochs.items() if name.endswith("loss")]
    broken = [float(points.step[~np.isfinite(points.value)][0]) for points in losses if not np.isfinite(points.value).all()]
    if evidence.status != "diverged" and not broken:
        return None
    since = int(min([evidence.step, *broken]))
    return Verdict(
        since=since,
        confidence=1.0,
        text=f"The loss is infinite or no number any more after step {since:,}.",
        what_to_do="Lower the learning rate, or let the optimizer limit (clip) large gradients.",
        change={"optimizer.learning_rate": round_rate(evidence.rate / 10)},
        from_step=evidence.recorded_before(since * 0.5),
        marks=(Mark("batch_loss", max(0, since - max(10, since // 10)), since, None, "where it left"),),
    )


def too_high(evidence: Evidence) -> Verdict | None:
    """Steps that are large against the weights they change, of a training that suffers; of a draft a rate far above the usual."""
    if evidence.status == "draft":
        return draft.rate(evidence)
    if not (_is_wild(evidence) if evidence.is_young else is_harmed(evidence)):
        return None
    ratio = max((_ratio(moment) for moment in evidence.moments[:2]), default=math.nan)
    is_blind = math.isnan(ratio)
    if is_blind and not (evidence.status == "diverged" and evidence.rate > TIMES * evidence.usual_rate):
        return None
    if not is_blind and ratio < LARGE:
        return None
    since = _worse_since(evidence)
    rate = evidence.rate / TIMES if is_blind else evidence.rate * AIM / ratio
    better = round_rate(min(rate, evidence.rate / 3))
    moved = f"{ratio:,.0f} times their own size" if ratio >= 2 else percent(ratio)
    size = f"so large that a step changes weights by {moved}"
    if is_blind:
        size = f"{evidence.rate / evidence.usual_rate:,.0f} times the usual one"
    return Verdict(
        since=since,
        confidence=0.8 if is_blind else min(0.98, 0.8 + 0.1 * math.log10(ratio / LARGE)),
        text=f"The learning rate {evidence.rate:g} is {size}, and the loss jumps instead of settling.",
        what_to_do=f"Lower the learning rate: try {better:g}.",
        change={"optimizer.learning_rate": better},
        from_step=evidence.recorded_before(since - 1) if since > 20 else None,
        marks=(Mark("batch_loss", since, evidence.step, evidence.initial_loss, "the loss before the first step"),),
    )


def too_low(evidence: Evidence) -> Verdict | None:
    """Steps so small that the weights hardly move, though there is a gradient to follow; of a draft a rate far below what the
    rate finder suggests."""
    if evidence.status == "draft":
        return draft.low_rate(evidence)
    steps = [moment for moment in evidence.moments if moment.step < evidence.step]
    if len(steps) < 2 or not is_harmed(evidence) or evidence.status == "diverged":
        return None
    ratio = max(_ratio(moment) for moment in steps)
    strength = float(
        np.median(
            [layer.gradient / layer.weights for layer in steps[0].layers if layer.gradient is not None and layer.weights > 0]
            or [0.0]
        )
    )
    share = final(evidence, "")
    if not 0 < ratio < SMALL or strength < SOME or share is None or share > WELL:
        return None
    better = round_rate(evidence.rate * AIM / ratio)
    return Verdict(
        since=0,
        confidence=min(0.97, 0.75 + 0.1 * math.log10(SMALL / ratio) + 0.05),
        text=f"With the learning rate {evidence.rate:g} a step changes weights by at most {100 * ratio:.2g} % of their size, and "
        f"at the end {learned_words(share)}.",
        what_to_do=f"Raise the learning rate: try {better:g}.",
        change={"optimizer.learning_rate": better},
        marks=(Mark("loss", 0, evidence.step, evidence.baseline(""), "same answer for every row"),),
    )


def _ratio(moment: Moment) -> float:
    """Of the update to the weights, in the median layer; not a number where no layer has one."""
    ratios = [layer.ratio for layer in moment.layers if layer.ratio is not None]
    return float(np.median(ratios)) if ratios else math.nan


def _is_wild(evidence: Evidence) -> bool:
    """Whether the loss of the last batches is clearly above that before the first step."""
    batches, start = evidence.points("batch_loss"), evidence.initial_loss
    if batches is None or start is None or len(batches.value) < LEAST_STEPS:
        return False
    return float(np.median(batches.value[-max(LEAST_STEPS, len(batches.value) // 10) :])) > WILD * start


def _worse_since(evidence: Evidence) -> int:
    """The first step after which the loss was, for a tenth of all steps, above the one before the first step; 0 where never."""
    batches, start = evidence.points("batch_loss"), evidence.initial_loss
    if batches is None or start is None or len(batches.value) < 20:
        return 0
    above = batches.value > 1.2 * start
    width = max(3, len(above) // 50)
    often = np.convolve(above, np.ones(width) / width, mode="valid") > 0.5
    return int(batches.step[int(np.argmax(often))]) if often.any() else 0


ENTRIES = (
    Rule(
        name="rate_too_high",
        title="Learning rate too high",
        is_early=True,
        explains=("diverged", "dead_relu", "saturated", "poor_initialisation", "overfitting", "too_large", "batch_too_small"),
        why="A step goes down the slope that the loss has at one point, and the slope changes on the way. A step that is too "
        "long lands beyond the valley, often higher than it began.",
        what_is_this="The learning rate says how far each step moves the weights. Too far, and every step overshoots: the "
        "loss jumps, climbs, or becomes infinite. Units may be thrown to where they no longer react at all.",
        judge=too_high,
    ),
    Rule(
        name="diverged",
        title="Diverged",
        is_early=True,
        why="A number in the network grew beyond what a computer can hold, or could not be computed, as 0 divided by 0. Often "
        "steps that are too large make weights ever larger.",
        what_is_this="The loss has become infinite, or there is no number at all. From there no step leads back, since the "
        "weights are lost. Earlier moments are kept, and a new run can go on from there with a lower learning rate.",
        judge=diverged,
    ),
    Rule(
        name="rate_too_low",
        title="Learning rate too low",
        explains=("underfitting",),
        why="A step moves each weight by the learning rate times its gradient, the slope of the loss, and this rate makes that "
        "tiny. The way down is right, but the training ends long before the bottom.",
        what_is_this="The learning rate says how far each step moves the weights. Too little, and the loss creeps down in a "
        "straight line and is far from done at the end. A rate ten times as high often learns the same in a "
        "tenth of the time.",
        judge=too_low,
    ),
)
