"""Whether a remedy helped, against the formulas of a paired comparison."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from nnviz.doctor.outcome import outcome


@pytest.mark.parametrize(("gain", "kind"), [(0.5, "helped"), (-0.5, "harmed"), (0.0, "cannot tell")])
def test_a_clear_difference_of_pairs_is_told_from_chance(gain, kind):
    rng = np.random.default_rng(0)
    before = rng.gamma(2.0, 1.0, 400)
    after = before - gain + rng.normal(0, 0.3, 400)
    result = outcome("validation loss", before, after)
    assert result.kind == kind
    assert result.before == pytest.approx(before.mean())
    assert result.after == pytest.approx(after.mean())
    expected = stats.bootstrap((after - before,), np.mean, method="percentile", rng=np.random.default_rng(3)).confidence_interval
    assert (result.low, result.high) == pytest.approx(tuple(expected), abs=0.01)


def test_of_equal_runs_few_are_called_different():
    rng = np.random.default_rng(1)
    kinds = [outcome("loss", *rng.gamma(2.0, 1.0, (2, 200))).kind for _ in range(150)]
    assert kinds.count("cannot tell") >= 0.9 * len(kinds)


def test_a_few_rows_that_went_wild_do_not_hide_that_it_helped():
    before, after = np.zeros(60), np.full(60, 0.03)
    before[:6] = (40_000.0, 1_500.0, 800.0, 400.0, 200.0, 100.0)
    assert stats.ttest_rel(before, after).pvalue > 0.2
    low = stats.bootstrap((before - after,), np.mean, method="percentile", rng=np.random.default_rng(2)).confidence_interval.low
    assert low > 0
    assert outcome("loss", before, after).kind == "helped"
    before[2:6] = 0.0
    assert outcome("loss", before, after).kind == "cannot tell", "two of sixty rows"


def test_a_swing_between_epochs_leaves_more_open():
    before, after = np.full(50, 1.0), np.full(50, 0.9)
    assert outcome("loss", before, after).kind == "helped"
    result = outcome("loss", before, after, swing=0.1)
    assert result.kind == "cannot tell"
    # as every row gains the same, all that is open is the swing
    assert (result.low, result.high) == pytest.approx((-0.1 - 1.96 * 0.1, -0.1 + 1.96 * 0.1), abs=0.02)
    assert f"between {result.low:+.2g} and {result.high:+.2g}" in result.text
    assert "cannot be told from one row" in outcome("loss", before[:1], after[:1]).text


def test_numbers_that_are_none():
    fine, broken = np.full(10, 0.5), np.full(10, np.nan)
    assert outcome("loss", broken, fine).text == "Helped: loss no finite number → 0.5"
    worse = outcome("loss", fine, broken)
    assert (worse.kind, worse.after) == ("harmed", math.inf)
    assert json.loads(json.dumps(worse.to_json(), allow_nan=False))["after"] is None
    with pytest.raises(ValueError, match="no pairs"):
        outcome("loss", fine, fine[:5])
