"""How well rows stand apart in a space: by the nearest class's mean, or by their nearest neighbours, each row left out once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 5


def nearest_mean(points: NDArray[np.floating[Any]], classes: NDArray[np.integer[Any]]) -> float:
    """The share of points (n, values) that lie nearest to the mean of their own class (n,), the mean made without them: what
    scikit-learn's NearestCentroid has in LeaveOneOut. A class's only point has no such mean, so it counts as wrong."""
    points = points - points.mean(axis=0)
    names, own, counts = np.unique(classes, return_inverse=True, return_counts=True)
    members = own[:, None] == np.arange(len(names))
    means = members.T.astype(np.float64) @ points / counts[:, None]
    squares = (means**2).sum(axis=1) - 2 * points @ means.T + (points**2).sum(axis=1)[:, None]
    # without the point itself the mean of the others is farther away from it by n / (n - 1)
    farther = (counts / np.maximum(counts - 1, 1)) ** 2
    squares = np.where(members, squares * farther, squares)
    squares[members & (counts == 1)] = np.inf
    return float((squares.argmin(axis=1) == own).mean())


def nearest_rows(points: NDArray[np.floating[Any]], values: NDArray[np.floating[Any]]) -> float | None:
    """R2 of the mean of the 5 nearest other points' values (n,): what scikit-learn's KNeighborsRegressor has in LeaveOneOut. None
    for values that are all the same, or too few points."""
    spread = float(((values - values.mean()) ** 2).sum())
    if len(points) <= NEIGHBOURS or not spread > 0:
        return None
    points = points - points.mean(axis=0)
    lengths = (points**2).sum(axis=1)
    squares = lengths[:, None] - 2 * points @ points.T + lengths
    np.fill_diagonal(squares, np.inf)
    near = np.argpartition(squares, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
    return 1 - float(((values[near].mean(axis=1) - values) ** 2).sum()) / spread
