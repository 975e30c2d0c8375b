"""Medians and noise, against NumPy on series whose noise is known."""

import numpy as np
import pytest

from nnviz.doctor.signals import noise, smooth, tail
from nnviz.doctor.words import round_rate


def test_a_single_peak_is_smoothed_away_and_a_trend_stays():
    values = np.arange(20, dtype=float)
    values[9] = 100
    assert smooth(values).max() < 20
    np.testing.assert_allclose(smooth(values)[3:6], [3, 4, 5])
    assert smooth(np.array([1.0, 2.0])).tolist() == [1, 2]


def test_noise_is_that_of_a_value_whatever_the_trend():
    normal = np.random.default_rng(0).standard_normal(20_000)
    assert noise(normal) == pytest.approx(1, abs=0.03)
    assert noise(0.3 * normal + np.linspace(0, 500, 20_000)) == pytest.approx(0.3, abs=0.01)
    assert noise(np.array([1.0, 5.0])) == 0


def test_the_tail_is_of_three_values_at_least():
    assert tail(np.array([9.0, 1, 2, 3])) == 2
    assert tail(np.arange(100.0)) == pytest.approx(np.median(np.arange(80, 100)))


@pytest.mark.parametrize(("rate", "typed"), [(0.00114, 0.001), (0.0042, 0.005), (0.8, 1.0), (0.0, 0.001), (2.2, 2.0)])
def test_rates_are_those_that_people_type(rate, typed):
    assert round_rate(rate) == pytest.approx(typed)
