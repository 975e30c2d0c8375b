"""The training loop: one compiled function that does any number of steps a call."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine import optimizers, scores
from nnviz.engine.layers import Moment
from nnviz.engine.network import Network
from nnviz.engine.order import batches

MOST_STEPS = 4096
MOST_ROWS = 2**19
"""Limits of one call: steps, and rows in all its batches."""


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """What one call gave: `loss` and `right` (share of right answers) float32 of every step; `sums` (e, ...) of the
    epochs that were evaluated in it, training rows first, then validation rows."""

    loss: NDArray[np.float32]
    right: NDArray[np.float32]
    sums: NDArray[np.float32]


class Loop:
    """Trains a network. Step, seed, learning rate and how often to evaluate are inputs of the compiled function: a new
    value never compiles again.

    The batches' rows are gathered in the graph from tensors on the device. The last batch of an epoch may be short: it
    is filled up, and what fills it weighs nothing. `x`, `y`: training rows, then validation rows, as many as `sizes`
    says. `inner`: whether epochs are evaluated inside the function."""

    def __init__(self, network: Network, optimizer_spec: Any, *, x: Any, y: Any, sizes: tuple[int, ...],
                 batch_size: int, xla: bool, inner: bool) -> None:
        self.network = network
        self.spec = optimizer_spec
        self.optimizer = optimizers.make(optimizer_spec)
        self.optimizer.build(network.trainable_variables)
        self.rows = sizes[0]
        self.batch = min(batch_size, self.rows)
        self.steps_per_epoch = math.ceil(self.rows / self.batch)
        self.most = max(1, min(MOST_STEPS, MOST_ROWS // self.batch))
        self._epochs = self.most // self.steps_per_epoch + 2
        self._length = self.steps_per_epoch * self.batch
        self._even = self._length == self.rows
        self._inner = inner
        self._sizes = sizes
        self._data = (x, y)
        self._order: tuple[tuple[int, int, int], Any] | None = None
        self._function = tf.function(self._steps, jit_compile=xla, autograph=False)
        self._fresh = [np.array(variable.numpy()) for variable in self.optimizer.variables]

    def reset(self) -> None:
        """Put the optimizer back to before its first step."""
        for variable, value in zip(self.optimizer.variables, self._fresh, strict=True):
            variable.assign(value)

    def use(self, x: Any, y: Any) -> None:
        """Train on other rows, as many as before."""
        self._data = (x, y)

    def run(self, start: int, stop: int, *, seed: int, rate: float, record_every: int) -> Chunk:
        """Do the steps from `start` up to `stop`, at most `most`; none at all compiles ahead."""
        loss, right, found, count = self._function(
            tf.constant(start, tf.int64), tf.constant(stop, tf.int64), tf.constant(seed, tf.int64),
            tf.constant(rate, tf.float32), tf.constant(record_every, tf.int64), self._orders(seed, start, stop),
            *self._data)
        done = stop - start
        return Chunk(loss=loss.numpy()[:done], right=right.numpy()[:done], sums=found.numpy()[:int(count)])

    def _orders(self, seed: int, start: int, stop: int) -> Any:
        first = start // self.steps_per_epoch
        filled = max(0, math.ceil(stop / self.steps_per_epoch) - first)
        key = (seed, first, filled)
        if self._order is None or self._order[0] != key:
            array = batches(seed, first, self._epochs, self.rows, self._length, filled=filled)
            self._order = (key, tf.constant(array))
        return self._order[1]

    def _steps(self, start: Any, stop: Any, seed: Any, rate: Any, record_every: Any, orders: Any, x: Any,
               y: Any) -> Any:
        per_epoch = tf.constant(self.steps_per_epoch, tf.int64)
        width = scores.width(self.network) * len(self._sizes)
        losses = tf.TensorArray(tf.float32, self.most, element_shape=(2,))
        evaluated = tf.TensorArray(tf.float32, self._epochs, element_shape=(width,))

        def epoch(step: Any, count: Any, losses: Any, evaluated: Any) -> Any:
            number = step // per_epoch
            # Neither orders[...] nor a slice: XLA would take `start` for a constant and compile anew at every call.
            order = tf.gather(orders, tf.cast(number - start // per_epoch, tf.int32))
            end = tf.minimum(stop, (number + 1) * per_epoch)

            def one(step: Any, losses: Any) -> Any:
                at = tf.cast(step - number * per_epoch, tf.int32) * self.batch
                rows = tf.slice(order, [at], [self.batch])
                found = self._step(x, y, rows, Moment(seed, step), rate)
                return step + 1, losses.write(tf.cast(step - start, tf.int32), found)

            step, losses = tf.while_loop(lambda step, _: tf.less(step, end), one, (step, losses))
            if self._inner:
                ended = (number + 1) * per_epoch
                due = tf.logical_and(tf.equal(step, ended), tf.equal((number + 1) % record_every, 0))
                found = tf.cond(due, lambda: scores.sums(self.network, x, y, sizes=self._sizes),
                                lambda: tf.zeros([width]))
                evaluated = evaluated.write(count, found)
                count = count + tf.cast(due, tf.int32)
            return step, count, losses, evaluated

        _, count, losses, evaluated = tf.while_loop(
            lambda step, *_: tf.less(step, stop), epoch, (start, tf.constant(0), losses, evaluated))
        found = losses.stack()
        return found[:, 0], found[:, 1], evaluated.stack(), count

    def _step(self, x: Any, y: Any, rows: Any, at: Moment, rate: Any) -> Any:
        network = self.network
        if self._even:
            mask, count = None, float(self.batch)
        else:
            mask = tf.cast(rows >= 0, tf.float32)
            count = tf.reduce_sum(mask)
            rows = tf.maximum(rows, 0)
        batch_y = tf.gather(y, rows)
        variables = [variable.value for variable in network.trainable_variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(variables)
            logits = network.logits(tf.gather(x, rows), training=True, at=at, mask=mask)
            each = network.cost.calculate(batch_y, logits, reduction="none")
            loss = tf.reduce_sum(each if mask is None else each * mask) / count
        gradients = tape.gradient(loss, variables)
        self.optimizer._learning_rate.assign(optimizers.rate_at(self.spec, rate, at.step))
        self.optimizer.apply(gradients)
        if network.cost.task == "regression":
            return tf.stack([loss, 0.0])
        right = tf.cast(tf.equal(network.cost.picked(logits), batch_y), tf.float32)
        return tf.stack([loss, tf.reduce_sum(right if mask is None else right * mask) / count])
