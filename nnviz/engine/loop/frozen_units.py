"""Weights of units that are switched off: a step leaves them as they are, and what the optimizer keeps of them."""

import math
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from nnviz.engine.loop.parameters import FlatVector, PerVariable
from nnviz.engine.network.network import Network

COLUMN_MEANS = "_c"
"""Keras's name for what Adafactor keeps of each unit's weights together; what it keeps by row is of all units."""


class FrozenUnits:
    """In the graph of one step; of a network without switches nothing stands still. `parameters`: what the optimizer trains."""

    def __init__(self, network: Network, parameters: PerVariable, optimizer: keras.optimizers.Optimizer) -> None:
        self.network, self.parameters, self.optimizer = network, parameters, optimizer

    def gradients(self, gradients: list[Any]) -> list[Any]:
        """By the network's trained variables: 0 where the unit is off, what regularizers ask included."""
        return [
            gradient if frozen is None else tf.where(frozen, tf.zeros_like(gradient), gradient)
            for gradient, frozen in zip(gradients, self._frozen(), strict=True)
        ]

    def apply(self, applied: list[Any]) -> None:
        """The optimizer's update by gradients of `parameters`; momentum, decay and averages move no unit that is off."""
        if self.network.switches is None:
            self.optimizer.apply(applied)
            return
        before = [(variable, frozen, tf.identity(variable.value)) for variable, frozen in self._held()]
        self.optimizer.apply(applied)
        for variable, frozen, value in before:
            variable.assign(tf.where(frozen, value, variable.value))

    def _frozen(self) -> list[Any]:
        switches = self.network.switches
        return [None if switches is None else switches.frozen(variable) for variable in self.network.trainable_variables]

    def _held(self) -> Iterator[tuple[Any, Any]]:
        """Parameters and the optimizer's variables with which of their numbers stand still."""
        frozen = self._frozen()
        if isinstance(self.parameters, FlatVector):
            parts = [
                tf.zeros([math.prod(variable.shape)], tf.bool) if one is None else tf.reshape(one, [-1])
                for one, variable in zip(frozen, self.network.trainable_variables, strict=True)
            ]
            frozen = [tf.concat(parts, 0)]
        own = {id(variable) for variable in self.optimizer.variables}
        for place, (variable, one) in enumerate(zip(self.parameters.variables, frozen, strict=True)):
            if one is None:
                continue
            yield variable, one
            for name, slots in vars(self.optimizer).items():
                slot = slots[place] if isinstance(slots, list | tuple) and len(slots) == len(frozen) else None
                if slot is None or id(slot) not in own:
                    continue
                if tuple(slot.shape) == tuple(variable.shape):
                    yield slot, one
                elif name == COLUMN_MEANS:
                    yield slot, one[..., 0, :]
