"""Numbers by their size against NumPy."""

import numpy as np

from nnviz.engine.views.magnitudes import BINS, HIGHEST, LOWEST, PER_DECADE, magnitudes


def test_both_signs_are_counted_by_the_power_of_ten():
    values = np.random.default_rng(0).normal(size=5000) * 10.0 ** np.random.default_rng(1).uniform(-8, 2, 5000)
    values = values[np.abs(values) > 10.0**LOWEST]
    bars = np.frombuffer(magnitudes(values), np.uint8)
    edges = 10.0 ** np.linspace(LOWEST, HIGHEST, BINS + 1)
    negative = np.histogram(-values[values < 0], edges)[0]
    positive = np.histogram(values[values > 0], edges)[0]
    counts = np.concatenate([negative, positive])
    np.testing.assert_array_equal(bars, np.ceil(255 * counts / counts.max()))


def test_zeros_and_what_is_no_number_are_left_out_and_extremes_stand_at_the_ends():
    bars = np.frombuffer(magnitudes(np.array([0.0, np.nan, np.inf, 1e-30, -1e30])), np.uint8)
    assert list(np.flatnonzero(bars)) == [BINS - 1, BINS]
    assert magnitudes(np.zeros(4)) == bytes(2 * BINS)
    assert BINS == PER_DECADE * (HIGHEST - LOWEST)
