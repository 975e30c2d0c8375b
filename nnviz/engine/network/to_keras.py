"""A trained network as Keras's own layers only: what a `.keras` file holds, so that it loads where nnviz is not installed."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from nnviz.catalog import ACTIVATIONS, LAYERS
from nnviz.catalog.expression import parse
from nnviz.engine.network.activations import FormulaActivation
from nnviz.engine.network.attention import SelfAttention
from nnviz.engine.network.blocks import Block, Parallel, Residual
from nnviz.engine.network.expression import KERAS
from nnviz.engine.network.network import Network
from nnviz.engine.network.stateless_random import StochasticKerasLayer, StochasticLayer
from nnviz.engine.network.unit_switches import UnitSwitches
from nnviz.errors import NotYet
from nnviz.spec import Placed, unfold

FAR = 1000.0
"""A target whose mean is more than so many deviations is brought into its own unit in float64."""
_JOINS = {"concatenate": keras.layers.Concatenate, "add": keras.layers.Add, "average": keras.layers.Average}
_INSTEAD = "Export it as a script (--to script)."


def keras_model(
    network: Network, layers: Sequence[Any], *, before: Sequence[keras.layers.Layer] = (), mean: Any = 0.0, scale: Any = 1.0
) -> keras.Model:
    """`layers` of the spec that the network was built from, its weights, and the cost as Dense and Activation: a
    keras.Sequential where the stack is a plain row, else a functional model.

    It gives what `outputs_of` gives, but one column where two classes share one; targets in their own unit (scaled *
    `scale` + `mean`). `before`: layers that encode the rows. A typed formula becomes operations of Keras, its trained
    constants fixed numbers. Raises NotYet for layers that are not Keras's."""
    copy = _Copy(network.switches)
    x = inputs = keras.Input(network.shape)
    for layer in before:
        x = copy.added(layer, x)
    x = copy.through(network.stack, unfold(layers), x)
    cost = network.cost
    if cost.projection is not None:
        x = copy.plain(cost.projection, x)
    if cost.transform_name != "identity":
        x = copy.added(keras.layers.Activation(cost.transform_name, name="output"), x)
    if cost.task == "regression" and (np.any(np.asarray(scale) != 1) or np.any(np.asarray(mean) != 0)):
        # around a mean of many times the spread a float32 has no digits left for it
        is_far = bool(np.any(np.abs(np.asarray(mean)) > FAR * np.asarray(scale)))
        x = copy.added(
            keras.layers.Rescaling(
                np.asarray(scale, float).tolist(),
                np.asarray(mean, float).tolist(),
                dtype="float64" if is_far else None,
                name="own_unit",
            ),
            x,
        )
    if copy.is_row:
        return keras.Sequential([keras.Input(network.shape), *copy.made], name="network")
    return keras.Model(inputs, x, name="network")


