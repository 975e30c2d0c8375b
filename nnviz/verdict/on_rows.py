"""Two trained networks on the same rows. What comes out holds for these two networks only: another training of the same settings
would give others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnviz.verdict.paired import LEVEL

DRAWS = 5_000


@dataclass(frozen=True, kw_only=True)
class OnRows:
    """`mean`: the first network's measure less the second's, over `rows` rows; `low` to `high` its interval at the level LEVEL;
    `p` two-sided. `first_only`, `second_only`: of classes, rows that only the one gets right."""

    rows: int
    mean: float
    low: float
    high: float
    p: float | None = None
    first_only: int = 0
    second_only: int = 0

    @property
    def is_clear(self) -> bool:
        return not self.low <= 0 <= self.high


def of_answers(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[OnRows, str] | None:
    """From the answers of two networks to their validation rows (the job `row_results`), with the metric that it is of; None
    where these are other rows."""
    if first["rows"] != second["rows"]:
        return None
    if "right" in first:
        return mcnemar(first["right"], second["right"]), "val_accuracy"
    return paired_bootstrap(first["errors"], second["errors"]), "val_mae"


def mcnemar(first: ArrayLike, second: ArrayLike) -> OnRows:
    """McNemar's exact test (Psychometrika 12, 1947): of the rows that only one of the two gets right, as many should be the one's
    as the other's; a binomial test with 1/2. `first`, `second`: bool (n,), whether each row is right. The interval is Clopper and
    Pearson's of that share, carried over to the difference of the accuracies, so it leaves out 0 exactly where p < 1 - LEVEL.
    Raises ValueError for arrays that do not pair."""
    right, other = _pair(first, second, bool)
    from scipy.stats import binomtest

    rows, first_only, second_only = len(right), int((right & ~other).sum()), int((other & ~right).sum())
    apart = first_only + second_only
    mean = (first_only - second_only) / rows
    if apart == 0:
        # what may differ on other rows though none of these does: Clopper and Pearson's bound of no hit in `rows`
        most = 1 - (1 - LEVEL) ** (1 / rows)
        return OnRows(rows=rows, mean=0.0, low=-most, high=most, p=1.0)
    test = binomtest(first_only, apart, 0.5)
    share = test.proportion_ci(LEVEL, method="exact")
    low, high = ((2 * float(end) - 1) * apart / rows for end in (share.low, share.high))
    return OnRows(rows=rows, mean=mean, low=low, high=high, p=float(test.pvalue), first_only=first_only, second_only=second_only)


def paired_bootstrap(first: ArrayLike, second: ArrayLike) -> OnRows:
    """Rows drawn with replacement, each with both networks' numbers: the percentile interval of the mean difference (Efron and
    Tibshirani, 1993, chapter 13). `first`, `second`: float (n,), what each row costs, or its error. Raises ValueError for arrays
    that do not pair, one row, or what is not finite."""
    one, other = _pair(first, second, np.float64)
    difference = one - other
    if not np.isfinite(difference).all():
        raise ValueError("a row has no finite number")
    if len(difference) < 2:
        raise ValueError("one row alone can be drawn in one way only")
    if np.ptp(difference) == 0:
        mean = float(difference[0])
        return OnRows(rows=len(difference), mean=mean, low=mean, high=mean)
    from scipy.stats import bootstrap

    drawn = bootstrap(
        (difference,),
        np.mean,
        n_resamples=DRAWS,
        batch=100,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return OnRows(rows=len(difference), mean=float(difference.mean()), low=float(drawn.low), high=float(drawn.high))


def _pair(first: ArrayLike, second: ArrayLike, kind: type) -> tuple[np.ndarray, np.ndarray]:
    one: np.ndarray = np.asarray(first).astype(kind)
    other: np.ndarray = np.asarray(second).astype(kind)
    if one.ndim != 1 or one.shape != other.shape or not one.size:
        raise ValueError(f"{one.shape} and {other.shape} are no pairs of rows")
    return one, other
