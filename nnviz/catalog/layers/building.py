"""What the entries of layers share: what a layer makes of a shape, and parameters that many of them have."""

import math
from collections.abc import Mapping
from typing import Any

from nnviz.catalog.activations import ACTIVATIONS, ALIASES
from nnviz.catalog.entry import Shape
from nnviz.catalog.param import Param
from nnviz.errors import StackError

Built = tuple[Shape, int, int]


def shape_text(shape: Shape) -> str:
    """A shape in words: `8x8x16`."""
    return "x".join(str(size) for size in shape)


def same(shape: Shape, params: Mapping[str, Any]) -> Built:
    """No weights, and the shape stays."""
    return shape, 0, 0


def constants(activation: Any) -> int:
    """The trainable constants of a typed activation."""
    return len(activation.get("constants", ())) if isinstance(activation, Mapping) else 0


def need_image(shape: Shape, kind: str) -> None:
    if len(shape) == 3:
        return
    side = math.isqrt(math.prod(shape))
    target = [*shape, 1] if len(shape) == 2 else [side, side, 1] if side**2 == math.prod(shape) else None
    raise StackError(
        f"{kind} needs an image (height x width x channels): input is {shape_text(shape)}",
        fix="Reshape",
        fix_with={"target_shape": target} if target else {},
        remedy="Use image data, or insert a Reshape layer before it.",
    )


def need_sequence(shape: Shape, kind: str) -> None:
    if len(shape) == 2:
        return
    target = [shape[0], 1] if len(shape) == 1 else [shape[0], math.prod(shape[1:])]
    raise StackError(
        f"{kind} needs a sequence (steps x values): input is {shape_text(shape)}",
        fix="Reshape",
        fix_with={"target_shape": target},
        remedy=f"Insert a Reshape layer before it, for example to {shape_text(tuple(target))}.",
    )


def reach(kernel: Shape, dilation: Shape) -> Shape:
    """How many places a dilated kernel spans."""
    return tuple(rate * (size - 1) + 1 for rate, size in zip(dilation, kernel, strict=True))


def one_above_one(strides: Shape, dilation: Shape) -> None:
    if max(strides) > 1 and max(dilation) > 1:
        raise StackError("strides and dilation_rate cannot both be above 1", remedy="Set one of them to 1.")


def slide(shape: Shape, window: Shape, strides: Shape, padding: str, name: str) -> Shape:
    """The places of a window that slides over the first dimensions of `shape`."""
    sizes = shape[: len(window)]
    if padding != "valid":
        return tuple((size - 1) // stride + 1 for size, stride in zip(sizes, strides, strict=True))
    if any(span > size for span, size in zip(window, sizes, strict=True)):
        raise StackError(
            f"a window of {shape_text(window)} does not fit: input is {shape_text(shape)}",
            remedy=f'Choose a smaller {name} or padding "same", or drop a pooling layer before it.',
        )
    return tuple((size - span) // stride + 1 for size, span, stride in zip(sizes, window, strides, strict=True))


def two(value: Any) -> Shape:
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[1]))


def size(
    name: str,
    default: Any,
    help: str,
    *,
    maximum: int = 64,
    optional: bool = False,
    required: bool = False,
    minimum: int = 1,
    advanced: bool = False,
) -> Param:
    """One number or two: of an image's height and width."""
    return Param(
        name=name,
        type="pair",
        default=default,
        minimum=minimum,
        maximum=maximum,
        optional=optional,
        required=required,
        advanced=advanced,
        help=help,
    )


def length(
    name: str,
    default: Any,
    help: str,
    *,
    maximum: int = 64,
    optional: bool = False,
    required: bool = False,
    advanced: bool = False,
) -> Param:
    """One number, as along a sequence."""
    return Param(
        name=name,
        type="int",
        default=default,
        minimum=1,
        maximum=maximum,
        optional=optional,
        required=required,
        advanced=advanced,
        help=help,
    )


def activation(default: str, help: str, *, required: bool = False) -> Param:
    """An activation by name, custom ones included, or typed."""
    return Param(
        name="activation",
        type="activation",
        required=required,
        default=default,
        activations=ACTIVATIONS,
        aliases=ALIASES,
        label="Activation",
        help=help,
    )


FILTERS = Param(
    name="filters",
    type="int",
    required=True,
    default=16,
    minimum=1,
    maximum=4096,
    label="Filters",
    help="How many patterns, so output channels.",
)
ACTIVATION = activation("linear", "What each output goes through.")
USE_BIAS = Param(name="use_bias", type="bool", default=True, advanced=True, help="Adds a trainable constant to each output.")
IMAGE_START = {"activation": "relu", "padding": "same"}
"""What a new convolution starts with in the interface."""
PADDING = Param(
    name="padding",
    type="choice",
    default="valid",
    choices=("valid", "same"),
    help="valid: only where the window fits; same: the border is padded, the size stays (at stride 1).",
)
EPSILON = Param(name="epsilon", type="float", default=0.001, above=0, maximum=1, advanced=True, help="Keeps divisions finite.")
CENTER = Param(name="center", type="bool", default=True, advanced=True, help="Adds a trainable offset.")
SCALE = Param(name="scale", type="bool", default=True, advanced=True, help="Multiplies by a trainable factor.")
