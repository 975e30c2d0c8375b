"""Convolutions and pooling beside the two-dimensional ones, and what changes the size of an image."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.layers.building import (
    ACTIVATION,
    FILTERS,
    IMAGE_START,
    PADDING,
    USE_BIAS,
    Built,
    constants,
    length,
    need_image,
    need_sequence,
    one_above_one,
    reach,
    size,
    slide,
    two,
)
from nnviz.catalog.param import Param
from nnviz.catalog.weights import BIAS, DENSE, constraint, initializer, regularizer


def _sizes(value: Any, rank: int) -> Shape:
    return two(value) if rank == 2 else (value,)


def _need(shape: Shape, kind: str, rank: int) -> None:
    (need_image if rank == 2 else need_sequence)(shape, kind)


def _places(shape: Shape, params: Mapping[str, Any], rank: int) -> Shape:
    kernel, strides, dilation = (_sizes(params[name], rank) for name in ("kernel_size", "strides", "dilation_rate"))
    one_above_one(strides, dilation)
    return slide(shape, reach(kernel, dilation), strides, params["padding"], "kernel_size")


def _conv1d(shape: Shape, params: Mapping[str, Any]) -> Built:
    _need(shape, "Conv1D", 1)
    filters = params["filters"]
    weights = params["kernel_size"] * shape[1] * filters + (filters if params["use_bias"] else 0)
    return (*_places(shape, params, 1), filters), weights + constants(params["activation"]), 0


def _separable(kind: str, rank: int) -> Callable[[Shape, Mapping[str, Any]], Built]:
    def build(shape: Shape, params: Mapping[str, Any]) -> Built:
        _need(shape, kind, rank)
        filters, between = params["filters"], shape[-1] * params["depth_multiplier"]
        weights = math.prod(_sizes(params["kernel_size"], rank)) * between + between * filters
        weights += filters if params["use_bias"] else 0
        return (*_places(shape, params, rank), filters), weights + constants(params["activation"]), 0

    return build


def _depthwise(shape: Shape, params: Mapping[str, Any]) -> Built:
    _need(shape, "DepthwiseConv2D", 2)
    filters = shape[2] * params["depth_multiplier"]
    weights = (math.prod(two(params["kernel_size"])) + params["use_bias"]) * filters
    return (*_places(shape, params, 2), filters), weights + constants(params["activation"]), 0


def _transpose(shape: Shape, params: Mapping[str, Any]) -> Built:
    _need(shape, "Conv2DTranspose", 2)
    kernel, strides, filters = two(params["kernel_size"]), two(params["strides"]), params["filters"]
    beyond = [max(span - stride, 0) if params["padding"] == "valid" else 0 for span, stride in zip(kernel, strides, strict=True)]
    spatial = (places * stride + more for places, stride, more in zip(shape, strides, beyond, strict=False))
    weights = math.prod(kernel) * shape[2] * filters + (filters if params["use_bias"] else 0)
    return (*spatial, filters), weights + constants(params["activation"]), 0


def _pooling(kind: str) -> Callable[[Shape, Mapping[str, Any]], Built]:
    def build(shape: Shape, params: Mapping[str, Any]) -> Built:
        _need(shape, kind, 1)
        pool = params["pool_size"]
        strides = pool if params["strides"] is None else params["strides"]
        return (*slide(shape, (pool,), (strides,), params["padding"], "pool_size"), shape[1]), 0, 0

    return build


def _global(kind: str, rank: int) -> Callable[[Shape, Mapping[str, Any]], Built]:
    def build(shape: Shape, params: Mapping[str, Any]) -> Built:
        _need(shape, kind, rank)
        return (shape[-1],), 0, 0

    return build


def _upsampling(shape: Shape, params: Mapping[str, Any]) -> Built:
    _need(shape, "UpSampling2D", 2)
    height, width = two(params["size"])
    return (shape[0] * height, shape[1] * width, shape[2]), 0, 0


def _zero_padding(shape: Shape, params: Mapping[str, Any]) -> Built:
    _need(shape, "ZeroPadding2D", 2)
    height, width = two(params["padding"])
    return (shape[0] + 2 * height, shape[1] + 2 * width, shape[2]), 0, 0


_STRIDE = length("strides", 1, "Step of the filters, the same in every direction.")
_MULTIPLIER = length("depth_multiplier", 1, "How many filters each channel gets of its own.", advanced=True)
_DILATION = size("dilation_rate", 1, "Distance of the pixels a filter looks at.", advanced=True)
_LINE_DILATION = length("dilation_rate", 1, "Distance of the places a filter looks at.", advanced=True)
_KERNEL = size("kernel_size", 3, "Height and width of a filter.", required=True)
_LINE_KERNEL = length("kernel_size", 3, "How many steps a filter spans.", required=True, maximum=4096)
_CAUSAL = Param(
    name="padding",
    type="choice",
    default="valid",
    choices=("valid", "same", "causal"),
    help="valid: only where the window fits; same: the border is padded; causal: no filter looks ahead.",
)
_SEPARATE = (
    initializer("depthwise_initializer"),
    initializer("pointwise_initializer"),
    *BIAS,
    regularizer("depthwise_regularizer"),
    regularizer("pointwise_regularizer"),
    constraint("depthwise_constraint"),
    constraint("pointwise_constraint"),
)
_POOL = (
    replace(length("pool_size", 2, "How many steps the window spans.", maximum=4096), on_card=True),
    length("strides", None, "Step of the window; null: its own size.", optional=True, maximum=4096),
    PADDING,
)

ENTRIES = (
    LayerEntry(
        kind="Conv1D",
        group="convolution",
        build=_conv1d,
        units="filters",
        start=IMAGE_START,
        prefers_graph=True,
        constraint_axes={"kernel_constraint": (0, 1)},
        help="Slides small filters along a sequence; each finds one pattern anywhere.",
        params=(
            FILTERS,
            _LINE_KERNEL,
            length("strides", 1, "Step of the filters."),
            _CAUSAL,
            ACTIVATION,
            USE_BIAS,
            _LINE_DILATION,
            initializer("kernel_initializer"),
            *DENSE,
        ),
    ),
    LayerEntry(
        kind="SeparableConv1D",
        group="convolution",
        build=_separable("SeparableConv1D", 1),
        start=IMAGE_START,
        prefers_graph=True,
        constraint_axes={"pointwise_constraint": (0, 1)},
        help="A convolution along a sequence in two cheap steps: each channel by itself, then a mix of channels.",
        params=(FILTERS, _LINE_KERNEL, _STRIDE, PADDING, ACTIVATION, USE_BIAS, _LINE_DILATION, _MULTIPLIER, *_SEPARATE),
    ),
    LayerEntry(
        kind="SeparableConv2D",
        group="convolution",
        build=_separable("SeparableConv2D", 2),
        start=IMAGE_START,
        prefers_graph=True,
        constraint_axes={"depthwise_constraint": (0, 1), "pointwise_constraint": (0, 1, 2)},
        help="A convolution in two cheap steps: each channel by itself, then a mix of channels.",
        params=(FILTERS, _KERNEL, _STRIDE, PADDING, ACTIVATION, USE_BIAS, _DILATION, _MULTIPLIER, *_SEPARATE),
    ),
    LayerEntry(
        kind="DepthwiseConv2D",
        group="convolution",
        build=_depthwise,
        start=IMAGE_START,
        prefers_graph=True,
        constraint_axes={"depthwise_constraint": (0, 1)},
        help="Slides filters over each channel by itself, without mixing channels.",
        params=(
            _KERNEL,
            _STRIDE,
            PADDING,
            _MULTIPLIER,
            ACTIVATION,
            USE_BIAS,
            _DILATION,
            initializer("depthwise_initializer"),
            *BIAS,
            regularizer("depthwise_regularizer"),
            constraint("depthwise_constraint"),
        ),
    ),
    LayerEntry(
        kind="Conv2DTranspose",
        group="convolution",
        build=_transpose,
        start=IMAGE_START,
        prefers_graph=True,
        constraint_axes={"kernel_constraint": (0, 1, 3)},
        help="A convolution the other way round: strides make the image larger.",
        params=(
            FILTERS,
            _KERNEL,
            size("strides", 1, "How many times as large the image gets."),
            PADDING,
            ACTIVATION,
            USE_BIAS,
            initializer("kernel_initializer"),
            *DENSE,
        ),
    ),
    LayerEntry(
        kind="MaxPooling1D",
        group="pooling",
        build=_pooling("MaxPooling1D"),
        params=_POOL,
        help="Keeps the largest value of each window: a shorter sequence.",
    ),
    LayerEntry(
        kind="AveragePooling1D",
        group="pooling",
        build=_pooling("AveragePooling1D"),
        params=_POOL,
        help="Keeps the mean of each window: a shorter sequence.",
    ),
    LayerEntry(
        kind="GlobalMaxPooling2D",
        group="pooling",
        build=_global("GlobalMaxPooling2D", 2),
        params=(),
        help="Keeps the largest value of each channel: an image becomes a vector.",
    ),
    LayerEntry(
        kind="GlobalAveragePooling1D",
        group="pooling",
        build=_global("GlobalAveragePooling1D", 1),
        params=(),
        help="Keeps the mean over all steps: a sequence becomes a vector.",
    ),
    LayerEntry(
        kind="GlobalMaxPooling1D",
        group="pooling",
        build=_global("GlobalMaxPooling1D", 1),
        params=(),
        help="Keeps the largest value over all steps: a sequence becomes a vector.",
    ),
    LayerEntry(
        kind="UpSampling2D",
        group="shape",
        build=_upsampling,
        help="Makes an image larger.",
        params=(
            size("size", 2, "How many times as high and as wide.", maximum=16),
            Param(
                name="interpolation",
                type="choice",
                default="nearest",
                choices=("nearest", "bilinear"),
                help="nearest: repeats pixels; bilinear: draws lines between them.",
            ),
        ),
    ),
    LayerEntry(
        kind="ZeroPadding2D",
        group="shape",
        build=_zero_padding,
        help="Puts a border of zeros around an image.",
        params=(size("padding", 1, "How wide the border is, above and below, left and right.", minimum=0),),
    ),
)
