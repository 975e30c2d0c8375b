"""The objective over two weights, all others as they are."""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.loop.session import Session
from nnviz.engine.network import regularization
from nnviz.engine.views.way.chosen_weights import Weight

Floats = NDArray[np.float32]


def objective_over(
    session: Session, x: Floats, y: NDArray[Any], weights: tuple[Weight, Weight], points: NDArray[np.floating[Any]]
) -> Floats:
    """The mean cost of rows x (n, ...), y plus the penalty of regularizers, as in prediction (no dropout, normalization by moving
    averages), at each of the `points` (p, 2): values of both weights. float32 (p,); the network stays as it is."""
    return np.asarray(_surface(session, weights).values(*_inputs(session, x, y, weights, points)))


def objective_on_plane(
    session: Session, x: Floats, y: NDArray[Any], directions: tuple[Sequence[Floats], Sequence[Floats]], points: NDArray[Any]
) -> Floats:
    """The same on a plane through the weights that the network holds: at each of the `points` (p, 2), so much of either direction
    (an array for each trained variable) is added to them. float32 (p,)."""
    if session not in _PLANES:
        _PLANES[session] = tf.function(_OnPlane(session), autograph=False, reduce_retracing=True)
    one, other = ([tf.constant(part, tf.float32) for part in direction] for direction in directions)
    live = tf.constant(session.loop.live.vector)
    return np.asarray(_PLANES[session](one, other, tf.constant(points, tf.float32), tf.constant(x), tf.constant(y), live))


def slope_at(session: Session, x: Floats, y: NDArray[Any], weights: tuple[Weight, Weight], point: NDArray[Any]) -> Floats:
    """The gradient of that objective by both weights at one point (2,), float32 (2,)."""
    return np.asarray(_surface(session, weights).slope(*_inputs(session, x, y, weights, point)))


def grid(extent: tuple[float, float, float, float], side: int) -> NDArray[np.float64]:
    """The points (side * side, 2) of a square grid over x0, x1, y0, y1, edges included, row by row from the lowest y."""
    x0, x1, y0, y1 = extent
    across, up = np.meshgrid(np.linspace(x0, x1, side), np.linspace(y0, y1, side))
    return np.stack([across.ravel(), up.ravel()], axis=1)


def _inputs(
    session: Session, x: Floats, y: NDArray[Any], weights: tuple[Weight, Weight], points: NDArray[Any]
) -> tuple[Any, ...]:
    indices = [tf.constant([weight.index], tf.int32) for weight in weights]
    return (*indices, tf.constant(points, tf.float32), tf.constant(x), tf.constant(y), tf.constant(session.loop.live.vector))


class _Surface:
    """Traced for two arrays of weights; which of their places are meant is an input."""

    def __init__(self, session: Session, variables: tuple[int, int]) -> None:
        self.session = session
        self.variables = [session.network.trainable_variables[number] for number in variables]
        self.values = tf.function(self._values, autograph=False, reduce_retracing=True)
        self.slope = tf.function(self._slope, autograph=False, reduce_retracing=True)

    def _values(self, first: Any, second: Any, points: Any, x: Any, y: Any, live: Any) -> Any:
        return tf.map_fn(lambda point: self._objective(first, second, point, x, y, live), points, fn_output_signature=tf.float32)

    def _slope(self, first: Any, second: Any, point: Any, x: Any, y: Any, live: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(point)
            objective = self._objective(first, second, point, x, y, live)
        return tape.gradient(objective, point)

    def _objective(self, first: Any, second: Any, point: Any, x: Any, y: Any, live: Any) -> Any:
        one, other = self.variables
        value = tf.tensor_scatter_nd_update(tf.convert_to_tensor(one.value), first, point[:1])
        base = value if other is one else tf.convert_to_tensor(other.value)
        replaced = [(one, value), (other, tf.tensor_scatter_nd_update(base, second, point[1:]))]
        return _objective(self.session, replaced, x, y, live)


class _OnPlane:
    def __init__(self, session: Session) -> None:
        self.session = session

    def __call__(self, one: Any, other: Any, points: Any, x: Any, y: Any, live: Any) -> Any:
        variables = self.session.network.trainable_variables

        def objective(point: Any) -> Any:
            moved = [
                (variable, tf.convert_to_tensor(variable.value) + point[0] * first + point[1] * second)
                for variable, first, second in zip(variables, one, other, strict=True)
            ]
            return _objective(self.session, moved, x, y, live)

        return tf.map_fn(objective, points, fn_output_signature=tf.float32)


def _objective(session: Session, replaced: Sequence[tuple[Any, Any]], x: Any, y: Any, live: Any) -> Any:
    """In the graph: with other values of some variables."""
    network = session.network
    with session.loop.live.used(live), keras.StatelessScope(state_mapping=replaced):
        loss = network.cost.calculate(y, network.logits(x))
        return loss + regularization.penalty(network) if regularization.has_any(network) else loss


_PLANES: WeakKeyDictionary[Session, Any] = WeakKeyDictionary()
_OF_SESSIONS: WeakKeyDictionary[Session, dict[tuple[int, int], _Surface]] = WeakKeyDictionary()
"""The next moment answers at once."""


def _surface(session: Session, weights: tuple[Weight, Weight]) -> _Surface:
    variables = (weights[0].variable, weights[1].variable)
    known = _OF_SESSIONS.setdefault(session, {})
    if variables not in known:
        known[variables] = _Surface(session, variables)
    return known[variables]
