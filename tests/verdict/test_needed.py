"""How many pairs are needed, against simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from nnviz.verdict.needed import POWER, pairs_needed, power
from nnviz.verdict.paired import corrected_t


def claimed(n, *, std, rho, size, times=4000):
    """The share of simulated comparisons that claim: differences with a common part, whose variance rho / (1 - rho) of the rest's
    is what overlapping training sets do."""
    rng = np.random.default_rng(n)
    common = rng.normal(size=(times, 1)) * std * math.sqrt(rho / (1 - rho))
    values = size + common + rng.normal(size=(times, n)) * std
    scale = values.std(axis=1, ddof=1) * math.sqrt(1 / n + rho / (1 - rho))
    return (np.abs(values.mean(axis=1)) / scale > stats.t.ppf(0.975, n - 1)).mean()


@pytest.mark.parametrize(("std", "rho"), [(0.01, 0.0), (0.02, 0.0), (0.035, 0.0), (0.005, 0.2), (0.006, 0.1)])
def test_simulation_needs_as_many_within_a_factor(std, rho):
    needed = pairs_needed(std=std, rho=rho, size=0.01)
    assert claimed(math.ceil(needed * 1.5), std=std, rho=rho, size=0.01) > POWER
    assert claimed(max(2, math.floor(needed / 1.5)), std=std, rho=rho, size=0.01) < POWER
    assert claimed(needed, std=std, rho=rho, size=0.01) == pytest.approx(power(needed, std=std, rho=rho, size=0.01), abs=0.025)


def test_it_is_the_smallest():
    needed = pairs_needed(std=0.02, rho=0, size=0.01)
    assert needed == 34  # as tables of power for a paired t-test with an effect of 0.5 have it
    assert power(needed, std=0.02, rho=0, size=0.01) >= POWER > power(needed - 1, std=0.02, rho=0, size=0.01)


def test_folds_may_never_decide():
    """The floor of the corrected variance: (1.96 + 0.84) sqrt(rho / (1 - rho)) std must lie below the difference."""
    assert pairs_needed(std=0.02, rho=0.2, size=0.01) is None
    floor = 0.01 / (2.8016 * 0.5)
    assert pairs_needed(std=1.01 * floor, rho=0.2, size=0.01) is None
    assert pairs_needed(std=0.9 * floor, rho=0.2, size=0.01) is not None


def test_the_ends():
    assert pairs_needed(std=0, rho=0.2, size=0.01) == 2
    assert pairs_needed(std=5, rho=0, size=0.01, most=500) == 501
    assert power(100, std=1e-9, rho=0, size=0.01) == 1


def test_chance_alone_is_claimed_in_five_of_a_hundred():
    rng = np.random.default_rng(3)
    pairs = [corrected_t(rng.normal(size=5)) for _ in range(2000)]
    assert np.mean([paired.p < 0.05 for paired in pairs]) == pytest.approx(0.05, abs=0.015)
