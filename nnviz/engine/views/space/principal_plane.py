"""The plane in which most of some points' variance lies: their first two principal components."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class PrincipalPlane(NamedTuple):
    """`mean` (values,) of the points, `directions` (2, values) of length 1 and at right angles; 0 where the points have no more
    directions."""

    mean: Floats
    directions: Floats

    def coordinates(self, points: NDArray[np.floating[Any]]) -> Floats:
        """Where points (n, values) lie on the plane, (n, 2)."""
        coordinates: Floats = (points - self.mean) @ self.directions.T
        return coordinates

    def share(self, points: NDArray[np.floating[Any]]) -> float | None:
        """Of the variance of points (n, values), the part that the plane holds, 0 to 1; None where they all are one point."""
        total = float(np.var(points, axis=0).sum())
        return float(np.var(self.coordinates(points), axis=0).sum()) / total if total > 0 else None


def principal_plane(points: NDArray[np.floating[Any]], like: NDArray[np.floating[Any]]) -> PrincipalPlane:
    """Of points (n, values), by the eigenvectors of the products of their distances from the mean, or of their values, whichever
    are fewer. Directions have no sign of their own: each points to where the numbers `like` (n,) rise."""
    mean = np.asarray(points.mean(axis=0), np.float64)
    away = points - mean
    is_long = len(away) > away.shape[1]
    values, vectors = np.linalg.eigh(away.T @ away if is_long else away @ away.T)
    directions = np.zeros((2, away.shape[1]))
    for place, value in enumerate(values[::-1][:2]):
        if value > 1e-12 * values[-1]:
            vector = vectors[:, -1 - place]
            directions[place] = vector if is_long else vector @ away / np.sqrt(value)
    rise = (np.asarray(like, np.float64) - np.mean(like)) @ away @ directions.T
    return PrincipalPlane(mean, directions * np.where(rise < 0, -1.0, 1.0)[:, None])
