"""How well rows are learned, and how well that holds for others."""

import numpy as np

from nnviz.doctor.evidence import Evidence
from nnviz.doctor.finding import Mark, Verdict
from nnviz.doctor.learned import WELL, best, final
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.signals import noise, smooth, tail
from nnviz.doctor.words import percent, written_layers

RISE = 0.1
"""Of the baseline, from the lowest validation loss to that at the end: sound trainings had up to 0.02."""
GAP = 0.25
"""Of the baseline, between what was removed of the training and of the validation loss."""
MANY = 50.0
"""Parameters for each training row: sound trainings had up to 38 (a deep preset on wine)."""
LARGE_GAP = 0.15
"""As GAP, where there are so many: sound trainings had up to 0.12, of few parameters."""
ENOUGH = 3.0
"""Parameters for each training row that a smaller network is given, and as many units as LEAST_UNITS at least."""
LEAST_UNITS = 8
LEAST_EPOCHS = 8
"""Fewer tell no trend."""
NOTHING = 0.04
"""Of the baseline, removed at best: what chance and a constant answer make."""
ERRORS = 2.0
"""Standard errors of an accuracy by which it must exceed the commonest class."""


def overfitting(evidence: Evidence) -> Verdict | None:
    """The validation loss rises while the training loss falls on, or stays far above it."""
    train, held_out, baseline = evidence.points("loss"), evidence.points("val_loss"), evidence.baseline("val_")
    if train is None or held_out is None or baseline is None or len(held_out.value) < LEAST_EPOCHS:
        return None
    values = smooth(held_out.value)
    lowest = int(np.argmin(values))
    rise = (tail(held_out.value) - values[lowest]) / baseline
    learned, held = final(evidence, "") or 0.0, final(evidence, "val_") or 0.0
    is_rising = _is_rising(evidence)
    gap = learned - held
    if learned < 0.3 or not (is_rising or gap > GAP):
        return None
    since = int(held_out.step[lowest]) if is_rising else int(held_out.step[int(np.argmax(_gaps(evidence) > GAP / 2))])
    patience = max(5, round(evidence.spec.training.epochs / 10))
    since_then = f", up from {values[lowest]:.3g} at its lowest" if is_rising else ""
    return Verdict(
        since=since,
        confidence=min(0.97, 0.65 + 0.3 * min(1.0, max(rise / RISE - 1, gap / GAP - 1, 0) / 3)),
        text=f"Over the last epochs the validation loss is about {tail(held_out.value):.3g}{since_then}, while the training "
        f"loss is about {tail(train.value):.3g}.",
        what_to_do="Keep the weights of the best epoch. Next time use more rows, a smaller network or Dropout layers.",
        change={"training.keep": "best", "training.early_stopping": {"patience": patience}},
        marks=(Mark("val_loss", since, evidence.step, float(values[lowest]), "lowest validation loss"),),
    )


def too_large(evidence: Evidence) -> Verdict | None:
    """Many times more parameters than training rows, which are learned much better than others. Where the validation loss rises
    it is overfitting first."""
    rows = evidence.data.rows.get("train", 0) if evidence.data is not None else 0
    parameters = evidence.parameters or sum(layer.count for moment in evidence.moments[:1] for layer in moment.layers)
    learned, held = final(evidence, ""), final(evidence, "val_")
    train, held_out = evidence.points("loss"), evidence.points("val_loss")
    if learned is None or held is None or train is None or held_out is None or not rows or len(held_out.value) < LEAST_EPOCHS:
        return None
    if parameters < MANY * rows or held > WELL or learned - held < LARGE_GAP:
        return None
    smaller = _smaller(evidence, (ENOUGH * rows / parameters) ** 0.5)
    patience = max(5, round(evidence.spec.training.epochs / 10))
    return Verdict(
        since=int(held_out.step[int(np.argmax(_gaps(evidence) > LARGE_GAP / 2))]),
        # beside overfitting: after it where the validation loss rises, else before it
        confidence=0.6 if _is_rising(evidence) else min(0.97, 0.7 + 0.1 * ((learned - held) / LARGE_GAP - 1)),
        text=f"The network has {parameters:,} weights, {parameters / rows:,.0f} for each training row. Over the last epochs the "
        f"training loss is about {tail(train.value):.3g}, while the validation loss is about {tail(held_out.value):.3g}.",
        what_to_do="Give the layers fewer units, and keep the weights of the best epoch.",
        change=smaller | {"training.keep": "best", "training.early_stopping": {"patience": patience}} if smaller else {},
        marks=(Mark("val_loss", 0, evidence.step, None, "far above the training loss"),),
    )


