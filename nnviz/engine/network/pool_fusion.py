"""A convolution followed by max pooling, with the pooling first.

A bias that is the same at every place and an activation that never falls keep the order of numbers, so the largest of a
window is the same before and after them: `pool(f(x + b)) == f(pool(x) + b)`, bit for bit since rounding keeps the order too.
What is done to the pooled image instead touches a quarter of the numbers. Its gradient goes to the same place of each window
but where two places are equal only after rounding.
"""

from typing import Any

import keras

POOLING = {keras.layers.Conv1D: keras.layers.MaxPooling1D, keras.layers.Conv2D: keras.layers.MaxPooling2D}
RISING = frozenset({"linear", "relu", "relu6", "leaky_relu"})
"""Keras's activations that never fall, in floating point too: those with an exponential waver in the last bit."""


def can_fuse(layer: Any, following: Any) -> bool:
    """Whether the two are such a pair; a custom layer derived from one of Keras's is none."""
    return (
        following is not None
        and type(following) is POOLING.get(type(layer))
        and getattr(layer.activation, "__name__", "") in RISING
        and layer.activation is keras.activations.get(layer.activation.__name__)
        and layer.data_format == following.data_format == "channels_last"
    )


def pooled(x: Any, layer: Any, following: Any) -> Any:
    """What both layers make of `x`."""
    x = following(layer.convolution_op(x, layer.kernel))
    if layer.use_bias:
        x = x + layer.bias
    return layer.activation(x)
