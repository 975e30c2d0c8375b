"""The backward pass of one batch, as a step makes it, taken apart by row."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.loop.session import Session
from nnviz.engine.network import regularization
from nnviz.engine.network.stateless_random import Moment, StochasticLayer, rng_algorithm
from nnviz.engine.training.batch_gradients import step_inputs
from nnviz.engine.training.explain import restore, state_of
from nnviz.errors import RequestError

Floats = NDArray[np.float32]
JOINING = frozenset({"softmax", "log_softmax", "sparsemax", "glu"})
"""Activations whose outputs each depend on several inputs."""


class LayerSlopes(NamedTuple):
    """At one layer, for one row: `outputs` (...): the slope of the row's cost by each output of the layer. Where it ends in an
    activation, `before` (...): the slope by what goes into that, and `rise` (...): the slope of the activation itself there, None
    where one output depends on several inputs (softmax)."""

    outputs: Floats
    before: Floats | None
    rise: Floats | None


class Backward(NamedTuple):
    """Of the b rows of a batch: `costs` (b,), `outputs` and `slopes` (b, columns): raw outputs and each row's own dC/d output,
    and `gradients` (b,): the derivative of each row's own cost by the weight, also where its outputs depend on the other rows;
    their mean is the gradient of the loss. `penalty`: the derivative of what regularizers add.

    Of one row `layers`, from the weight's own on; `terms` (...): the slope of that layer's outputs (before its activation) by the
    weight, so that terms times their slopes add up to `own`, the row's gradient without what goes through other rows."""

    costs: Floats
    outputs: Floats
    slopes: Floats
    gradients: Floats
    penalty: float
    layers: list[LayerSlopes]
    terms: Floats
    own: float


class BackwardPass:
    """Traced for one array of weights of a session; `way`: its layer and those after it, none where it is the cost's. Which
    weight of the array and which row are inputs.

    The shares of all rows take one pass, not one each: the gradient is linear in the slopes at the outputs, and its derivative by
    them says what each row's slope adds. Random layers draw as in the step: each is compiled by itself with the loop's compiler,
    which decides the generator, and all others are not compiled, since XLA differentiates few loops twice."""

    def __init__(self, session: Session, variable: int, way: Sequence[keras.layers.Layer]) -> None:
        self.session, self.variable, self.way = session, variable, list(way)
        self.shape = tuple(session.network.trainable_variables[variable].shape)
        self._function = tf.function(self._traced, autograph=False)

    def __call__(
        self, x: Floats, y: NDArray[Any], *, seed: int, step: int, index: tuple[int, ...], row: int | None = None
    ) -> tuple[Backward, int]:
        """For the rows of a batch; with the row that was looked at: `row` (its place), else the one of the largest share.

        Raises RequestError where a layer has no second derivative."""
        session, count = self.session, len(y)
        before = state_of(session)
        session.loop.parameters.load()
        try:
            made = self._function(
                *step_inputs(session.loop, x, y, seed=seed, step=step),
                tf.constant(0 if not index else np.ravel_multi_index(index, self.shape), tf.int32),
                tf.constant(-1 if row is None else row, tf.int32),
            )
        except LookupError as error:
            raise RequestError("a layer of this network cannot be followed back: it has no second derivative") from error
        finally:
            restore(session, before)
        costs, outputs, slopes, gradients, penalty, chosen, layers, terms, own = made
        return Backward(
            costs=costs.numpy()[:count],
            outputs=outputs.numpy()[:count],
            slopes=slopes.numpy()[:count],
            gradients=gradients.numpy()[:count],
            penalty=float(penalty),
            layers=[
                LayerSlopes(one.numpy(), *(None if part is None else part.numpy() for part in rest)) for one, *rest in layers
            ],
            terms=terms.numpy(),
            own=float(own),
        ), int(chosen)

    def _traced(self, x: Any, y: Any, count: Any, seed: Any, step: Any, live: Any, index: Any, row: Any) -> Any:
        loop, network = self.session.loop, self.session.network
        counted = tf.cast(tf.range(loop.batch) < count, tf.float32)
        values = loop.parameters.values()
        weight = values[self.variable]
        seen = _Seen(xla=loop._xla)
        with (
            loop.live.used(live),
            tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape,
            loop.parameters.used(values),
            rng_algorithm(xla=loop._xla),
        ):
            tape.watch(weight)
            mask = None if loop._even else counted
            features = network.features(x, training=True, at=Moment(seed, step), mask=mask, around=seen.call)
            outputs = network.cost.logits(features)
            penalty = tf.convert_to_tensor(regularization.penalty(network) if regularization.has_any(network) else 0.0)
        with tf.GradientTape() as at_outputs:
            at_outputs.watch(outputs)
            costs = network.cost.calculate(y, outputs, reduction="none")
            total = tf.reduce_sum(costs * counted)
        slopes = at_outputs.gradient(total, outputs)
        by_weight = _by_weight(tape, outputs, weight, index)
        gradients = tf.reduce_sum(slopes * by_weight, axis=1)
        row = tf.where(row < 0, tf.argmax(tf.abs(gradients) * counted, output_type=tf.int32), row)
        layers = [seen.layers[id(layer)] for layer in self.way]
        places = [part for layer in layers for part in (layer.output, layer.before) if part is not None]
        # the slopes of one row alone; normalization over the batch hands a part of them to the other rows
        alone = slopes * tf.one_hot(row, loop.batch)[:, None]
        rest = iter(tape.gradient(outputs, places, output_gradients=alone, unconnected_gradients="zero") if places else ())
        parts = [
            (next(rest)[row], *((None, None) if one.before is None else (next(rest)[row], _rise(one, row)))) for one in layers
        ]
        start, first = (
            (layers[0].start, parts[0][0] if parts[0][1] is None else parts[0][1]) if layers else (outputs, slopes[row])
        )
        terms = _by_weight(tape, start, weight, index)[row]
        penalized = tape.gradient(penalty, weight, unconnected_gradients="zero")
        return costs, outputs, slopes, gradients, _one(penalized, index), row, parts, terms, tf.reduce_sum(terms * first)


