"""Rows whose class is likely wrong, as the network and their neighbours agree."""

import numpy as np
from numpy.typing import NDArray

from nnviz.doctor.evidence import Evidence, LabelFacts
from nnviz.doctor.finding import Verdict
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.words import percent

OWN, OTHERS = 0.2, 0.7
"""Shares of the nearest rows: at most so many have the row's class, and at least so many the other one."""
LEAST_SHARE, LEAST_ROWS = 0.03, 8
"""Sound sets whose classes hardly overlap had up to 0.018 (gaussians with much noise), of which no single row says anything."""
SURE, AS_SURE, UNSURE = 0.06, 0.45, 0.3
"""Rows that most of their neighbours contradict: at least `SURE` of the quarter whose neighbours agree most among themselves,
`AS_SURE` times the share of the third quarter, which is at most `UNSURE`. Wrong classes are everywhere, where classes overlap
rows contradict their neighbours where these disagree: 0.00 to 0.10 and 0 to 0.38 times, or a third quarter of 0.35 and more, in
moons, clouds and logistic models of much noise; 0.07 to 0.25 and 0.47 to 1.1 times with a tenth to a fifth of the classes
drawn anew."""
LISTED = 12


def wrong_labels(evidence: Evidence) -> Verdict | None:
    """Rows of classes with a low probability of their own class and a high one of another (confident learning), deep among rows
    that have that other class, as they lie where classes do not overlap."""
    labels = evidence.labels
    if labels is None:
        return None
    suspects = _suspects(labels)
    count, share = int(suspects.sum()), float(suspects.mean())
    if count < LEAST_ROWS or share < LEAST_SHARE or _overlap(labels):
        return None
    every = len(labels.label)
    places = np.flatnonzero(suspects)
    worst = labels.rows[places[np.argsort(labels.own[places], kind="stable")][:LISTED]]
    some = "" if every == labels.in_all else f" that were looked at, of {labels.in_all:,}"
    more = f" and {count - LISTED:,} more" if count > LISTED else ""
    return Verdict(
        since=0,
        confidence=min(0.93, 0.75 + share),
        text=f"{count:,} of {every:,} rows{some} ({percent(share)}) likely have a wrong class: the network and nearly all of the "
        f"most similar rows point to another one. Rows {', '.join(map(str, sorted(worst + 1)))}{more}, counted from 1.",
        what_to_do="Look at these rows, and correct those whose class really is wrong.",
    )


def _suspects(labels: LabelFacts) -> NDArray[np.bool_]:
    """Off the diagonal of confident learning's joint, with neighbours that say the same."""
    unsure = labels.own < labels.usual[labels.label]
    sure_of_other = labels.other >= labels.usual[labels.guess]
    suspects: NDArray[np.bool_] = unsure & sure_of_other & (labels.near_own <= OWN) & (labels.near_guess >= OTHERS)
    return suspects


def _overlap(labels: LabelFacts) -> bool:
    """Whether rows contradict their neighbours as they do where classes meet: hardly any where all neighbours agree."""
    return labels.sure_wrong < max(SURE, AS_SURE * labels.unsure_wrong) or labels.unsure_wrong > UNSURE


ENTRIES = (
    Rule(
        name="wrong_labels",
        title="Classes that are likely wrong",
        explains=("overfitting", "underfitting", "too_large", "trained_too_long"),
        why="Classes are often given by hand, and some by mistake. A network learns the rule that holds for most rows, so it "
        "disagrees with such rows for long, or learns them by heart at the expense of others.",
        what_is_this="The class of a training row is taken for the truth, and sometimes it is not. A row that looks like all "
        "rows of another class, and that the network gives to that class, is worth a look. This search is called confident "
        "learning.",
        judge=wrong_labels,
    ),
)
