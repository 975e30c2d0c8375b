"""What a network answers on average as one column takes its values, in otherwise unchanged rows: Friedman, Greedy Function
Approximation (2001), section 8.2; and for single rows: Goldstein et al., Peeking Inside the Black Box (2015)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.metrics.evaluate import predict
from nnviz.engine.network.network import Network
from nnviz.engine.records import ColumnLike, PreparedLike

MOST_VALUES = 40
MOST_CURVES = 30


def partial_dependence(
    network: Network, prepared: PreparedLike, x: NDArray[np.float32], *, column: ColumnLike, output: int
) -> dict[str, Any]:
    """Of the probability of class `output`, or of that target in its own unit, over the rows `x` (n, inputs).

    {name, kind, unit, at (in the column's unit, or None) and texts of the values, mean: float for each value, low and high of all
    that is drawn, curves: of some rows, uint8 (rows, values) from low (0) to high (255), curve_rows: places of these rows
    among x, deciles: of the column}."""
    values = column.values(x, MOST_VALUES)
    count = len(values.texts)
    some = np.unique(np.linspace(0, len(x) - 1, min(MOST_CURVES, len(x))).astype(np.int64))
    mean, curves = np.zeros(count), np.zeros((len(some), count))
    changed = np.array(x)
    for place, inputs in enumerate(values.encoded):
        changed[:, column.first : column.end] = inputs
        answers = predict(network, changed, mean=prepared.target_mean, scale=prepared.target_scale)[:, output]
        mean[place], curves[:, place] = answers.mean(dtype=np.float64), answers[some]
    low = float(min(curves.min(initial=np.inf), mean.min(initial=np.inf)))
    high = float(max(curves.max(initial=-np.inf), mean.max(initial=-np.inf)))
    return {
        "name": column.name,
        "kind": column.kind,
        "unit": column.unit,
        "at": None if values.at is None else values.at.tolist(),
        "texts": values.texts,
        "mean": mean.tolist(),
        "low": low,
        "high": high,
        "curves": np.round(255 * (curves - low) / ((high - low) or 1.0)).astype(np.uint8).tobytes(),
        "curve_rows": some.tolist(),
        "deciles": column.deciles(x),
    }
