"""Layers of a spec as a picture of the network names them, and the weights by which their units are chosen."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.catalog import LAYERS
from nnviz.engine.network.activations import FormulaActivation
from nnviz.engine.views.placed_layers import activation_of, number_of, paired, title_of
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

MOST_PLACES = 27
"""Weights of a filter that are listed one by one: 3 x 3 over three colours."""


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
        "number": number_of(place),
        "title": title_of(place),
        "help": LAYERS[place.layer.kind].help,
        "activation": activation_of(place),
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


def filters_of(layer: Any, ones: NDArray[np.int64]) -> dict[str, Any]:
    """The weights of some units of a convolution, where each has few: `filters`, float32 (units, places), and `filter_shape`."""
    if not isinstance(layer, keras.layers.Conv1D | keras.layers.Conv2D):
        return {}
    kernel = np.asarray(layer.kernel)
    shape = kernel.shape[:-1]
    if int(np.prod(shape)) > MOST_PLACES:
        return {}
    filters = np.ascontiguousarray(np.moveaxis(kernel[..., ones], -1, 0), "<f4")
    return {"filters": filters.tobytes(), "filter_shape": list(shape)}


def norms_of(layer: Any, units: int) -> NDArray[np.floating[Any]] | None:
    """How large each unit's weights are, (units,): of Dense layers and convolutions; None of others."""
    if not isinstance(layer, keras.layers.Dense | keras.layers.Conv1D | keras.layers.Conv2D):
        return None
    kernel = np.asarray(layer.kernel)
    return None if kernel.shape[-1] != units else np.linalg.norm(kernel.reshape(-1, units), axis=0)


def first_kernel(stack: Sequence[keras.layers.Layer], layers: Sequence[Placed]) -> tuple[bool, Floats | None]:
    """Whether there is a layer with units, and the weights that the inputs meet in the first one: None where these are not
    those of a Dense layer."""
    for place, made in paired(layers, stack):
        for inner, own in zip(place.lists, getattr(made[0], "lists", ()), strict=True):
            is_there, kernel = first_kernel(own, inner)
            if is_there:
                return True, kernel
        if has_units(place, made):
            return True, kernel_of(made[0])
    return False, None
