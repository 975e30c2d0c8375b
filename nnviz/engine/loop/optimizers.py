"""Keras's optimizers from the spec. The learning rate is set anew at every step: it is an input of the compiled loop."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from nnviz.catalog import OPTIMIZERS, SCHEDULES
from nnviz.catalog.rates import piecewise


def make(spec: Any) -> keras.optimizers.Optimizer:
    """The optimizer with all its parameters; its schedule, if any, is applied by `rate_at`."""
    params = {name: value for name, value in spec.params.items() if name != "schedule"}
    # EMA weights replace the trained ones once, at the end (finalize_variable_values).
    entry = OPTIMIZERS[spec.kind]
    return getattr(keras.optimizers, entry.keras or entry.kind)(**params, **entry.fixed)


def rate_at(spec: Any, rate: Any, step: Any) -> Any:
    """The learning rate of one step (int64 tensor): the spec's schedule from `rate` (float32 tensor) on, else `rate`."""
    schedule = spec.schedule
    if schedule is None or schedule.kind == "ReduceOnPlateau":
        # What a plateau does to the rate is known after an epoch, outside the compiled loop.
        return rate
    params = schedule.params
    if schedule.kind == "PiecewiseConstantDecay":
        values = piecewise(rate, params["boundaries"], params["values"])
        scheduled = keras.optimizers.schedules.PiecewiseConstantDecay(list(params["boundaries"]), values)(step)
    elif SCHEDULES[schedule.kind].keras:
        kind = getattr(keras.optimizers.schedules, schedule.kind)
        name = "initial_learning_rate"
        scheduled = kind(**{name: rate}, **params)(step)
    else:
        scheduled = _OWN[schedule.kind](tf.cast(step, tf.float32), rate, **params)
    return tf.cast(scheduled, tf.float32)


def _warm_up(t: Any, rate: Any, *, warmup_steps: int, start: float) -> Any:
    return rate * (start + (1 - start) * tf.minimum(t / warmup_steps, 1.0))


def _one_cycle(t: Any, rate: Any, *, total_steps: int, warmup: float, start_divisor: float, end_divisor: float) -> Any:
    def between(begin: Any, end: Any, share: Any) -> Any:
        return end + (begin - end) * 0.5 * (1 + tf.cos(math.pi * tf.clip_by_value(share, 0.0, 1.0)))

    first, top = rate / start_divisor, warmup * total_steps
    return tf.where(t < top, between(first, rate, t / top), between(rate, first / end_divisor, (t - top) / (total_steps - top)))


_OWN: Mapping[str, Callable[..., Any]] = {"WarmUp": _warm_up, "OneCycle": _one_cycle}
