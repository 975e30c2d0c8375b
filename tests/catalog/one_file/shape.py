"""A layer that Keras has, without weights."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.layers.building import Built
from nnviz.catalog.param import Param


def _repeated(shape: Shape, params: Mapping[str, Any]) -> Built:
    return (params["n"], *shape), 0, 0


ENTRIES = (
    LayerEntry(
        kind="RepeatVector",
        group="shape",
        build=_repeated,
        help="The same vector several times, as a sequence.",
        params=(Param(name="n", type="int", required=True, default=2, minimum=1, maximum=1000, help="How many times."),),
    ),
)
