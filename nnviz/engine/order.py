"""In which order an epoch takes the rows: a function of (seed, epoch), so that any epoch can be had at once."""

import numpy as np
from numpy.typing import NDArray


def order(seed: int, epoch: int, rows: int) -> NDArray[np.int32]:
    """A permutation of the row numbers. Philox's raw numbers stay the same over versions of NumPy, its shuffles need
    not."""
    draws = np.random.Philox(key=np.array([seed, epoch], dtype=np.uint64)).random_raw(rows)
    return np.argsort(draws, kind="stable").astype(np.int32)


def batches(seed: int, first: int, count: int, rows: int, length: int, *, filled: int) -> NDArray[np.int32]:
    """The orders of `filled` epochs from `first` on, in an array (count, length): -1 past the rows, where the last
    batch is short."""
    found = np.full((count, length), -1, dtype=np.int32)
    for index in range(filled):
        found[index, :rows] = order(seed, first + index, rows)
    return found
