"""From the spec's layers to Keras's. Kinds and parameters carry Keras's names, so most need nothing but their call."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from nnviz.engine import activations

KEYS = 4096
"""Streams of random numbers a seed has: one a layer, so it exceeds the largest number of layers."""


class Moment(NamedTuple):
    """When random numbers are drawn: int64 scalars, so that a compiled function takes any seed and step."""

    seed: Any
    step: Any


def initial_seed(seed: int, layer: int) -> int:
    """The seed of the initial weights of one layer."""
    return (seed * KEYS + layer) % (2**31)


class Dropout(keras.layers.Dropout):
    """Keras's Dropout whose mask is a function of (seed, layer, step): no generator whose state had to be kept.

    Threefry, since Keras's own choice of generator is 60 times slower under XLA on a CPU."""

    def __init__(self, rate: float, *, index: int = 0, **options: Any) -> None:
        super().__init__(rate, **options)
        self.index = index

    def call(self, inputs: Any, training: bool = False, at: Moment | None = None) -> Any:
        if not training or self.rate == 0:
            return inputs
        if at is None:
            raise ValueError("Dropout needs the moment (seed, step) while training")
        key = tf.stack([at.seed * KEYS + self.index, at.step])
        draws = tf.random.stateless_uniform(tf.shape(inputs), seed=key, alg="threefry", dtype=inputs.dtype)
        return tf.where(draws >= self.rate, inputs / (1 - self.rate), tf.zeros_like(inputs))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"index": self.index}


def make(layer: Any, *, index: int, seed: int) -> list[keras.layers.Layer]:
    """The Keras layers for one plain layer of the spec: one, and a second for an activation that was typed.

    `index` is its place in the stack and, with `seed`, decides its initial weights and random numbers."""
    params = {name: _native(value) for name, value in layer.params.items() if name not in ("name", "trainable")}
    options: dict[str, Any] = {"name": _name(layer, index), "trainable": layer.trainable}
    typed: list[keras.layers.Layer] = []
    activation = params.get("activation")
    if isinstance(activation, Mapping):
        typed = [activations.Typed(activation["expression"], activation.get("constants"), trainable=layer.trainable,
                                   name=f"{options['name']}_activation")]
        params["activation"] = "linear"
        if layer.kind == "Activation":
            return typed
    elif activation is not None:
        params["activation"] = activations.function(activation)
    if "kernel_initializer" in params:
        params["kernel_initializer"] = initializer(params["kernel_initializer"], initial_seed(seed, index))
    if layer.kind == "Dropout":
        return [Dropout(index=index, **params, **options)]
    return [getattr(keras.layers, layer.kind)(**params, **options), *typed]


def initializer(name: str, seed: int) -> Any:
    """Keras's initializer of that name; a random one draws from `seed`."""
    found = keras.initializers.get(name)
    if "seed" not in found.get_config():
        return found
    return type(found).from_config(found.get_config() | {"seed": seed})


def _native(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _name(layer: Any, index: int) -> str:
    # TensorFlow takes few signs in a name, and a name need not be unique here.
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", layer.name or "").lstrip("_-")
    return name or f"{layer.kind.lower()}_{index}"