class _Copy:
    """Calls copies of a network's layers on symbolic inputs. `made`: the copies; `is_row`: whether they follow one another
    and nothing else is done. Units that are off are multiplied by 0."""

    def __init__(self, switches: UnitSwitches | None) -> None:
        self.switches = switches
        self.made: list[keras.layers.Layer] = []
        self.is_row = True
        # Of layers that end the model: a stack's own may have any names, and the same one several times.
        self._names = {"output", "own_unit", "encode"}

    def through(self, own: Sequence[keras.layers.Layer], placed: Iterable[Placed], x: Any) -> Any:
        """`own`: the network's layers for what is `placed`, a typed activation behind its layer."""
        layers = iter(own)
        for place in placed:
            layer = next(layers)
            activation = place.layer.params.get("activation") if not place.lists else None
            typed = isinstance(activation, Mapping)
            formula = ACTIVATIONS[activation].formula if isinstance(activation, str) and not ACTIVATIONS[activation].keras else ""
            if isinstance(layer, Block):
                x = self._block(layer, place, x)
            elif isinstance(layer, FormulaActivation):
                x = self._typed(layer, x)
            elif formula:
                x = x if place.layer.kind == "Activation" else self.plain(layer, x, activation="linear")
                x = self._formula(formula, x)
            else:
                x = self._layer(layer, place, x)
                if typed:
                    layer = next(layers)
                    x = self._typed(layer, x)
            x = self._switched(layer, x)
        return x

    def _switched(self, layer: keras.layers.Layer, x: Any) -> Any:
        is_on = None if self.switches is None else self.switches.is_on(layer)
        if is_on is None or is_on.all():
            return x
        return self.added(keras.layers.Rescaling(is_on.astype(float).tolist(), name=self._free("units_on")), x)

    def added(self, layer: keras.layers.Layer, x: Any) -> Any:
        self.made.append(layer)
        return layer(x)

    def plain(self, layer: keras.layers.Layer, x: Any, **changes: Any) -> Any:
        """A copy of one of Keras's own layers with its weights, called on x."""
        with warnings.catch_warnings():
            # Of an activation that is a formula, which `changes` replace.
            warnings.simplefilter("ignore")
            config = layer.get_config()
        copy = type(layer).from_config(config | changes | {"name": self._free(layer.name)})
        outputs = self.added(copy, x)
        copy.set_weights(layer.get_weights())
        return outputs

    def _layer(self, layer: keras.layers.Layer, place: Placed, x: Any) -> Any:
        if isinstance(layer, SelfAttention):
            self.is_row = False
            copy = keras.layers.MultiHeadAttention.from_config(
                layer.attention.get_config() | {"name": self._free(layer.name), "trainable": layer.trainable}
            )
            x = copy(x, x, use_causal_mask=layer.causal)
            copy.set_weights(layer.attention.get_weights())
            return x
        if isinstance(layer, StochasticLayer):
            return self.added(_drawing(layer, self._free(layer.name)), x)
        if type(layer).__module__.partition(".")[0] != "keras":
            raise NotYet(
                f"a .keras file cannot hold the layer {layer.name!r}, which is none of Keras's", where=place.path, remedy=_INSTEAD
            )
        return self.plain(layer, x)

    def _block(self, block: Block, place: Placed, x: Any) -> Any:
        self.is_row = False
        outputs = [self.through(own, placed, x) for own, placed in zip(block.lists, place.lists, strict=True)]
        if isinstance(block, Residual):
            return keras.layers.Add()([x if block.projection is None else self.plain(block.projection, x), *outputs])
        if isinstance(block, Parallel):
            return _JOINS[block.kind]()(outputs)
        raise NotYet(f"a .keras file cannot hold a {place.layer.kind}", where=place.path, remedy=_INSTEAD)

    def _typed(self, layer: Any, x: Any) -> Any:
        return self._formula(layer.expression.text, x, {name: float(value) for name, value in layer.values.items()})

    def _formula(self, text: str, x: Any, constants: Mapping[str, float] | None = None) -> Any:
        self.is_row = False
        variables = {"x": x, **(constants or {})}
        return parse(text, names=tuple(variables)).evaluate(variables, ops=KERAS) + 0.0 * x

    def _free(self, name: str) -> str:
        """The name, or one made of it: a model takes none twice."""
        free, number = name, 2
        while free in self._names:
            free, number = f"{name}_{number}", number + 1
        self._names.add(free)
        return free


def encoding(*, divide: float | None = None, centre: Sequence[float] = (), scale: Sequence[float] = ()) -> list[Any]:
    """Layers that encode rows as they are: images are divided by `divide`, columns of numbers standardised."""
    if divide is not None:
        return [keras.layers.Rescaling(1.0 / divide, name="encode")]
    return [keras.layers.Normalization(mean=list(centre), variance=[each**2 for each in scale], name="encode")] if scale else []


def save(model: keras.Model, path: Path) -> None:
    """Writes the `.keras` file, uncompiled: cost and optimizer are not in it."""
    model.save(path)


def _drawing(layer: StochasticLayer, name: str) -> keras.layers.Layer:
    """Keras's own class for a layer that draws random numbers while training: ours draws them otherwise."""
    kind = type(layer.layer if isinstance(layer, StochasticKerasLayer) else layer).__name__
    config = {key: value for key, value in layer.get_config().items() if key not in ("index", "dtype", "trainable")}
    counterpart: keras.layers.Layer = getattr(keras.layers, kind)(**config | dict(LAYERS[kind].fixed) | {"name": name})
    return counterpart
