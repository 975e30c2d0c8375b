"""Units of a network that are switched off: they output 0."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnviz.catalog import LAYERS
from nnviz.engine.network.activations import FormulaActivation
from nnviz.engine.network.blocks import Block
from nnviz.spec.by_hand import IS_ON, Place


class UnitSwitches:
    """Those of the layers whose units have weights of their own (`LayerEntry.units`), each by a name such as
    `layers[0].is_on[4]`. All are on at first; `off` may be set at any time, also between calls of what is compiled."""

    def __init__(self, stack: Sequence[keras.layers.Layer], paths: Sequence[str]) -> None:
        self._by_layer: dict[int, tf.Variable] = {}
        self._by_array: dict[str, tf.Variable] = {}
        self._of_weights: dict[int, tf.Variable] = {}
        for array, layer, last in switchable(stack, paths):
            is_on = tf.Variable(tf.ones([int(layer.weights[-1].shape[-1])]), trainable=False)
            self._by_array[array] = is_on
            self._by_layer[id(last)] = is_on
            self._of_weights |= {id(variable): is_on for variable in layer.trainable_variables}

    @property
    def off(self) -> tuple[str, ...]:
        """The names of the units that are off, in the order of their layers."""
        return tuple(
            f"{array}[{unit}]" for array, is_on in self._by_array.items() for unit in np.flatnonzero(is_on.numpy() == 0).tolist()
        )

    @off.setter
    def off(self, names: Iterable[str]) -> None:
        """Raises KeyError for a name that is none of this network's."""
        wanted = {array: np.ones(int(is_on.shape[0]), np.float32) for array, is_on in self._by_array.items()}
        for name in names:
            array, unit = _split(name)
            if not 0 <= unit < len(wanted[array]):
                raise KeyError(name)
            wanted[array][unit] = 0
        for array, values in wanted.items():
            self._by_array[array].assign(values)

    def is_on(self, layer: keras.layers.Layer) -> np.ndarray | None:
        """Which units of a layer are on, bool (units,); None where they have no switches. `layer`: the last one of Keras's for a
        layer of the spec."""
        switches = self._by_layer.get(id(layer))
        return None if switches is None else switches.numpy() > 0

    def __contains__(self, layer: keras.layers.Layer) -> bool:
        return id(layer) in self._by_layer

    def through(self, layer: keras.layers.Layer, x: Any) -> Any:
        """The outputs x (n, ..., units) of a layer, 0 where the unit is off."""
        is_on = self._by_layer.get(id(layer))
        # not a product: of an output that is infinite that would be no number
        return x if is_on is None else tf.where(is_on > 0, x, tf.zeros([], x.dtype))

    def frozen(self, variable: Any) -> Any:
        """In the graph: which numbers of a trained variable belong to units that are off, bool in its shape; None where its layer
        has no switches."""
        is_on = self._of_weights.get(id(variable))
        return None if is_on is None else tf.broadcast_to(is_on <= 0, tuple(variable.shape))


def switchable(
    stack: Sequence[keras.layers.Layer], paths: Sequence[str]
) -> Iterator[tuple[str, keras.layers.Layer, keras.layers.Layer]]:
    """Of each layer whose units can be switched off the name of its switches (`layers[0].is_on`, ` #2` for a further copy of a
    Repeat), the layer, and the one that gives its outputs: an activation that was typed comes as a layer behind it."""
    copies = Counter[str]()
    for path, layer, last in _switchable(stack, paths):
        copies[path] += 1
        yield Place(path, IS_ON, copies[path], ()).array_name, layer, last


def _split(name: str) -> tuple[str, int]:
    array, _, place = name.rpartition("[")
    return array, int(place.removesuffix("]"))


def _switchable(
    stack: Sequence[keras.layers.Layer], paths: Sequence[str]
) -> Iterator[tuple[str, keras.layers.Layer, keras.layers.Layer]]:
    for place, (layer, path) in enumerate(zip(stack, paths, strict=True)):
        if isinstance(layer, Block):
            for inner, inner_paths in zip(layer.lists, layer.paths, strict=True):
                yield from _switchable(inner, inner_paths)
        entry = LAYERS.get(type(layer).__name__)
        if entry is not None and entry.units and layer.weights:
            following = stack[place + 1] if place + 1 < len(stack) and paths[place + 1] == path else None
            yield path, layer, following if isinstance(following, FormulaActivation) else layer
