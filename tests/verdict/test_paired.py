"""Paired results against scipy, baycomp and published figures."""

import math

import numpy as np
import pytest
from scipy import stats

from nnviz.verdict.paired import corrected_t, overlap, probabilities

SLEEP = [-1.2, -2.4, -1.3, -1.3, 0.0, -1.0, -1.8, -0.8, -4.6, -1.4]
"""Student's sleep data (Biometrika 6, 1908), drug 1 less drug 2; R's t.test(paired = TRUE) prints t = -4.0621, p-value = 0.002833
and the interval -2.4598858 to -0.7001142."""
SQUASH = [-0.6] * 2 + [-0.4] * 4 + [-1 / 3] * 2 + [-0.2] * 18 + [-1 / 6] * 2 + [0.0] * 63 + [0.2] * 9
"""Naive Bayes less AODE on the data set squash-unstored, 10 times 10 folds, from the data of Benavoli, Corani, Demsar and
Zaffalon ("Time for a change", JMLR 18, 2017): their notebook prints mean -0.055999993896, deviation 0.05423222985646852, 99
degrees."""


def test_seeds_are_a_paired_t_test():
    paired = corrected_t(SLEEP)
    assert (paired.low, paired.high) == pytest.approx((-2.4598858, -0.7001142), abs=1e-6)
    assert paired.mean / paired.scale == pytest.approx(-4.0621, abs=1e-4)
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 7))
    test = stats.ttest_rel(one, other)
    paired = corrected_t(one - other)
    assert paired.p == pytest.approx(test.pvalue, abs=1e-12)
    assert (paired.low, paired.high) == pytest.approx(tuple(test.confidence_interval(0.95)), abs=1e-12)


def test_folds_are_corrected_as_published():
    """The published figures come of single precision: hence 1e-7."""
    paired = corrected_t(SQUASH, rho=0.1)
    assert paired.mean == pytest.approx(-0.055999993896, abs=1e-7)
    assert paired.scale == pytest.approx(0.05423222985646852, abs=1e-7)
    assert paired.n - 1 == 99
    t = paired.mean / math.sqrt((1 / 100 + 1 / 9) * np.var(SQUASH, ddof=1))
    assert paired.p == pytest.approx(2 * stats.t.sf(abs(t), 99), abs=1e-12)
    assert paired.p > 0.05


@pytest.mark.parametrize(("folds", "repeats"), [(5, 1), (5, 3), (10, 10)])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_probabilities_are_baycomps(folds, repeats):
    import baycomp

    rng = np.random.default_rng(folds * repeats)
    one, other = rng.normal(0.9, 0.02, (2, folds * repeats))
    paired = corrected_t(one - other, rho=1 / folds)
    sure = probabilities(paired, 0.01)
    below, equal, above = baycomp.two_on_single(other, one, rope=0.01, runs=repeats)
    assert (sure.below, sure.equal, sure.above) == pytest.approx((below, equal, above), abs=1e-9)
    assert sure.below + sure.equal + sure.above == pytest.approx(1)


def test_the_overlap_of_folds():
    assert overlap(80, 20) == pytest.approx(1 / 5)
    with pytest.raises(ValueError, match="positive"):
        overlap(0, 20)


def test_no_differences_at_all():
    paired = corrected_t([0.0, 0.0, 0.0], rho=0.2)
    assert (paired.low, paired.high, paired.p) == (0, 0, 1)
    sure = probabilities(paired, 0.01)
    assert (sure.below, sure.equal, sure.above) == (0, 1, 0)


def test_the_same_difference_everywhere():
    """To the last digit, which floating point may miss, and rounded to steps, whose spread is believed to be no less than
    theirs."""
    assert corrected_t([0.9 - 0.8, 0.3 - 0.2, 0.1]).std == 0
    rounded = corrected_t([0.05] * 3, rho=1 / 3, resolution=0.05)
    assert rounded.scale == pytest.approx(0.05 / math.sqrt(12) * math.sqrt(1 / 3 + 1 / 2))
    assert rounded.p > 0.05
    assert corrected_t(SLEEP, resolution=0.1).scale == corrected_t(SLEEP).scale


@pytest.mark.parametrize(
    ("values", "rho", "words"),
    [([0.1], 0, "at least two"), ([], 0, "at least two"), ([0.1, math.nan], 0, "finite"), ([0.1, 0.2], 1.0, "rho")],
)
def test_what_is_refused(values, rho, words):
    with pytest.raises(ValueError, match=words):
        corrected_t(values, rho=rho)
    with pytest.raises(ValueError, match="positive"):
        probabilities(corrected_t([0.1, 0.2]), 0)
