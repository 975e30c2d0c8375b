"""How many steps, how long, and of how many rows each."""

import math

import numpy as np

from nnviz.doctor.evidence import Evidence, Floats
from nnviz.doctor.finding import Mark, Verdict
from nnviz.doctor.learned import WELL, best, epochs_to_best, final, is_harmed
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.signals import noise, smooth

FEW_STEPS = 2.0
"""Steps an epoch: with one or two a network has as many chances to learn as epochs."""
LEAST_ROWS = 64
"""Of fewer there is no batch that is too large."""
FEWEST_ROWS = 16
"""Of a draft with so many a batch that is larger than all of them is spoken of."""
STILL = 0.01
"""Of the baseline, by which the loss came down in the last fifth of the epochs, or of all that it came down: it was not done."""
SOON = 0.08
"""Of the epochs, after which the validation loss is never better by 1 % of the baseline: sound trainings had 0.2 to 0.98, a
preset that is generous with epochs 0.11, and those that trained 6 to 10 times as long 0.01 to 0.12."""
SOON_AND_WORSE = 0.15
"""The same where the validation loss has risen since."""
RISE = 0.06
"""Of the baseline, by which it has."""
SURE = 0.5
"""The same for the training loss."""
FEW_ROWS = 8
"""Of a batch: the gradient of so few differs from that of all by a third of its rows' own spread, or more."""
CALMER = 0.85
"""The loss with the mean of the last weights against that of the moments themselves: sound trainings with one row a batch had
0.93 and more, those that suffered 0.57 to 0.83."""
GAIN = 0.04
"""Of the baseline, by which it must be lower."""
SWING = 0.03
"""Of the baseline, by which the losses of the last moments go to and fro: sound trainings had up to 0.015, those that suffered
0.04 to 0.3."""
SOME = 0.3
"""Of the baseline's loss removed."""
FALL = 0.06
"""Of the baseline, by which the loss of rows it is judged by came down in the last fifth of the epochs: sound trainings had up to
0.046, on a set where it swings by 0.02."""
SWINGS = 3.0
"""How many times its own swing from epoch to epoch that must be."""
FALL_OF_TRAINING = 0.03
"""The same of training rows, which must have fallen as well."""
FALL_OF_FEW = 0.025
"""The same of trainings of a few epochs, each of which brought it further down."""
SMOOTHED = 10
"""Of fewer epochs each counts by itself, and the swing is the largest step upwards."""
MORE = 3
"""Times as many epochs are tried."""
LEAST_EPOCHS = 100
"""A shorter training costs little, whatever it could have saved."""


def batch_too_large(evidence: Evidence) -> Verdict | None:
    """A batch of nearly all rows, and a loss that was still on its way down at the end; of a draft one with more than there
    are."""
    rows = evidence.data.rows.get("train", 0) if evidence.data is not None else 0
    batch = evidence.spec.training.batch_size
    is_whole = evidence.status == "draft" and FEWEST_ROWS <= rows < batch
    if not is_whole and (rows < LEAST_ROWS or rows / batch > FEW_STEPS):
        return None
    is_done = not is_harmed(evidence) or (final(evidence, "") or 0.0) > WELL or not _is_still_falling(evidence)
    if evidence.status != "draft" and is_done:
        return None
    smaller = int(max(8, min(64, 2 ** int(np.log2(rows / 12)))))
    return Verdict(
        since=0,
        confidence=0.9,
        text=f"With {rows:,} training rows and batches of {batch:,} an epoch is only {'one step' if rows <= batch else '2 steps'}"
        + (", and the loss was still coming down at the end." if evidence.status != "draft" else "."),
        what_to_do=f"Use smaller batches: try {smaller}.",
        change={"training.batch_size": smaller},
        marks=(Mark("loss", 0, evidence.step, None, "still falling"),),
    )


def batch_too_small(evidence: Evidence) -> Verdict | None:
    """Batches of a few rows, whose chance moves the weights to and fro around a place that they do not reach: the mean of the
    weights of the last moments has a clearly lower loss than these, or their losses swing."""
    rows = evidence.data.rows.get("train", 0) if evidence.data is not None else 0
    batch, last, baseline = evidence.spec.training.batch_size, evidence.last, evidence.baseline("")
    learned = final(evidence, "")
    if batch > FEW_ROWS or rows < LEAST_ROWS or last is None or baseline is None or learned is None or learned > WELL:
        return None
    stays, swing = float(np.median(last.loss)), noise(last.loss)
    is_calmer = last.of_mean < CALMER * stays and stays - last.of_mean > GAIN * baseline
    if evidence.status == "diverged" or not (is_calmer or swing > SWING * baseline):
        return None
    larger = int(max(16, min(32, 2 ** int(np.log2(rows / 4)))))
    how = f"swings by {swing:.2g} around {stays:.3g}"
    if is_calmer:
        how = f"stays at about {stays:.3g}, and with the mean of the last steps' weights it would be {last.of_mean:.3g}"
    return Verdict(
        since=int(last.step[0]),
        confidence=0.85 if is_calmer else 0.75,
        where="training.batch_size",
        text=f"Each step learns from {batch} {'row' if batch == 1 else 'rows'} only, so the weights go to and fro: the "
        f"training loss {how}.",
        what_to_do=f"Use larger batches: try {larger}.",
        change={"training.batch_size": larger},
        # with what was learned so far, where that is something: larger batches do fewer steps
        from_step=evidence.recorded_before(evidence.step * 0.5) if learned > SOME else None,
        marks=(Mark("loss", int(last.step[0]), evidence.step, last.of_mean, "with the mean of the weights"),),
    )


