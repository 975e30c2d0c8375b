"""Many settings at once: Demsar's worked example, scipy, scikit-posthocs, statsmodels."""

import numpy as np
import pytest
from scipy import stats

from nnviz.verdict.ranks import critical_difference, holm, nemenyi, ranked

DEMSAR = np.array(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.975, 0.9749],
        [0.957, 0.978, 0.946, 0.970],
    ]
)
"""AUC of C4.5, C4.5+m, C4.5+cf and C4.5+m+cf on 14 data sets (Demsar, JMLR 7, 2006, table 6). He prints 0.975 twice in the
last row but one, with the ranks 2 and 3: the second is taken to be a little smaller."""


def test_demsars_example():
    """He prints the average ranks 3.143, 2.000, 2.893, 1.964, a statistic without correction for ties of 9.28, and a critical
    difference of 1.25 (2.569 sqrt(4 5 / (6 14)))."""
    result = ranked(DEMSAR)
    assert result.ranks == pytest.approx((3.143, 2.000, 2.893, 1.964), abs=5e-4)
    assert result.critical_difference == pytest.approx(1.25, abs=5e-3)
    plain = 12 * 14 / (4 * 5) * (sum(rank**2 for rank in result.ranks) - 4 * 25 / 4)
    assert plain == pytest.approx(9.28, abs=5e-3)
    test = stats.friedmanchisquare(*DEMSAR.T)
    assert (result.statistic, result.p) == pytest.approx((test.statistic, test.pvalue), abs=1e-12)
    assert result.statistic >= plain
    z = abs(result.ranks[0] - result.ranks[3]) / np.sqrt(4 * 5 / (6 * 14))
    assert nemenyi(DEMSAR)[0, 3] == pytest.approx(stats.studentized_range.sf(z * np.sqrt(2), 4, np.inf), abs=1e-6)
    assert nemenyi(DEMSAR) == pytest.approx(nemenyi(DEMSAR).T)


def test_nemenyi_and_its_critical_difference_say_the_same():
    import scikit_posthocs

    rng = np.random.default_rng(1)
    table = rng.normal(size=(8, 5)) + np.arange(5) * 0.7
    result = ranked(table)
    assert nemenyi(table) == pytest.approx(scikit_posthocs.posthoc_nemenyi_friedman(table).to_numpy(), abs=1e-12)
    far = np.abs(np.subtract.outer(result.ranks, result.ranks)) > result.critical_difference
    assert (far == (nemenyi(table) < 0.05)).all()
    # Demsar's table 5: q for 2 to 10 settings
    for k, q in zip(range(2, 11), (1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164), strict=True):
        assert critical_difference(6, k) == pytest.approx(q * np.sqrt(k * (k + 1) / 36), abs=2e-3)


def test_the_best_has_rank_one_and_ties_share():
    result = ranked([[0.9, 0.8, 0.9], [0.9, 0.7, 0.8]])
    assert result.ranks == (1.25, 3.0, 1.75)


def test_where_all_are_tied():
    result = ranked(np.full((4, 3), 0.7))
    assert (result.ranks, result.statistic, result.p) == ((2.0, 2.0, 2.0), 0.0, 1.0)


@pytest.mark.parametrize("values", [[[1, 2, 3]], [[1, 2], [2, 3]], [[1, 2, np.nan], [1, 2, 3]]])
def test_what_is_refused(values):
    with pytest.raises(ValueError, match=r"needed|finite"):
        ranked(values)


def test_holm_is_statsmodels():
    """Demsar's p-values 0.016, 0.019, 0.607 against the base learner, and others."""
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    assert holm([0.019, 0.607, 0.016]) == pytest.approx([0.048, 0.607, 0.048])
    rng = np.random.default_rng(2)
    for values in rng.random((20, 6)) ** 3:
        assert holm(list(values)) == pytest.approx(multitest.multipletests(values, method="holm")[1], abs=1e-12)
    assert holm([]) == []
