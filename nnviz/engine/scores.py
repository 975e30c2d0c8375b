"""Metrics of many rows from sums over their batches."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network import Network

Sums = NDArray[np.float64]


def width(network: Network) -> int:
    """How many sums a part has: loss and right answers, or loss and for each target the absolute and squared misses."""
    return 2 if network.cost.task == "classification" else 1 + 2 * network.cost.outputs


def sums(network: Network, x: Any, y: Any, *, sizes: tuple[int, ...] = ()) -> Any:
    """In the graph: the sums over some rows in inference mode, float32 (width,); with `sizes` those of consecutive
    parts of so many rows, one after another: one pass compiles faster than one a part."""
    logits = network.logits(x)
    columns = [network.cost.calculate(y, logits, reduction="none")[:, None]]
    if network.cost.task == "classification":
        columns.append(tf.cast(tf.equal(network.cost.picked(logits), y), tf.float32)[:, None])
    else:
        miss = network.cost.transform(logits) - y
        columns += [tf.abs(miss), tf.square(miss)]
    values = tf.concat(columns, 1)
    if not sizes:
        return tf.reduce_sum(values, 0)
    # One product with which rows belong to which part: a sum by itself for each part compiles to three times the kernels.
    parts = np.repeat(np.eye(len(sizes), dtype=np.float32), sizes, axis=1)
    return tf.reshape(tf.matmul(tf.constant(parts), values), [-1])


def metrics(found: Sums, y: NDArray[Any], *, scale: NDArray[np.float32], classification: bool) -> dict[str, float]:
    """`loss` and `accuracy`, or `loss`, `mae`, `rmse` and `r2` (means over the targets) in the target's own unit.

    `y` (scaled as in training) gives r2 what there is to explain. It is the mean over the targets that vary; where none
    does (one row, or rows of one value) r2 is not defined and left out."""
    rows = len(y)
    if classification:
        return {"loss": float(found[0] / rows), "accuracy": float(found[1] / rows)}
    own = np.asarray(scale, dtype=np.float64)
    targets = y.shape[1]
    absolute, squared = found[1:1 + targets], found[1 + targets:]
    together = {"loss": float(found[0] / rows), "mae": float(np.mean(absolute * own) / rows),
                "rmse": float(np.sqrt(np.mean(squared * own**2) / rows))}
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
        target = (tf.TensorSpec((None,), tf.int32) if network.cost.task == "classification"
                  else tf.TensorSpec((None, network.cost.outputs), tf.float32))
        self._sums = tf.function(lambda x, y: sums(network, x, y), autograph=False,
                                 input_signature=[tf.TensorSpec((None, *network.shape), tf.float32), target])

    def __call__(self, x: NDArray[np.float32], y: NDArray[Any], *, scale: NDArray[np.float32]) -> dict[str, float]:
        """`loss` and `accuracy`, or `loss`, `mae`, `rmse` and, where it is defined, `r2`; see `metrics`."""
        total = np.zeros(width(self.network))
        for at in range(0, len(y), self.batch_size):
            total += self._sums(x[at:at + self.batch_size], y[at:at + self.batch_size]).numpy()
        return metrics(total, y, scale=scale, classification=self.network.cost.task == "classification")


def prefixed(found: Mapping[str, float], part: str) -> dict[str, float]:
    """Names as they are recorded: bare for training rows, `val_` and `test_` for the others."""
    prefix = {"train": "", "validation": "val_", "test": "test_"}[part]
    return {f"{prefix}{name}": value for name, value in found.items()}
