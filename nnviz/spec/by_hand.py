"""What is changed by hand in a network itself while it trains: a unit switched off, a weight set. Each goes by a name:
`layers[0].is_on[4]` (1: on, 0: off), `layers[1].kernel[0,2]`; ` #2` behind the array: of the second copy that Repeat makes."""

import math
import re
from typing import Any, NamedTuple

import numpy as np

from nnviz.catalog import LAYERS
from nnviz.errors import RequestError
from nnviz.spec.expansion import expand
from nnviz.spec.run import RunSpec

IS_ON = "is_on"
_NAME = re.compile(r"((?:layers\[|cost)[^ #]*)\.([A-Za-z_0-9]+)(?: #(\d{1,6}))?\[(\d{1,9}(?:,\d{1,9}){0,5})\]")
MOST_LETTERS = 300


class Place(NamedTuple):
    """One number of an array of a network. `path`: of its layer in the spec; `copy`: which of those that Repeat makes, from 1;
    `at`: where in it, from 0."""

    path: str
    array: str
    copy: int
    at: tuple[int, ...]

    @property
    def array_name(self) -> str:
        """`layers[0].kernel`, with the number of a further copy: as `engine.network.weight_names` has it."""
        name = f"{self.path}.{self.array}"
        return name if self.copy == 1 else f"{name} #{self.copy}"


def place_of(name: str) -> Place | None:
    """What a name names; None where it is none of something changed by hand (but a setting's path)."""
    match = _NAME.fullmatch(name) if len(name) <= MOST_LETTERS else None
    if match is None:
        return None
    path, array, copy, at = match.groups()
    return Place(path, array, int(copy or 1), tuple(map(int, at.split(","))))


def is_switch(name: str) -> bool:
    """Whether a name is that of a unit's switch."""
    place = place_of(name)
    return place is not None and place.array == IS_ON


def words(name: str) -> str:
    """What a name names, as it begins a sentence: `Layer 2, unit 5`, `Weight from input 1 to unit 3 of layer 1`."""
    place = place_of(name)
    if place is None:
        return name
    digits = re.findall(r"\[(\d+)\]", place.path)
    layer = "the cost" if place.path == "cost" else "layer " + ".".join(str(int(one) + 1) for one in digits)
    if place.copy > 1:
        layer += f", copy {place.copy}"
    unit = f"output {place.at[-1] + 1}" if place.path == "cost" else f"unit {place.at[-1] + 1}"
    if place.array == IS_ON:
        return f"{layer[0].upper()}{layer[1:]}, {unit}"
    if place.array == "bias":
        return f"Bias of {unit} of {layer}"
    if place.array == "kernel" and len(place.at) == 2:
        return f"Weight from input {place.at[0] + 1} to {unit} of {layer}"
    at = ", ".join(str(one + 1) for one in place.at[:-1])
    return f"Weight at {at} of {unit} of {layer}" if at else f"Weight {place.array} of {unit} of {layer}"


def check_switch(spec: RunSpec, name: str) -> None:
    """Raises RequestError where a spec's network has no such unit that can be switched off alone, with the reason."""
    place = place_of(name)
    if place is None or place.array != IS_ON:
        raise RequestError(f"{name[:80]!r} names no unit", remedy="Choose one in the picture of the network.")
    if place.path == "cost":
        raise RequestError("an output of the network cannot be switched off", remedy="Choose a unit of a layer before the cost.")
    layers = [layer for path, layer in expand(spec.layers) if path == place.path]
    if len(layers) < place.copy:
        raise RequestError("this network has no such layer", where=place.path, remedy="Choose a unit in its picture.")
    layer = layers[place.copy - 1]
    units = LAYERS[layer.kind].units
    if not units:
        raise RequestError(
            f"units of {layer.kind} cannot be switched off one by one", where=place.path, remedy=_remedy(layer.kind)
        )
    count = int(getattr(layer, units))
    if len(place.at) != 1 or place.at[0] >= count:
        raise RequestError(f"this layer has {count:,} units", where=place.path, remedy="Choose one of them.")


def check_weight(name: str, value: Any) -> float:
    """The value that a weight is to have, as float32 holds it. Raises RequestError for what is no finite number, for one that
    float32 cannot hold, and for a name that is none."""
    place = place_of(name)
    if place is None or place.array == IS_ON:
        raise RequestError(f"{name[:80]!r} names no weight", remedy="Choose one in the picture of the network.")
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < math.inf:
        raise RequestError("a weight is a number, and not infinite", where=name, remedy="Write it with digits, such as -0.25.")
    limits = np.finfo(np.float32)
    if abs(value) > float(limits.max):
        raise RequestError(
            "this number is larger than a weight can be", where=name, remedy=f"Weights go up to {float(limits.max):.1e} in size."
        )
    if 0 < abs(value) < float(limits.tiny):
        raise RequestError(
            "this number is closer to 0 than a weight can be",
            where=name,
            remedy=f"Write 0, or a number from {float(limits.tiny):.1e} on in size.",
        )
    return float(np.float32(value))


def _remedy(kind: str) -> str:
    if kind in ("LSTM", "GRU", "SimpleRNN"):
        return "Each of them also feeds the others from step to step."
    return "Dense and convolutional layers and Embedding have units with weights of their own."
