"""Where rows lie in the space of a layer's outputs, on axes that stay where they are over the moments of a run."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network.stateless_random import StochasticLayer
from nnviz.engine.views.answers import Rows, answered
from nnviz.engine.views.placed_layers import number_of, title_of
from nnviz.engine.views.space.apart import nearest_mean, nearest_rows
from nnviz.engine.views.space.principal_plane import principal_plane
from nnviz.engine.views.trace import Step, Trace
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.errors import RequestError

MOST_ROWS = 500
LEAST_ROWS = 40
MOST_VALUES = 8_000_000
"""Of all layers together: of large networks fewer rows are taken."""
LIMIT_VALUES = 60_000_000
_SAME_VALUES = (StochasticLayer, keras.layers.Flatten, keras.layers.Reshape, keras.layers.Permute)
"""Layers whose outputs are those of the layer before, in prediction."""
Floats = NDArray[np.float64]


def space_view(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `space`.

    choice: `layer` (one of `layers`; at first the last before the cost), `axes` (the step of a recorded moment, to take the axes
    from; at first the last one of the run).

    {part, rows of in_all, unanswered: see `answers.Rows`; layers: [{title, number, copies, values (of a row), apart}], the
    inputs first, the raw outputs last; measure: what `apart` is, `accuracy` (see `nearest_mean`) or `r2` (see `nearest_rows`, of
    the first target; None where it is not defined); layer; at: float32 (rows, 2), on the plane of the first two principal
    components that the layer's outputs for these rows had at step `axes`; share: of the variance that the plane holds now (None:
    there is none), axes_share: then; extent: x0, x1, y0, y1 of the rows then; numbers: of the rows in the data; costs: float32;
    and of classes truth and picked, uint16, of targets truth and answers, float32 (rows, targets) in their own unit, with names
    and unit}.

    Raises RequestError for a network too large, and for outputs that are no numbers."""
    network, prepared = asked.network, asked.prepared
    part = answered(network, prepared, most=_most_rows(asked))
    trace = _trace(asked, part.x)
    spaces = _spaces(trace, part.x, asked)
    layer = asked.index("layer", of=len(spaces), default=len(trace.steps) or len(spaces) - 1)
    now = spaces[layer]
    if not np.isfinite(now).all():
        raise RequestError("what this layer gives are no numbers at this moment", remedy="Choose an earlier moment.")
    then, step = _reference(asked, part.x, layer, now)
    is_class = prepared.task == "classification"
    like = part.y if is_class else part.y[:, 0]
    plane = principal_plane(then, like)
    before = plane.coordinates(then)
    ends = [float(end) for axis in (0, 1) for end in (before[:, axis].min(), before[:, axis].max())]
    costs = np.asarray(network.cost.calculate(part.y, network.cost.logits(trace.features), reduction="none"), "<f4")
    return {
        **part.about,
        "layers": [
            _named(place) | {"values": space.shape[1], "apart": _apart(space, like, is_class)}
            for place, space in zip(_places(trace, network), spaces, strict=True)
        ],
        "measure": "accuracy" if is_class else "r2",
        "layer": layer,
        "at": np.ascontiguousarray(plane.coordinates(now), "<f4").tobytes(),
        "share": plane.share(now),
        "axes": step,
        "axes_share": plane.share(then),
        "extent": ends,
        "numbers": part.numbers.tolist(),
        "costs": costs.tobytes(),
        **(_classes(part) if is_class else _targets(asked, part)),
    }


def _changes_values(step: Step) -> bool:
    return not isinstance(step.layer, _SAME_VALUES)


def _trace(asked: ViewRequest, x: NDArray[np.float32]) -> Trace:
    return Trace(asked.network, asked.layers, tf.constant(x), wanted=_changes_values)


def _most_rows(asked: ViewRequest) -> int:
    trace = _trace(asked, np.zeros((1, *asked.prepared.shape), np.float32))
    values = int(np.prod(asked.prepared.shape)) + sum(int(np.prod(step.y.shape)) for step in trace.steps)
    if values * LEAST_ROWS > LIMIT_VALUES:
        raise RequestError(
            f"this network is too large to look at its layers' spaces: its layers give {values:,} values for a row, "
            f"and the limit is {LIMIT_VALUES // LEAST_ROWS:,}"
        )
    return max(LEAST_ROWS, min(MOST_ROWS, MOST_VALUES // values))


def _spaces(trace: Trace, x: NDArray[np.float32], asked: ViewRequest) -> list[Floats]:
    """The rows as points of each space, (n, values): inputs, layers, and where the cost has weights of its own, raw outputs."""
    ends = [] if asked.network.cost.projection is None else [asked.network.cost.logits(trace.features)]
    every = (x, *(step.y for step in trace.steps), *ends)
    return [np.asarray(values, np.float64).reshape(len(x), -1) for values in every]


def _places(trace: Trace, network: Any) -> Sequence[Step | str]:
    return ["inputs", *trace.steps, *([] if network.cost.projection is None else ["outputs"])]


def _named(place: Step | str) -> dict[str, Any]:
    """`number` is empty for inputs and raw outputs, whose `title` says which they are."""
    if isinstance(place, str):
        return {"title": place, "number": "", "copies": []}
    copies = [[copy, times] for _, copy, times in place.place.copies]
    return {"title": title_of(place.place), "number": number_of(place.place), "copies": copies}


def _reference(asked: ViewRequest, x: NDArray[np.float32], layer: int, now: Floats) -> tuple[Floats, int]:
    """The points of the moment that gives the axes, and its step: where it has no numbers, of the moment that is looked at."""
    step = asked.choice.get("axes")
    recorded: Recorded | None = asked.recorded(step if isinstance(step, int) else None)
    if recorded is None or recorded.step == asked.state.step:
        return now, asked.state.step
    asked.network.values = recorded.weights
    then = _spaces(_trace(asked, x), x, asked)[layer]
    asked.network.values = asked.state.weights
    return (then, recorded.step) if np.isfinite(then).all() else (now, asked.state.step)


def _apart(space: Floats, like: NDArray[Any], is_class: bool) -> float | None:
    if not np.isfinite(space).all():
        return None
    return nearest_mean(space, like) if is_class else nearest_rows(space, like)


def _classes(part: Rows) -> dict[str, Any]:
    return {"truth": part.y.astype("<u2").tobytes(), "picked": part.picked.astype("<u2").tobytes()}


def _targets(asked: ViewRequest, part: Rows) -> dict[str, Any]:
    prepared = asked.prepared
    own = [np.asarray(values, np.float64) * prepared.target_scale + prepared.target_mean for values in (part.y, part.outputs)]
    return {
        "truth": own[0].astype("<f4").tobytes(),
        "answers": own[1].astype("<f4").tobytes(),
        "names": list(prepared.targets),
        "unit": prepared.target_unit,
    }
