"""The network: a real keras.Model made of a stack of layers and a cost."""

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network import cost as costs, layers as kinds, pool_fusion
from nnviz.engine.network.blocks import Block, Parallel, Residual, build_list
from nnviz.engine.network.cost import CostLayer
from nnviz.engine.network.layers import Moment, StochasticLayer
from nnviz.engine.network.unit_switches import UnitSwitches
from nnviz.errors import StackError
from nnviz.spec import BLOCKS, Placed, unfold

Weights = list[NDArray[Any]]
Around = Callable[[keras.layers.Layer, Any, Callable[[Any], Any]], Any]
"""A layer, its input, and the call that gives its output."""


class Network(keras.Model):
    """`stack` holds Keras's layers in order (a Block with inner lists where the spec has a Residual or Parallel), `paths`
    the spec's path of each, `cost` the cost that ends it; `switches`: of its units, None where all are on for good.

    Calling it gives predictions: probabilities (n, classes) or target values (n, t), scaled as in training."""

    def __init__(
        self,
        stack: Sequence[keras.layers.Layer],
        paths: Sequence[str],
        cost: CostLayer,
        shape: tuple[int, ...],
        *,
        switchable: bool = False,
    ) -> None:
        super().__init__(name="network")
        self.stack = list(stack)
        self.paths = tuple(paths)
        self.cost = cost
        self.shape = shape
        size = build_list(self.stack, self.paths, (None, *shape))
        if self.cost.projection is not None and len(size) != 2:
            raise StackError(
                f"Flatten needed before the cost: input is {'x'.join(map(str, size[1:]))}", where="cost", fix="Flatten"
            )
        self.cost.build(size)
        self.built = True
        self.switches = UnitSwitches(self.stack, self.paths) if switchable else None
        self._forward: Any = None

    def features(
        self, x: Any, *, training: bool = False, at: Moment | None = None, mask: Any = None, around: Around | None = None
    ) -> Any:
        """What the cost is given. `at` (seed, step) and `mask` (n,), 0 for rows to leave out, matter while training. `around`
        makes the call of each layer in the loop's place; layers are then not fused."""
        return self._through(self.stack, x, training, at, mask, around)

    def through(self, layers: Sequence[keras.layers.Layer], x: Any) -> Any:
        """What some layers of the stack, one after another, make of their input `x` (n, ...): as in prediction."""
        return self._through(layers, x, False, None, None)

    def _through(
        self,
        layers: Sequence[keras.layers.Layer],
        x: Any,
        training: bool,
        at: Moment | None,
        mask: Any,
        around: Around | None = None,
    ) -> Any:
        def one(layer: keras.layers.Layer, x: Any) -> Any:
            if isinstance(layer, Block):
                return layer.through(x, lambda inner, inputs: self._through(inner, inputs, training, at, mask, around))
            if isinstance(layer, StochasticLayer):
                return layer(x, training=training, at=at)
            if isinstance(layer, keras.layers.BatchNormalization) and mask is not None:
                # Past __call__, which would hand the mask on to layers that know none.
                return layer.call(x, training=training, mask=_spread(mask, x))
            if isinstance(layer, keras.layers.BatchNormalization):
                return layer(x, training=training)
            return layer(x)

        pooled: keras.layers.Layer | None = None
        switches = self.switches
        for layer, following in itertools.zip_longest(layers, layers[1:]):
            if layer is pooled:
                continue
            if around is not None:
                x = around(layer, x, partial(one, layer))
            elif (switches is None or layer not in switches) and pool_fusion.can_fuse(layer, following):
                x, pooled = pool_fusion.pooled(x, layer, following), following
            else:
                x = one(layer, x)
            if switches is not None:
                x = switches.through(layer, x)
        return x

    def logits(self, x: Any, *, training: bool = False, at: Moment | None = None, mask: Any = None) -> Any:
        """Raw outputs, float (n, columns)."""
        return self.cost.logits(self.features(x, training=training, at=at, mask=mask))

    def call(self, x: Any, training: bool = False) -> Any:
        """Predictions, see `outputs_of`. Raises ValueError with `training`: random layers need seed and step, see `logits`."""
        if training:
            raise ValueError("the engine's loop trains this network, not fit(): its random layers need a step")
        return self.outputs_of(self.logits(x))

    def outputs_of(self, logits: Any) -> Any:
        """Predictions from raw outputs."""
        return self.cost.probabilities(logits) if self.cost.task == "classification" else self.cost.transform(logits)

    def predict(self, x: NDArray[np.float32], *, batch_size: int = 1024) -> NDArray[np.float32]:
        """Predictions for any number of rows, float32 (n, outputs), in batches of constant memory."""
        return np.asarray(self.outputs_of(tf.constant(self.raw(x, batch_size=batch_size))))

    def raw(self, x: NDArray[np.float32], *, batch_size: int = 1024) -> NDArray[np.float32]:
        """Raw outputs for any number of rows, float32 (n, columns), in batches."""
        if self._forward is None:
            signature = [tf.TensorSpec((None, *self.shape), tf.float32)]
            self._forward = tf.function(self.logits, input_signature=signature, autograph=False)
        batches = [self._forward(x[at : at + batch_size]).numpy() for at in range(0, len(x), batch_size)]
        return np.concatenate(batches) if batches else np.zeros((0, self.cost.columns), np.float32)

    @property
    def values(self) -> Weights:
        """Copies of all weights, in Keras's order."""
        return [np.array(variable.numpy()) for variable in self.weights]

    @values.setter
    def values(self, values: Weights) -> None:
        for variable, value in zip(self.weights, values, strict=True):
            variable.assign(value)


