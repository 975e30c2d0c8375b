"""Random changes of images (n, height, width, channels) while training; one draw an image.

Written with plain operations: Keras's layers keep a generator's state, and the operation behind them has no gradient.
Images are taken for values of a full scale of 1 and are not clipped."""

import math
from typing import Any

import tensorflow as tf

from nnviz.engine.network.stateless_random import RandomKey, StochasticLayer


class RandomFlip(StochasticLayer):
    """Mirrors each image with a chance of one half; with both modes, each by itself."""

    def __init__(self, mode: str = "horizontal", **options: Any) -> None:
        super().__init__(**options)
        self.mode = mode

    def changed(self, inputs: Any, key: RandomKey) -> Any:
        draws = key.uniform([tf.shape(inputs)[0], 2])
        for column, (name, axis) in enumerate((("horizontal", 2), ("vertical", 1))):
            if name in self.mode:
                flip = tf.reshape(draws[:, column] < 0.5, [-1, 1, 1, 1])
                inputs = tf.where(flip, tf.reverse(inputs, [axis]), inputs)
        return inputs

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"mode": self.mode}


class RandomContrast(StochasticLayer):
    """(x - mean) * c + mean by channel, c from 1 - factor to 1 + factor."""

    def __init__(self, factor: float, **options: Any) -> None:
        super().__init__(**options)
        self.factor = factor

    def changed(self, inputs: Any, key: RandomKey) -> Any:
        strength = key.uniform([tf.shape(inputs)[0], 1, 1, 1], low=1 - self.factor, high=1 + self.factor)
        mean = tf.reduce_mean(inputs, [1, 2], keepdims=True)
        return (inputs - mean) * strength + mean

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"factor": self.factor}


class RandomBrightness(StochasticLayer):
    """Adds one number from -factor to factor to a whole image."""

    def __init__(self, factor: float, **options: Any) -> None:
        super().__init__(**options)
        self.factor = factor

    def changed(self, inputs: Any, key: RandomKey) -> Any:
        return inputs + key.uniform([tf.shape(inputs)[0], 1, 1, 1], low=-self.factor, high=self.factor)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"factor": self.factor}


class AffineTransform(StochasticLayer):
    """An image taken elsewhere: its pixel (y, x), counted from the middle, comes from `matrix` (n, 2, 2) times it plus
    `shift` (n, 2), in pixels, by bilinear interpolation."""

    def __init__(self, *, fill_mode: str = "reflect", **options: Any) -> None:
        super().__init__(**options)
        self.fill_mode = fill_mode

    def places(self, count: Any, sides: Any, key: RandomKey) -> tuple[Any, Any]:
        """`matrix` and `shift` for `count` images of `sides`, float32 (2,): height and width."""
        raise NotImplementedError

    def changed(self, inputs: Any, key: RandomKey) -> Any:
        height, width = inputs.shape[1], inputs.shape[2]
        sides = tf.constant([height, width], tf.float32)
        matrix, shift = self.places(tf.shape(inputs)[0], sides, key)
        rows, columns = tf.meshgrid(tf.range(height, dtype=tf.float32), tf.range(width, dtype=tf.float32), indexing="ij")
        own = tf.reshape(tf.stack([rows, columns], -1), [-1, 2]) - (sides - 1) / 2
        sources = tf.matmul(own[None], matrix, transpose_b=True) + shift[:, None, :] + (sides - 1) / 2
        return tf.reshape(sampled(inputs, sources, self.fill_mode), tf.shape(inputs))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"fill_mode": self.fill_mode}


class RandomTranslation(AffineTransform):
    """By up to `height_factor` of the height and `width_factor` of the width, either way."""

    def __init__(self, height_factor: float, width_factor: float, **options: Any) -> None:
        super().__init__(**options)
        self.factors = (height_factor, width_factor)

    def places(self, count: Any, sides: Any, key: RandomKey) -> tuple[Any, Any]:
        shift = key.uniform([count, 2], low=-1.0, high=1.0) * tf.constant(self.factors) * sides
        return tf.broadcast_to(tf.eye(2), [count, 2, 2]), shift

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"height_factor": self.factors[0], "width_factor": self.factors[1]}


class RandomRotation(AffineTransform):
    """About the middle, by up to `factor` of a full turn, either way."""

    def __init__(self, factor: float, **options: Any) -> None:
        super().__init__(**options)
        self.factor = factor

    def places(self, count: Any, sides: Any, key: RandomKey) -> tuple[Any, Any]:
        angle = key.uniform([count], low=-self.factor, high=self.factor) * (2 * math.pi)
        sine, cosine = tf.sin(angle), tf.cos(angle)
        matrix = tf.stack([tf.stack([cosine, -sine], -1), tf.stack([sine, cosine], -1)], -2)
        return matrix, tf.zeros([count, 2])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"factor": self.factor}


class RandomZoom(AffineTransform):
    """About the middle: what is seen is 1 - height_factor to 1 + height_factor times as high and as wide."""

    def __init__(self, height_factor: float, **options: Any) -> None:
        super().__init__(**options)
        self.factor = height_factor

    def places(self, count: Any, sides: Any, key: RandomKey) -> tuple[Any, Any]:
        zoom = key.uniform([count, 1, 1], low=1 - self.factor, high=1 + self.factor)
        return zoom * tf.eye(2), tf.zeros([count, 2])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"height_factor": self.factor}


def sampled(images: Any, places: Any, fill_mode: str) -> Any:
    """The values of `images` (n, h, w, c) at `places` (n, p, 2), in pixels: (n, p, c), by bilinear interpolation.

    Beyond the border: `reflect` (d c b a | a b c d), `nearest`, `wrap`, `constant` (zeros)."""
    height, width = images.shape[1], images.shape[2]
    flat = tf.reshape(images, [-1, height * width, images.shape[3]])
    low = tf.floor(places)
    part = places - low
    interpolated = 0.0
    for down in (0, 1):
        for right in (0, 1):
            corner = tf.cast(low, tf.int32) + tf.constant([down, right])
            weight = (part[..., 0] if down else 1 - part[..., 0]) * (part[..., 1] if right else 1 - part[..., 1])
            row, inside = _mapped(corner[..., 0], height, fill_mode)
            column, beside = _mapped(corner[..., 1], width, fill_mode)
            if fill_mode == "constant":
                weight *= tf.cast(inside & beside, tf.float32)
            interpolated += weight[..., None] * tf.gather(flat, row * width + column, batch_dims=1)
    return interpolated


def _mapped(index: Any, size: int, fill_mode: str) -> tuple[Any, Any]:
    """The pixel that stands for one beyond the border, and whether `index` is within it."""
    inside = (index >= 0) & (index < size)
    if fill_mode == "wrap":
        return tf.math.floormod(index, size), inside
    if fill_mode == "reflect":
        folded = tf.math.floormod(index, 2 * size)
        return tf.minimum(folded, 2 * size - 1 - folded), inside
    return tf.clip_by_value(index, 0, size - 1), inside
