"""What the arrays of weights of a network are called: by the place of their layer in the spec."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from nnviz.engine.network.blocks import Block
from nnviz.engine.network.network import Network
from nnviz.errors import RequestError
from nnviz.spec.by_hand import place_of


def names(network: Network) -> tuple[str, ...]:
    """A name for each of `network.trainable_variables`: `layers[0].kernel`, `cost.bias`; a copy made by Repeat has its
    number behind it."""
    where: dict[int, str] = {}
    for path, layer in (*_layers(network.stack, network.paths), ("cost", network.cost)):
        for variable in layer.trainable_variables:
            where.setdefault(id(variable), path)
    unique, seen = [], Counter[str]()
    for variable in network.trainable_variables:
        name = f"{where[id(variable)]}.{variable.name}"
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return tuple(unique)


def numbered(network: Network, variable: str | int) -> int:
    """The number of a variable that is given by name or number. Raises RequestError for one that is not there."""
    known = names(network)
    if isinstance(variable, str) and variable in known:
        return known.index(variable)
    if isinstance(variable, int) and 0 <= variable < len(known):
        return variable
    raise RequestError(
        f"this network has no weights {variable!r}", where="variable", remedy=f"Choose one of {', '.join(known[:20])}."
    )


def placed(network: Network, name: str) -> tuple[Any, tuple[int, ...]] | None:
    """The trained variable and the index in it that a name such as `layers[0].kernel[3,1]` names; None where there is none."""
    place, known = place_of(name), names(network)
    if place is None or place.array_name not in known:
        return None
    variable = network.trainable_variables[known.index(place.array_name)]
    shape = tuple(variable.shape)
    if len(shape) != len(place.at) or any(at >= size for at, size in zip(place.at, shape, strict=True)):
        return None
    return variable, place.at


def set_weight(network: Network, name: str, value: float) -> float:
    """Give one weight (see `placed`, which knows it) a value; the one before."""
    variable, index = placed(network, name) or (None, ())
    if variable is None:
        raise RequestError(f"this network trains no weight {name!r}")
    values = np.array(variable.numpy())
    before = float(values[index])
    values[index] = value
    variable.assign(values)
    return before


def _layers(stack: Any, paths: Any) -> Iterator[tuple[str, Any]]:
    """Every layer with its path, those within blocks before the block, whose own weights are those left over."""
    for layer, path in zip(stack, paths, strict=True):
        if isinstance(layer, Block):
            for inner, inner_paths in zip(layer.lists, layer.paths, strict=True):
                yield from _layers(inner, inner_paths)
        yield path, layer
