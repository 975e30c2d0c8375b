"""The layers of a spec beside those of Keras, and what they are called."""

from collections.abc import Iterator, Mapping, Sequence

import keras

from nnviz.spec import Placed


def paired(layers: Sequence[Placed], stack: Sequence[keras.layers.Layer]) -> Iterator[tuple[Placed, list[keras.layers.Layer]]]:
    """Each layer of a list of the spec with Keras's, an activation that was typed with the layer before it."""
    rest = list(stack)
    for place in layers:
        is_typed = isinstance(getattr(place.layer, "activation", None), Mapping) and place.layer.kind != "Activation"
        yield place, [rest.pop(0) for _ in range(2 if is_typed else 1)]


def number_of(place: Placed) -> str:
    """`2.1`: where it stands, and where in its block, each from 1."""
    return ".".join(str(int(part.partition("]")[0]) + 1) for part in place.path.split("[")[1:])


def activation_of(place: Placed) -> str:
    """Its name or formula; empty where there is none that changes anything."""
    activation = getattr(place.layer, "activation", None)
    if isinstance(activation, Mapping):
        return str(activation.get("expression", activation.get("kind", "")))
    return "" if activation in (None, "linear") else str(activation)


def title_of(place: Placed) -> str:
    """`Dense 32`: the kind with its size, where it has one."""
    layer = place.layer
    size = next((getattr(layer, name) for name in ("units", "filters") if hasattr(layer, name)), None)
    return layer.kind if size is None else f"{layer.kind} {size}"
