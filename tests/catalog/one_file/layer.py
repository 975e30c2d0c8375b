"""Layers that Keras has: one with weights, one that draws random numbers."""

import math
from collections.abc import Mapping
from typing import Any

from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.layers.building import Built, same
from nnviz.catalog.param import Param
from nnviz.catalog.weights import constraint, flat_initializer, regularizer


def _prelu(shape: Shape, params: Mapping[str, Any]) -> Built:
    return shape, math.prod(shape), 0


ENTRIES = (
    LayerEntry(
        kind="PReLU",
        group="core",
        build=_prelu,
        help="A relu whose slope for negative input is trained.",
        params=(flat_initializer("alpha_initializer"), regularizer("alpha_regularizer"), constraint("alpha_constraint")),
    ),
    LayerEntry(
        kind="GaussianDropout",
        group="regularization",
        is_random=True,
        keeps_output=False,
        build=same,
        help="Multiplies each value by a random number around 1 while training.",
        params=(
            Param(
                name="rate",
                type="float",
                required=True,
                default=0.2,
                above=0,
                below=1,
                step=0.05,
                tunable="compiled",
                help="The variance of the numbers is rate / (1 - rate).",
            ),
        ),
    ),
)
