"""The costs and gradients of one batch, as the compiled loop has them within a step."""

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.loop.loop import Loop
from nnviz.engine.loop.session import Session
from nnviz.engine.network import regularization
from nnviz.engine.network.stateless_random import Moment, rng_algorithm


class BatchGradients:
    """The first half of the loop's step, under the same compiler with the same random numbers: what it does not give back."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self._function = tf.function(self._costs, jit_compile=loop._xla, autograph=False)

    def __call__(
        self, x: NDArray[np.float32], y: NDArray[Any], *, seed: int, step: int
    ) -> tuple[NDArray[np.float32], Any, float, list[NDArray[np.float32]]]:
        """For the rows of a batch their costs (b,) and raw outputs, the penalty, the gradients by variable."""
        count = len(y)
        self.loop.parameters.load()
        costs, logits, penalized, gradients = self._function(*step_inputs(self.loop, x, y, seed=seed, step=step))
        return (costs.numpy()[:count], logits[:count], float(penalized), [gradient.numpy() for gradient in gradients])

    def _costs(self, x: Any, y: Any, count: Any, seed: Any, step: Any, live: Any) -> Any:
        loop, network = self.loop, self.loop.network
        mask = None if loop._even else tf.cast(tf.range(loop.batch) < count, tf.float32)
        values = loop.parameters.values()
        with (
            loop.live.used(live),
            tf.GradientTape(watch_accessed_variables=False) as tape,
            loop.parameters.used(values),
            rng_algorithm(xla=loop._xla),
        ):
            tape.watch(values)
            logits = network.logits(x, training=True, at=Moment(seed, step), mask=mask)
            each = network.cost.calculate(y, logits, reduction="none")
            penalty = tf.convert_to_tensor(regularization.penalty(network) if regularization.has_any(network) else 0.0)
            objective = tf.reduce_sum(each if mask is None else each * mask) / tf.cast(count, tf.float32) + penalty
        gradients = [tf.convert_to_tensor(gradient) for gradient in tape.gradient(objective, values)]
        return each, logits, penalty, loop.frozen.gradients(gradients)


def step_inputs(loop: Loop, x: NDArray[np.float32], y: NDArray[Any], *, seed: int, step: int) -> tuple[Any, ...]:
    """A batch as the loop has it: rows, targets, how many of them count, seed, step, live numbers. A short batch is filled up
    with its first row, which weighs nothing."""
    filled = np.concatenate([np.arange(len(y)), np.zeros(loop.batch - len(y), int)])
    return (
        tf.constant(x[filled]),
        tf.constant(y[filled]),
        tf.constant(len(y), tf.int32),
        tf.constant(seed, tf.int64),
        tf.constant(step, tf.int64),
        tf.constant(loop.live.vector),
    )


_OF_SESSIONS: WeakKeyDictionary[Session, BatchGradients] = WeakKeyDictionary()


def of(session: Session) -> BatchGradients:
    """Of a session's loop, compiled once: the next call answers at once."""
    if session not in _OF_SESSIONS:
        _OF_SESSIONS[session] = BatchGradients(session.loop)
    return _OF_SESSIONS[session]
