"""How much a network's score drops when a column of the file is shuffled: Breiman, Random Forests (2001), section 10, as
scikit-learn's `permutation_importance` defines it. All inputs that the column became are shuffled together."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.records import ColumnLike
from nnviz.errors import RequestError

REPEATS = 5
SEED = 0
AT_ONCE = 2**22
"""Values of shuffled rows that are held together."""
Floats = NDArray[np.float64]


class Scores(NamedTuple):
    """Of each of several sets of rows, float64 (sets,): `loss`, and accuracy or R2 as `score` (None where it is not defined)."""

    loss: Floats
    score: Floats | None


class Importance(NamedTuple):
    """`loss`, `score`: of the rows as they are. `columns`: (loss rise mean, its spread, score drop mean, its spread) of each
    column, float64 (columns, 4): mean and standard deviation over the repeats; not a number where there is no score."""

    loss: float
    score: float | None
    columns: Floats


def permutation_importance(
    network: Network, x: NDArray[np.float32], y: NDArray[np.generic], columns: Sequence[ColumnLike], *, repeats: int = REPEATS
) -> Importance:
    """Of rows `x` (n, inputs) with targets `y`. Every column is shuffled in the same orders, those of scikit-learn with
    `random_state=0`. Raises RequestError for a network whose answers are no numbers."""
    base = scores(network, x, y, sets=1)
    if not np.isfinite(base.loss).all():
        raise RequestError("the network's answers are no numbers at this moment, so no column can be judged")
    orders = _orders(len(x), repeats)
    together = max(1, AT_ONCE // max(1, repeats * x.size))
    parts = []
    for at in range(0, len(columns), together):
        some = columns[at : at + together]
        shuffled = np.tile(x, (len(some), repeats, 1, 1))
        for place, column in enumerate(some):
            inputs = slice(column.first, column.end)
            shuffled[place, :, :, inputs] = x[orders, inputs]
        after = scores(network, shuffled.reshape(-1, x.shape[1]), y, sets=len(some) * repeats)
        loss = (after.loss - base.loss).reshape(-1, repeats)
        score = np.full_like(loss, np.nan)
        if base.score is not None and after.score is not None:
            score = (base.score - after.score).reshape(-1, repeats)
        parts.append(np.stack([loss.mean(axis=1), loss.std(axis=1), score.mean(axis=1), score.std(axis=1)], axis=1))
    return Importance(
        float(base.loss[0]), None if base.score is None else float(base.score[0]), np.concatenate([np.zeros((0, 4)), *parts])
    )


def scores(network: Network, x: NDArray[np.float32], y: NDArray[np.generic], *, sets: int) -> Scores:
    """Of `sets` sets of the same rows one after another, `x` (sets * n, inputs), whose targets are `y` (n, ...) each time."""
    raw, cost = network.raw(x), network.cost
    wanted = np.tile(y, (sets, *(1 for _ in y.shape[1:])))
    losses = np.asarray(cost.calculate(wanted, raw, reduction="none"), np.float64).reshape(sets, -1)
    loss = losses.mean(axis=1)
    if cost.task == "classification":
        right = np.asarray(cost.picked(tf.constant(raw))) == wanted
        return Scores(loss, right.reshape(sets, -1).mean(axis=1))
    misses = np.asarray(cost.transform(tf.constant(raw)), np.float64) - wanted
    targets = np.asarray(y, np.float64)
    spread = np.square(targets - targets.mean(axis=0)).sum(axis=0)
    varies = spread > 0
    if not varies.any():
        return Scores(loss, None)
    squared = np.square(misses).reshape(sets, *y.shape).sum(axis=1)
    return Scores(loss, (1 - squared[:, varies] / spread[varies]).mean(axis=1))


def _orders(rows: int, repeats: int) -> NDArray[np.int64]:
    """(repeats, rows): each shuffles what the one before has left, as scikit-learn does it."""
    random = np.random.RandomState(np.random.RandomState(SEED).randint(2**31))
    order, drawn = np.arange(rows), np.arange(rows)
    orders = []
    for _ in range(repeats):
        random.shuffle(drawn)
        order = order[drawn]
        orders.append(order)
    return np.array(orders, np.int64).reshape(repeats, rows)
