"""What every layer and every cost takes besides its own parameters."""

from nnviz.catalog.entry import TRANSFORMS
from nnviz.catalog.layers.building import USE_BIAS
from nnviz.catalog.param import Param
from nnviz.catalog.weights import PROJECTION

ANY_LAYER = (
    Param(
        name="name", type="text", optional=True, advanced=True, help="A name of your own, shown on the card and kept in exports."
    ),
    Param(name="trainable", type="bool", default=True, advanced=True, help="Off: training leaves this layer as it starts."),
)
CLASS_WEIGHT = Param(
    name="class_weight",
    type="choice",
    optional=True,
    choices=("balanced",),
    advanced=True,
    help="balanced: rare classes weigh as much in all as frequent ones.",
)
"""A spec may also give a number for each class."""
ANY_COST = (
    Param(
        name="transform",
        type="choice",
        optional=True,
        choices=TRANSFORMS,
        advanced=True,
        label="Output transform",
        help="What the raw outputs go through before the cost; empty: what suits this cost.",
    ),
    Param(
        name="project",
        type="bool",
        default=True,
        advanced=True,
        label="Project to the target",
        help="A dense layer of its own brings the input to the width of the target.",
    ),
    USE_BIAS,
    *PROJECTION,
    CLASS_WEIGHT,
)
