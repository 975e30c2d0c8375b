"""Where predictions of numbers are off: by how much, in which direction, and whether that depends on what is predicted."""

import math
from typing import Any

import numpy as np

from nnviz.engine.views.answers import Floats, answered
from nnviz.engine.views.view_request import ViewRequest

MOST_POINTS = 400
BINS = 24
TOLERANCES = 101
TOLERANCE_STEPS = 50
"""Tolerances to a standard deviation of the target, about."""


def residuals(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `residuals`, of one target: `choice["target"]`, from 0, by default the first. All in its own unit,
    errors are predicted - true.

    part, rows, in_all, unanswered: which rows (see `answers.Rows`). targets: names of all; target: which one; unit, or empty.
    metrics: mae, rmse, bias (mean error), typical (the error that half of the rows stay below), largest (with its sign), and r2
    (None where all rows have one value). trend: slope of the error over the prediction by least squares and its standard error
    (None where there are too few rows). true, predicted: float32, of up to 400 rows. bins: errors in 24 equal parts of low to
    high, uint16. within: uint16, how many rows are off by at most each of 101 tolerances, from 0 in equal `tolerance_step`s that
    depend on the rows alone."""
    prepared = asked.prepared
    target = asked.index("target", of=prepared.outputs)
    rows = answered(asked.network, prepared)
    scale, mean = float(prepared.target_scale[target]), float(prepared.target_mean[target])
    # in float64: a float32 has no digits left for a small spread around a large mean
    true, predicted = (values[:, target].astype(np.float64) * scale + mean for values in (rows.y, rows.outputs))
    errors = predicted - true
    sizes = np.abs(errors)
    drawn = np.linspace(0, len(true) - 1, min(len(true), MOST_POINTS)).astype(np.int64)
    reach = float(sizes.max()) or 1.0
    step = round_step(float(true.std()) / TOLERANCE_STEPS)
    units = getattr(prepared, "target_units", ())
    return rows.about | {
        "targets": list(getattr(prepared, "targets", ())) or [f"target {place + 1}" for place in range(prepared.outputs)],
        "target": target,
        "unit": units[target] if target < len(units) else "",
        "metrics": {
            "mae": float(sizes.mean()),
            "rmse": float(np.sqrt(np.mean(errors**2))),
            "r2": determination(true, errors),
            "bias": float(errors.mean()),
            "typical": float(np.median(sizes)),
            "largest": float(errors[sizes.argmax()]),
        },
        "trend": trend(predicted, errors),
        "true": true[drawn].astype("<f4").tobytes(),
        "predicted": predicted[drawn].astype("<f4").tobytes(),
        "low": -reach,
        "high": reach,
        "bins": np.histogram(errors, bins=BINS, range=(-reach, reach))[0].astype("<u2").tobytes(),
        "tolerance_step": step,
        "within": np.searchsorted(np.sort(sizes), step * np.arange(TOLERANCES), side="right").astype("<u2").tobytes(),
    }


def determination(true: Floats, errors: Floats) -> float | None:
    """R squared: 1 - sum of squared errors / sum of squared distances from the mean; None where the latter is 0."""
    spread = float(np.sum((true - true.mean()) ** 2))
    return 1 - float(np.sum(errors**2)) / spread if spread > 0 else None


def trend(predicted: Floats, errors: Floats) -> list[float] | None:
    """The slope of `errors` over `predicted` (n,) by least squares, and its standard error; None for fewer than three rows or one
    prediction for all."""
    x, y = predicted - predicted.mean(), errors - errors.mean()
    spread = float(np.sum(x**2))
    if len(x) < 3 or spread <= 0:
        return None
    slope = float(np.sum(x * y)) / spread
    return [slope, math.sqrt(float(np.sum((y - slope * x) ** 2)) / (len(x) - 2) / spread)]


def round_step(value: float) -> float:
    """The next number of 1, 2, 5, 10, ... that is not smaller; 1 for 0."""
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value * (1 - 1e-9))
