"""Two settings with paired results, one pair a fold or seed: the interval of their mean difference, and how probable it is that
the two are practically equal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
TINY = 1e-12
"""Of the largest difference: a standard deviation below this is one of rounding."""


@dataclass(frozen=True, kw_only=True)
class Paired:
    """`n` differences with `mean` and standard deviation `std` (n - 1); `low` to `high` is the interval of the mean difference at
    the level LEVEL, `p` the two-sided p-value of no difference, `scale` the standard error that both use, `rho` the correlation
    that it corrects for."""

    n: int
    mean: float
    std: float
    rho: float
    scale: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, kw_only=True)
class Probabilities:
    """That the true difference is below the region of practical equivalence, in it, above it; they add up to 1."""

    below: float
    equal: float
    above: float


def overlap(train_rows: float, test_rows: float) -> float:
    """`rho` of results on folds: n_test / (n_train + n_test), Nadeau and Bengio's estimate of the correlation of two results
    whose training sets overlap ("Inference for the generalization error", Machine Learning 52, 2003, section 3); 1 / k for k
    folds.

    Seeds on one and the same split have `rho` 0: there the rows are fixed, each training draws nothing but its own random
    numbers, and the differences are independent. What they say holds for this split alone."""
    if train_rows <= 0 or test_rows <= 0:
        raise ValueError(f"{train_rows} training rows and {test_rows} test rows: both must be positive")
    return test_rows / (train_rows + test_rows)


def corrected_t(differences: Sequence[float], *, rho: float = 0.0, resolution: float = 0.0) -> Paired:
    """The corrected resampled t-test: t = mean / sqrt((1/n + rho / (1 - rho)) std^2), n - 1 degrees of freedom (Nadeau and
    Bengio, 2003; with k folds repeated r times n = r k: Bouckaert and Frank, 2004). With rho = 0 the paired t-test.

    `differences` (n,), n >= 2, finite. `resolution`: the step in which results are counted, such as one row's share of an
    accuracy: results rounded to it spread by resolution / sqrt(12) at least, so a smaller `std` is not believed (three
    folds that happen to differ by one row each would otherwise be certain). Raises ValueError for fewer than two, what is not
    finite, or rho outside [0, 1)."""
    values = np.asarray(differences, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"{values.size} differences: at least two are needed")
    if not np.isfinite(values).all():
        raise ValueError("a difference is not a finite number")
    if not 0 <= rho < 1:
        raise ValueError(f"rho is {rho}: it must lie in [0, 1)")
    n, mean = len(values), float(values.mean())
    std = float(values.std(ddof=1))
    std = 0.0 if std <= TINY * float(np.abs(values).max()) else std
    scale = max(std, resolution / math.sqrt(12)) * math.sqrt(1 / n + rho / (1 - rho))
    low, high, p = _interval(mean, scale, n - 1)
    return Paired(n=n, mean=mean, std=std, rho=rho, scale=scale, low=low, high=high, p=p)


def probabilities(paired: Paired, region: float) -> Probabilities:
    """The Bayesian correlated t-test with the region of practical equivalence [-region, region] (Corani and Benavoli, Machine
    Learning 100, 2015), by baycomp: a Student distribution with the same mean, scale and degrees of freedom. `region` > 0."""
    if region <= 0:
        raise ValueError(f"the region of practical equivalence is {region}: it must be positive")
    from baycomp.single import Posterior

    below, equal, above = Posterior(paired.mean, paired.scale**2, paired.n - 1, rope=region).probs()
    return Probabilities(below=float(below), equal=float(equal), above=float(above))


def _interval(mean: float, scale: float, freedom: int) -> tuple[float, float, float]:
    if scale == 0:
        return mean, mean, 1.0 if mean == 0 else 0.0
    from scipy.stats import t

    half = float(t.ppf((1 + LEVEL) / 2, freedom)) * scale
    return mean - half, mean + half, 2 * float(t.sf(abs(mean) / scale, freedom))
