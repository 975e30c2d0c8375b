"""A weight's way: two weights on the objective's surface, where they came from, and where optimizers would go from here."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.catalog import OPTIMIZERS
from nnviz.engine.network.network import Network, frozen_of
from nnviz.engine.records import PreparedLike
from nnviz.engine.training.explain import StepStory, explain
from nnviz.engine.training.live_changes import Changes
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.engine.views.way.chosen_weights import Weight, chosen_weights, variables_of
from nnviz.engine.views.way.cost_surface import grid, objective_over, slope_at
from nnviz.engine.views.way.effort import sizes_for, spread_rows
from nnviz.engine.views.way.ghost_steps import MOMENTUM, adam_step, momentum_step, sgd_step
from nnviz.errors import RequestError

MOST_MOMENTS = 60
Pair = NDArray[np.float64]
Extent = tuple[float, float, float, float]


def weight_way(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `way`.

    weights: two, each {variable, index, value, gradient (of the next batch), slope (of the objective over the rows)}; variables:
    see `variables_of`; inputs: names of the columns, or none. path: float32 (steps, 2), the values at recorded `steps`, the last
    one now. way, next: maps {extent (x0, x1, y0, y1; x is the first weight), side, cost (float32, row 0 the lowest)}. cost: the
    objective now, over `rows` of `rows_in_all` training rows; penalty: whether regularizers are part of it. step, batch (rows of
    it), rate, optimizer: of the next step; own: {step (2), cost, lines: {sense, values (2)}}: what is added to both, the cost
    then if no other weight moved, and its formula; ghosts: {kind, starts (`fresh`, `own` or `path`: what it remembers),
    is_own (whether the run does the same), step, cost, numbers: by name (2)}; `path`: a run without velocities lends momentum
    the mean of its steps since the moment recorded before, `over` so many.

    Raises RequestError for weights that are not there, that are no numbers, or of which there are too many."""
    training = asked.training()
    session, step = training.session, asked.state.step
    network, prepared = session.network, asked.prepared
    sizes = sizes_for(network, prepared)
    way = list(asked.way(MOST_MOMENTS)) or [Recorded(step, asked.state.weights)]
    weights = chosen_weights(asked.choice, network, _moved(network, way))
    stories = [_story(training, prepared, step, weight) for weight in weights]
    path = _path(network, way, weights)
    now, gradient = path[-1], np.array([story.gradient for story in stories])
    own = np.array([story.after - story.before for story in stories])
    # in float64: the difference of two float32 weights has few digits of a small step
    exact = np.array([story.lines[-1].value - story.before for story in stories])
    if not np.isfinite([*now, *gradient, *own]).all():
        raise RequestError("these weights are no numbers any more: the training has diverged", remedy="Choose an earlier moment.")
    ghosts = _ghosts(stories, gradient, exact, _mean_step(path, way))
    ends = [now + own, *(now + ghost["step"] for ghost in ghosts)]
    x, y = spread_rows(prepared, sizes.rows)
    extents = _around_all([*path[np.isfinite(path).all(axis=1)], *ends]), _around(now, ends)
    maps = [
        {"extent": list(extent), "side": side, "cost": _bytes(objective_over(session, x, y, weights, grid(extent, side)))}
        for extent, side in zip(extents, (sizes.way, sizes.step), strict=True)
    ]
    slope = slope_at(session, x, y, weights, now)
    cost, own_cost, *ghost_costs = objective_over(session, x, y, weights, np.array([now, *ends])).tolist()
    return {
        "weights": [
            {"variable": weight.variable, "index": list(weight.index), "value": value, "gradient": pull, "slope": steep}
            for weight, value, pull, steep in zip(weights, now.tolist(), gradient.tolist(), slope.tolist(), strict=True)
        ],
        "variables": variables_of(network),
        "inputs": [str(name) for name in getattr(prepared, "columns", ())] if len(prepared.shape) == 1 else [],
        "path": _bytes(path),
        "steps": [moment.step for moment in way],
        "way": maps[0],
        "next": maps[1],
        "cost": cost,
        "penalty": any(variable.regularizer is not None for variable in network.trainable_variables),
        "rows": len(y),
        "rows_in_all": len(prepared.parts["train"].y),
        "step": step,
        "batch": len(stories[0].rows),
        "rate": stories[0].rate,
        "optimizer": stories[0].optimizer,
        "own": {"step": own.tolist(), "cost": own_cost, "lines": _lines(stories)},
        "ghosts": [ghost | {"cost": then} for ghost, then in zip(ghosts, ghost_costs, strict=True)],
    }


def _story(training: Changes, prepared: PreparedLike, step: int, weight: Weight) -> StepStory:
    train = prepared.parts["train"]
    return explain(
        training.session,
        train.x,
        train.y,
        step=step,
        seed=training.spec.training.seed,
        rate=training.rate,
        variable=weight.variable,
        index=weight.index,
    )


def _places(network: Network) -> list[int]:
    """Where the trained arrays stand among all of the network's."""
    numbers = {id(variable): number for number, variable in enumerate(network.weights)}
    return [numbers[id(variable)] for variable in network.trainable_variables]


