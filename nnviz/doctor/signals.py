"""Series judged against their own noise: no rule looks at a single point."""

import math

import numpy as np

from nnviz.doctor.evidence import Floats

_SIGMA = 1.4826
"""From a median absolute deviation to the standard deviation of normal noise."""


def smooth(values: Floats, width: int = 5) -> Floats:
    """The median of each value and those around it, `width` in all; near the ends of as many as there are."""
    half = width // 2
    if len(values) <= 2:
        return values.astype(np.float64)
    padded = np.concatenate([np.full(half, np.nan), values.astype(np.float64), np.full(half, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    medians: Floats = np.nanmedian(windows, axis=1)
    return medians


def noise(values: Floats) -> float:
    """How far neighbours differ, as a standard deviation of one value; a trend hardly counts."""
    if len(values) < 3:
        return 0.0
    steps = np.diff(values)
    return float(_SIGMA * np.median(np.abs(steps - np.median(steps))) / math.sqrt(2))


def tail(values: Floats, share: float = 0.2) -> float:
    """The median of the last share of the values, of three at least."""
    return float(np.median(values[-max(3, int(len(values) * share)) :]))