def build(
    layers: Sequence[Any],
    cost: Any,
    *,
    task: str,
    shape: tuple[int, ...],
    outputs: int,
    seed: int = 0,
    class_weight: NDArray[np.float32] | None = None,
    switchable: bool = False,
) -> Network:
    """A network with its initial weights: they are functions of (seed, layer), a layer's place counted depth first.
    `switchable`: whether its units can be switched off, see `UnitSwitches`.

    Raises StackError, SpecError."""
    places = itertools.count()
    stack, paths = _made(unfold(layers), places, seed)
    last = costs.make(cost, task=task, outputs=outputs, seed=seed, index=next(places), class_weight=class_weight)
    return Network(stack, paths, last, shape, switchable=switchable)


def _made(placed: Sequence[Placed], places: Iterator[int], seed: int) -> tuple[list[keras.layers.Layer], list[str]]:
    """Keras's layers for a list and the path of each; inner lists become Blocks."""
    stack: list[keras.layers.Layer] = []
    paths: list[str] = []
    for place in placed:
        if place.layer.kind in BLOCKS:
            inner = [_made(layers, places, seed) for layers in place.lists]
            made = [_block(place.layer, [layers for layers, _ in inner], [at for _, at in inner], places, seed)]
        else:
            made = kinds.make(place.layer, index=next(places), seed=seed)
        stack += made
        paths += [place.path] * len(made)
    return stack, paths


def _block(layer: Any, lists: list[list[keras.layers.Layer]], paths: list[list[str]], places: Iterator[int], seed: int) -> Block:
    options: dict[str, Any] = {"trainable": layer.trainable}
    if layer.name:
        options["name"] = layer.name.replace("/", "_")
    if layer.kind == "Parallel":
        return Parallel(lists, paths, join=layer.join, **options)
    # A projection has a place of its own, whether or not the shapes turn out to need it.
    return Residual(lists, paths, project=layer.project, index=next(places) if layer.project else 0, seed=seed, **options)


def frozen_of(network: Network, variable: Any) -> NDArray[Any] | None:
    """Which numbers of a trained variable belong to units that are off, bool in its shape; None where none can be."""
    frozen = None if network.switches is None else network.switches.frozen(variable)
    return None if frozen is None else np.asarray(frozen)


def weights_to_bytes(values: Weights) -> bytes:
    """As an .npz file."""
    file = io.BytesIO()
    np.savez(file, **{f"{index:05d}": value for index, value in enumerate(values)})  # type: ignore[arg-type]
    return file.getvalue()


def weights_from_bytes(content: bytes) -> Weights:
    """The inverse; nothing is unpickled. Raises ValueError for other content."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return [file[name] for name in sorted(file.files)]


def _spread(mask: Any, x: Any) -> Any:
    """A mask of rows over all places of an image, as BatchNormalization wants it."""
    shape = tf.concat([tf.shape(mask), tf.ones([len(x.shape) - 2], tf.int32)], 0)
    return tf.broadcast_to(tf.reshape(mask, shape), tf.shape(x)[:-1])
