"""The trainable parameters of a network as the compiled loop sees them: each variable by itself, or all as one vector.

As one vector a small network needs a third of the kernels: it compiles in two thirds of the time and trains faster. For a
large one the copies between vector and matrices cost more than that saves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnviz.catalog.updates import update
from nnviz.engine.network.network import Network

MOST_IN_ONE = 30_000
"""Trainable parameters up to which they are kept as one vector."""


class PerVariable:
    """The network's own variables."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.variables = list(network.trainable_variables)

    def values(self) -> list[Any]:
        """In the graph: the present value of every variable of the network."""
        return [variable.value for variable in self.variables]

    @contextmanager
    def used(self, values: list[Any]) -> Iterator[None]:
        """In the graph: the network computes with `values`."""
        yield

    def gradients(self, gradients: list[Any]) -> list[Any]:
        """The gradients by `values` as gradients by `variables`."""
        return gradients

    def load(self) -> None:
        """Take over the network's variables."""

    def store(self) -> None:
        """Give the network's variables what they are now."""


class FlatVector(PerVariable):
    """A vector of all of them; the network's variables are brought up to date by `store`."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self._shapes = [tuple(variable.shape) for variable in network.trainable_variables]
        self._counts = [int(np.prod(shape)) for shape in self._shapes]
        self.vector = keras.Variable(np.zeros(sum(self._counts), np.float32), name="parameters")
        self.variables = [self.vector]
        self.load()

    def values(self) -> list[Any]:
        parts = tf.split(self.vector.value, self._counts)
        return [tf.reshape(part, shape) for part, shape in zip(parts, self._shapes, strict=True)]

    @contextmanager
    def used(self, values: list[Any]) -> Iterator[None]:
        own = list(zip(self.network.trainable_variables, values, strict=True))
        with keras.StatelessScope(state_mapping=own) as scope:
            yield
        # What layers keep beside (moving means) is written into the scope only.
        for variable in self.network.non_trainable_variables:
            value = scope.get_current_value(variable)
            if value is not None:
                variable.assign(value)

    def gradients(self, gradients: list[Any]) -> list[Any]:
        return [tf.concat([tf.reshape(gradient, [-1]) for gradient in gradients], 0)]

    # TensorFlow's own variables: around every call, Keras's would take 7 ms rather than 1
    def load(self) -> None:
        parts = [tf.reshape(variable.value, [-1]) for variable in self.network.trainable_variables]
        self.vector.value.assign(tf.concat(parts, 0), read_value=False)

    def store(self) -> None:
        for variable, value in zip(self.network.trainable_variables, self.values(), strict=True):
            variable.value.assign(value, read_value=False)


def of(network: Network, optimizer_spec: Any) -> PerVariable:
    """The form that suits a network and its optimizer."""
    # Lamb, Adafactor, Muon and clipped norms look at the size or the shape of an array
    fits = (
        update(optimizer_spec.kind, optimizer_spec.params).is_elementwise
        and not any(variable.constraint is not None for variable in network.trainable_variables)
        and sum(int(np.prod(variable.shape)) for variable in network.trainable_variables) <= MOST_IN_ONE
    )
    return FlatVector(network) if fits else PerVariable(network)
