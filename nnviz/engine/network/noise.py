"""Dropout and noise: what training adds against overfitting."""

from typing import Any

import tensorflow as tf

from nnviz.engine.network.stateless_random import RandomKey, StochasticLayer


class Dropout(StochasticLayer):
    """As Keras's Dropout: a share `rate` of the values is set to zero, the others are divided by 1 - rate."""

    spatial = False
    """Whether whole channels are set to zero at once."""

    def __init__(self, rate: float, **options: Any) -> None:
        super().__init__(**options)
        self.rate = rate

    def changed(self, inputs: Any, key: RandomKey) -> Any:
        if self.rate == 0:
            return inputs
        shape = tf.shape(inputs)
        if self.spatial:
            shape = tf.concat([shape[:1], tf.ones([len(inputs.shape) - 2], tf.int32), shape[-1:]], 0)
        return tf.where(key.uniform(shape) >= self.rate, inputs / (1 - self.rate), tf.zeros_like(inputs))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"rate": self.rate}


class SpatialDropout1D(Dropout):
    """Whole channels of sequences (n, steps, channels)."""

    spatial = True


class SpatialDropout2D(Dropout):
    """Whole channels of images (n, height, width, channels)."""

    spatial = True


class GaussianNoise(StochasticLayer):
    """Adds normal numbers of the standard deviation `stddev`."""

    def __init__(self, stddev: float, **options: Any) -> None:
        super().__init__(**options)
        self.stddev = stddev

    def changed(self, inputs: Any, key: RandomKey) -> Any:
        return inputs + self.stddev * key.normal(tf.shape(inputs))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"stddev": self.stddev}
