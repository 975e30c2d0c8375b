"""How numbers of both signs are distributed by their size, on one axis for all of a view."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = -9, 3
"""Powers of ten: sizes below and above count as these."""
PER_DECADE = 4
BINS = (HIGHEST - LOWEST) * PER_DECADE


def magnitudes(values: NDArray[np.floating[Any]]) -> bytes:
    """Counts of finite values by log10 of their size in 48 equal bins from 1e-9 to 1e3, first of negative values, then of
    positive ones, each rising by size: 96 bytes, 255 for the fullest bin, at least 1 where there is any. Zeros are in none."""
    finite = np.asarray(values, np.float64).ravel()
    finite = finite[np.isfinite(finite) & (finite != 0)]
    places = np.floor((np.log10(np.abs(finite)) - LOWEST) * PER_DECADE).astype(np.int64)
    places = np.clip(places, 0, BINS - 1) + BINS * (finite > 0)
    counts = np.bincount(places, minlength=2 * BINS)
    return np.ceil(255 * counts / max(1, counts.max())).astype(np.uint8).tobytes()
