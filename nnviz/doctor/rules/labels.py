"""Rows whose class is likely wrong, as the network and their neighbours agree."""

from math import comb

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
MIXED = 1.5
"""Rows among mixed neighbours for each such row, beyond those that the wrong classes themselves make. Classes that overlap have
1.7 to 15 of them, since they mix where they meet (moons with noise 0.3: 2.8); a tenth of the classes drawn anew in
digits, iris, wine and breast cancer gave 0.8 to 1.5."""
OTHERWISE = 0.55
"""The same of rows that most neighbours contradict, but not all: 0.85 and more of moons with noise from 0.3 on, 0.2 to 0.45 of
the others above."""
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
        f"nearest rows say another one. Rows {', '.join(map(str, sorted(worst + 1)))}{more}, counted from 1.",
        what_to_do="Look at these rows, and correct their class or leave them out.",
    )


def _suspects(labels: LabelFacts) -> NDArray[np.bool_]:
    """Off the diagonal of confident learning's joint, with neighbours that say the same."""
    unsure = labels.own < labels.usual[labels.label]
    sure_of_other = labels.other >= labels.usual[labels.guess]
    suspects: NDArray[np.bool_] = unsure & sure_of_other & (labels.near_own <= OWN) & (labels.near_guess >= OTHERS)
    return suspects


def _overlap(labels: LabelFacts) -> bool:
    """Whether rows contradict their neighbours as they do where classes meet: many of them only in part."""
    against = (labels.near_own <= OWN) & (labels.near_guess >= OTHERS)
    wrong = _wrong_share(float(against.mean()), labels.neighbours)
    mixed = float(((labels.near_own > OWN) & (labels.near_own < 1 - OWN)).mean())
    beyond = mixed - (1 - _at_most(labels.neighbours, wrong))
    otherwise = float((labels.near_own < labels.near_guess).mean() - against.mean())
    return beyond > MIXED * wrong or otherwise > OTHERWISE * wrong


def _wrong_share(against: float, neighbours: int) -> float:
    """The share of wrong classes, where such a share of the rows is seen to be: of the others wrong neighbours hide it."""
    wrong = against
    for _ in range(20):
        wrong = min(0.5, against / _at_most(neighbours, wrong))
    return wrong


def _at_most(neighbours: int, wrong: float) -> float:
    """The chance that no more than the tolerated share of a row's neighbours have a wrong class."""
    most = round(OWN * neighbours)
    return sum(comb(neighbours, k) * wrong**k * (1 - wrong) ** (neighbours - k) for k in range(most + 1))


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
