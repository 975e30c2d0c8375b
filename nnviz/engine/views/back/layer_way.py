"""The layers between a weight and the cost, and what they are called."""

from collections.abc import Sequence
from typing import NamedTuple

import keras

from nnviz.engine.network.blocks import Block, Residual
from nnviz.engine.network.network import Network
from nnviz.engine.views.placed_layers import activation_of, number_of, paired, title_of
from nnviz.spec import Placed


class Named(NamedTuple):
    """`number`: where it stands in the stack from 1 (`2.1` in a block), as `title` and `activation` say what it is; `copies`:
    (which copy from 0, of how many) of the Repeats around it, the outermost first."""

    layer: keras.layers.Layer
    number: str
    title: str
    activation: str
    copies: tuple[tuple[int, int], ...]


def way_from(network: Network, placed: Sequence[Placed], variable: int) -> list[Named]:
    """From the layer that holds a trained array (a number of `network.trainable_variables`) to the last one before the cost, each
    of which sees the one before; empty where the array is the cost's own. A block in which the layer stands comes after its inner
    ones; one on the way is a single layer, and so is a Residual whose projection holds the array."""
    return _way(placed, network.stack, id(network.trainable_variables[variable]))


def _way(placed: Sequence[Placed], stack: Sequence[keras.layers.Layer], wanted: int) -> list[Named]:
    named: list[Named] = []
    start: list[Named] = []
    for place, made in paired(placed, stack):
        own = [_named(place, layer, is_typed=bool(i)) for i, layer in enumerate(made)]
        if start:
            named += own
        elif place.lists:
            block = made[0]
            inner = [_way(one, layers, wanted) for one, layers in zip(place.lists, _lists(block), strict=True)]
            start = next((way for way in inner if way), [])
            holds = isinstance(block, Residual) and block.projection is not None and _holds(block.projection, wanted)
            if start or holds:
                start = [*start, *own]
        else:
            number = next((i for i, layer in enumerate(made) if _holds(layer, wanted)), None)
            start = [] if number is None else own[number:]
    return [*start, *named]


def _lists(block: keras.layers.Layer) -> list[list[keras.layers.Layer]]:
    assert isinstance(block, Block)
    return block.lists


def _holds(layer: keras.layers.Layer, wanted: int) -> bool:
    return any(id(variable) == wanted for variable in layer.trainable_variables)


def _named(place: Placed, layer: keras.layers.Layer, *, is_typed: bool) -> Named:
    number, activation = number_of(place), activation_of(place)
    copies = tuple((copy, times) for _, copy, times in place.copies)
    return Named(layer, number, "Activation" if is_typed else title_of(place), activation, copies)
