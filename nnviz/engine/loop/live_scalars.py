"""Numbers that may change while a network trains, as inputs of the compiled loop: dropout rates, what regularizers weigh,
momentum and the like. A new value takes effect at the next step and compiles nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.catalog import LAYERS, OPTIMIZERS
from nnviz.engine.network.blocks import Block
from nnviz.engine.network.network import Network

RATE = "optimizer.learning_rate"
"""The loop takes it by itself, at every step."""


class TracedScalar:
    """A scalar input of the graph where Keras has a Python number: it can be computed with and is never zero, so that what
    Keras asks of it once, while it builds, stays as it was. `rest` is 1 - value, rounded once."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Any, rest: Any) -> None:
        self.value, self.rest = value, rest

    def __tf_tensor__(self, dtype: Any = None, name: Any = None) -> Any:
        return self.value if dtype is None or dtype == self.value.dtype else tf.cast(self.value, dtype)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return self is other

    def __gt__(self, other: Any) -> Any:
        return other == 0 or self.value > other

    def __mul__(self, other: Any) -> Any:
        return self.value * other

    __rmul__ = __mul__

    def __rsub__(self, other: Any) -> Any:
        return self.rest if isinstance(other, int | float) and other == 1 else other - self.value

    def __sub__(self, other: Any) -> Any:
        return self.value - other

    def __add__(self, other: Any) -> Any:
        return self.value + other

    __radd__ = __add__

    def __truediv__(self, other: Any) -> Any:
        return self.value / other

    def __neg__(self) -> Any:
        return -self.value

    def __pow__(self, other: Any) -> Any:
        return tf.pow(self.value, other)

    def __le__(self, other: Any) -> Any:
        return self.value <= other

    def __ge__(self, other: Any) -> Any:
        return self.value >= other


class LiveScalars:
    """Those of a network and its optimizer, by their paths in the spec: `layers[1].rate`, `optimizer.momentum`,
    `layers[0].kernel_regularizer.l2`. A number that was 0 when the network was built is none: Keras then left out what it
    would act on."""

    def __init__(self, network: Network, optimizer: keras.optimizers.Optimizer) -> None:
        self._places: dict[str, list[tuple[Any, str]]] = {}
        for name in _live_parameters(type(optimizer).__name__):
            self._add(f"optimizer.{name}", optimizer, name)
        self._walk(network.stack, network.paths)
        if network.cost.projection is not None:
            self._regularizers("cost", network.cost.projection)
        self.names = tuple(self._places)
        self._first = {name: float(getattr(*places[0])) for name, places in self._places.items()}
        self.values = dict(self._first)

    @property
    def vector(self) -> NDArray[np.float32]:
        """float32 (2, names): the values, and 1 - value."""
        values = np.array([self.values[name] for name in self.names], np.float64)
        return np.stack([values, 1 - values]).astype(np.float32)

    def set(self, name: str, value: float) -> None:
        """From the next step on; also for what is computed outside the loop."""
        self.values[name] = value
        for owner, attribute in self._places[name]:
            setattr(owner, attribute, value)

    def reset(self) -> None:
        """The values of the spec again."""
        for name, value in self._first.items():
            self.set(name, value)

    @contextmanager
    def used(self, vector: Any) -> Iterator[None]:
        """In the graph: what is traced within computes with `vector`, a tensor as `self.vector` is."""
        for place, name in enumerate(self.names):
            number = TracedScalar(tf.gather(vector[0], place), tf.gather(vector[1], place))
            for owner, attribute in self._places[name]:
                setattr(owner, attribute, number)
        try:
            yield
        finally:
            for name, value in self.values.items():
                self.set(name, value)

    def _walk(self, layers: Sequence[keras.layers.Layer], paths: Sequence[str]) -> None:
        for layer, path in zip(layers, paths, strict=True):
            if isinstance(layer, Block):
                for inner, inner_paths in zip(layer.lists, layer.paths, strict=True):
                    self._walk(inner, inner_paths)
            kind = type(layer).__name__
            for param in LAYERS[kind].params if kind in LAYERS else ():
                if param.tunable == "live" and param.type != "part":
                    self._add(f"{path}.{param.name}", layer, param.name)
            self._regularizers(path, layer)

    def _regularizers(self, path: str, layer: keras.layers.Layer) -> None:
        for name, value in vars(layer).items():
            if name.endswith("_regularizer") and value is not None:
                for attribute in ("l1", "l2"):
                    if hasattr(value, attribute):
                        self._add(f"{path}.{name}.{attribute}", value, attribute)

    def _add(self, name: str, owner: Any, attribute: str) -> None:
        value = getattr(owner, attribute, None)
        if tf.is_tensor(value):  # as Keras keeps that of L1; the shortest decimal is what was written
            value = float(str(np.asarray(value)))
            setattr(owner, attribute, value)
        if not isinstance(value, int | float) or isinstance(value, bool) or not value:
            return
        places = self._places.setdefault(name, [])
        # copies of a Repeat share a path: one number where they agree
        if all(getattr(*place) == value for place in places):
            places.append((owner, attribute))


def _live_parameters(keras_class: str) -> list[str]:
    """Of all optimizers of the catalog that are this class of Keras."""
    return list(
        dict.fromkeys(
            param.name
            for entry in OPTIMIZERS.values()
            if (entry.keras or entry.kind) == keras_class
            for param in entry.params
            if param.tunable == "live" and f"optimizer.{param.name}" != RATE
        )
    )
