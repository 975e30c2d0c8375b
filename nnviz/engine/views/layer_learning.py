"""Whether each layer learns: its weights, their gradient and the next update by size, and which units are dead or saturated."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.engine.metrics.streaming import widest
from nnviz.engine.network.blocks import Residual
from nnviz.engine.network.network import Network
from nnviz.engine.training.live_changes import Changes
from nnviz.engine.views.activation_range import NEITHER, ActivationRange, range_of
from nnviz.engine.views.magnitudes import HIGHEST, LOWEST, PER_DECADE, magnitudes
from nnviz.engine.views.next_update import next_update
from nnviz.engine.views.placed_layers import activation_of, number_of, paired, title_of
from nnviz.errors import RequestError
from nnviz.spec import Placed, unfold

ROWS = 500
MOST_VALUES = 2_000_000
"""Of all rows together in the widest layer: of large ones fewer are taken."""
MOST_WEIGHTS = 5_000_000
MOST_LAYERS = 40
NEAR = 0.01
"""Of the range of an S-shaped activation: an output this close to an end is saturated."""
Floats = NDArray[np.float32]


def layer_learning(training: Changes, step: int) -> dict[str, Any]:
    """The body of the frame `layers`, of a training about to do step `step` (from 0).

    layers: of every layer with weights, those within blocks too, up to 40 of `layers_in_all`, the cost last: {path (in the spec),
    number, title, activation, count (of weights), trained; for each of `weights`, `gradient` and `update` a {bars (see
    `magnitudes`), norm, zeros (share that is exactly 0)}, gradient and update None where it is not trained; units; dead: how many
    of them are 0 for every row, None where its activation has no zeros; saturated: the share of outputs within 1 % of the ends of
    an S-shaped activation (softmax: of 0 and 1), None of others; after: the activation layer that this was taken after, else
    empty}. The gradient is that of the objective (cost and regularizers) over `rows` of `rows_in_all` training rows, evenly
    spread, as in prediction: without dropout. The update is what the optimizer would make of it. axis: powers of ten and bins of
    the bars. step, epoch, loss, penalty, optimizer, rate.

    A ratio of update to weights of about 1e-3 is a rule of thumb for a rate that is neither too low nor too high: Karpathy,
    CS231n, https://cs231n.github.io/neural-networks-3/#ratio; the page draws 1e-4 to 1e-2.

    Raises RequestError for numbers that are none, and for more than 5 million weights."""
    network, prepared = training.session.network, training.prepared
    if (count := network.count_params()) > MOST_WEIGHTS:
        raise RequestError(f"this network is too large for this view: {count:,} weights, and the limit is {MOST_WEIGHTS:,}")
    train = prepared.parts["train"]
    rows = max(1, min(ROWS, MOST_VALUES // max(1, widest(network)), len(train.y)))
    picked = np.linspace(0, len(train.y) - 1, rows).astype(np.int64)
    x = np.ascontiguousarray(train.x[picked], np.float32)
    walk = _Walk(network)
    walk.through(unfold(training.spec.layers), network.stack, x)
    walk.cost()
    if walk.broken:
        raise RequestError(
            f"the weights of {walk.broken} are no numbers any more: the training went astray before this moment",
            remedy="Look at an earlier moment, and lower the learning rate.",
        )
    update = next_update(training.session, x, np.asarray(train.y[picked]), step=step, rate=training.rate)
    if not all(np.isfinite(array).all() for array in (*update.gradients, *update.updates)):
        raise RequestError(
            "the gradient is no number at this moment: the outputs have become too large",
            remedy="Look at an earlier moment, and lower the learning rate.",
        )
    for layer, variables in zip(walk.layers, walk.variables, strict=True):
        numbers = [number for number in (walk.trained.get(id(variable)) for variable in variables) if number is not None]
        layer["trained"] = bool(numbers)
        layer["gradient"] = _sizes([update.gradients[number] for number in numbers])
        layer["update"] = _sizes([update.updates[number] for number in numbers])
    return {
        "layers": walk.layers[:MOST_LAYERS],
        "layers_in_all": len(walk.layers),
        "axis": [LOWEST, HIGHEST, PER_DECADE],
        "rows": rows,
        "rows_in_all": len(train.y),
        "step": step,
        "epoch": training.calendar[-1].share(step),
        "loss": update.loss,
        "penalty": update.penalty,
        "cost": network.cost.kind,
        "optimizer": training.spec.optimizer.kind,
        "rate": update.rate,
    }


class _Walk:
    """Goes through a network with some rows; `layers`: what is known of those with weights, `variables`: of each of them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.trained = {id(variable): number for number, variable in enumerate(network.trainable_variables)}
        self.layers: list[dict[str, Any]] = []
        self.variables: list[list[Any]] = []
        self.broken = ""
        """The first layer whose weights are not all numbers."""

    def through(self, placed: Sequence[Placed], stack: Sequence[keras.layers.Layer], x: Any) -> Any:
        previous: dict[str, Any] | None = None
        for place, made in paired(placed, stack):
            if place.lists:
                block: Any = made[0]
                outputs = [self.through(inner, layers, x) for inner, layers in zip(place.lists, block.lists, strict=True)]
                if isinstance(block, Residual) and block.projection is not None:
                    self._add(place.path, number_of(place), "projection", "", [block.projection])
                x, previous = block.join(x, outputs), None
                continue
            x = self.network.through(made, x)
            flat = _range_at(place)
            if any(layer.weights for layer in made):
                previous = self._add(place.path, number_of(place), title_of(place), activation_of(place), made)
                previous |= _units(np.asarray(x), flat)
            elif flat != NEITHER and previous is not None and not previous["activation"]:
                # An activation in a layer of its own is that of the layer before it.
                previous |= _units(np.asarray(x), flat) | {"activation": activation_of(place), "after": number_of(place)}
        self.features = x
        return x

    def cost(self) -> None:
        """The cost's own weights come last."""
        cost = self.network.cost
        if cost.projection is None:
            return
        name = cost.transform_name if cost.transform_name != "identity" else ""
        layer = self._add("cost", "", cost.kind, name, [cost.projection])
        flat = range_of(name) if name else NEITHER
        layer |= _units(np.asarray(cost.transform(cost.logits(self.features))), flat)

    def _add(self, path: str, number: str, title: str, activation: str, made: Sequence[keras.layers.Layer]) -> dict[str, Any]:
        variables = [variable for layer in made for variable in _own_variables(layer)]
        values = [variable.numpy() for variable in variables]
        if not self.broken and not all(np.isfinite(value).all() for value in values):
            self.broken = f"layer {number}" if number else "the last layer"
        layer = {
            "path": path,
            "number": number,
            "title": title,
            "activation": activation,
            "count": sum(value.size for value in values),
            "weights": _sizes(values),
            "after": "",
            **_units(np.zeros((0, 0)), NEITHER),
        }
        self.layers.append(layer)
        self.variables.append(variables)
        return layer


