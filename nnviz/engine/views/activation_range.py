"""Where an activation is flat, from its formula: at 0, and at the limits of an S-shaped one."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from nnviz.catalog import ACTIVATIONS
from nnviz.catalog.expression import parse

_ROWWISE = ("softmax", "log_softmax")
"""Functions of all units together, whose formulas say nothing of a single one."""
_FAR = 1e6


class ActivationRange(NamedTuple):
    """`has_zeros`: whether it is exactly 0 over a stretch of inputs (relu); `limits`: both ends of an S-shaped one, None of
    others."""

    has_zeros: bool
    limits: tuple[float, float] | None


NEITHER = ActivationRange(has_zeros=False, limits=None)


def range_of(activation: Any) -> ActivationRange:
    """Of an activation as a spec has it: a name, or a typed formula with the constants that it starts with."""
    if isinstance(activation, Mapping):
        return _of_formula(str(activation["expression"]), tuple(dict(activation.get("constants") or {}).items()))
    if activation == "softmax":
        return ActivationRange(has_zeros=False, limits=(0.0, 1.0))
    if activation is None or activation in _ROWWISE:
        return NEITHER
    return _of_formula(ACTIVATIONS[activation].formula, ())


@cache
def _of_formula(text: str, constants: tuple[tuple[str, float], ...]) -> ActivationRange:
    formula = parse(text, names=("x", *(name for name, _ in constants)))
    x = np.concatenate([[-_FAR], np.linspace(-20, 20, 2001), [_FAR]])
    y = np.broadcast_to(np.asarray(formula.evaluate({"x": x, **dict(constants)}), float), x.shape)
    pairs = (y[1:-2] == 0) & (y[2:-1] == 0)
    low, middle, high = float(y[0]), float(y[len(y) // 2]), float(y[-1])
    is_s_shaped = bool(np.isfinite(y).all() and low < middle < high and (np.diff(y) >= 0).all() and high - low < 100)
    limits = (round(low, 4), round(high, 4)) if is_s_shaped else None
    return ActivationRange(has_zeros=bool(pairs.any()), limits=limits)
