"""One step, all the way back: the costs of a batch's rows, their shares of one weight's gradient, and how these come about."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.engine.records import PreparedLike
from nnviz.engine.training.explain import explain
from nnviz.engine.training.step_story import StepStory
from nnviz.engine.views.back import backward_pass
from nnviz.engine.views.back.backward_pass import Backward, LayerSlopes
from nnviz.engine.views.back.layer_way import Named, way_from
from nnviz.engine.views.view_request import ViewRequest
from nnviz.engine.views.way.chosen_weights import chosen_weight, variables_of
from nnviz.engine.views.way.effort import multiplications
from nnviz.errors import RequestError

MOST_SHOWN = 24
"""Rows of a batch that are sent one by one, those of the largest shares."""
MOST_UNITS = 4_096
"""Of a layer: a picture of it shows the part around the weight's own unit."""
MOST_OUTPUTS = 256
"""Of the network, whose slopes every listed row has."""
MOST_WORK = 2e10
"""Multiplications of one batch, forward: some seconds' worth of the four passes."""
ROUNDING = 1e-5
PLAIN = (keras.layers.Dense, keras.layers.Conv1D, keras.layers.Conv2D)
"""Layers whose kernel is multiplied with their inputs."""


def step_back(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `back`: the step that comes next, from the moment that is asked for.

    Choice: `weight` {variable, index}, without it the first array's one of the largest gradient; `row`, a row number of the
    data, without it (and in a batch that it is not in) the row of the largest share.

    step, count (rows of the batch), batch_rows: int32 of all their numbers; weight: {variable, index}; variables, inputs: as in
    the view `way`. rows: up to 24, those of the largest shares and the chosen one, in that order: {number, cost, target, answer
    (class numbers, or numbers in the target's units), slopes (of its own cost by its raw outputs, up to 256 of `outputs`),
    share}; rest: {count, cost, share} of all others, sums; chosen: which of `rows` is. A row's share is the gradient of its own
    cost by the weight, divided by `count`; all shares and `penalty` (the part of regularizers) add up to `gradient`.

    way: from the cost back to the weight's layer, the last, each {number, title, copies, activation, units, places, slopes: of
    the row's cost by each unit's output, up to 4,096 units, summed over places}; with an activation `before`: the same by what
    goes into it, and `rise`, its own slope there, where it has one number for each unit, else None. last: how the row's own
    gradient ends: {unit: of the weight, or None; kind: whether its terms are the layer's `input`, 1 (`bias`) or else the
    `slope` of its outputs by the weight; count: terms that are not 0; term, slope: both factors of the largest product; own:
    the sum of all; others: what comes through other rows, by normalization over the batch}. weighted: whether class weights
    multiply costs.
    story: `StepStory.to_json`: what the optimizer makes of it.

    Raises RequestError for a weight or row that is none, for numbers that are none, and for a network too large."""
    training, prepared = asked.training(), asked.prepared
    session, step, seed = training.session, asked.state.step, training.spec.training.seed
    network, train = session.network, prepared.parts["train"]
    work = multiplications(network, prepared.shape) * session.loop.batch
    if work > MOST_WORK:
        size = f"about {work:,} multiplications for a batch, and the limit is {MOST_WORK:,.0f}"
        raise RequestError(f"this network is too large for this view: {size}")
    if not network.trainable_variables:
        raise RequestError("nothing of this network is trained, so no step changes a weight")
    weight = chosen_weight(asked.choice.get("weight"), [tuple(one.shape) for one in network.trainable_variables])
    story = explain(
        session,
        train.x,
        train.y,
        step=step,
        seed=seed,
        rate=training.rate,
        variable=0 if weight is None else weight.variable,
        index=None if weight is None else weight.index,
        rows=train.rows,
    )
    variable = 0 if weight is None else weight.variable
    way = way_from(network, asked.layers, variable)
    backward, row = backward_pass.of(session, variable, [one.layer for one in way])(
        story.inputs, story.targets, seed=seed, step=step, index=story.index, row=_chosen_row(asked.choice, story)
    )
    if not np.isfinite([story.gradient, story.loss, *backward.gradients]).all():
        raise RequestError("the gradient is no number any more: the training has diverged", remedy="Choose an earlier moment.")
    count = len(story.rows)
    shares = backward.gradients.astype(np.float64) / count
    listed = np.argsort(-np.abs(shares), kind="stable")[:MOST_SHOWN].tolist()
    if row not in listed:
        listed[-1] = row
    others = [place for place in range(count) if place not in set(listed)]
    return {
        "step": step,
        "count": count,
        "batch_rows": np.asarray(story.rows, "<i4").tobytes(),
        "weight": {"variable": variable, "index": list(story.index)},
        "variables": variables_of(network),
        "inputs": [str(name) for name in getattr(prepared, "columns", ())] if len(prepared.shape) == 1 else [],
        "task": prepared.task,
        "cost": story.cost,
        "output": network.cost.transform_name,
        "outputs": int(backward.slopes.shape[1]),
        "rows": [_row(story, backward, place, shares, prepared) for place in listed],
        "rest": {
            "count": len(others),
            "cost": float(story.costs[others].sum(dtype=np.float64)),
            "share": float(shares[others].sum()),
        },
        "chosen": listed.index(row),
        "penalty": backward.penalty,
        "gradient": story.gradient,
        "way": [_layer(named, slopes) for named, slopes in zip(way[::-1], backward.layers[::-1], strict=True)],
        "last": _last(backward, row, way, network.trainable_variables[variable].name),
        "weighted": story.weighted,
        "story": story.to_json(),
    }


def _chosen_row(choice: Mapping[str, Any], story: StepStory) -> int | None:
    """Its place in the batch. Raises RequestError for what is no number of a row."""
    row = choice.get("row")
    if row is None:
        return None
    if isinstance(row, bool) or not isinstance(row, int):
        raise RequestError(f"a row is chosen by its number; got {row!r:.40}", where="row")
    return story.rows.index(row) if row in story.rows else None


def _row(story: StepStory, backward: Backward, place: int, shares: NDArray[np.float64], prepared: PreparedLike) -> dict[str, Any]:
    return {
        "number": story.rows[place],
        "cost": float(story.costs[place]),
        "target": _answer(story.targets[place], prepared),
        "answer": _answer(story.answers[place], prepared),
        "slopes": backward.slopes[place, :MOST_OUTPUTS].tolist(),
        "share": float(shares[place]),
    }


def _answer(value: Any, prepared: PreparedLike) -> int | list[float]:
    if prepared.task == "classification":
        return int(value)
    own: list[float] = (np.asarray(value, np.float64) * prepared.target_scale + prepared.target_mean)[:MOST_OUTPUTS].tolist()
    return own


def _layer(named: Named, slopes: LayerSlopes) -> dict[str, Any]:
    places = int(np.prod(slopes.outputs.shape[:-1]))
    is_single = places == 1 and slopes.rise is not None
    return {
        "number": named.number,
        "title": named.title,
        "copies": [list(copy) for copy in named.copies],
        "activation": named.activation,
        "units": int(slopes.outputs.shape[-1]),
        "places": places,
        "slopes": _by_unit(slopes.outputs),
        "before": None if slopes.before is None else _by_unit(slopes.before),
        "rise": _by_unit(slopes.rise) if is_single and slopes.rise is not None else None,
    }


def _by_unit(values: NDArray[np.float32]) -> list[float]:
    """Of (..., units) the sums over places, of the first units."""
    sums: list[float] = values.reshape(-1, values.shape[-1]).sum(axis=0, dtype=np.float64)[:MOST_UNITS].tolist()
    return sums


def _last(backward: Backward, row: int, way: Sequence[Named], array: str) -> dict[str, Any]:
    first = backward.layers[0] if way else None
    slopes = backward.slopes[row] if first is None else first.outputs if first.before is None else first.before
    terms = backward.terms.ravel().astype(np.float64)
    products = terms * slopes.ravel()
    largest = int(np.argmax(np.abs(products))) if products.any() else int(np.argmax(np.abs(terms)))
    touched = np.unique(np.flatnonzero(terms) % backward.terms.shape[-1])
    others = float(backward.gradients[row]) - backward.own
    is_plain = not way or isinstance(way[0].layer, PLAIN)
    return {
        "unit": int(touched[0]) if len(touched) == 1 else None,
        "kind": {"kernel": "input", "bias": "bias"}.get(array, "slope") if is_plain else "slope",
        "count": int(np.count_nonzero(terms)),
        "term": float(terms[largest]),
        "slope": float(slopes.ravel()[largest]),
        "own": backward.own,
        "others": others if abs(others) > ROUNDING * float(np.abs(products).sum()) else 0.0,
    }
