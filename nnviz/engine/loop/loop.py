"""The training loop: one compiled function that does any number of steps a call."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.loop import optimizers, parameters
from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.loop.frozen_units import FrozenUnits
from nnviz.engine.loop.live_scalars import LiveScalars
from nnviz.engine.loop.packed_state import Layout
from nnviz.engine.loop.shuffle import Orders
from nnviz.engine.metrics import streaming
from nnviz.engine.network import regularization
from nnviz.engine.network.network import Network, Weights
from nnviz.engine.network.stateless_random import Moment, rng_algorithm

MOST_STEPS = {True: 8192, False: 256}
"""Steps of one call, with XLA and without: what each step may write is made before the first, which without XLA takes time."""
MOST_ROWS = 2**19
"""Rows in all batches of one call."""
MOST_SNAPSHOTS, SNAPSHOT_BYTES = 64, 2**16
"""States kept within one call, and up to which size a state is: a larger one is worth a call of its own."""


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """What one call gave: `loss` and `right` (share of right answers) float32 of every step; `sums` (e, ...) of the
    epochs that were due for evaluation in it, training rows first, then validation rows, then the penalty of the weights
    where any are regularized; `rate` the learning rate of every step, or None where the spec has no schedule; `snapshots`
    the network's weights and the optimizer's slots at the steps that were asked for."""

    loss: NDArray[np.float32]
    right: NDArray[np.float32]
    sums: NDArray[np.float32]
    rate: NDArray[np.float32] | None = None
    snapshots: tuple[tuple[Weights, Weights], ...] = ()


class Segment(NamedTuple):
    """Steps of one call that end together, a row of int32 for the compiled function; steps counted from the call's first.

    `end`: after which step it ends; `order`: where the order of its epoch's rows stands among those of the call; `origin`: at
    which step that epoch began; `is_due`: whether its end is evaluated; `is_snapshot`: whether the state there is kept."""

    end: Any
    order: Any
    origin: Any
    is_due: Any
    is_snapshot: Any


class Loop:
    """Trains a network. Step, seed, learning rate, the numbers of `live` and how often to evaluate are inputs of the
    compiled function: a new value never compiles again.

    The batches' rows are gathered in the graph from tensors on the device. The last batch of an epoch may be short: it
    is filled up, and what fills it weighs nothing. `x`, `y`: training rows, then validation rows, as many as `sizes`
    says. `inner`: whether epochs are evaluated inside the function, with `block` so many rows at a time, with `sample` on
    those of the training rows. `calendar`: which epochs the steps belong to."""

    def __init__(
        self,
        network: Network,
        optimizer_spec: Any,
        *,
        x: Any,
        y: Any,
        sizes: tuple[int, ...],
        batch_size: int,
        xla: bool,
        inner: bool,
        block: int | None = None,
        sample: NDArray[np.int32] | None = None,
    ) -> None:
        self.network = network
        self.spec = optimizer_spec
        self.optimizer = optimizers.make(optimizer_spec)
        self.parameters = parameters.of(network, optimizer_spec)
        self.optimizer.build(self.parameters.variables)
        self.live = LiveScalars(network, self.optimizer)
        self.frozen = FrozenUnits(network, self.parameters, self.optimizer)
        self.rows = sizes[0]
        self.batch = min(batch_size, self.rows)
        self.steps_per_epoch = math.ceil(self.rows / self.batch)
        self.calendar = Calendar(self.steps_per_epoch)
        self.most = max(1, min(MOST_STEPS[xla], MOST_ROWS // self.batch))
        self._epochs = self.most // self.steps_per_epoch + 2
        self._span = self.steps_per_epoch
        self._even = self.steps_per_epoch * self.batch == self.rows
        self._inner = inner
        self._xla = xla
        self.layout = Layout(network, self.parameters, self.optimizer)
        fits = xla and self.layout.is_possible and 4 * self.layout.width <= SNAPSHOT_BYTES
        self.most_snapshots = MOST_SNAPSHOTS if fits else 0
        self._penalized = regularization.has_any(network)
        self._sizes = sizes
        self._block_rows, self._sample = block, sample
        self.data = (x, y)
        self._orders = Orders(self.rows, count=self._epochs, steps=self.steps_per_epoch, batch=self.batch)
        self._function = tf.function(self._steps, jit_compile=xla, autograph=False)
        self._traced: Any = None
        self._fresh = self.slots

    def reset(self) -> None:
        """Put the optimizer back to before its first step."""
        self.slots = self._fresh
        self.live.reset()
        self.follow(Calendar(self.steps_per_epoch))

    def follow(self, calendar: Calendar) -> None:
        """Count epochs by a calendar with as many steps an epoch as this loop has."""
        self.calendar = calendar

    @property
    def slots(self) -> Weights:
        """Copies of the optimizer's variables."""
        return [np.array(variable.numpy()) for variable in self.optimizer.variables]

    @slots.setter
    def slots(self, values: Weights) -> None:
        for variable, value in zip(self.optimizer.variables, values, strict=True):
            variable.assign(value)

    def average(self) -> None:
        """Put the optimizer's moving averages in the place of the parameters: for good, after the last step."""
        self.optimizer.finalize_variable_values(self.parameters.variables)
        self.parameters.store()

    def use(self, x: Any, y: Any) -> None:
        """Train on other rows, as many as before."""
        self.data = (x, y)

    def reach(self, start: int) -> int:
        """Up to which step one call from `start` can go."""
        return start + self.most

    def run(self, start: int, stop: int, *, seed: int, rate: float, record_every: int, keep: Sequence[int] = ()) -> Chunk:
        """Do the steps from `start` up to `stop`, at most `most`; none at all compiles ahead. `keep`: after how many steps
        to keep the state, rising, at most `most_snapshots`."""
        calendar = self.calendar
        first = calendar.epoch(start)
        last = calendar.epoch(stop - 1) if stop > start else first
        ends = {calendar.step(epoch) for epoch in range(first + 1, last + 1)} | {stop} | set(keep)
        due = {end for end in ends if calendar.is_between(end) and calendar.epoch(end) % record_every == 0}
        segments = self._segments(start, sorted(ends), due, set(keep))
        filled = max(0, math.ceil(calendar.share(stop)) - first)
        orders = self._orders.batches(seed, first, filled, then=calendar.epoch(stop))
        return self._call(start, stop, segments, len(keep), orders, *self.data, seed=seed, rate=rate)

    def _segments(self, start: int, ends: Sequence[int], due: set[int], keep: set[int]) -> NDArray[np.int32]:
        """int32 (n, 5), a `Segment` a row. `_span` steps make an epoch or block; the one of `start` is the first in `orders`."""
        segments = np.zeros((self._epochs + self.most_snapshots, len(Segment._fields)), np.int32)
        first, before = self.calendar.step0, start
        for place, end in enumerate(ends):
            span = (before - first) // self._span
            segments[place] = Segment(
                end=end - start,
                order=span - (start - first) // self._span,
                origin=first + span * self._span - start,
                is_due=end in due,
                is_snapshot=end in keep,
            )
            before = end
        return segments

    def _call(
        self,
        start: int,
        stop: int,
        segments: NDArray[np.int32],
        snapshot_count: int,
        orders: Any,
        x: Any,
        y: Any,
        *,
        seed: int,
        rate: float,
    ) -> Chunk:
        """One call of the compiled function; see `_steps`."""
        inputs = (
            tf.constant(stop - start, tf.int32),
            tf.constant(start, tf.int64),
            tf.constant(seed, tf.int64),
            tf.constant(rate, tf.float32),
            tf.constant(self.live.vector),
            tf.constant(segments),
            orders,
            x,
            y,
        )
        if self._traced is None:  # once: comparing what is given with what was given before takes 2 ms
            self._traced = self._function.get_concrete_function(*inputs)
        self.parameters.load()
        steps, evaluated, snapshots = self._traced(*inputs)
        self.parameters.store()
        steps = steps.numpy()[: stop - start]
        return Chunk(
            loss=steps[:, 0],
            right=steps[:, 1],
            sums=evaluated.numpy()[segments[:, Segment._fields.index("is_due")] > 0],
            rate=steps[:, 2] if self.spec.schedule is not None else None,
            snapshots=tuple(self.layout.unpacked(row) for row in snapshots.numpy()[:snapshot_count]) if snapshot_count else (),
        )

    def _steps(self, count: Any, start: Any, seed: Any, rate: Any, live: Any, segments: Any, orders: Any, x: Any, y: Any) -> Any:
        """`count` steps (int32) from step `start` (int64), in segments (see `_segments`) that end where an epoch does or a
        state is to be kept."""
        width = streaming.width(self.network) * len(self._sizes) + self._penalized
        losses = tf.TensorArray(tf.float32, self.most, element_shape=(2 if self.spec.schedule is None else 3,))
        evaluated = tf.TensorArray(tf.float32, segments.shape[0], element_shape=(width,))
        # written at every segment's end, and gone on from where the state was to be kept: the last place takes what is left over
        snapshots = tf.TensorArray(
            tf.float32, self.most_snapshots + 1, element_shape=(self.layout.width if self.most_snapshots else 1,)
        )

        def segment(done: Any, index: Any, losses: Any, evaluated: Any, snapshots: Any, place: Any) -> Any:
            # Neither orders[...] nor a slice: XLA would take what the index is made of for constants and compile anew at
            # every call.
            row = tf.gather(segments, index)
            this = Segment(*(row[column] for column in range(len(Segment._fields))))
            order = tf.gather(orders, this.order)

            def one(done: Any, losses: Any) -> Any:
                rows = tf.gather(order, done - this.origin)
                metrics = self._step(x, y, rows, Moment(seed, start + tf.cast(done, tf.int64)), rate, live)
                return done + 1, losses.write(done, metrics)

            done, losses = tf.while_loop(lambda done, _: tf.less(done, this.end), one, (done, losses))
            if self._inner:
                sums = tf.cond(this.is_due > 0, lambda: self._sums(x, y, live), lambda: tf.zeros([width]))
                evaluated = evaluated.write(index, sums)
            if self.most_snapshots:
                snapshots = snapshots.write(place, self.layout.packed())
                place += this.is_snapshot
            return done, index + 1, losses, evaluated, snapshots, place

        _, _, losses, evaluated, snapshots, _ = tf.while_loop(
            lambda done, *_: tf.less(done, count),
            segment,
            (tf.constant(0), tf.constant(0), losses, evaluated, snapshots, tf.constant(0)),
        )
        return losses.stack(), evaluated.stack(), snapshots.stack()

    def _sums(self, x: Any, y: Any, live: Any) -> Any:
        with self.live.used(live), self.parameters.used(self.parameters.values()):
            sums = self._part_sums(x, y)
            return tf.concat([sums, [regularization.penalty(self.network)]], 0) if self._penalized else sums

    def _part_sums(self, x: Any, y: Any) -> Any:
        if self._block_rows is None:
            return streaming.sums(self.network, x, y, sizes=self._sizes)
        train = np.arange(self.rows, dtype=np.int32) if self._sample is None else self._sample
        others = np.arange(self.rows, sum(self._sizes), dtype=np.int32)
        return streaming.in_blocks(
            self.network, x, y, rows=np.append(train, others), sizes=(len(train), *self._sizes[1:]), block=self._block_rows
        )

    def _step(self, x: Any, y: Any, rows: Any, at: Moment, rate: Any, live: Any) -> Any:
        with self.live.used(live):
            return self._one_step(x, y, rows, at, rate)

    def _one_step(self, x: Any, y: Any, rows: Any, at: Moment, rate: Any) -> Any:
        network = self.network
        if self._even:
            mask, count = None, float(self.batch)
        else:
            mask = tf.cast(rows >= 0, tf.float32)
            count = tf.reduce_sum(mask)
            rows = tf.maximum(rows, 0)
        batch_y = tf.gather(y, rows)
        values = self.parameters.values()
        with tf.GradientTape(watch_accessed_variables=False) as tape, self.parameters.used(values), rng_algorithm(xla=self._xla):
            tape.watch(values)
            logits = network.logits(tf.gather(x, rows), training=True, at=at, mask=mask)
            each = network.cost.calculate(batch_y, logits, reduction="none")
            loss = tf.reduce_sum(each if mask is None else each * mask) / count
            objective = loss + regularization.penalty(network) if self._penalized else loss
        gradients = self.frozen.gradients([tf.convert_to_tensor(gradient) for gradient in tape.gradient(objective, values)])
        rate = optimizers.rate_at(self.spec, rate, at.step)
        self.optimizer._learning_rate.assign(rate)
        self.frozen.apply(self.parameters.gradients(gradients))
        used = [] if self.spec.schedule is None else [rate]
        if network.cost.task == "regression":
            return tf.stack([loss, 0.0, *used])
        right = tf.cast(tf.equal(network.cost.picked(logits), batch_y), tf.float32)
        return tf.stack([loss, tf.reduce_sum(right if mask is None else right * mask) / count, *used])
