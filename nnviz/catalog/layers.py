"""Every layer: its parameters as Keras names them, and what it makes of a shape, without TensorFlow.

`build` agrees with Keras on shapes, parameter counts and refusals (the trainable constants of a typed activation come
on top). It refuses more in one case: Dense on anything but a
vector (Keras would apply it along the last axis), since Flatten is what a beginner means there.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.param import Param
from nnviz.errors import StackError

Built = tuple[Shape, int, int]

INITIALIZERS = ("glorot_uniform", "glorot_normal", "he_normal", "he_uniform", "lecun_normal", "lecun_uniform",
                "orthogonal", "random_normal", "random_uniform", "truncated_normal", "zeros", "ones")


def shape_text(shape: Shape) -> str:
    """A shape in words: `8x8x16`."""
    return "x".join(str(size) for size in shape)


def _dense(shape: Shape, params: Mapping[str, Any]) -> Built:
    if len(shape) != 1:
        raise StackError(f"Flatten needed before Dense: input is {shape_text(shape)}", fix="Flatten",
                         remedy="Insert a Flatten layer.")
    units = params["units"]
    weights = shape[0] * units + (units if params["use_bias"] else 0)
    return (units,), weights + _constants(params["activation"]), 0


def _same(shape: Shape, params: Mapping[str, Any]) -> Built:
    return shape, 0, 0


def _activation(shape: Shape, params: Mapping[str, Any]) -> Built:
    return shape, _constants(params["activation"]), 0


def _constants(activation: Any) -> int:
    return len(activation.get("constants", ())) if isinstance(activation, Mapping) else 0


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
        raise StackError(f"cannot reshape {shape_text(shape)} ({size} values) into {shape_text(target)}",
                         remedy=f"The sizes must multiply to {size}; -1 stands for what is left.")
    return tuple(size // known if length == -1 else length for length in target), 0, 0


def _conv2d(shape: Shape, params: Mapping[str, Any]) -> Built:
    _need_image(shape, "Conv2D")
    kernel, strides, dilation = (_two(params[name]) for name in ("kernel_size", "strides", "dilation_rate"))
    if max(strides) > 1 and max(dilation) > 1:
        raise StackError("strides and dilation_rate cannot both be above 1", remedy="Set one of them to 1.")
    reach = tuple(rate * (size - 1) + 1 for rate, size in zip(dilation, kernel, strict=True))
    filters = params["filters"]
    spatial = _slide(shape, reach, strides, params["padding"], "kernel_size")
    weights = math.prod(kernel) * shape[2] * filters + (filters if params["use_bias"] else 0)
    return (*spatial, filters), weights + _constants(params["activation"]), 0


def _pooling(kind: str) -> Callable[[Shape, Mapping[str, Any]], Built]:
    def build(shape: Shape, params: Mapping[str, Any]) -> Built:
        _need_image(shape, kind)
        pool = _two(params["pool_size"])
        strides = pool if params["strides"] is None else _two(params["strides"])
        return (*_slide(shape, pool, strides, params["padding"], "pool_size"), shape[2]), 0, 0

    return build


def _global_average(shape: Shape, params: Mapping[str, Any]) -> Built:
    _need_image(shape, "GlobalAveragePooling2D")
    return (shape[2],), 0, 0


def _repeat(shape: Shape, params: Mapping[str, Any]) -> Built:
    raise StackError("a Repeat is built layer by layer", remedy="Write it out first.")


def _block(shape: Shape, params: Mapping[str, Any]) -> Built:
    raise StackError("a block is built layer by layer", remedy="Plan it with nnviz.stack.")


def _need_image(shape: Shape, kind: str) -> None:
    if len(shape) != 3:
        raise StackError(f"{kind} needs an image (height x width x channels): input is {shape_text(shape)}",
                         fix="Reshape", remedy="Use image data, or insert a Reshape layer before it.")


def _slide(shape: Shape, window: Shape, strides: Shape, padding: str, name: str) -> Shape:
    if padding == "same":
        return tuple((size - 1) // stride + 1 for size, stride in zip(shape[:2], strides, strict=True))
    if any(reach > size for reach, size in zip(window, shape[:2], strict=True)):
        raise StackError(f"a window of {shape_text(window)} does not fit: input is {shape_text(shape)}",
                         remedy=f'Choose a smaller {name} or padding "same", or drop a pooling layer before it.')
    return tuple((size - reach) // stride + 1
                 for size, reach, stride in zip(shape[:2], window, strides, strict=True))


def _two(value: Any) -> Shape:
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[1]))


def _size(name: str, default: Any, help: str, *, maximum: int = 64, optional: bool = False) -> Param:
    return Param(name=name, type="pair", default=default, minimum=1, maximum=maximum, optional=optional, help=help)


_ACTIVATION = Param(name="activation", type="activation", default="linear", label="Activation",
                    help="What each output goes through.")
_BIAS = Param(name="use_bias", type="bool", default=True, help="Adds a trainable constant to each output.")
_INITIALIZER = Param(name="kernel_initializer", type="choice", default="glorot_uniform", choices=INITIALIZERS,
                     help="How the first weights are drawn.")
_PADDING = Param(name="padding", type="choice", default="valid", choices=("valid", "same"),
                 help="valid: only where the window fits; same: the border is padded, the size stays (at stride 1).")
_POOL = (_size("pool_size", 2, "Height and width of the window."),
         _size("strides", None, "Step of the window; null: its own size.", optional=True), _PADDING)

LAYERS: dict[str, LayerEntry] = {entry.kind: entry for entry in (
    LayerEntry(
        kind="Dense", group="core", build=_dense, help="Connects every input with every one of its units.",
        params=(Param(name="units", type="int", required=True, default=16, minimum=1, maximum=65536, label="Units",
                      help="How many outputs."), _ACTIVATION, _BIAS, _INITIALIZER)),
    LayerEntry(
        kind="Activation", group="core", build=_activation, help="Bends each value by a function.",
        params=(Param(name="activation", type="activation", required=True, default="relu", label="Activation",
                      help="What each value goes through."),)),
    LayerEntry(
        kind="Dropout", group="regularization", build=_same,
        help="Sets a random share of values to zero while training, against overfitting.",
        params=(Param(name="rate", type="float", required=True, default=0.2, minimum=0, below=1, step=0.05,
                      help="The share of values set to zero."),)),
    LayerEntry(
        kind="BatchNormalization", group="normalization", build=_batch_normalization,
        help="Centers and scales each feature over the batch, which steadies training.",
        params=(Param(name="momentum", type="float", default=0.99, minimum=0, maximum=1, step=0.01,
                      help="How much of the running mean and variance each batch keeps."),
                Param(name="epsilon", type="float", default=0.001, above=0, maximum=1, help="Keeps divisions finite."),
                Param(name="center", type="bool", default=True, help="Adds a trainable offset."),
                Param(name="scale", type="bool", default=True, help="Multiplies by a trainable factor."))),
    LayerEntry(kind="Flatten", group="shape", build=_flatten, params=(),
               help="Lays an image out as one vector."),
    LayerEntry(
        kind="Reshape", group="shape", build=_reshape, help="Gives the same values another shape.",
        params=(Param(name="target_shape", type="shape", required=True, default=(-1,), minimum=-1, maximum=10**6,
                      label="Target shape", help="The sizes; one may be -1: what is left."),)),
    LayerEntry(
        kind="Conv2D", group="convolution", build=_conv2d,
        help="Slides small filters over an image; each finds one pattern anywhere.",
        params=(Param(name="filters", type="int", required=True, default=16, minimum=1, maximum=4096, label="Filters",
                      help="How many patterns, so output channels."),
                Param(name="kernel_size", type="pair", required=True, default=3, minimum=1, maximum=64,
                      help="Height and width of a filter."),
                _size("strides", 1, "Step of the filters."), _PADDING, _ACTIVATION, _BIAS,
                _size("dilation_rate", 1, "Distance of the pixels a filter looks at."), _INITIALIZER)),
    LayerEntry(kind="MaxPooling2D", group="pooling", build=_pooling("MaxPooling2D"), params=_POOL,
               help="Keeps the largest value of each window: a smaller image."),
    LayerEntry(kind="AveragePooling2D", group="pooling", build=_pooling("AveragePooling2D"), params=_POOL,
               help="Keeps the mean of each window: a smaller image."),
    LayerEntry(kind="GlobalAveragePooling2D", group="pooling", build=_global_average, params=(),
               help="Keeps the mean of each channel: an image becomes a vector."),
    LayerEntry(
        kind="Repeat", group="structure", build=_repeat, help="Several copies of a list of layers, one after another.",
        params=(Param(name="times", type="int", required=True, default=2, minimum=1, maximum=100, label="Times",
                      help="How many copies."),)),
    LayerEntry(
        kind="Residual", group="structure", build=_block,
        help="Adds its input to what its inner layers make of it: a way around them, on which deep stacks learn.",
        params=(Param(name="project", type="bool", default=False, label="Project the skip",
                      help="Where the sizes differ, the input goes through trainable weights of its own to fit."),)),
    LayerEntry(
        kind="Parallel", group="structure", build=_block,
        help="Several lists of layers side by side: each gets the same input, and what they give is joined.",
        params=(Param(name="join", type="choice", default="concatenate", choices=("concatenate", "add", "average"),
                      label="Join", help="concatenate: one after another; add, average: value by value, of equal sizes."),)),
)}
