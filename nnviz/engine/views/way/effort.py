"""How finely, and over how many rows, a map of the objective can be computed."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.errors import RequestError

MOST_ROWS = 500
MOST_WORK = 3e10
"""Multiplications of all evaluations, about a few seconds' worth."""


class Sizes(NamedTuple):
    """Points along a side of the map of the way and of that of the next step, and rows."""

    way: int
    step: int
    rows: int


def sizes_for(network: Network, prepared: PreparedLike) -> Sizes:
    """As fine and as many rows as the work allows. Raises RequestError where that would be too few."""
    rows, each = len(prepared.parts["train"].y), multiplications(network, prepared.shape)
    for way, step, least in ((25, 15, 256), (17, 11, 128), (11, 7, 32)):
        most = int(MOST_WORK / (each * (way * way + step * step)))
        if most >= min(rows, least):
            return Sizes(way, step, min(rows, MOST_ROWS, most))
    limit = int(MOST_WORK / (32 * 170))
    raise RequestError(
        f"this network is too large for a map of the cost: about {each:,} multiplications a row, and the limit is {limit:,}"
    )


def multiplications(network: Network, shape: Sequence[int]) -> int:
    """About so many for one row: of an image each filter meets every place, of a sequence each weight every step."""
    total = 0
    for variable in network.trainable_variables:
        places = int(np.prod(shape[:-1])) if len(variable.shape) > 2 or len(shape) == 2 else 1
        total += int(np.prod(variable.shape)) * places
    return total


def spread_rows(prepared: PreparedLike, count: int) -> tuple[NDArray[np.float32], NDArray[Any]]:
    """So many training rows, evenly spread over all of them."""
    train = prepared.parts["train"]
    rows = np.linspace(0, len(train.y) - 1, count).round().astype(np.int64)
    return np.asarray(train.x[rows], np.float32), np.asarray(train.y[rows])
