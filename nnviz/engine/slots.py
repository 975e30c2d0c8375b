"""What an optimizer keeps, handed on to another optimizer of the same kind for the same network."""

from typing import Any

import numpy as np

from nnviz.engine.loop import Loop
from nnviz.engine.network import Weights
from nnviz.engine.parameters import OneVector
from nnviz.errors import SpecError


def moved(old: Loop, new: Loop) -> Weights:
    """The optimizer's variables of `old` as `new` has them. One of the two may see the network as one vector and the other
    each weight array by itself: the numbers are the same.

    Raises SpecError where `new` keeps something that `old` does not, or the other way round."""
    kept = dict(zip(_names(old), old.slots, strict=True))
    one, apart = isinstance(old.parameters, OneVector), not isinstance(new.parameters, OneVector)
    if one == apart:
        shapes = [tuple(variable.shape) for variable in old.network.trainable_variables]
        kept = _apart(kept, shapes) if one else _in_one(kept)
    try:
        found = [kept.pop(name) for name in _names(new)]
    except KeyError:
        found = []
    if kept or [array.shape for array in found] != [tuple(variable.shape) for variable in new.optimizer.variables]:
        raise SpecError("the optimizer would have to keep other numbers", where="optimizer",
                        remedy="Begin a run with this setting.")
    return found


def _names(loop: Loop) -> list[tuple[str, int]]:
    """Of each of the optimizer's variables: the attribute that holds it and its place there, -1 for one by itself."""
    names: dict[int, tuple[str, int]] = {}
    count = len(loop.parameters.variables)
    for name, value in vars(loop.optimizer).items():
        if name in ("_variables", "_trainable_variables"):
            continue
        if isinstance(value, list) and len(value) == count:
            names |= {id(variable): (name, place) for place, variable in enumerate(value)}
        else:
            names[id(value)] = (name, -1)
    return [names[id(variable)] for variable in loop.optimizer.variables]


def _apart(kept: dict[tuple[str, int], Any], shapes: list[tuple[int, ...]]) -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = {}
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    for (name, place), array in kept.items():
        if place < 0:
            found[name, place] = array
        else:
            found |= {(name, number): part.reshape(shape)
                      for number, (part, shape) in enumerate(zip(np.split(array, ends), shapes, strict=True))}
    return found


def _in_one(kept: dict[tuple[str, int], Any]) -> dict[tuple[str, int], Any]:
    parts: dict[str, list[Any]] = {}
    for (name, place), array in sorted(kept.items(), key=lambda item: item[0]):
        if place >= 0:
            parts.setdefault(name, []).append(array.ravel())
    alone = {at: array for at, array in kept.items() if at[1] < 0}
    return alone | {(name, 0): np.concatenate(arrays) for name, arrays in parts.items()}