def _own_variables(layer: keras.layers.Layer) -> list[Any]:
    """Its weights, without the moving averages that it only keeps."""
    return [variable for variable in layer.weights if not variable.name.startswith("moving_")]


def _range_at(place: Placed) -> ActivationRange:
    """Of a layer whose outputs are those of its activation; in LSTM and GRU they are a product."""
    if hasattr(place.layer, "recurrent_activation"):
        return NEITHER
    return range_of(getattr(place.layer, "activation", None))


def _sizes(arrays: Sequence[NDArray[Any]]) -> dict[str, Any] | None:
    if not arrays:
        return None
    values = np.concatenate([array.ravel() for array in arrays]).astype(np.float64)
    return {
        "bars": magnitudes(values),
        "norm": float(np.linalg.norm(values)),
        "zeros": float((values == 0).mean()) if values.size else 0.0,
    }


def _units(values: NDArray[Any], flat: ActivationRange) -> dict[str, Any]:
    """Of the outputs (n, ..., units) of an activation."""
    units = int(values.shape[-1])
    dead = saturated = None
    if flat.has_zeros:
        dead = int((values.reshape(-1, units) == 0).all(axis=0).sum())
    if flat.limits is not None and values.size:
        low, high = flat.limits
        near = NEAR * (high - low)
        saturated = float(((values <= low + near) | (values >= high - near)).mean())
    return {"units": units, "dead": dead, "saturated": saturated}
