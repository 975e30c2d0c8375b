"""In which order an epoch takes the rows: a function of (seed, epoch), so that any epoch can be had at once."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def order(seed: int, epoch: int, rows: int) -> NDArray[np.int32]:
    """A permutation of the row numbers. Philox's raw numbers stay the same over versions of NumPy, its shuffles need
    not."""
    draws = np.random.Philox(key=np.array([seed, epoch], dtype=np.uint64)).random_raw(rows)
    return np.argsort(draws, kind="stable").astype(np.int32)


class Orders:
    """Orders of the rows by epoch, on the device: int32 (count, steps, batch) from some epoch on, -1 past the rows, where the
    last batch is short. While a call trains, what the next one may want is made in a thread."""

    def __init__(self, rows: int, *, count: int, steps: int, batch: int) -> None:
        self.rows, self.shape = rows, (count, steps, batch)
        self._epochs: dict[tuple[int, int], NDArray[np.int32]] = {}
        self._now: _EpochOrders | None = None
        self._ahead: Future[_EpochOrders] | None = None

    def batches(self, seed: int, first: int, filled: int, *, then: int) -> Any:
        """Those of at least `filled` epochs from `first` on. The next call begins in epoch `then`."""
        ahead = self._ahead.result() if self._ahead is not None else None
        ready = next((made for made in (self._now, ahead) if made is not None and made.holds(seed, first, filled)), None)
        self._now = ready or self._make(seed, first, filled)
        if then != first:
            self._ahead = _helper.submit(self._make, seed, then, min(self.shape[0], 2 * filled))
        return self._now.orders

    def _make(self, seed: int, first: int, filled: int) -> "_EpochOrders":
        self._epochs = {key: order for key, order in self._epochs.items() if key[0] == seed and key[1] >= first}
        orders = np.full((self.shape[0], self.shape[1] * self.shape[2]), -1, dtype=np.int32)
        for index in range(filled):
            key = (seed, first + index)
            if key not in self._epochs:
                self._epochs[key] = order(*key, self.rows)
            orders[index, : self.rows] = self._epochs[key]
        return _EpochOrders(seed, first, filled, tf.constant(orders.reshape(self.shape)))


class _EpochOrders(NamedTuple):
    seed: int
    first: int
    filled: int
    orders: Any

    def holds(self, seed: int, first: int, filled: int) -> bool:
        return (self.seed, self.first) == (seed, first) and filled <= self.filled


_helper = ThreadPoolExecutor(1, thread_name_prefix="nnviz-order")
