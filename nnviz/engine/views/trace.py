"""Rows on their way through a network: what each layer was fed, and what it gave."""

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
    """`layer` is Keras's, `x` its input and `y` its output (after its activation), tensors (n, ...)."""

    place: Placed
    layer: keras.layers.Layer
    x: Any
    y: Any

    @property
    def is_convolution(self) -> bool:
        return LAYERS[self.place.layer.kind].group == "convolution"


See = Callable[[int, Step], None]


def keeps_places(step: Step) -> bool:
    """Whether a layer makes its outputs from windows of an image: (n, height, width, channels)."""
    return LAYERS[step.place.layer.kind].group in GROUPS and len(step.y.shape) == 4


@dataclass
class Trace:
    """`steps`: the layers that are `wanted`, in the order of the stack, those inside of blocks before these; `features`: what the
    cost is given. `see` is called with each step's number and the step before anything follows from its output."""

    network: Network
    placed: Sequence[Placed]
    x: Any
    see: See = lambda number, step: None
    wanted: Callable[[Step], bool] = keeps_places
    steps: list[Step] = field(default_factory=list)
    features: Any = None

    def __post_init__(self) -> None:
        self.features = self._through(self.placed, self.network.stack, self.x)

    def _through(self, placed: Sequence[Placed], stack: Sequence[keras.layers.Layer], x: Any) -> Any:
        for place, made in paired(placed, stack):
            y = self._block(place, made[0], x) if place.lists else self.network.through(made, x)
            step = Step(place, made[0], x, y)
            if self.wanted(step):
                self.steps.append(step)
                self.see(len(self.steps) - 1, step)
            x = y
        return x

    def _block(self, place: Placed, block: Any, x: Any) -> Any:
        lists = iter(place.lists)
        return block.through(x, lambda layers, inputs: self._through(next(lists), layers, inputs))
