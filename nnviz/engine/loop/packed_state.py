"""All that one step changes as one vector, so that the compiled loop can keep it at steps in between."""

import math
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.loop.parameters import FlatVector, PerVariable
from nnviz.engine.network.network import Network, Weights

_HALF = 1 << 20
"""Counters are kept as two numbers that float32 holds exactly."""


class Layout:
    """The parameters, what else the network keeps (moving means) and the optimizer's variables, one after another.

    `width`: how many float32 they take. Only for networks whose parameters are one vector."""

    def __init__(self, network: Network, parameters: PerVariable, optimizer: keras.optimizers.Optimizer) -> None:
        self.is_possible = isinstance(parameters, FlatVector)
        self._parts = [parameters.variables[0], *network.non_trainable_variables, *optimizer.variables]
        self._fixed = len(network.non_trainable_variables)
        self._forms = [(tuple(variable.shape), np.dtype(str(variable.dtype)), _size(variable)) for variable in self._parts]
        fixed = {id(variable): place for place, variable in enumerate(network.non_trainable_variables, start=1)}
        self._weights = [(fixed.get(id(variable)), tuple(variable.shape)) for variable in network.weights]
        self.width = sum(size for *_, size in self._forms)

    def packed(self) -> Any:
        """In the graph: float32 (width,)."""
        return tf.concat([_flat(variable) for variable in self._parts], 0)

    def unpacked(self, row: NDArray[np.float32]) -> tuple[Weights, Weights]:
        """The network's weights, in Keras's order, and the optimizer's variables."""
        arrays: Weights = []
        at = 0
        for shape, kind, size in self._forms:
            part: NDArray[Any] = row[at : at + size]
            at += size
            if kind.kind in "iu":
                part = part[: size // 2].astype(np.int64) * _HALF + part[size // 2 :].astype(np.int64)
            arrays.append(part.astype(kind).reshape(shape))
        weights: Weights = []
        done = 0
        for place, shape in self._weights:
            count = math.prod(shape)
            weights.append(arrays[0][done : done + count].reshape(shape) if place is None else arrays[place])
            done += count if place is None else 0
        return weights, arrays[1 + self._fixed :]


def _is_counter(variable: Any) -> bool:
    return "int" in str(variable.dtype)


def _size(variable: Any) -> int:
    return int(np.prod(variable.shape)) * (2 if _is_counter(variable) else 1)


def _flat(variable: Any) -> Any:
    value = tf.reshape(variable.value, [-1])
    if not _is_counter(variable):
        return tf.cast(value, tf.float32)
    whole = tf.cast(value, tf.int64)
    return tf.cast(tf.concat([whole // _HALF, whole % _HALF], 0), tf.float32)
