"""Whether a training went to and fro at its end: the losses of its last moments, and that of their mean."""

from collections.abc import Sequence

import numpy as np

from nnviz.doctor import LastMoments
from nnviz.engine import State
from nnviz.engine.network.network import Weights
from nnviz.jobs.worker.history.recorded import Net

ROWS = 500
MOMENTS = 8
LEAST = 4
SHARE = 0.2
"""Of the steps: what is looked at of the end."""


def last_moments(net: Net, states: Sequence[State]) -> LastMoments | None:
    """Of the states of the end, on training rows, evenly spread; None for too few states and for numbers that are none."""
    if len(states) < LEAST or any(state.off for state in states):
        return None
    part = net.prepared.parts["train"]
    picked = np.unique(np.linspace(0, len(part.y) - 1, min(ROWS, len(part.y))).astype(np.int64))
    x, y = np.asarray(part.x[picked], np.float32), np.asarray(part.y[picked])
    network = net.put(states[-1]).network

    def loss(weights: Weights) -> float:
        network.values = weights
        return float(network.cost.calculate(y, network.raw(x)))

    losses = np.array([loss(state.weights) for state in states])
    mean = [
        np.mean(values, axis=0, dtype=np.float64).astype(values[0].dtype)
        for values in zip(*(s.weights for s in states), strict=True)
    ]
    of_mean = loss(mean)
    if not np.isfinite([*losses, of_mean]).all():
        return None
    return LastMoments(step=np.array([state.step for state in states], np.int64), loss=losses, of_mean=of_mean)
