"""Training on rows that do not stand in memory: those of the next steps are gathered into a block by a thread, while the
compiled loop works on the block before."""

import math
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.loop.loop import MOST_STEPS, Chunk, Loop
from nnviz.engine.loop.shuffle import order
from nnviz.engine.network.network import Network

BLOCK_BYTES = 1 << 24
"""Input values of one block."""
ORDERS = 2
"""Epochs whose order of the rows is kept."""
Block = tuple[Any, Any, Any]


def outside_memory(x: Any) -> bool:
    """Whether the rows of `x` are gathered in blocks: a memory map, or another thing that is indexed like an array."""
    return isinstance(x, np.memmap) or not isinstance(x, np.ndarray)


class BlockLoop(Loop):
    """A Loop whose rows come in blocks of as many steps as fit into `BLOCK_BYTES`: the same steps on the same rows, so the
    same weights bit for bit. `x`: anything with `shape`, `dtype` and an index by row numbers; `y`: an array (n, ...)."""

    def __init__(self, network: Network, optimizer_spec: Any, *, x: Any, y: Any, batch_size: int, xla: bool) -> None:
        super().__init__(network, optimizer_spec, x=x, y=y, sizes=(len(y),), batch_size=batch_size, xla=xla, inner=False)
        width = 4 * math.prod(x.shape[1:])
        self.most = self._span = max(1, min(MOST_STEPS[xla], BLOCK_BYTES // (self.batch * width)))
        self._epochs = 1
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="nnviz-rows")
        self._blocks: dict[tuple[int, int], Future[Block]] = {}
        self._orders_by_epoch: dict[tuple[int, int], NDArray[np.int32]] = {}

    def use(self, x: Any, y: Any) -> None:
        super().use(x, y)
        self._forget()

    def follow(self, calendar: Calendar) -> None:
        super().follow(calendar)
        self._forget()

    def reach(self, start: int) -> int:
        first = self.calendar.step0
        return first + ((start - first) // self._span + 1) * self._span

    def run(self, start: int, stop: int, *, seed: int, rate: float, record_every: int, keep: Sequence[int] = ()) -> Chunk:
        """As `Loop.run`, within one block."""
        number = (start - self.calendar.step0) // self._span
        block = self._block(seed, number) if stop > start else self._empty()
        segments = self._segments(start, sorted({stop, *keep}), set(), set(keep))
        return self._call(start, stop, segments, len(keep), *block, seed=seed, rate=rate)

    def _block(self, seed: int, number: int) -> Block:
        """The block, and the next one under way."""
        wanted = [(seed, number), (seed, number + 1)]
        for key in [key for key in self._blocks if key not in wanted]:
            self._blocks.pop(key).cancel()
        for key in wanted:
            if key not in self._blocks:
                self._blocks[key] = self._reader.submit(self._gather, *key)
        return self._blocks[wanted[0]].result()

    def _gather(self, seed: int, number: int) -> Block:
        """The rows of the block's steps, one batch after another, and where each step's rows stand in it (-1: none)."""
        rows = np.full((self._span, self.batch), -1, np.int32)
        for place in range(self._span):
            epoch, step = divmod(number * self._span + place, self.steps_per_epoch)
            batch = self._order_of(seed, self.calendar.epoch0 + epoch)[step * self.batch : (step + 1) * self.batch]
            rows[place, : len(batch)] = batch
        places = np.where(rows >= 0, np.arange(rows.size, dtype=np.int32).reshape(rows.shape), -1)
        picked = np.maximum(rows.ravel(), 0)
        x, y = self.data
        return (tf.constant(places[None]), tf.constant(np.asarray(x[picked], np.float32)), tf.constant(np.asarray(y[picked])))

    def _order_of(self, seed: int, epoch: int) -> NDArray[np.int32]:
        key = (seed, epoch)
        if key not in self._orders_by_epoch:
            while len(self._orders_by_epoch) >= ORDERS:
                self._orders_by_epoch.pop(next(iter(self._orders_by_epoch)))
            self._orders_by_epoch[key] = order(seed, epoch, self.rows)
        return self._orders_by_epoch[key]

    def _empty(self) -> Block:
        x, y = self.data
        count = self._span * self.batch
        return (
            tf.fill([1, self._span, self.batch], tf.constant(0, tf.int32)),
            tf.zeros([count, *x.shape[1:]]),
            tf.zeros([count, *y.shape[1:]], y.dtype),
        )

    def _forget(self) -> None:
        for block in self._blocks.values():
            block.cancel()
        self._blocks.clear()
