"""Random numbers as a function of (seed, layer, step): no generator whose state had to be kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any, NamedTuple

import keras
import tensorflow as tf

KEYS = 4096
"""Streams of random numbers a seed has: one a layer, so it exceeds the largest number of layers."""


class Moment(NamedTuple):
    """When random numbers are drawn: int64 scalars, so that a compiled function takes any seed and step."""

    seed: Any
    step: Any


_generator: ContextVar[str] = ContextVar("generator", default="philox")


@contextmanager
def rng_algorithm(*, xla: bool) -> Iterator[None]:
    """What is traced within draws by the generator that suits it: under XLA on a CPU threefry is 60 times faster than
    what else there is; outside of it TensorFlow has philox only."""
    token = _generator.set("threefry" if xla else "philox")
    try:
        yield
    finally:
        _generator.reset(token)


class RandomKey(NamedTuple):
    """What one layer draws in one step: a function of `seed`, int64 (2,)."""

    seed: Any

    def uniform(self, shape: Any, *, low: Any = 0.0, high: Any = 1.0) -> Any:
        """Uniform numbers in [low, high), float32 of `shape`."""
        return tf.random.stateless_uniform(shape, seed=self.seed, alg=_generator.get()) * (high - low) + low

    def normal(self, shape: Any) -> Any:
        """Standard normal numbers, float32 of `shape`."""
        return tf.random.stateless_normal(shape, seed=self.seed, alg=_generator.get())


class StochasticLayer(keras.layers.Layer):
    """A layer that changes its input at random while training, and never else. `index` is its place in the stack."""

    def __init__(self, *, index: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.index = index

    def call(self, inputs: Any, training: bool = False, at: Moment | None = None) -> Any:
        if not training:
            return inputs
        if at is None:
            raise ValueError(f"{type(self).__name__} needs the moment (seed, step) while training")
        return self.changed(inputs, RandomKey(tf.stack([at.seed * KEYS + self.index, at.step])))

    def changed(self, inputs: Any, key: RandomKey) -> Any:
        """The inputs as one step sees them."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"index": self.index}


class _Hidden:
    """Holds a layer out of Keras's sight, which would count the state of its generator among the network's variables."""

    def __init__(self, layer: keras.layers.Layer) -> None:
        self.layer = layer


class StochasticKerasLayer(StochasticLayer):
    """One of Keras's own random layers, for which the engine has no class: each of its draws follows from seed, layer and
    step. What Keras draws with is handed such numbers in the place of a generator's state."""

    def __init__(self, layer: keras.layers.Layer, **options: Any) -> None:
        super().__init__(**options)
        self._hidden = _Hidden(layer)

    @property
    def layer(self) -> keras.layers.Layer:
        """Keras's own."""
        return self._hidden.layer

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.layer.build(input_shape)
        self.built = True

    def call(self, inputs: Any, training: bool = False, at: Moment | None = None) -> Any:
        return super().call(inputs, training=training, at=at) if training else self.layer(inputs, training=False)

    def changed(self, inputs: Any, key: RandomKey) -> Any:
        numbers = count()

        def following(*_: Any, **__: Any) -> Any:
            return tf.random.experimental.stateless_fold_in(key.seed, next(numbers), alg=_generator.get())

        generators = [value for value in vars(self.layer).values() if isinstance(value, keras.random.SeedGenerator)]
        for generator in generators:
            generator.next = following
        try:
            return self.layer(inputs, training=True)
        finally:
            for generator in generators:
                del generator.next

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        shape: tuple[int | None, ...] = self.layer.compute_output_shape(input_shape)
        return shape

    def get_config(self) -> dict[str, Any]:
        return self.layer.get_config() | super().get_config()