def _smaller(evidence: Evidence, factor: float) -> dict[str, int]:
    """Settings of layers with so many times the units, or filters, as parameters grow with the square of these."""
    change = {}
    for path, layer in written_layers(evidence):
        for name in ("units", "filters"):
            count = layer.params.get(name)
            if isinstance(count, int) and count > LEAST_UNITS:
                change[f"{path}.{name}"] = max(LEAST_UNITS, round(count * factor))
    return change


def _is_rising(evidence: Evidence) -> bool:
    """Whether the validation loss rose from its lowest, beyond its noise, while the training loss fell on."""
    train, held_out, baseline = evidence.points("loss"), evidence.points("val_loss"), evidence.baseline("val_")
    if train is None or held_out is None or baseline is None:
        return False
    values = smooth(held_out.value)
    lowest = int(np.argmin(values))
    rise = float(tail(held_out.value) - values[lowest])
    is_falling_on = tail(train.value) < np.interp(held_out.step[lowest], train.step, smooth(train.value))
    return bool(rise > RISE * baseline and rise > 3 * noise(held_out.value) and is_falling_on)


def _gaps(evidence: Evidence) -> np.ndarray:
    train, held_out = evidence.points("loss"), evidence.points("val_loss")
    baseline, other = evidence.baseline(""), evidence.baseline("val_")
    if train is None or held_out is None or baseline is None or other is None:
        return np.zeros(1)
    return smooth(held_out.value) / other - np.interp(held_out.step, train.step, smooth(train.value)) / baseline


def no_better(evidence: Evidence) -> Verdict | None:
    """At its best no better than always the commonest class, or the mean."""
    prefix = evidence.held_out
    points, score = evidence.points(f"{prefix}loss"), evidence.points(f"{prefix}{evidence.score}")
    removed, trained = best(evidence, prefix), best(evidence, "")
    if points is None or removed is None or trained is None or max(removed, trained) > NOTHING:
        return None
    text = "It predicts no better than answering every row with the mean of the target would."
    if evidence.score == "accuracy" and evidence.data is not None and score is not None:
        part = "validation" if prefix else "train"
        common, rows = float(evidence.data.class_shares[part].max()), evidence.data.rows[part]
        reached = tail(score.value)
        if reached > common + ERRORS * (common * (1 - common) / rows) ** 0.5 + 0.02:
            return None
        text = (
            f"It is right for {percent(reached)} of the rows; answering the commonest class always would be right for "
            f"{percent(common)}."
        )
    return Verdict(
        since=0,
        confidence=0.9,
        text=text,
        what_to_do="Ask whether the columns say anything about the target. If so, try learning rates ten times higher and lower.",
        marks=(Mark(f"{prefix}loss", 0, evidence.step, evidence.baseline(prefix), "same answer for every row"),),
    )


ENTRIES = (
    Rule(
        name="overfitting",
        title="Overfitting",
        explains=("trained_too_long",),
        why="A network with too many weights for so few rows learns them by heart, noise included. What it learns of single "
        "rows does not hold for others.",
        what_is_this="Training rows are those that a network learns from, validation rows those that it never learns from. "
        "When it gets better on the former and worse on the latter, it learns by heart instead of learning what is "
        "general. From there on more training does harm.",
        judge=overfitting,
    ),
    Rule(
        name="too_large",
        title="Network too large for its rows",
        explains=("trained_too_long",),
        why="Each weight can be set to fit something, and so many of them suffice to learn every row by heart. The general "
        "pattern often needs far fewer.",
        what_is_this="A network with more units can learn finer patterns, and also what is mere chance in single rows. A small "
        "network has to learn what rows have in common, and that holds for new rows, too.",
        judge=too_large,
    ),
    Rule(
        name="no_better_than_baseline",
        explains=("plateau",),
        title="No better than one answer for all",
        why="Either the inputs say nothing about the target, or the network cannot use what they say. Or it has learned the "
        "training rows by heart: then the training loss is far below the other.",
        what_is_this="The simplest answer is the same for every row: the commonest class, or the mean. A network that has "
        "learned something useful beats it on rows that it has not seen. One that does not has not yet used what the inputs "
        "say.",
        judge=no_better,
    ),
)
