"""The loss landscape: the objective on the plane in which most of the way lies, or around the weights in random directions.

Li et al. 2018, "Visualizing the loss landscape of neural nets": principal directions of the way, and random directions that are
as long as the filters' own weights."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.engine.views.way.cost_surface import grid, objective_on_plane
from nnviz.engine.views.way.effort import sizes_for, spread_rows
from nnviz.errors import RequestError

MOST_MOMENTS = 60
MOST_VALUES = 30_000_000
"""Weights of all moments together, of which directions are computed at once."""
Arrays = list[NDArray[Any]]


class WayPlane(NamedTuple):
    """`directions` (2, weights) of length 1, at right angles; `path` (moments, 2): where the moments lie on them, from the last
    one; `share` of the way's squared distances from the last moment that the plane holds; `leaves`: how far it is from the plane
    at most, and `reach`: from the last moment at most."""

    directions: NDArray[np.float64]
    path: NDArray[np.float64]
    share: float
    leaves: float
    reach: float


def landscape(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `landscape`. Choice: `random`, true for random directions.

    map: {extent (x0, x1, y0, y1), side, cost (float32, row 0 the lowest)}; path: float32 (steps, 2) at recorded `steps`, the last
    one (0, 0), empty with random directions; share, leaves, reach: see `WayPlane`, of distances in the space of all `parameters`;
    cost: the objective at the weights, over `rows` of `rows_in_all` training rows.

    Raises RequestError where the way is too short for a plane, the network too large, or its weights no numbers."""
    network, prepared = asked.network, asked.prepared
    sizes = sizes_for(network, prepared)
    is_random = asked.choice.get("random") is True
    way = list(asked.way(MOST_MOMENTS))
    session = asked.training().session
    own = [variable.numpy().astype(np.float64) for variable in session.network.trainable_variables]
    if not all(np.isfinite(array).all() for array in own):
        raise RequestError("the weights are no numbers any more: the training has diverged", remedy="Choose an earlier moment.")
    if is_random:
        plane, extent = None, (-1.0, 1.0, -1.0, 1.0)
        directions = (random_direction(own, seed=1), random_direction(own, seed=2))
    else:
        plane = way_plane(_vectors(network, way))
        extent = _extent(plane.path)
        directions = (_arrays(plane.directions[0], own), _arrays(plane.directions[1], own))
    x, y = spread_rows(prepared, sizes.rows)
    points = np.append(grid(extent, sizes.way), [[0.0, 0.0]], axis=0)
    costs = objective_on_plane(session, x, y, directions, points)
    return {
        "map": {"extent": list(extent), "side": sizes.way, "cost": np.ascontiguousarray(costs[:-1], "<f4").tobytes()},
        "path": b"" if plane is None else np.ascontiguousarray(plane.path, "<f4").tobytes(),
        "steps": [] if plane is None else [moment.step for moment in way],
        "share": 0.0 if plane is None else plane.share,
        "leaves": 0.0 if plane is None else plane.leaves,
        "reach": 0.0 if plane is None else plane.reach,
        "parameters": int(sum(array.size for array in own)),
        "cost": float(costs[-1]),
        "rows": len(y),
        "rows_in_all": len(prepared.parts["train"].y),
        "random": is_random,
    }


def way_plane(vectors: NDArray[np.floating[Any]]) -> WayPlane:
    """The first two principal directions of the differences of the rows (moments, weights) from the last one, by the eigenvectors
    of their products. Raises RequestError where they span no plane."""
    away = np.asarray(vectors[:-1], np.float64) - vectors[-1]
    if len(away) < 2 or not np.isfinite(away).all():
        raise RequestError(
            "the way up to here is too short for a plane: it takes three recorded moments", remedy="Choose a later one."
        )
    products = away @ away.T
    values, combined = np.linalg.eigh(products)
    total = float(np.trace(products))
    if not values[-2] > 1e-12 * max(total, 1e-300):
        raise RequestError("the way up to here is a straight line, so it spans no plane", remedy="Choose a later moment.")
    directions = (combined[:, [-1, -2]].T @ away) / np.sqrt(values[[-1, -2]])[:, None]
    # eigenvectors have no sign of their own: the way comes from the left and from below
    directions *= np.where(directions @ away[0] > 0, -1.0, 1.0)[:, None]
    path = away @ directions.T
    off = np.sqrt(np.maximum(0.0, np.diagonal(products) - (path**2).sum(axis=1)))
    share = float((path**2).sum() / total)
    return WayPlane(
        directions, np.append(path, [[0.0, 0.0]], axis=0), share, float(off.max()), float(np.sqrt(np.diagonal(products).max()))
    )


def random_direction(weights: Sequence[NDArray[Any]], *, seed: int) -> Arrays:
    """A normal direction in which each filter (a unit's weights, along the last axis) is as long as that filter's own weights; no
    biases and other single numbers a unit (Li et al. 2018, section 4)."""
    random = np.random.default_rng(seed)
    direction: Arrays = []
    for array in weights:
        drawn = random.normal(size=array.shape)
        if array.ndim < 2:
            direction.append(np.zeros_like(array))
            continue
        axes = tuple(range(array.ndim - 1))
        own, length = (np.sqrt((part**2).sum(axis=axes, keepdims=True)) for part in (array, drawn))
        direction.append(drawn * own / length)
    return direction


def _vectors(network: Network, way: Sequence[Recorded]) -> NDArray[np.float32]:
    """The trained weights of each moment as a row."""
    numbers = {id(variable): number for number, variable in enumerate(network.weights)}
    places = [numbers[id(variable)] for variable in network.trainable_variables]
    size = sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)
    if size * len(way) > MOST_VALUES:
        raise RequestError(
            f"this network is too large for its landscape: {size:,} weights at {len(way)} moments, "
            f"and the limit is {MOST_VALUES:,} in all"
        )
    return np.array([np.concatenate([moment.weights[place].ravel() for place in places]) for moment in way], np.float32)


def _arrays(vector: NDArray[Any], like: Sequence[NDArray[Any]]) -> Arrays:
    parts = np.split(vector, np.cumsum([array.size for array in like])[:-1])
    return [part.reshape(array.shape) for part, array in zip(parts, like, strict=True)]


def _extent(path: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Around the path, with room; an axis on which little happens is not stretched beyond a quarter of the other's."""
    low, high = path.min(axis=0), path.max(axis=0)
    half = (high - low) / 2
    half = np.maximum(half, half.max() / 4) * 1.3
    middle = (low + high) / 2
    return float(middle[0] - half[0]), float(middle[0] + half[0]), float(middle[1] - half[1]), float(middle[1] + half[1])
