"""Attention of a sequence on itself."""

from collections.abc import Callable
from typing import Any

import keras


class SelfAttention(keras.layers.Layer):
    """keras.layers.MultiHeadAttention whose queries, keys and values are one sequence: (n, steps, values) to the same
    shape. `causal`: no step sees later ones.

    `start(number)` gives the initializer of the number-th kernel: Keras would draw all four from the same seed, so that
    queries and keys would start as the same numbers."""

    def __init__(
        self,
        *,
        start: Callable[[int], Any],
        causal: bool = False,
        name: str | None = None,
        trainable: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(name=name, trainable=trainable)
        self.attention = keras.layers.MultiHeadAttention(name="attention", **options)
        self.start, self.causal = start, causal

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.attention.build(input_shape, input_shape)
        kernels = [variable for variable in self.attention.weights if variable.name == "kernel"]
        for number, kernel in enumerate(kernels):
            kernel.assign(self.start(number)(kernel.shape, dtype=kernel.dtype))
        self.built = True

    def call(self, x: Any) -> Any:
        return self.attention(x, x, use_causal_mask=self.causal)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape
