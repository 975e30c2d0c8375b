"""Metrics of many rows from sums over their batches."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network.blocks import Block
from nnviz.engine.network.network import Network

Sums = NDArray[np.float64]
CACHE_BYTES = 1 << 23
"""What the input and the output of a layer may take, for all rows of a block: they stay in the cache that cores share."""
LEAST_BLOCK, MOST_BLOCK = 256, 8192
"""Rows of a block: with fewer, an operation takes hardly longer to do than to start."""
MOST_BYTES = 1 << 27
"""Of the same, where `LEAST_BLOCK` rows would take more: then a block has fewer."""


def width(network: Network) -> int:
    """How many sums a part has: loss and right answers, or loss and for each target the absolute and squared misses."""
    return 2 if network.cost.task == "classification" else 1 + 2 * network.cost.outputs


def sums(network: Network, x: Any, y: Any, *, sizes: tuple[int, ...] = ()) -> Any:
    """In the graph: the sums over some rows in inference mode, float32 (width,); with `sizes` those of consecutive
    parts of so many rows, one after another: one pass compiles faster than one a part."""
    values = _of_rows(network, x, y)
    if not sizes:
        return tf.reduce_sum(values, 0)
    # One product with which rows belong to which part: a sum by itself for each part compiles to three times the kernels.
    parts = np.repeat(np.eye(len(sizes), dtype=np.float32), sizes, axis=1)
    return tf.reshape(tf.matmul(tf.constant(parts), values), [-1])


def in_blocks(network: Network, x: Any, y: Any, *, rows: NDArray[np.int32], sizes: Sequence[int], block: int) -> Any:
    """In the graph: as `sums` for `x[rows]`, consecutive parts of `sizes` rows; at most `block` rows at a time, so that what a
    layer gives is still in the cache when the next one takes it."""
    count = math.ceil(len(rows) / block)
    block = math.ceil(len(rows) / count)
    # what fills the last block belongs to no part
    numbers = tf.constant(np.append(rows, np.full(count * block - len(rows), rows[0], np.int32)).reshape(count, block))
    stops = np.cumsum(sizes, dtype=np.int32)[:, None]
    starts = stops - np.array(sizes, np.int32)[:, None]

    def add(index: Any, total: Any) -> Any:
        these = tf.gather(numbers, index)
        values = _of_rows(network, tf.gather(x, these), tf.gather(y, these))
        places = (index * block + tf.range(block))[None]
        parts = tf.cast((places >= starts) & (places < stops), tf.float32)
        return index + 1, total + tf.cast(tf.matmul(parts, values), tf.float64)

    _, total = tf.while_loop(
        lambda index, _: tf.less(index, count), add, (tf.constant(0), tf.zeros([len(sizes), width(network)], tf.float64))
    )
    return tf.reshape(tf.cast(total, tf.float32), [-1])


def _of_rows(network: Network, x: Any, y: Any) -> Any:
    """What each row adds to the sums, float32 (n, width)."""
    logits = network.logits(x)
    columns = [network.cost.calculate(y, logits, reduction="none")[:, None]]
    if network.cost.task == "classification":
        columns.append(tf.cast(tf.equal(network.cost.picked(logits), y), tf.float32)[:, None])
    else:
        miss = network.cost.transform(logits) - y
        columns += [tf.abs(miss), tf.square(miss)]
    return tf.concat(columns, 1)


def metrics(totals: Sums, y: NDArray[Any], *, scale: NDArray[np.float32], classification: bool) -> dict[str, float]:
    """`loss` and `accuracy`, or `loss`, `mae`, `rmse` and `r2` (means over the targets) in the target's own unit.

    `y` (scaled as in training) gives r2 what there is to explain. It is the mean over the targets that vary; where none
    does (one row, or rows of one value) r2 is not defined and left out."""
    rows = len(y)
    if classification:
        return {"loss": float(totals[0] / rows), "accuracy": float(totals[1] / rows)}
    own = np.asarray(scale, dtype=np.float64)
    targets = y.shape[1]
    absolute, squared = totals[1 : 1 + targets], totals[1 + targets :]
    together = {
        "loss": float(totals[0] / rows),
        "mae": float(np.mean(absolute * own) / rows),
        "rmse": float(np.sqrt(np.mean(squared * own**2) / rows)),
    }
    varies = y.max(axis=0) > y.min(axis=0)
    if not varies.any():
        return together
    spread: Sums = np.sum(np.square(y - y.mean(axis=0, dtype=np.float64)), axis=0, dtype=np.float64)
    return together | {"r2": float(np.mean(1 - squared[varies] / spread[varies]))}


class Scorer:
    """Metrics of any number of rows, batch by batch in one compiled function of its own."""

    def __init__(self, network: Network, *, batch_size: int) -> None:
        self.network = network
        self.batch_size = batch_size
        target = (
            tf.TensorSpec((None,), tf.int32)
            if network.cost.task == "classification"
            else tf.TensorSpec((None, network.cost.outputs), tf.float32)
        )
        self._sums = tf.function(
            lambda x, y: sums(network, x, y),
            autograph=False,
            input_signature=[tf.TensorSpec((None, *network.shape), tf.float32), target],
        )

    def __call__(
        self, x: NDArray[np.float32], y: NDArray[Any], *, scale: NDArray[np.float32], rows: NDArray[np.int32] | None = None
    ) -> dict[str, float]:
        """`loss` and `accuracy`, or `loss`, `mae`, `rmse` and, where it is defined, `r2`, of all rows or of those whose numbers
        `rows` gives; see `metrics`."""
        total = np.zeros(width(self.network))
        wanted = y if rows is None else y[rows]
        for at in range(0, len(wanted), self.batch_size):
            stop = at + self.batch_size
            total += self._sums(x[at:stop] if rows is None else x[rows[at:stop]], wanted[at:stop]).numpy()
        return metrics(total, wanted, scale=scale, classification=self.network.cost.task == "classification")


def block_rows(network: Network) -> int:
    """Rows of a block of an evaluation: as many as let the widest layer's input and output stay in the cache."""
    row = 4 * max((before + after for before, after in _every_width(network)), default=2 * math.prod(network.shape))
    return max(1, min(MOST_BLOCK, max(CACHE_BYTES // row, min(LEAST_BLOCK, MOST_BYTES // row))))


def widest(network: Network) -> int:
    """Numbers a row of the input or the layer that has the most."""
    return max((width for widths in _every_width(network) for width in widths), default=math.prod(network.shape))


def _every_width(network: Network) -> Iterator[tuple[int, int]]:
    return _widths(network.stack, (None, *network.shape))


def _widths(layers: Sequence[Any], size: tuple[int | None, ...]) -> Iterator[tuple[int, int]]:
    """Numbers a row that each layer takes and gives, those within a block included; `size` (None, ...) of the first input."""
    for layer in layers:
        for inner in layer.lists if isinstance(layer, Block) else ():
            yield from _widths(inner, size)
        after = tuple(layer.compute_output_shape(size))
        yield _values(size), _values(after)
        size = after


def _values(size: Sequence[int | None]) -> int:
    return math.prod(count or 1 for count in size[1:])


def prefixed(scores: Mapping[str, float], part: str) -> dict[str, float]:
    """Names as they are recorded: bare for training rows, `val_` and `test_` for the others."""
    prefix = {"train": "", "validation": "val_", "test": "test_"}[part]
    return {f"{prefix}{name}": value for name, value in scores.items()}
