"""Residual and Parallel: layers that hold lists of layers, so that a network is a tree."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

from nnviz.catalog.layers.joins import joined_shape, projection_strides, residual_weights
from nnviz.engine.network.layers import initial_seed
from nnviz.errors import StackError

Size = tuple[int | None, ...]
Run = Callable[[Sequence[keras.layers.Layer], Any], Any]


def build_list(layers: Sequence[keras.layers.Layer], paths: Sequence[str], size: Size) -> Size:
    """Build layers one after another on inputs of `size` (None, ...); the size of the last output.

    Raises StackError at the path of the layer that does not fit."""
    for layer, path in zip(layers, paths, strict=True):
        try:
            layer.build(size)
            size = tuple(layer.compute_output_shape(size))
        except StackError as error:
            raise StackError(error.what, where=error.where or path, remedy=error.remedy, fix=error.fix) from error
        except (ValueError, TypeError) as error:
            raise StackError(f"this layer does not fit its input {size[1:]} ({error})", where=path) from error
    return size


class Block(keras.layers.Layer):
    """`lists` of layers that each get the block's input, and their `paths` in the spec. Subclasses `join` the outputs."""

    def __init__(self, lists: Sequence[Sequence[keras.layers.Layer]], paths: Sequence[Sequence[str]], **options: Any) -> None:
        super().__init__(**options)
        self.lists = [list(layers) for layers in lists]
        self.paths = tuple(tuple(inner) for inner in paths)

    def build(self, input_shape: Size) -> None:
        sizes = [build_list(layers, paths, input_shape) for layers, paths in zip(self.lists, self.paths, strict=True)]
        self.made = self.build_join(input_shape[1:], [size[1:] for size in sizes])
        self.built = True

    def build_join(self, input_shape: Any, made: list[Any]) -> tuple[int, ...]:
        """Make ready to join outputs of the shapes `made`; the shape of what is joined. Raises StackError."""
        raise NotImplementedError

    def join(self, x: Any, outputs: list[Any]) -> Any:
        """What the block gives for its input and the outputs of its lists."""
        raise NotImplementedError

    def through(self, x: Any, run: Run) -> Any:
        """The block's output; `run` takes one inner list and its input."""
        return self.join(x, [run(layers, x) for layers in self.lists])

    def call(self, x: Any) -> Any:
        """As `through`, in inference mode."""

        def run(layers: Sequence[keras.layers.Layer], x: Any) -> Any:
            for layer in layers:
                x = layer(x)
            return x

        return self.through(x, run)

    def compute_output_shape(self, input_shape: Size) -> Size:
        return (input_shape[0], *self.made)


class Residual(Block):
    """x + inner(x), or W x + inner(x) where the shapes differ: W without bias, on images a 1x1 convolution (He et al.
    2015, equation 2). Its first weights are a function of `seed` and `index`."""

    def __init__(
        self,
        lists: Sequence[Sequence[keras.layers.Layer]],
        paths: Sequence[Sequence[str]],
        *,
        project: bool,
        index: int = 0,
        seed: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(lists, paths, **options)
        self.project = project
        self.drawn = keras.initializers.GlorotUniform(seed=initial_seed(seed, index))
        self.projection: keras.layers.Layer | None = None

    def build_join(self, input_shape: Any, made: list[Any]) -> tuple[int, ...]:
        shape: tuple[int, ...] = made[0]
        if residual_weights(input_shape, shape, project=self.project):
            options: dict[str, Any] = {
                "use_bias": False,
                "kernel_initializer": self.drawn,
                "trainable": self.trainable,
                "name": "projection",
            }
            steps = projection_strides(input_shape, shape)
            self.projection = (
                keras.layers.Conv2D(shape[-1], 1, strides=steps, **options)
                if len(input_shape) == 3
                else keras.layers.Dense(shape[-1], **options)
            )
            self.projection.build((None, *input_shape))
        return shape

    def join(self, x: Any, outputs: list[Any]) -> Any:
        return ops.add(x if self.projection is None else self.projection(x), outputs[0])


class Parallel(Block):
    """Branches joined by `concatenate` (along the last axis), `add` or `average`."""

    def __init__(
        self, lists: Sequence[Sequence[keras.layers.Layer]], paths: Sequence[Sequence[str]], *, join: str, **options: Any
    ) -> None:
        super().__init__(lists, paths, **options)
        self.kind = join

    def build_join(self, input_shape: Any, made: list[Any]) -> tuple[int, ...]:
        return joined_shape(made, self.kind)

    def join(self, x: Any, outputs: list[Any]) -> Any:
        if self.kind == "concatenate":
            return ops.concatenate(outputs, axis=-1)
        total = outputs[0]
        for other in outputs[1:]:
            total = ops.add(total, other)
        return total if self.kind == "add" else ops.divide(total, len(outputs))