def trained_too_long(evidence: Evidence) -> Verdict | None:
    """Both losses came to rest in a small part of the epochs."""
    prefix = evidence.held_out
    soon, sure = (epochs_to_best(evidence, name, within=0.01) for name in (prefix, ""))
    if soon is None or sure is None or evidence.epoch < LEAST_EPOCHS or evidence.status not in ("finished", "stopped"):
        return None
    worse = (best(evidence, prefix) or 0.0) - (final(evidence, prefix) or 0.0)
    limit = SOON_AND_WORSE if worse > RISE else SOON
    if soon > limit * evidence.epoch or sure > SURE * evidence.epoch or (final(evidence, "") or 0.0) < 0.5:
        return None
    patience = max(5, round(0.5 * soon))
    since = int(np.interp(soon, evidence.epochs["loss"].epoch, evidence.epochs["loss"].step))
    return Verdict(
        since=since,
        confidence=0.8,
        text=f"After epoch {soon:.0f} of {evidence.epoch:.0f} nothing more was learned that helps with rows it has not seen.",
        what_to_do=f"Train for about {max(1, math.ceil(soon)):,} epochs, or stop early.",
        change={"training.early_stopping": {"patience": patience}, "training.keep": "best"},
        marks=(Mark(f"{prefix}loss", since, evidence.step, None, "no gain"),),
    )


def trained_too_short(evidence: Evidence) -> Verdict | None:
    """All planned epochs are done, and both losses were still clearly on their way down."""
    prefix = evidence.held_out
    points, planned = evidence.points(f"{prefix}loss"), evidence.spec.training.epochs
    if evidence.status != "finished" or points is None or evidence.epoch < planned:
        return None
    fall, swing = _fall(evidence, prefix)
    least = FALL_OF_FEW if swing == 0 and len(points.value) < SMOOTHED else FALL
    if fall < max(least, SWINGS * swing) or _fall(evidence, "")[0] < FALL_OF_TRAINING:
        return None
    place = -_fifth(points.value)
    what = "validation" if prefix else "training"
    last = evidence.recorded_before(evidence.step)
    epochs = "epoch" if place == -2 else f"{-place - 1} epochs"
    return Verdict(
        since=int(points.step[place]),
        confidence=0.6,
        text=f"The {what} loss was still falling when the training ended: in the last {epochs} from "
        f"{points.value[place]:.3g} to {points.value[-1]:.3g}.",
        what_to_do=f"Go on to epoch {MORE * planned:,}, three times as many as it had.",
        change={"training.epochs": MORE * planned},
        from_step=last if last == evidence.step else None,
        marks=(Mark(f"{prefix}loss", int(points.step[place]), evidence.step, None, "still falling"),),
    )


def _fifth(values: Floats) -> int:
    """How many of the last values go from the beginning of the last fifth of the epochs to the end, two at least."""
    return max(2, len(values) // 5 + 1)


def _fall(evidence: Evidence, prefix: str) -> tuple[float, float]:
    """By how much of the baseline the loss came down in the last fifth, and how far it swings; 0 where that is not known."""
    points, baseline = evidence.points(f"{prefix}loss"), evidence.baseline(prefix)
    if points is None or baseline is None or len(points.value) < 2:
        return 0.0, 0.0
    values, swing = smooth(points.value), noise(points.value)
    if len(points.value) < SMOOTHED:
        values, swing = points.value, max(0.0, float(np.diff(points.value).max()))
    return float(values[-_fifth(values)] - values[-1]) / baseline, swing / baseline


def _is_still_falling(evidence: Evidence) -> bool:
    points, baseline = evidence.points("loss"), evidence.baseline("")
    if points is None or baseline is None or len(points.value) < 5:
        return False
    values = smooth(points.value)
    return bool(values[-max(2, len(values) // 5)] - values[-1] > STILL * min(baseline, abs(values[0] - values[-1])))


ENTRIES = (
    Rule(
        name="batch_too_large",
        title="Batch too large",
        explains=("rate_too_low", "underfitting"),
        why="Each step takes the mean over its batch and moves once. With all rows in one batch there is one step an epoch, "
        "and the epochs are over before the network has got anywhere.",
        what_is_this="A batch is the rows that one step learns from, an epoch is one pass over all rows. Small batches give "
        "many quick steps, large ones few careful ones. With few rows in all, small batches learn more in each epoch.",
        judge=batch_too_large,
    ),
    Rule(
        name="batch_too_small",
        title="Batch too small",
        explains=("underfitting", "overfitting", "dead_relu", "saturated"),
        why="A step follows the gradient of its batch, and with few rows that changes a lot from batch to batch. At this "
        "learning rate one step undoes what the last one did, and the loss stays above what it could reach.",
        what_is_this="A batch is the rows that one step learns from. Its gradient stands for that of all rows: the more rows, "
        "the better. With very few the weights jump about near the end instead of coming to rest.",
        judge=batch_too_small,
    ),
    Rule(
        name="trained_too_long",
        title="Trained longer than it learned",
        why="What can be learned from these rows was learned early. All later steps only fit the training rows more closely, "
        "and other rows gain nothing from that.",
        what_is_this="Learning slows down until nothing is gained any more. Training on costs time, and at some point it "
        "makes the network overfit. Early stopping ends a run when the validation loss has not improved for some epochs.",
        judge=trained_too_long,
    ),
    Rule(
        name="trained_too_short",
        title="Ended too soon",
        why="The loss falls quickly at first and ever more slowly later. Here the epochs were over while it still fell clearly.",
        what_is_this="An epoch is one pass over the training rows, and a network needs as many as it takes until the loss comes "
        "to rest. If it ends before, there is more to learn. A branch, a run that goes on from another one's weights, "
        "takes up where it ended.",
        judge=trained_too_short,
    ),
)
