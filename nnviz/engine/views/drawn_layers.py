"""Layers of a spec as a picture of the network names them, and the weights by which their units are chosen."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.activations import FormulaActivation
from nnviz.spec import Placed

Floats = NDArray[np.float32]
_NO_UNITS = (
    keras.layers.Activation,
    keras.layers.BatchNormalization,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
    FormulaActivation,
)
"""Layers that do something to each unit of the layer before, whether or not they have weights."""


def paired(stack: Sequence[keras.layers.Layer], layers: Sequence[Placed]) -> Iterator[tuple[Placed, list[keras.layers.Layer]]]:
    """Each layer of the spec with Keras's, an activation that was typed with the layer before it."""
    rest = list(stack)
    for place in layers:
        is_typed = isinstance(getattr(place.layer, "activation", None), Mapping) and place.layer.kind != "Activation"
        yield place, [rest.pop(0) for _ in range(2 if is_typed else 1)]


def has_units(place: Placed, made: Sequence[keras.layers.Layer]) -> bool:
    return bool(place.lists) or (bool(made[0].weights) and not isinstance(made[0], _NO_UNITS))


def leaves(place: Placed) -> int:
    """How many plain layers: one, or those inside a block."""
    return sum(leaves(inner) for layers in place.lists for inner in layers) if place.lists else 1


def columns(place: Placed) -> int:
    """How many columns a picture of a layer has: one, and of a block those inside it, too."""
    return 1 + sum(columns(inner) for layers in place.lists for inner in layers)


def about(place: Placed) -> dict[str, Any]:
    """A layer as it is drawn without units."""
    return {
        "place": place.path,
        "kind": place.layer.kind,
        "number": ".".join(str(int(part) + 1) for part in _numbers(place.path)),
        "title": _title(place),
        "activation": _activation(place),
        "copies": [list(copy) for copy in place.copies],
        "units_in_all": 0,
        "units": [],
        "links": None,
        "from": None,
        "strongest": 0.0,
    }


def kernel_of(layer: Any) -> Floats | None:
    """The weights (inputs, units) of a Dense layer; None of another kind."""
    if not isinstance(layer, keras.layers.Dense):
        return None
    return np.asarray(layer.kernel)


def bias_of(layer: Any) -> Floats | None:
    if not isinstance(layer, keras.layers.Dense) or layer.bias is None:
        return None
    return np.asarray(layer.bias)


def first_kernel(stack: Sequence[keras.layers.Layer], layers: Sequence[Placed]) -> tuple[bool, Floats | None]:
    """Whether there is a layer with units, and the weights that the inputs meet in the first one: None where these are not
    those of a Dense layer."""
    for place, made in paired(stack, layers):
        for inner, own in zip(place.lists, getattr(made[0], "lists", ()), strict=True):
            is_there, kernel = first_kernel(own, inner)
            if is_there:
                return True, kernel
        if has_units(place, made):
            return True, kernel_of(made[0])
    return False, None


def _numbers(path: str) -> list[str]:
    return [part.partition("]")[0] for part in path.split("[")[1:]]


def _activation(place: Placed) -> str:
    activation = getattr(place.layer, "activation", None)
    if isinstance(activation, Mapping):
        return str(activation.get("expression", activation.get("kind", "")))
    return "" if activation in (None, "linear") else str(activation)


def _title(place: Placed) -> str:
    """`Dense 32`: the kind with its size, where it has one."""
    layer = place.layer
    size = next((getattr(layer, name) for name in ("units", "filters") if hasattr(layer, name)), None)
    return layer.kind if size is None else f"{layer.kind} {size}"
