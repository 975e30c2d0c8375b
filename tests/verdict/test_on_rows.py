"""Two networks on the same rows: closed forms and scipy."""

import numpy as np
import pytest
from scipy import stats

from nnviz.verdict.on_rows import mcnemar, paired_bootstrap


def right(both, first_only, second_only, neither):
    one = [True] * (both + first_only) + [False] * (second_only + neither)
    other = [True] * both + [False] * first_only + [True] * second_only + [False] * neither
    return one, other


def test_mcnemar_is_a_binomial_test():
    result = mcnemar(*right(40, 7, 1, 2))
    assert result.p == pytest.approx(2 * (1 + 8) / 2**8)  # at most one of eight, twice
    assert (result.rows, result.first_only, result.second_only) == (50, 7, 1)
    assert result.mean == pytest.approx(6 / 50)
    assert not result.is_clear
    low = stats.beta.ppf(0.025, 7, 2)  # Clopper and Pearson
    assert result.low == pytest.approx((2 * low - 1) * 8 / 50)


@pytest.mark.parametrize(("first_only", "second_only"), [(5, 0), (6, 0), (12, 3), (13, 3), (0, 9), (30, 17)])
def test_interval_and_p_agree(first_only, second_only):
    result = mcnemar(*right(30, first_only, second_only, 5))
    assert result.is_clear == (result.p < 0.05)


def test_rows_that_both_get_right():
    result = mcnemar(*right(30, 0, 0, 3))
    assert (result.mean, result.p, result.is_clear) == (0, 1, False)
    assert result.high == -result.low == pytest.approx(stats.beta.ppf(0.95, 1, 33))


def test_the_bootstrap_comes_near_the_normal_interval():
    rng = np.random.default_rng(0)
    one, other = rng.exponential(1, (2, 400))
    result = paired_bootstrap(one, other)
    error = stats.sem(one - other)
    assert result.mean == pytest.approx((one - other).mean())
    assert (result.low, result.high) == pytest.approx((result.mean - 1.96 * error, result.mean + 1.96 * error), abs=0.15 * error)
    assert paired_bootstrap(one, other) == result, "the same draws each time"


def test_the_same_difference_on_every_row():
    result = paired_bootstrap([1.0, 2.0, 3.0], [0.5, 1.5, 2.5])
    assert (result.low, result.high) == (0.5, 0.5)


@pytest.mark.parametrize(("one", "other"), [([1.0], [2.0]), ([1.0, 2.0], [1.0]), ([], []), ([np.nan, 1.0], [1.0, 1.0])])
def test_what_is_refused(one, other):
    with pytest.raises(ValueError, match="row"):
        paired_bootstrap(one, other)
