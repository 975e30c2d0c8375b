"""Grad-CAM: where a layer's feature maps speak for an answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.views.trace import Step, Trace
from nnviz.spec import Placed


def grad_cam(
    network: Network, placed: Sequence[Placed], picture: NDArray[np.float32], *, step: int, target: int
) -> NDArray[np.float64]:
    """Float64 (height, width) of the step's output, at least 0: ReLU(sum_k a_k A_k), with A_k the k-th feature map of the step
    for `picture` (1, height, width, channels), and a_k the mean over its places of the gradient of the target's raw output,
    before softmax or sigmoid, by A_k. A class that shares one output with another has that output, or its negative.

    Selvaraju et al. 2017, Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization, equations 1 and 2
    (https://arxiv.org/abs/1610.02391)."""
    watched: list[Any] = []
    with tf.GradientTape(watch_accessed_variables=False) as tape:

        def see(number: int, passed: Step) -> None:
            if number == step:
                tape.watch(passed.y)
                watched.append(passed.y)

        logits = network.cost.logits(Trace(network, placed, tf.constant(picture), see).features)
        is_shared = network.cost.task == "classification" and network.cost.columns == 1
        score = (logits[0, 0] if target else -logits[0, 0]) if is_shared else logits[0, target]
    maps = watched[0]
    gradient = tape.gradient(score, maps)
    if gradient is None:
        return np.zeros(maps.shape[1:3])
    weights = np.asarray(gradient, np.float64).mean(axis=(0, 1, 2))
    return np.maximum(np.asarray(maps[0], np.float64) @ weights, 0.0)