class _Place(NamedTuple):
    output: Any
    before: Any
    activation: Callable[[Any], Any] | None

    @property
    def start(self) -> Any:
        """What the layer's own weights make."""
        return self.output if self.before is None else self.before


class _Seen:
    """Makes the calls of layers, and keeps what each gave and what went into its activation."""

    def __init__(self, *, xla: bool) -> None:
        self.xla = xla
        self.layers: dict[int, _Place] = {}

    def call(self, layer: keras.layers.Layer, x: Any, call: Callable[[Any], Any]) -> Any:
        if isinstance(layer, StochasticLayer):
            output = tf.function(call, jit_compile=self.xla, autograph=False)(x)
            self.layers[id(layer)] = _Place(output, None, None)
            return output
        before: list[Any] = []
        with _watched_activation(layer, before) as activation:
            output = call(x)
        self.layers[id(layer)] = _Place(output, before[0] if before else None, activation)
        return output


@contextmanager
def _watched_activation(layer: Any, before: list[Any]) -> Iterator[Callable[[Any], Any] | None]:
    """Meanwhile what goes into the layer's activation is kept, where it has one that ends it."""
    activation: Any = getattr(layer, "activation", None)
    if not callable(activation) or activation is keras.activations.linear or isinstance(layer, keras.layers.RNN):
        yield None
        return

    def watched(x: Any) -> Any:
        before.append(x)
        return activation(x)

    layer.activation = watched
    try:
        yield activation
    finally:
        layer.activation = activation


def _by_weight(tape: tf.GradientTape, target: Any, weight: Any, index: Any) -> Any:
    """The derivative of every number of `target` by one weight, in its shape: the gradient is linear in what it is multiplied
    with at `target`, and this is its slope."""
    with tf.GradientTape() as outer:
        pulls = tf.zeros_like(target)
        outer.watch(pulls)
        pulled = _one(tape.gradient(target, weight, output_gradients=pulls, unconnected_gradients="zero"), index)
    return outer.gradient(pulled, pulls, unconnected_gradients="zero")


def _one(array: Any, index: Any) -> Any:
    return tf.reshape(tf.convert_to_tensor(array), [-1])[index]


def _rise(place: _Place, row: Any) -> Any:
    """The slope of an activation at what went into it, for one row; None for one that joins several numbers."""
    if place.activation is None or getattr(place.activation, "__name__", "") in JOINING:
        return None
    before = place.before[row][None]
    with tf.GradientTape() as tape:
        tape.watch(before)
        total = tf.reduce_sum(place.activation(before))
    return tape.gradient(total, before, unconnected_gradients="zero")[0]


_OF_SESSIONS: WeakKeyDictionary[Session, dict[int, BackwardPass]] = WeakKeyDictionary()


def of(session: Session, variable: int, way: Sequence[keras.layers.Layer]) -> BackwardPass:
    """Of a session's array, traced once: the next moment answers at once."""
    known = _OF_SESSIONS.setdefault(session, {})
    if variable not in known:
        known[variable] = BackwardPass(session, variable, way)
    return known[variable]
