"""The gradient of the objective over some rows, and the update that the optimizer would make of it."""

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.loop import optimizers
from nnviz.engine.loop.session import Session
from nnviz.engine.network import regularization

Arrays = list[NDArray[np.float32]]


class NextUpdate(NamedTuple):
    """`gradients` and `updates` (weights after minus before, in float32) by trained variable; `rate`: the learning rate of this
    step, after a schedule; `loss`: the mean cost, `penalty` of the regularizers: the gradients are of their sum."""

    gradients: Arrays
    updates: Arrays
    rate: float
    loss: float
    penalty: float


def next_update(session: Session, x: NDArray[np.float32], y: NDArray[Any], *, step: int, rate: float) -> NextUpdate:
    """Of a session that holds weights and optimizer as they are after `step` steps; it does so again afterwards.

    x (n, ...), y: rows, taken as in prediction: dropout off, normalization by moving averages. `rate`: the optimizer's, before a
    schedule. Where the optimizer gathers gradients over several steps, all of them are taken to be this one."""
    if session not in _FUNCTIONS:
        _FUNCTIONS[session] = tf.function(_Traced(session.loop), autograph=False)
    loop, network = session.loop, session.network
    weights, slots = network.values, loop.slots
    loop.parameters.load()
    before = [variable.numpy() for variable in network.trainable_variables]
    try:
        scalars, gradients = _FUNCTIONS[session](
            tf.constant(x),
            tf.constant(y),
            tf.constant(step, tf.int64),
            tf.constant(rate, tf.float32),
            tf.constant(loop.live.vector),
        )
        loop.parameters.store()
        after = [variable.numpy() for variable in network.trainable_variables]
    finally:
        network.values, loop.slots = weights, slots
        loop.parameters.load()
    loss, penalty, used = (float(number) for number in scalars)
    return NextUpdate(
        gradients=[gradient.numpy() for gradient in gradients],
        updates=[new - old for new, old in zip(after, before, strict=True)],
        rate=used,
        loss=loss,
        penalty=penalty,
    )


class _Traced:
    """As a step of the loop, without what is random in it."""

    def __init__(self, loop: Any) -> None:
        self.loop = loop

    def __call__(self, x: Any, y: Any, step: Any, rate: Any, live: Any) -> Any:
        loop = self.loop
        network, optimizer = loop.network, loop.optimizer
        with loop.live.used(live):
            values = loop.parameters.values()
            with tf.GradientTape(watch_accessed_variables=False) as tape, loop.parameters.used(values):
                tape.watch(values)
                loss = network.cost.calculate(y, network.logits(x))
                penalty = tf.convert_to_tensor(regularization.penalty(network) if regularization.has_any(network) else 0.0)
                objective = loss + penalty
            gradients = loop.frozen.gradients([tf.convert_to_tensor(gradient) for gradient in tape.gradient(objective, values)])
            rate = optimizers.rate_at(loop.spec, rate, step)
            optimizer._learning_rate.assign(rate)
            applied = loop.parameters.gradients(gradients)
            every = optimizer.gradient_accumulation_steps or 1
            if every > 1:
                optimizer._iterations.assign(optimizer._iterations // every * every + every - 1)
                for gathered, gradient in zip(optimizer._accumulated_gradients, applied, strict=True):
                    gathered.assign(gradient * (every - 1))
            loop.frozen.apply(applied)
        return tf.stack([loss, penalty, rate]), gradients


_FUNCTIONS: WeakKeyDictionary[Session, Any] = WeakKeyDictionary()
"""Traced once a session: the next moment answers at once."""
