"""A picture on its way through a network: what each convolution and pooling was fed, and what it gave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras

from nnviz.catalog import LAYERS
from nnviz.engine.network.network import Network
from nnviz.engine.views.placed_layers import paired
from nnviz.spec import Placed

GROUPS = ("convolution", "pooling")
"""Of the catalog's layers: those whose outputs are made from windows of their input."""


@dataclass(frozen=True)
class Step:
    """A layer with windows: `layer` is Keras's, `x` its input and `y` its output (after its activation), tensors (n, height,
    width, channels)."""

    place: Placed
    layer: keras.layers.Layer
    x: Any
    y: Any

    @property
    def is_convolution(self) -> bool:
        return LAYERS[self.place.layer.kind].group == "convolution"


See = Callable[[int, Step], None]


@dataclass
class Trace:
    """`steps`: the layers that keep places, in the order of the stack, those inside of blocks included; `features`: what the cost
    is given. `see` is called with each step's number and the step before anything follows from its output."""

    network: Network
    placed: Sequence[Placed]
    x: Any
    see: See = lambda number, step: None
    steps: list[Step] = field(default_factory=list)
    features: Any = None

    def __post_init__(self) -> None:
        self.features = self._through(self.placed, self.network.stack, self.x)

    def _through(self, placed: Sequence[Placed], stack: Sequence[keras.layers.Layer], x: Any) -> Any:
        for place, made in paired(placed, stack):
            y = self._block(place, made[0], x) if place.lists else self.network.through(made, x)
            if LAYERS[place.layer.kind].group in GROUPS and len(y.shape) == 4:
                self.steps.append(Step(place, made[0], x, y))
                self.see(len(self.steps) - 1, self.steps[-1])
            x = y
        return x

    def _block(self, place: Placed, block: Any, x: Any) -> Any:
        lists = iter(place.lists)
        return block.through(x, lambda layers, inputs: self._through(next(lists), layers, inputs))
