"""Keras's optimizers from the spec. The learning rate is set anew at every step: it is an input of the compiled loop."""

from typing import Any

import keras
import tensorflow as tf

from nnviz.catalog import OPTIMIZERS


def make(spec: Any) -> keras.optimizers.Optimizer:
    """The optimizer with all its parameters; its schedule, if any, is applied by `rate_at`."""
    params = {name: value for name, value in spec.params.items() if name != "schedule"}
    # EMA weights replace the trained ones once, at the end (finalize_variable_values).
    entry = OPTIMIZERS[spec.kind]
    return getattr(keras.optimizers, entry.keras or entry.kind)(**params, **entry.fixed)


def rate_at(spec: Any, rate: Any, step: Any) -> Any:
    """The learning rate of one step (int64 tensor): the spec's schedule from `rate` (float32 tensor) on, else `rate`."""
    if spec.schedule is None:
        return rate
    kind = getattr(keras.optimizers.schedules, spec.schedule.kind)
    name = "initial_learning_rate"
    return tf.cast(kind(**{name: rate}, **spec.schedule.params)(step), tf.float32)
