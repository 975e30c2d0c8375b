"""Two single weights of a network, chosen by somebody or by how far they went."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.network.weight_names import names
from nnviz.errors import RequestError

ATTENTION_PARTS = ("query", "key", "value", "attention_output")
FIRST, SECOND = "first", "second"
"""Names of a choice; each is {"variable": a number of `variables_of`, "index": the place in it}."""


@dataclass(frozen=True)
class Weight:
    """`variable`: its number among the trained ones; `index`: the place in that array, from 0."""

    variable: int
    index: tuple[int, ...]


def variables_of(network: Network) -> list[dict[str, Any]]:
    """Of each trained array {layer, array, part, copy, copies, shape}: `layer` its number in the stack from 1 (`2.1` within a
    block), empty for the cost; `array` as Keras calls it; `part` of attention that it belongs to, else empty; `copy` (from 1) of
    so many `copies` of its layer that a Repeat makes."""
    arrays = [_array(name, variable) for name, variable in zip(names(network), network.trainable_variables, strict=True)]
    copies, made = Counter(arrays), Counter[tuple[str, str, str]]()
    variables = []
    for array, variable in zip(arrays, network.trainable_variables, strict=True):
        made[array] += 1
        layer, name, part = array
        variables.append(
            {
                "layer": ".".join(str(int(number) + 1) for number in re.findall(r"\[(\d+)\]", layer)),
                "array": name,
                "part": part,
                "copy": made[array],
                "copies": copies[array],
                "shape": [int(size) for size in variable.shape],
            }
        )
    return variables


def _array(name: str, variable: Any) -> tuple[str, str, str]:
    """Path of the layer, array and part, the same in each copy of the layer."""
    within = variable.path.split("/")[-2:-1]
    return name.rpartition(".")[0], str(variable.name), within[0] if within and within[0] in ATTENTION_PARTS else ""


def chosen_weights(choice: Mapping[str, Any], network: Network, moved: Sequence[NDArray[Any]]) -> tuple[Weight, Weight]:
    """The weights of a choice; for one that is missing, the weight of the first layer with the largest `moved` (an array for each
    trained variable) that is not the other one.

    Raises RequestError for a weight that is not there, for one chosen twice, and for a network of a single weight."""
    shapes = [tuple(variable.shape) for variable in network.trainable_variables]
    if sum(int(np.prod(shape)) for shape in shapes) < 2:
        raise RequestError("this network has only one weight that is trained, and the picture needs two")
    first, second = (chosen_weight(choice.get(name), shapes) for name in (FIRST, SECOND))
    if first is not None and first == second:
        raise RequestError("both are the same weight", remedy="Choose another one for one of them.")
    largest = _largest(network, moved)
    if first is None:
        first = next(weight for weight in largest if weight != second)
    if second is None:
        second = next(weight for weight in largest if weight != first)
    return first, second


def chosen_weight(chosen: Any, shapes: Sequence[tuple[int, ...]]) -> Weight | None:
    """One that was chosen; None for none. Raises RequestError for a weight that is not there."""
    if chosen is None:
        return None
    place: Any = chosen if isinstance(chosen, dict) else {}
    variable, index = place.get("variable"), place.get("index")
    if not _is_place(variable, len(shapes)):
        raise RequestError(f"there is no array of weights {variable!r:.40}: this network has {len(shapes):,}, counted from 0")
    shape = shapes[variable]
    if (
        not isinstance(index, list)
        or len(index) != len(shape)
        or not all(_is_place(number, size) for number, size in zip(index, shape, strict=True))
    ):
        raise RequestError(
            f"there is no weight at {index!r:.60}", remedy=f"This array is {' x '.join(map(str, shape)) or 'one number'}."
        )
    return Weight(variable, tuple(index))


def _is_place(value: Any, size: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < size


def _largest(network: Network, moved: Sequence[NDArray[Any]]) -> list[Weight]:
    """Up to three weights of the first layer, by how far they moved; where it has fewer, the next layers' follow."""
    layers = [name.rpartition(".")[0] for name in names(network)]
    largest: list[Weight] = []
    for layer in dict.fromkeys(layers):
        own = [number for number, name in enumerate(layers) if name == layer]
        sizes = np.concatenate([np.abs(np.nan_to_num(moved[number])).ravel() for number in own])
        ends = np.cumsum([moved[number].size for number in own])
        for flat in np.argsort(-sizes, kind="stable")[: 3 - len(largest)]:
            place = int(np.searchsorted(ends, flat, side="right"))
            inside = int(flat) - (int(ends[place - 1]) if place else 0)
            index = np.unravel_index(inside, moved[own[place]].shape)
            largest.append(Weight(own[place], tuple(int(one) for one in index)))
        if len(largest) >= 3:
            break
    return largest
