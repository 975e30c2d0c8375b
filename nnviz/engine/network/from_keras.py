"""Layers written with Keras as layers of the spec."""

from collections.abc import Mapping
from typing import Any

import keras

from nnviz.catalog import LAYERS
from nnviz.catalog.layers import INITIALIZERS
from nnviz.engine.network import layers
from nnviz.errors import SpecError
from nnviz.spec import Component, parse_component


def from_keras(layer: Any, *, where: str = "layers") -> Component:
    """The spec's layer for a Keras layer with the same settings; its weights and a name Keras gave it are not taken over.

    Raises SpecError for a layer, or a setting of it, that a spec cannot say."""
    kind = type(layer).__name__
    own: Any = getattr(keras.layers, kind, ())
    if kind not in LAYERS or not isinstance(layer, own):
        raise SpecError(f"the Keras layer {kind} is not in the catalog", where=where, remedy=f"There are {', '.join(LAYERS)}.")
    config = layer.get_config()
    known = {param.name: _value(config[param.name]) for param in LAYERS[kind].params if param.name in config}
    defaults = {param.name: param.default for param in LAYERS[kind].params if not param.required}
    fields = {name: value for name, value in known.items() if name not in defaults or value != defaults[name]}
    component = parse_component(kind, fields | ({} if layer.trainable else {"trainable": False}), where=where)
    # What the catalog has no parameter for must be as Keras has it by default.
    again = layers.make(component, index=0, seed=0)[0].get_config()
    for name, value in config.items():
        if name not in ("name", "dtype", "seed") and _unseeded(again.get(name)) != _unseeded(value):
            raise SpecError(f"{name} of {kind} cannot be set here", where=f"{where}.{name}", remedy="Leave it out.")
    return component


def _value(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping) and "class_name" in value:
        return _initializers().get(value["class_name"], value)
    return value


def _initializers() -> dict[str, str]:
    """Keras's names of classes, and what a spec calls them."""
    return {type(keras.initializers.get(name)).__name__: name for name in INITIALIZERS}


def _unseeded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _unseeded(item) for name, item in value.items() if name not in ("seed", "shared_object_id")}
    return list(value) if isinstance(value, tuple) else value
