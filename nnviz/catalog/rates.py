"""The learning rate over steps under a schedule, with NumPy: what a page draws. Keras's own formulas for Keras's kinds."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnviz.catalog.schedules import SCHEDULES

Floats = NDArray[np.float64]


def rates(kind: str, params: Mapping[str, Any], rate: float, steps: ArrayLike) -> Floats:
    """The rate at each of `steps` (from 0), float64. `rate` is the optimizer's; `params` may leave out defaults.

    ReduceOnPlateau depends on the loss: its rate before any reduction is given."""
    full = {param.name: param.default for param in SCHEDULES[kind].params} | dict(params)
    t = np.asarray(steps, dtype=np.float64)
    return np.broadcast_to(_FORMULAS[kind](t, rate, **full), t.shape).astype(np.float64)


def piecewise(rate: float, boundaries: Any, values: Any) -> list[float]:
    """The rates of a PiecewiseConstantDecay: those given, else a tenth of the one before."""
    return list(values) if values is not None else [rate * 0.1**index for index in range(len(boundaries) + 1)]


def _half_cosine(share: Any) -> Any:
    return 0.5 * (1 + np.cos(math.pi * share))


def _cosine(t: Floats, rate: float, *, decay_steps: int, alpha: float, warmup_target: float | None, warmup_steps: int) -> Any:
    if warmup_target is None:
        return rate * ((1 - alpha) * _half_cosine(np.minimum(t, decay_steps) / decay_steps) + alpha)
    climbing = rate + (warmup_target - rate) * t / max(warmup_steps, 1)
    share = np.clip((t - warmup_steps) / decay_steps, 0, 1)
    return np.where(t < warmup_steps, climbing, warmup_target * ((1 - alpha) * _half_cosine(share) + alpha))


def _restarts(t: Floats, rate: float, *, first_decay_steps: int, t_mul: float, m_mul: float, alpha: float) -> Any:
    done = t / first_decay_steps
    if t_mul == 1:
        period = np.floor(done)
        share = done - period
    else:
        period = np.floor(np.log(1 - done * (1 - t_mul)) / math.log(t_mul))
        share = (done - (1 - t_mul**period) / (1 - t_mul)) / t_mul**period
    return rate * ((1 - alpha) * m_mul**period * _half_cosine(share) + alpha)


def _exponential(t: Floats, rate: float, *, decay_steps: int, decay_rate: float, staircase: bool) -> Any:
    return rate * decay_rate ** (np.floor(t / decay_steps) if staircase else t / decay_steps)


def _inverse(t: Floats, rate: float, *, decay_steps: int, decay_rate: float, staircase: bool) -> Any:
    return rate / (1 + decay_rate * (np.floor(t / decay_steps) if staircase else t / decay_steps))


def _polynomial(t: Floats, rate: float, *, decay_steps: int, end_learning_rate: float, power: float, cycle: bool) -> Any:
    length = decay_steps * np.maximum(1, np.ceil(t / decay_steps)) if cycle else float(decay_steps)
    return (rate - end_learning_rate) * (1 - np.minimum(t, length) / length) ** power + end_learning_rate


def _stairs(t: Floats, rate: float, *, boundaries: Any, values: Any) -> Any:
    return np.asarray(piecewise(rate, boundaries, values))[np.searchsorted(np.asarray(boundaries), t, side="left")]


def _warm_up(t: Floats, rate: float, *, warmup_steps: int, start: float) -> Any:
    return rate * (start + (1 - start) * np.minimum(t, warmup_steps) / warmup_steps)


def _one_cycle(t: Floats, rate: float, *, total_steps: int, warmup: float, start_divisor: float, end_divisor: float) -> Any:
    first, top = rate / start_divisor, warmup * total_steps
    last = first / end_divisor
    falling = np.clip((t - top) / (total_steps - top), 0, 1)
    return np.where(t < top, rate + (first - rate) * _half_cosine(t / top), last + (rate - last) * _half_cosine(falling))


_FORMULAS: Mapping[str, Callable[..., Any]] = {
    "CosineDecay": _cosine,
    "CosineDecayRestarts": _restarts,
    "ExponentialDecay": _exponential,
    "InverseTimeDecay": _inverse,
    "PolynomialDecay": _polynomial,
    "PiecewiseConstantDecay": _stairs,
    "WarmUp": _warm_up,
    "OneCycle": _one_cycle,
    "ReduceOnPlateau": lambda t, rate, **_: rate,
}
