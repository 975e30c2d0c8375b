"""Normalization within a row, and noise while training."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.layers.building import CENTER, EPSILON, SCALE, Built, need_image, need_sequence, same
from nnviz.catalog.param import Param
from nnviz.errors import StackError


def _layer(shape: Shape, params: Mapping[str, Any]) -> Built:
    return shape, shape[-1] * (params["center"] + params["scale"]), 0


def _group(shape: Shape, params: Mapping[str, Any]) -> Built:
    if shape[-1] % params["groups"]:
        raise StackError(
            f"{shape[-1]} channels cannot be split into {params['groups']} groups of the same size",
            remedy="Choose a number of groups that divides the channels.",
        )
    return _layer(shape, params)


def _channels(shape: Shape, params: Mapping[str, Any]) -> Built:
    need_image(shape, "SpatialDropout2D")
    return same(shape, params)


def _steps(shape: Shape, params: Mapping[str, Any]) -> Built:
    need_sequence(shape, "SpatialDropout1D")
    return same(shape, params)


_RATE = Param(
    name="rate",
    type="float",
    required=True,
    default=0.2,
    minimum=0,
    below=1,
    step=0.05,
    tunable="live",
    help="The share of channels set to zero.",
)

ENTRIES = (
    LayerEntry(
        kind="LayerNormalization",
        group="normalization",
        build=_layer,
        params=(EPSILON, CENTER, SCALE),
        help="Centers and scales the features of each row, whatever the rest of the batch is.",
    ),
    LayerEntry(
        kind="GroupNormalization",
        group="normalization",
        build=_group,
        help="Centers and scales groups of channels in each row, whatever the rest of the batch is.",
        params=(
            Param(
                name="groups",
                type="int",
                required=True,
                default=4,
                minimum=1,
                maximum=4096,
                help="How many groups the channels are split into; 1: all together.",
            ),
            EPSILON,
            CENTER,
            SCALE,
        ),
    ),
    LayerEntry(
        kind="SpatialDropout2D",
        group="regularization",
        is_random=True,
        keeps_output=False,
        build=_channels,
        params=(_RATE,),
        help="Sets whole channels of an image to zero while training, against overfitting.",
    ),
    LayerEntry(
        kind="SpatialDropout1D",
        group="regularization",
        is_random=True,
        keeps_output=False,
        build=_steps,
        params=(_RATE,),
        help="Sets whole channels of a sequence to zero while training, against overfitting.",
    ),
    LayerEntry(
        kind="GaussianNoise",
        group="regularization",
        is_random=True,
        keeps_output=False,
        build=same,
        help="Adds random numbers to each value while training, against overfitting.",
        params=(
            Param(
                name="stddev",
                type="float",
                required=True,
                default=0.1,
                minimum=0,
                maximum=1e6,
                step=0.05,
                tunable="live",
                help="The standard deviation of what is added.",
            ),
        ),
    ),
)
