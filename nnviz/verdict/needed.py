"""How many more pairs it would take to see a difference of a size that matters."""

import math

from nnviz.verdict.paired import LEVEL

POWER = 0.8
"""The chance with which a true difference of that size is to be claimed."""
MOST = 10_000


def power(n: int, *, std: float, rho: float, size: float) -> float:
    """The chance that the corrected t-test over n >= 2 pairs claims a true difference of `size`, where single differences have
    the standard deviation `std` > 0: the non-central t distribution with n - 1 degrees of freedom."""
    from scipy.stats import nct, t

    limit = float(t.ppf((1 + LEVEL) / 2, n - 1))
    centre = abs(size) / (std * math.sqrt(1 / n + rho / (1 - rho)))
    chance = float(nct.sf(limit, n - 1, centre))
    # far out scipy gives no number: there the difference cannot be missed
    return chance if math.isfinite(chance) else 1.0


def pairs_needed(*, std: float, rho: float, size: float, most: int = MOST) -> int | None:
    """The smallest number of pairs that claims a true difference of `size` with the chance POWER; `most` + 1 where it is larger
    than `most`. None where no number does: with overlapping training sets the variance of the mean never falls below
    rho / (1 - rho) std^2, however often the rows are split anew. Only more rows help then."""
    if std == 0:
        return 2
    if rho > 0 and not _reaches(1 << 30, std, rho, size):
        return None
    if not _reaches(most, std, rho, size):
        return most + 1
    low, high = 1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _reaches(middle, std, rho, size) else (middle, high)
    return high


def _reaches(n: int, std: float, rho: float, size: float) -> bool:
    return power(n, std=std, rho=rho, size=size) >= POWER
