"""A trained network as Keras's own layers only: what a `.keras` file holds, so that it loads where nnviz is not installed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from nnviz.catalog import ACTIVATIONS, LAYERS
from nnviz.engine.network import Network
from nnviz.errors import NotYet
from nnviz.spec import expand

_INSTEAD = "Export it as a script (--to script): there the formula is written out."


def check(layers: Sequence[Any]) -> None:
    """Raises NotYet for a stack that needs code of its own: a typed formula."""
    for path, layer in expand(layers):
        for param in LAYERS[layer.kind].params:
            value = layer.params.get(param.name)
            if param.type == "activation" and (isinstance(value, Mapping) or (
                    isinstance(value, str) and not ACTIVATIONS[value].keras)):
                what = value if isinstance(value, str) else value["expression"]
                raise NotYet(f"a .keras file cannot hold the formula {what!r}", where=f"{path}.{param.name}", remedy=_INSTEAD)


def keras_model(network: Network, layers: Sequence[Any], *, before: Sequence[keras.layers.Layer] = (), mean: Any = 0.0,
                scale: Any = 1.0) -> keras.Sequential:
    """`layers` of the spec that the network was built from, its weights, and the cost as Dense and Activation.

    It gives what `outputs_of` gives, but one column where two classes share one; targets in their own unit (scaled *
    `scale` + `mean`). `before`: layers that encode the rows. Raises NotYet for layers that are not Keras's."""
    check(layers)
    made: list[keras.layers.Layer] = list(before)
    made += [_plain(layer, path) for layer, path in zip(network.stack, network.paths, strict=True)]
    cost = network.cost
    if cost.projection is not None:
        made.append(keras.layers.Dense.from_config(cost.projection.get_config()))
    if cost.transform_name != "identity":
        made.append(keras.layers.Activation(cost.transform_name, name="output"))
    if cost.task == "regression" and (np.any(np.asarray(scale) != 1) or np.any(np.asarray(mean) != 0)):
        made.append(keras.layers.Rescaling(np.asarray(scale, float).tolist(), np.asarray(mean, float).tolist(), name="own_unit"))
    model = keras.Sequential([keras.Input(network.shape), *made], name="network")
    for own, copy in zip(network.stack, made[len(before):], strict=False):
        copy.set_weights(own.get_weights())
    if cost.projection is not None:
        made[len(before) + len(network.stack)].set_weights(cost.projection.get_weights())
    return model


def encoding(*, divide: float | None = None, centre: Sequence[float] = (), scale: Sequence[float] = ()) -> list[Any]:
    """Layers that encode rows as they are: images are divided by `divide`, columns of numbers standardised."""
    if divide is not None:
        return [keras.layers.Rescaling(1.0 / divide, name="encode")]
    return [keras.layers.Normalization(mean=list(centre), variance=[each**2 for each in scale], name="encode")] if scale else []


def save(model: keras.Sequential, path: Path) -> None:
    """Writes the `.keras` file, uncompiled: cost and optimizer are not in it."""
    model.save(path)


def _plain(layer: keras.layers.Layer, path: str) -> keras.layers.Layer:
    """The same layer in Keras's own class: ours are small subclasses that draw their random numbers otherwise."""
    kind: Any = next(base for base in type(layer).__mro__ if base.__module__.partition(".")[0] == "keras")
    if kind in (keras.layers.Layer, keras.Model):
        raise NotYet(f"a .keras file cannot hold the layer {layer.name!r}, which is none of Keras's", where=path, remedy=_INSTEAD)
    found: keras.layers.Layer = kind.from_config(kind.get_config(layer))
    return found