def _moved(network: Network, way: Sequence[Recorded]) -> list[NDArray[Any]]:
    """How far each weight is from where it was first recorded; before it has moved, its own value."""
    first, last = way[0].weights, way[-1].weights
    places = _places(network)
    moved = [last[place].astype(np.float64) - first[place] for place in places]
    moved = moved if any(array.any() for array in moved) else [last[place] for place in places]
    # a weight of a unit that is off has no next step
    return [
        array if (frozen := frozen_of(network, variable)) is None else np.where(frozen, 0, array)
        for array, variable in zip(moved, network.trainable_variables, strict=True)
    ]


def _path(network: Network, way: Sequence[Recorded], weights: Sequence[Weight]) -> Pair:
    places = _places(network)
    return np.array([[moment.weights[places[one.variable]][one.index] for one in weights] for moment in way], np.float64)


class _MeanStep(NamedTuple):
    """Of both weights: `step` (2,) on average over the last `over` steps; of 0 steps where nothing was recorded before."""

    step: Pair
    over: int


def _mean_step(path: Pair, way: Sequence[Recorded]) -> _MeanStep:
    over = way[-1].step - way[-2].step if len(way) > 1 else 0
    if over <= 0 or not np.isfinite(path[-2:]).all():
        return _MeanStep(np.zeros(2), 0)
    return _MeanStep((path[-1] - path[-2]) / over, over)


def _around_all(points: Sequence[Pair]) -> Extent:
    """A square with room around all points: a direction on it is that in the weights."""
    low, high = np.min(points, axis=0), np.max(points, axis=0)
    return _square((low + high) / 2, float((high - low).max()) / 2 * 1.2)


def _around(middle: Pair, points: Sequence[Pair]) -> Extent:
    return _square(middle, float(np.abs(np.array(points) - middle).max()) * 1.35)


def _square(middle: Pair, half: float) -> Extent:
    # where nothing moves there still is a surroundings to be seen; below it float32 tells no places apart
    half = max(half, 1e-5 * float(np.abs(middle).max()), 1e-6) if half else max(0.1 * float(np.abs(middle).max()), 0.01)
    return float(middle[0] - half), float(middle[0] + half), float(middle[1] - half), float(middle[1] + half)


def _ghosts(stories: Sequence[StepStory], gradient: Pair, own: Pair, mean: _MeanStep) -> list[dict[str, Any]]:
    """What each of three optimizers would do with this gradient and this rate, going on from the run's own memory where it is of
    the same kind; else momentum has the run's `mean` step as its velocity."""
    story = stories[0]
    rate, kind = story.rate, story.optimizer
    params = {name: value for name, (value, _) in story.quantities.items()}
    is_sgd = kind in OPTIMIZERS and (OPTIMIZERS[kind].keras or kind) == "SGD"
    has_velocity = is_sgd and "v" in story.slots
    has_moments = {"m", "v"} <= story.slots.keys() and {"beta_1", "beta_2"} <= params.keys()
    share = params.get("momentum", MOMENTUM) if has_velocity else MOMENTUM
    velocities = [one.slots["v"][0] if has_velocity else lent for one, lent in zip(stories, mean.step.tolist(), strict=True)]
    lent_from = "path" if mean.over else "fresh"
    moments = [(one.slots["m"][0], one.slots["v"][0]) if has_moments else (0.0, 0.0) for one in stories]
    betas = {name: value for name, value in params.items() if has_moments and name in ("beta_1", "beta_2", "epsilon")}
    update = story.update if has_moments else 1
    pushed = [momentum_step(g, rate, velocity=v, momentum=share) for g, v in zip(gradient, velocities, strict=True)]
    adam = [adam_step(g, rate, moments=each, update=update, betas=betas) for g, each in zip(gradient, moments, strict=True)]
    return [
        _ghost("SGD", "own" if is_sgd and not has_velocity else "fresh", [sgd_step(g, rate) for g in gradient], own, {}),
        _ghost(
            "momentum",
            "own" if has_velocity else lent_from,
            [one.step for one in pushed],
            own,
            {"momentum": [share, share], "kept": [one.kept_velocity for one in pushed], "over": [mean.over, mean.over]},
        ),
        _ghost(
            "Adam",
            "own" if has_moments else "fresh",
            [one.step for one in adam],
            own,
            {
                "mean": [one.mean for one in adam],
                "size": [one.size for one in adam],
                "ratio": [one.ratio for one in adam],
                "update": [update, update],
            },
        ),
    ]


def _ghost(kind: str, starts: str, steps: Sequence[float], own: Pair, numbers: dict[str, list[float]]) -> dict[str, Any]:
    size = float(np.abs(own).max())
    return {
        "kind": kind,
        "starts": starts,
        "is_own": starts == "own" and size > 0 and bool(np.allclose(steps, own, rtol=1e-3, atol=1e-6 * size)),
        "step": [float(step) for step in steps],
        "numbers": {name: [float(value) for value in values] for name, values in numbers.items()},
    }


def _lines(stories: Sequence[StepStory]) -> list[dict[str, Any]]:
    """The lines of the run's own formula but the last, which gives the weight."""
    first, second = (story.lines for story in stories)
    return [{"sense": one.sense, "values": [one.value, other.value]} for one, other in zip(first[:-1], second[:-1], strict=True)]


def _bytes(values: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(values, "<f4").tobytes()
