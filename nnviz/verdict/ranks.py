"""Three settings or more on the same folds or seeds: ranks, and what many comparisons at once ask for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnviz.verdict.paired import LEVEL


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """`ranks` (k,): average rank of each setting over `n` folds or seeds, 1 the best, ties sharing theirs; `statistic` and `p` of
    Friedman's test that all are alike; `critical_difference`: Nemenyi's, of average ranks."""

    n: int
    ranks: tuple[float, ...]
    statistic: float
    p: float
    critical_difference: float


def ranked(values: ArrayLike) -> Ranked:
    """From results (n, k), higher being better, n >= 2 folds or seeds by k >= 3 settings: Friedman's test with its correction for
    ties, and Nemenyi's (Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, 2006). Where all are
    tied everywhere, the statistic is 0 and p 1. Raises ValueError for other shapes, or what is not finite."""
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 3:
        raise ValueError(f"results have the shape {table.shape}: at least (2, 3) is needed")
    if not np.isfinite(table).all():
        raise ValueError("a result is not a finite number")
    from scipy.stats import friedmanchisquare, rankdata

    n, k = table.shape
    statistic, p = 0.0, 1.0
    if (np.ptp(table, axis=1) > 0).any():
        test = friedmanchisquare(*table.T)
        statistic, p = float(test.statistic), float(test.pvalue)
    return Ranked(
        n=n,
        ranks=tuple(map(float, rankdata(-table, axis=1).mean(axis=0))),
        statistic=statistic,
        p=p,
        critical_difference=critical_difference(n, k),
    )


def nemenyi(values: ArrayLike) -> NDArray[np.float64]:
    """(k, k): p-values of Nemenyi's test, for results as in `ranked`."""
    from scikit_posthocs import posthoc_nemenyi_friedman

    return np.asarray(posthoc_nemenyi_friedman(np.asarray(values, np.float64)), np.float64)


def critical_difference(n: int, k: int) -> float:
    """How far average ranks of k settings over n folds or seeds must lie apart: q sqrt(k (k + 1) / (6 n)), q the studentized
    range at the level LEVEL divided by sqrt(2) (Demsar, 2006, section 3.2.2)."""
    from scipy.stats import studentized_range

    q = float(studentized_range.ppf(LEVEL, k, np.inf)) / math.sqrt(2)
    return q * math.sqrt(k * (k + 1) / (6 * n))


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted for all being looked at together, by Holm's step-down method (Scandinavian Journal of Statistics 6,
    1979): the smallest times m, the next times m - 1, never less than one before; at most 1."""
    adjusted, highest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        adjusted[index] = highest
    return adjusted
