"""The plain layers that a list with blocks (Repeat, Residual, Parallel) stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nnviz.catalog import LAYERS
from nnviz.catalog.expression import parse
from nnviz.errors import SpecError
from nnviz.spec.components import BLOCKS, Layer

MAX_LAYERS = 1000


@dataclass(frozen=True)
class Placed:
    """A layer with the path it was written at and every `each` settled. A Residual or Parallel has its inner `lists`,
    each copy of a Repeat its own; Repeats themselves are written out: `copies` says of those around it, the outermost first,
    (path, which copy from 0, of how many)."""

    path: str
    layer: Layer
    lists: "tuple[tuple[Placed, ...], ...]" = ()
    copies: tuple[tuple[str, int, int], ...] = ()


def inner_lists(layer: Layer, path: str) -> list[tuple[str, Sequence[Layer]]]:
    """The lists of layers inside a block with their paths (`layers[2].branches[0]`); none for a plain layer."""
    if layer.kind == "Parallel":
        return [(f"{path}.branches[{number}]", branch) for number, branch in enumerate(layer.branches)]
    return [(f"{path}.layers", layer.layers)] if layer.kind in BLOCKS else []


def layer_count(layers: Sequence[Layer]) -> int:
    """How many plain layers a list stands for, every Repeat written out; a projection of a Residual is one more."""
    return sum(_count(layer) for layer in layers)


def _count(layer: Layer) -> int:
    if layer.kind not in BLOCKS:
        return 1
    inner = sum(layer_count(layers) for _, layers in inner_lists(layer, ""))
    return layer.times * inner if layer.kind == "Repeat" else inner + (layer.kind == "Residual" and layer.project)


def expand(layers: Sequence[Layer], *, where: str = "layers") -> list[tuple[str, Layer]]:
    """The plain layers that a list stands for, every Repeat written out and every `each` settled, in order; those of a
    Residual or Parallel in the order written.

    Each comes with the path of the layer it was written as. Raises SpecError (an `each` outside a Repeat, a wrong
    number of values, a value out of range, too many layers)."""
    return list(_leaves(unfold(layers, where=where)))


def layer_kinds(layers: Sequence[Layer]) -> frozenset[str]:
    """The kinds of all plain layers, those inside of blocks included."""
    return frozenset(layer.kind for _, layer in expand(layers))


def unfold(layers: Sequence[Layer], *, where: str = "layers") -> tuple[Placed, ...]:
    """As `expand`, with the inner lists of each Residual and Parallel kept apart. Raises SpecError."""
    count = layer_count(layers)
    if count > MAX_LAYERS:
        raise SpecError(
            f"the stack has {count:,} layers when its Repeats are written out",
            where=where,
            remedy=f"At most {MAX_LAYERS:,} are allowed.",
        )
    return tuple(_unfolded(layers, where, (), True))


def _leaves(placed: Sequence[Placed]) -> Iterator[tuple[str, Layer]]:
    for place in placed:
        if place.layer.kind not in BLOCKS:
            yield place.path, place.layer
        for inner in place.lists:
            yield from _leaves(inner)


def _unfolded(layers: Sequence[Layer], where: str, copies: tuple[tuple[str, int, int], ...], trainable: bool) -> Iterator[Placed]:
    for index, layer in enumerate(layers):
        path = f"{where}[{index}]"
        if layer.kind == "Repeat":
            for number in range(layer.times):
                inside = (*copies, (path, number, layer.times))
                yield from _unfolded(layer.layers, f"{path}.layers", inside, trainable and layer.trainable)
        elif layer.kind in BLOCKS:
            moves = trainable and layer.trainable
            lists = tuple(tuple(_unfolded(inner, at, copies, moves)) for at, inner in inner_lists(layer, path))
            yield Placed(path, layer if moves else layer.model_copy(update={"trainable": False}), lists, copies)
        else:
            settled = settle(layer, path, copies[-1][1:] if copies else None)
            frozen = settled.trainable and not trainable
            yield Placed(path, settled.model_copy(update={"trainable": False}) if frozen else settled, copies=copies)


def settle(layer: Layer, path: str, copy: tuple[int, int] | None) -> Layer:
    """A layer with every `each` replaced by its value for `copy` (number, of how many). Raises SpecError."""
    varying = {name: value["each"] for name, value in layer.params.items() if isinstance(value, dict) and "each" in value}
    if not varying:
        return layer
    if copy is None:
        name = next(iter(varying))
        raise SpecError(
            '"each" varies a parameter over the copies of a Repeat',
            where=f"{path}.{name}",
            remedy="Give one value, or put the layer into a Repeat.",
        )
    number, times = copy
    record = layer.written()
    params = {param.name: param for param in LAYERS[layer.kind].params}
    for name, each in varying.items():
        where = f"{path}.{name}"
        if isinstance(each, str):
            value: Any = float(parse(each, names=("i",)).evaluate({"i": float(number)}))
        elif len(each) != times:
            raise SpecError(
                f'"each" has {len(each)} values for {times} copies', where=where, remedy="Give one value for each copy."
            )
        else:
            value = each[number]
        try:
            record[name] = params[name].check(value)
        except ValueError as error:
            formula = f" ({each} with i = {number})" if isinstance(each, str) else ""
            raise SpecError(
                f"copy {number + 1}: {error}{formula}", where=where, remedy="Change the values or the number of copies."
            ) from error
    return type(layer).model_validate(record)
