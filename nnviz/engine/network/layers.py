"""From the spec's layers to Keras's. Kinds and parameters carry Keras's names, so most need nothing but their call."""

import re
from collections.abc import Mapping
from typing import Any

import keras

from nnviz.catalog import LAYERS
from nnviz.engine.network import activations, augmentation, noise
from nnviz.engine.network.attention import SelfAttention
from nnviz.engine.network.stateless_random import KEYS, Moment, StochasticKerasLayer, StochasticLayer

__all__ = ["KEYS", "Moment", "StochasticLayer", "dense_parts", "initial_seed", "initializer", "make"]


def initial_seed(seed: int, layer: int, weight: int = 0) -> int:
    """The seed of the initial values of one of a layer's weights."""
    return (seed * KEYS + layer + weight * 0x9E3779B1) % (2**31)


def make(layer: Any, *, index: int, seed: int) -> list[keras.layers.Layer]:
    """The Keras layers for one plain layer of the spec: one, and a second for an activation that was typed.

    `index` is its place in the stack and, with `seed`, decides its initial weights and random numbers."""
    params = {name: _native(value) for name, value in layer.params.items() if name not in ("name", "trainable")}
    options: dict[str, Any] = {"name": _name(layer, index), "trainable": layer.trainable}
    entry = LAYERS[layer.kind]
    if entry.is_random:
        return [_random(layer.kind, {**entry.fixed, **_parts(layer.kind, params, seed, index)}, index=index, **options)]
    typed: list[keras.layers.Layer] = []
    activation = params.get("activation")
    if isinstance(activation, Mapping):
        typed = [
            activations.FormulaActivation(
                activation["expression"],
                activation.get("constants"),
                trainable=layer.trainable,
                name=f"{options['name']}_activation",
            )
        ]
        params["activation"] = "linear"
        if layer.kind == "Activation":
            return typed
    elif activation is not None:
        params["activation"] = activations.function(activation)
    if layer.kind == "MultiHeadAttention":
        kernel_initializer = params["kernel_initializer"]
        return [
            SelfAttention(
                start=lambda number: initializer(kernel_initializer, initial_seed(seed, index, number)),
                **_parts(layer.kind, params, seed, index),
                **options,
            )
        ]
    if params.pop("bidirectional", False):
        kind = getattr(keras.layers, layer.kind)
        ahead = kind(**_parts(layer.kind, params, seed, index))
        back = kind(**_parts(layer.kind, params, seed, index, first=len(params)), go_backwards=True)
        return [keras.layers.Bidirectional(ahead, backward_layer=back, **options)]
    made = getattr(keras.layers, layer.kind)(**entry.fixed, **_parts(layer.kind, params, seed, index), **options)
    return [made, *typed]


def _random(kind: str, params: dict[str, Any], **options: Any) -> StochasticLayer:
    """A layer that draws by seed, layer and step: the engine's own in the place of Keras's, or Keras's drawing likewise."""
    own = getattr(noise, kind, None) or getattr(augmentation, kind, None)
    if own is None:
        return StochasticKerasLayer(getattr(keras.layers, kind)(**params), **options)
    made: StochasticLayer = own(**{name: value for name, value in params.items() if name not in LAYERS[kind].fixed}, **options)
    return made


def initializer(spec: Any, seed: int) -> Any:
    """Keras's initializer of that name, or of `{"kind": ..., parameters}`; a random one draws from `seed`."""
    instance = part(keras.initializers, spec) if isinstance(spec, Mapping) else keras.initializers.get(spec)
    if "seed" not in instance.get_config():
        return instance
    return type(instance).from_config(instance.get_config() | {"seed": seed})


def part(module: Any, config: Mapping[str, Any], **more: Any) -> Any:
    """What `{"kind": ..., parameters}` stands for in a module of Keras."""
    return getattr(module, config["kind"])(**{name: value for name, value in config.items() if name != "kind"}, **more)


def dense_parts(params: Mapping[str, Any], seed: int, index: int) -> dict[str, Any]:
    """Initializers, regularizers and constraints of a Dense layer's weights, from those of a spec."""
    return _parts("Dense", params, seed, index)


def _parts(kind: str, params: Mapping[str, Any], seed: int, index: int, first: int = 0) -> dict[str, Any]:
    """The parameters with initializers, regularizers and constraints made. The n-th initializer draws from a seed of its
    own, counted from `first`."""
    parts = dict(params)
    number = first
    for name, value in params.items():
        if name.endswith("_initializer"):
            parts[name] = initializer(value, initial_seed(seed, index, number))
            number += 1
        elif name.endswith("_regularizer") and value is not None:
            parts[name] = part(keras.regularizers, value)
        elif name.endswith("_constraint") and value is not None:
            axis = {} if value["kind"] == "NonNeg" else {"axis": LAYERS[kind].constraint_axes.get(name, 0)}
            parts[name] = part(keras.constraints, value, **axis)
    return parts


def _native(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _name(layer: Any, index: int) -> str:
    # TensorFlow takes few signs in a name, and a name need not be unique here.
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", layer.name or "").lstrip("_-")
    return name or f"{layer.kind.lower()}_{index}"
