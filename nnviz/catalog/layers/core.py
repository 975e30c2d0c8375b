"""Dense layers and what most stacks are made of; images, shapes, and the blocks that hold other layers."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.layers.building import (
    ACTIVATION,
    CENTER,
    EPSILON,
    FILTERS,
    IMAGE_START,
    PADDING,
    SCALE,
    USE_BIAS,
    Built,
    activation,
    constants,
    need_image,
    one_above_one,
    reach,
    same,
    shape_text,
    size,
    slide,
    two,
)
from nnviz.catalog.param import Param
from nnviz.catalog.weights import DENSE, initializer
from nnviz.errors import StackError


def _dense(shape: Shape, params: Mapping[str, Any]) -> Built:
    if len(shape) != 1:
        raise StackError(
            f"Flatten needed before Dense: input is {shape_text(shape)}", fix="Flatten", remedy="Insert a Flatten layer."
        )
    units = params["units"]
    weights = shape[0] * units + (units if params["use_bias"] else 0)
    return (units,), weights + constants(params["activation"]), 0


def _activation(shape: Shape, params: Mapping[str, Any]) -> Built:
    return shape, constants(params["activation"]), 0


def _batch_normalization(shape: Shape, params: Mapping[str, Any]) -> Built:
    return shape, shape[-1] * (params["center"] + params["scale"]), 2 * shape[-1]


def _flatten(shape: Shape, params: Mapping[str, Any]) -> Built:
    return (math.prod(shape),), 0, 0


def _reshape(shape: Shape, params: Mapping[str, Any]) -> Built:
    target, size = tuple(params["target_shape"]), math.prod(shape)
    known = math.prod(length for length in target if length != -1)
    if target.count(-1) > 1:
        raise StackError("target_shape has more than one -1", remedy="Leave at most one size open.")
    if size % known if -1 in target else size != known:
        raise StackError(
            f"cannot reshape {shape_text(shape)} ({size} values) into {shape_text(target)}",
            remedy=f"The sizes must multiply to {size}; -1 stands for what is left.",
        )
    return tuple(size // known if length == -1 else length for length in target), 0, 0


def _conv2d(shape: Shape, params: Mapping[str, Any]) -> Built:
    need_image(shape, "Conv2D")
    kernel, strides, dilation = (two(params[name]) for name in ("kernel_size", "strides", "dilation_rate"))
    one_above_one(strides, dilation)
    filters = params["filters"]
    spatial = slide(shape, reach(kernel, dilation), strides, params["padding"], "kernel_size")
    weights = math.prod(kernel) * shape[2] * filters + (filters if params["use_bias"] else 0)
    return (*spatial, filters), weights + constants(params["activation"]), 0


def _pooling(kind: str) -> Callable[[Shape, Mapping[str, Any]], Built]:
    def build(shape: Shape, params: Mapping[str, Any]) -> Built:
        need_image(shape, kind)
        pool = two(params["pool_size"])
        strides = pool if params["strides"] is None else two(params["strides"])
        return (*slide(shape, pool, strides, params["padding"], "pool_size"), shape[2]), 0, 0

    return build


def _global_average(shape: Shape, params: Mapping[str, Any]) -> Built:
    need_image(shape, "GlobalAveragePooling2D")
    return (shape[2],), 0, 0


def _repeat(shape: Shape, params: Mapping[str, Any]) -> Built:
    raise StackError("a Repeat is built layer by layer", remedy="Write it out first.")


def _block(shape: Shape, params: Mapping[str, Any]) -> Built:
    raise StackError("a block is built layer by layer", remedy="Plan it with nnviz.stack.")


_POOL = (
    replace(size("pool_size", 2, "Height and width of the window."), on_card=True),
    size("strides", None, "Step of the window; null: its own size.", optional=True),
    PADDING,
)

ENTRIES = (
    LayerEntry(
        kind="Dense",
        group="core",
        build=_dense,
        units="units",
        start={"activation": "relu"},
        help="Connects every input with every one of its units.",
        params=(
            Param(
                name="units",
                type="int",
                required=True,
                default=16,
                minimum=1,
                maximum=65536,
                label="Units",
                help="How many outputs.",
            ),
            ACTIVATION,
            USE_BIAS,
            initializer("kernel_initializer", matrix=True),
            *DENSE,
        ),
    ),
    LayerEntry(
        kind="Activation",
        group="core",
        keeps_output=False,
        build=_activation,
        help="Bends each value by a function.",
        params=(activation("relu", "What each value goes through.", required=True),),
    ),
    LayerEntry(
        kind="Dropout",
        group="regularization",
        is_random=True,
        keeps_output=False,
        build=same,
        help="Sets a random share of values to zero while training, against overfitting.",
        params=(
            Param(
                name="rate",
                type="float",
                required=True,
                default=0.2,
                minimum=0,
                below=1,
                step=0.05,
                tunable="live",
                help="The share of values set to zero.",
            ),
        ),
    ),
    LayerEntry(
        kind="BatchNormalization",
        group="normalization",
        build=_batch_normalization,
        help="Centers and scales each feature over the batch, which steadies training.",
        params=(
            Param(
                name="momentum",
                type="float",
                default=0.99,
                minimum=0,
                maximum=1,
                step=0.01,
                help="How much of the running mean and variance each batch keeps.",
            ),
            EPSILON,
            CENTER,
            SCALE,
        ),
    ),
    LayerEntry(
        kind="Flatten", group="shape", keeps_output=False, build=_flatten, params=(), help="Lays an image out as one vector."
    ),
    LayerEntry(
        kind="Reshape",
        group="shape",
        keeps_output=False,
        build=_reshape,
        help="Gives the same values another shape.",
        params=(
            Param(
                name="target_shape",
                type="shape",
                required=True,
                default=(-1,),
                minimum=-1,
                maximum=10**6,
                label="Target shape",
                help="The sizes; one may be -1: what is left.",
            ),
        ),
    ),
    LayerEntry(
        kind="Conv2D",
        group="convolution",
        build=_conv2d,
        units="filters",
        start=IMAGE_START,
        prefers_graph=True,
        constraint_axes={"kernel_constraint": (0, 1, 2)},
        help="Slides small filters over an image; each finds one pattern anywhere.",
        params=(
            FILTERS,
            size("kernel_size", 3, "Height and width of a filter.", required=True),
            size("strides", 1, "Step of the filters."),
            PADDING,
            ACTIVATION,
            USE_BIAS,
            size("dilation_rate", 1, "Distance of the pixels a filter looks at.", advanced=True),
            initializer("kernel_initializer"),
            *DENSE,
        ),
    ),
    LayerEntry(
        kind="MaxPooling2D",
        group="pooling",
        build=_pooling("MaxPooling2D"),
        params=_POOL,
        help="Keeps the largest value of each window: a smaller image.",
    ),
    LayerEntry(
        kind="AveragePooling2D",
        group="pooling",
        build=_pooling("AveragePooling2D"),
        params=_POOL,
        help="Keeps the mean of each window: a smaller image.",
    ),
    LayerEntry(
        kind="GlobalAveragePooling2D",
        group="pooling",
        build=_global_average,
        params=(),
        help="Keeps the mean of each channel: an image becomes a vector.",
    ),
    LayerEntry(
        kind="Repeat",
        group="structure",
        build=_repeat,
        help="Several copies of a list of layers, one after another.",
        params=(
            Param(
                name="times", type="int", required=True, default=2, minimum=1, maximum=100, label="Times", help="How many copies."
            ),
        ),
    ),
    LayerEntry(
        kind="Residual",
        group="structure",
        build=_block,
        help="Adds its input to what its inner layers make of it: a way around them, on which deep stacks learn.",
        params=(
            Param(
                name="project",
                type="bool",
                default=False,
                advanced=True,
                label="Project the skip",
                help="Where the sizes differ, the input goes through trainable weights of its own to fit.",
            ),
        ),
    ),
    LayerEntry(
        kind="Parallel",
        group="structure",
        build=_block,
        help="Several lists of layers side by side: each gets the same input, and what they give is joined.",
        params=(
            Param(
                name="join",
                type="choice",
                default="concatenate",
                choices=("concatenate", "add", "average"),
                label="Join",
                help="concatenate: one after another; add, average: value by value, of equal sizes.",
            ),
        ),
    ),
)
