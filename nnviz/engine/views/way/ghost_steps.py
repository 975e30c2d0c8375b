"""What plain SGD, SGD with momentum and Adam would do next to a weight: each in its few numbers, float64."""

from collections.abc import Mapping
from typing import Any, NamedTuple

MOMENTUM, BETA_1, BETA_2, EPSILON = 0.9, 0.9, 0.999, 1e-7
"""Keras's defaults, for an optimizer that the run does not use itself."""


class MomentumStep(NamedTuple):
    """`kept_velocity`: the share of the velocity before; `step`: what is added to the weight, the new velocity."""

    kept_velocity: float
    step: float


class AdamStep(NamedTuple):
    """`mean`: the corrected mean of the gradient; `size`: the root of the corrected mean of its square, epsilon added; `ratio`:
    of both, near 1 in size where gradients agree, near 0 where they cancel each other; `step`: what is added to the weight."""

    mean: float
    size: float
    ratio: float
    step: float


def sgd_step(gradient: float, rate: float) -> float:
    """-rate x gradient."""
    return -rate * gradient


def momentum_step(gradient: float, rate: float, *, velocity: float = 0.0, momentum: float = MOMENTUM) -> MomentumStep:
    """The velocity becomes momentum x velocity - rate x gradient, and is the step (Polyak 1964, as Keras has it)."""
    share = momentum * velocity
    return MomentumStep(share, share - rate * gradient)


def adam_step(
    gradient: float,
    rate: float,
    *,
    moments: tuple[float, float] = (0.0, 0.0),
    update: int = 1,
    betas: Mapping[str, Any] | None = None,
) -> AdamStep:
    """Kingma & Ba 2014 in Keras's form, where epsilon is added before the correction: `moments` are the means of the gradient and
    of its square before update number `update` (from 1)."""
    settings = {"beta_1": BETA_1, "beta_2": BETA_2, "epsilon": EPSILON} | dict(betas or {})
    beta_1, beta_2 = settings["beta_1"], settings["beta_2"]
    first = beta_1 * moments[0] + (1 - beta_1) * gradient
    second = beta_2 * moments[1] + (1 - beta_2) * gradient**2
    mean = first / (1 - beta_1**update)
    size = (second**0.5 + settings["epsilon"]) / (1 - beta_2**update) ** 0.5
    return AdamStep(mean, size, mean / size, -rate * mean / size)
