"""What a finished network says to any rows, and how well it does on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.metrics import streaming
from nnviz.engine.metrics.whole_set import Quality
from nnviz.engine.network.network import Network, Weights, build
from nnviz.errors import RunError


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """`metrics`: loss and accuracy, or loss, mae, rmse and r2 (own unit), and those of `Quality`; `losses`: each row's
    own loss, float32 (n,)."""

    metrics: dict[str, float]
    losses: NDArray[np.float32]


def restore(layers: Sequence[Any], cost: Any, weights: Weights, *, task: str, shape: tuple[int, ...], outputs: int) -> Network:
    """The network of a finished run. `cost` may be another than the one it was trained with, if its outputs are as many.

    Class weights belong to training and are left out. Raises RunError where the weights belong to another network."""
    network = build(layers, cost, task=task, shape=shape, outputs=outputs)
    wanted = [tuple(variable.shape) for variable in network.weights]
    shapes = [value.shape for value in weights]
    if wanted != shapes:
        raise RunError("the saved weights do not fit this network", remedy="They belong to a run with other layers.")
    network.values = weights
    return network


def predict(
    network: Network, x: NDArray[np.float32], *, mean: Any = 0.0, scale: Any = 1.0, batch_size: int = 1024
) -> NDArray[Any]:
    """Probabilities, float32 (n, classes), or values in the target's own unit, (n, t): scaled * scale + mean, float64 where
    either says something."""
    outputs = network.predict(x, batch_size=batch_size)
    if network.cost.task == "classification":
        return outputs
    if np.all(np.asarray(scale) == 1) and np.all(np.asarray(mean) == 0):
        return outputs
    own: NDArray[np.float64] = outputs.astype(np.float64) * np.asarray(scale, np.float64) + np.asarray(mean, np.float64)
    return own


def evaluate(
    network: Network, x: NDArray[np.float32], y: NDArray[Any], *, scale: Any = 1.0, batch_size: int = 1024
) -> Evaluation:
    """`y`: int (n,) classes or float (n, t) targets scaled as in training; `scale`: of the targets, (t,).

    In batches of constant memory. Raises ValueError where there are no rows or shapes do not fit."""
    if not len(x):
        raise ValueError("there are no rows to evaluate")
    raw = network.raw(x, batch_size=batch_size)
    losses = np.asarray(network.cost.calculate(y, raw, reduction="none", batch_size=batch_size))
    total = np.zeros(streaming.width(network))
    total[0] = losses.sum(dtype=np.float64)
    if network.cost.task == "classification":
        total[1] = np.sum(np.asarray(network.cost.picked(tf.constant(raw))) == y)
        metrics = streaming.metrics(total, y, scale=np.ones(1, np.float32), classification=True)
        return Evaluation(metrics=metrics | final(network, x, y, batch_size=batch_size), losses=losses)
    miss = np.asarray(network.cost.transform(tf.constant(raw)), np.float64) - y
    total[1:] = np.concatenate([np.abs(miss).sum(axis=0), np.square(miss).sum(axis=0)])
    own = np.broadcast_to(np.asarray(scale, np.float32), (y.shape[1],))
    metrics = streaming.metrics(total, y, scale=own, classification=False)
    return Evaluation(metrics=metrics | final(network, x, y, scale=own, batch_size=batch_size), losses=losses)


def final(
    network: Network, x: NDArray[np.float32], y: NDArray[Any], *, scale: Any = 1.0, batch_size: int = 1024
) -> dict[str, float]:
    """The metrics of `Quality` over all rows, batch by batch; arguments as for `evaluate`."""
    is_classifier = network.cost.task == "classification"
    quality = Quality(is_classifier=is_classifier, outputs=network.cost.outputs)
    for at in range(0, len(x), batch_size):
        raw = tf.constant(network.raw(x[at : at + batch_size], batch_size=batch_size))
        values, labels = np.asarray(network.outputs_of(raw)), y[at : at + batch_size]
        if is_classifier:
            quality.add(values, labels, picked=np.asarray(network.cost.picked(raw)))
        else:
            quality.add(values * np.asarray(scale, np.float64), labels * np.asarray(scale, np.float64))
    return quality.metrics()
