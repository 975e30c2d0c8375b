"""The plain layers that a list with Repeats stands for."""

from collections.abc import Iterator, Sequence
from typing import Any

from nnviz.catalog import LAYERS
from nnviz.catalog.expression import parse
from nnviz.errors import SpecError
from nnviz.spec.components import Layer

MAX_LAYERS = 1000


def layer_count(layers: Sequence[Layer]) -> int:
    """How many plain layers a list stands for, every Repeat written out."""
    return sum(layer.times * layer_count(layer.layers) if layer.kind == "Repeat" else 1 for layer in layers)


def expand(layers: Sequence[Layer], *, where: str = "layers") -> list[tuple[str, Layer]]:
    """The plain layers that a list stands for, every Repeat written out and every `each` settled, in order.

    Each comes with the path of the layer it was written as. Raises SpecError (an `each` outside a Repeat, a wrong
    number of values, a value out of range, too many layers)."""
    count = layer_count(layers)
    if count > MAX_LAYERS:
        raise SpecError(f"the stack has {count:,} layers when its Repeats are written out", where=where,
                        remedy=f"At most {MAX_LAYERS:,} are allowed.")
    return list(_expanded(layers, where, None, True))


def _expanded(
    layers: Sequence[Layer], where: str, copy: tuple[int, int] | None, trainable: bool
) -> Iterator[tuple[str, Layer]]:
    for index, layer in enumerate(layers):
        path = f"{where}[{index}]"
        if layer.kind == "Repeat":
            for number in range(layer.times):
                place = (number, layer.times)
                yield from _expanded(layer.layers, f"{path}.layers", place, trainable and layer.trainable)
        else:
            settled = settle(layer, path, copy)
            frozen = settled.trainable and not trainable
            yield path, settled.model_copy(update={"trainable": False}) if frozen else settled


def settle(layer: Layer, path: str, copy: tuple[int, int] | None) -> Layer:
    """A layer with every `each` replaced by its value for `copy` (number, of how many). Raises SpecError."""
    varying = {name: value["each"] for name, value in layer.params.items()
               if isinstance(value, dict) and "each" in value}
    if not varying:
        return layer
    if copy is None:
        name = next(iter(varying))
        raise SpecError('"each" varies a parameter over the copies of a Repeat', where=f"{path}.{name}",
                        remedy="Give one value, or put the layer into a Repeat.")
    number, times = copy
    record = layer.written()
    params = {param.name: param for param in LAYERS[layer.kind].params}
    for name, each in varying.items():
        where = f"{path}.{name}"
        if isinstance(each, str):
            value: Any = float(parse(each, names=("i",)).evaluate({"i": float(number)}))
        elif len(each) != times:
            raise SpecError(f'"each" has {len(each)} values for {times} copies', where=where,
                            remedy="Give one value for each copy.")
        else:
            value = each[number]
        try:
            record[name] = params[name].check(value)
        except ValueError as error:
            given = f" ({each} with i = {number})" if isinstance(each, str) else ""
            raise SpecError(f"copy {number + 1}: {error}{given}", where=where,
                            remedy="Change the values or the number of copies.") from error
    return type(layer).model_validate(record)
