"""One class against the rest, by rank: what every threshold calls right and wrong, and areas under the curves of it.

As scikit-learn's `roc_curve`, `auc` and `average_precision_score`. NumPy only.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


class Ranking(NamedTuple):
    """One entry for each different score, from the highest: `true` and `false` are how many rows of the class and of the others
    have at least that score."""

    thresholds: NDArray[Any]
    true: Counts
    false: Counts


def ranking(scores: NDArray[Any], positive: NDArray[np.bool_]) -> Ranking:
    """Of scores (n,) without NaN and whether each row is of the class (n,); at least one row."""
    order = np.argsort(-scores, kind="stable")
    # One threshold for each different score: rows of the same score are taken together.
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    true = np.cumsum(positive[order], dtype=np.int64)[last]
    return Ranking(scores[order][last], true, last + 1 - true)


def areas(true: Counts, false: Counts) -> tuple[float, float]:
    """The area under the ROC curve, and the average precision: sum over thresholds of (gain in recall) * precision. Of counts as
    in a `Ranking`, with rows on both sides."""
    recall, fallout = np.append(0.0, true / true[-1]), np.append(0.0, false / false[-1])
    area = float(np.sum(np.diff(fallout) * (recall[1:] + recall[:-1]) / 2))
    return area, float(np.sum(np.diff(recall) * true / (true + false)))
