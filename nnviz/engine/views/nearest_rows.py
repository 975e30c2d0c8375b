"""Which classes the training rows have that are nearest to some rows: why a network may take one for another."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.records import PreparedLike

NEAREST = 5
MOST_TRAINING = 4_000
"""Training rows that are looked at, the first ones: parts are drawn at random."""


def nearest_classes(prepared: PreparedLike, x: NDArray[np.float32], numbers: NDArray[np.int64]) -> list[list[list[int]]]:
    """Of each row of `x` (n, ...), as the network sees it: [class, how many] of its 5 nearest training rows by Euclidean
    distance, the most frequent class first. `numbers` (n,): of the rows in the data; a row is not its own neighbour."""
    part = prepared.parts["train"]
    train = np.asarray(part.x[:MOST_TRAINING], np.float64).reshape(min(MOST_TRAINING, len(part.y)), -1)
    y, places = np.asarray(part.y[:MOST_TRAINING]), np.asarray(part.rows[:MOST_TRAINING])
    rows = np.asarray(x, np.float64).reshape(len(x), -1)
    squares = (rows**2).sum(axis=1)[:, None] + (train**2).sum(axis=1)[None] - 2 * rows @ train.T
    squares[np.asarray(numbers)[:, None] == places[None]] = np.inf
    order = np.argsort(squares, axis=1, kind="stable")[:, :NEAREST]
    return [_counted(y[near[np.isfinite(squares[at, near])]]) for at, near in enumerate(order)]


def _counted(classes: NDArray[Any]) -> list[list[int]]:
    kinds, counts = np.unique(classes, return_counts=True)
    return [[int(kinds[at]), int(counts[at])] for at in np.lexsort((kinds, -counts))]
