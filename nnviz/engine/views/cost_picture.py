"""The costs that fit a target as curves, and the rows of the next batch as points on them."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.catalog import COSTS
from nnviz.engine.loop.shuffle import order
from nnviz.engine.metrics.streaming import widest
from nnviz.engine.network.cost import CostLayer
from nnviz.engine.views.view_request import ViewRequest
from nnviz.errors import RequestError

MOST_ROWS = 256
"""Of a batch that are drawn."""
SAMPLE = 2_000
"""Rows of the training part that the batch is held against."""
MOST_VALUES = 8_000_000
"""Of all these rows together in the widest layer: of large ones fewer are taken."""
POINTS = 120
"""An even number, so that none lies on the border itself, where some costs have no slope."""
FARTHEST = 12.0
"""To how far from the border the curves of a classification go."""
Floats = NDArray[np.float32]


def cost_picture(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `cost`. Rows are evaluated without dropout and noise.

    For classes the axis is the lead of the right class's raw output over the best wrong one, above 0 where the answer is right;
    for numbers the error, prediction minus target, in the target's scale as the cost sees it, of target `target` of `targets`
    (a choice); times `scale` it is in the target's units.

    own: the run's cost by its kind, output: its transform. curves: of each cost that fits, {kind, cost, slope}: float32 (120,)
    from low to high; for classes all wrong ones have the same raw output, for numbers the target is `truth`, the median of the
    batch. Slopes are derivatives along the axis. rows: row numbers int32, of the batch after `step` steps, up to 256 of `batch`;
    lead, cost, slope: float32 of each; right: uint8, truth: int32 the class of each, chance: float32 of its right class (for
    classes). loss: mean cost of the batch; sample, sample_rows, sample_right, spread: mean, count, share that is right and
    standard deviation of rows' costs over up to 2,000 training rows; settled: the part of the sample's mean that comes from rows
    that are right; worst: of the sample the row of the smallest lead, {row, lead, right, truth, chance} (for classes).
    weighted: whether class weights multiply the costs of rows.

    Raises RequestError for a cost that joins several targets, which has no curve over one of them."""
    cost, part = asked.network.cost, asked.prepared.parts["train"]
    count = len(part.y)
    picked, batch = _next_batch(asked, count)
    sampled = np.linspace(0, count - 1, min(count, SAMPLE, max(1, MOST_VALUES // max(1, widest(asked.network))))).astype(np.int64)
    rows = _Rows(asked, np.asarray(part.x[picked], np.float32), np.asarray(part.y[picked]))
    sample = _Rows(asked, np.asarray(part.x[sampled], np.float32), np.asarray(part.y[sampled]))
    reach = float(np.abs(rows.axis).max(initial=0.0))
    reach = min(max(4.0, 1.05 * reach), FARTHEST) if cost.task == "classification" else max(1.0, 1.1 * reach)
    costs, spread = sample.cost.astype(np.float64), float(np.std(sample.cost, dtype=np.float64))
    body: dict[str, Any] = {
        "task": cost.task,
        "own": cost.kind,
        "output": cost.transform_name,
        "low": -reach,
        "high": reach,
        "batch": batch,
        "rows": np.asarray(part.rows[picked], "<i4").tobytes(),
        "lead": rows.axis.astype("<f4").tobytes(),
        "cost": rows.cost.astype("<f4").tobytes(),
        "slope": rows.slope.astype("<f4").tobytes(),
        "loss": float(np.mean(rows.cost, dtype=np.float64)),
        "sample": float(costs.mean()),
        "sample_rows": len(costs),
        "spread": spread,
        "weighted": cost.class_weight is not None,
        "scale": 1.0,
    }
    if cost.task == "classification":
        body |= {
            "right": rows.right.astype(np.uint8).tobytes(),
            "truth": rows.y.astype("<i4").tobytes(),
            "chance": rows.chance.astype("<f4").tobytes(),
            "sample_right": float(sample.right.mean()),
            "settled": float(costs[sample.right].sum() / len(costs)),
            "worst": _most_mistaken(sample, part.rows[sampled]),
        }
        return body | {"curves": _class_curves(asked, reach)}
    target = asked.index("target", of=cost.outputs)
    truth = float(np.median(rows.y[:, target]))
    scale = float(np.ravel(asked.prepared.target_scale)[target]) if np.size(asked.prepared.target_scale) else 1.0
    body |= {"target": target, "targets": cost.outputs, "scale": scale}
    return body | {"curves": _number_curves(asked, reach, truth)}


def _next_batch(asked: ViewRequest, count: int) -> tuple[NDArray[np.int64], int]:
    """Rows of the batch that the next step takes, up to 256, and how many it takes."""
    size = min(asked.spec.training.batch_size, count)
    calendar = asked.state.calendar(-(-count // size))
    epoch = calendar.epoch(asked.state.step)
    place = asked.state.step - calendar.step(epoch)
    picked = order(asked.spec.training.seed, epoch, count)[place * size : (place + 1) * size]
    return picked[:MOST_ROWS].astype(np.int64), len(picked)


class _Rows:
    """Of each row: its place on the axis, its cost and the slope of the cost along the axis."""

    def __init__(self, asked: ViewRequest, x: Floats, y: NDArray[Any]) -> None:
        cost = asked.network.cost
        self.y = y
        raw = asked.network.raw(x)
        if not np.isfinite(raw).all():
            raise RequestError("the network's outputs are not numbers any more, so there is nothing to draw")
        if cost.task == "classification":
            self.axis, direction = _leads(raw, y)
            self.cost, self.slope = _along(cost, y, raw, direction)
            self.right = np.asarray(cost.picked(tf.constant(raw))) == y
            self.chance = np.asarray(cost.probabilities(tf.constant(raw)))[np.arange(len(y)), y]
        else:
            target = asked.index("target", of=cost.outputs)
            _refuse_joined(cost)
            one = _cost(cost.kind, "regression", 1, cost.transform_name, json.dumps(cost.params))
            raw, truth = raw[:, target : target + 1], np.asarray(y[:, target : target + 1], np.float32)
            self.axis = np.asarray(one.transform(tf.constant(raw)))[:, 0] - truth[:, 0]
            self.cost, slope = _along(one, truth, raw, np.ones_like(raw))
            self.slope = slope / _stretch(one, raw)


def _most_mistaken(sample: _Rows, numbers: NDArray[Any]) -> dict[str, Any]:
    at = int(np.argmin(sample.axis))
    return {
        "row": int(numbers[at]),
        "lead": float(sample.axis[at]),
        "right": bool(sample.right[at]),
        "truth": int(sample.y[at]),
        "chance": float(sample.chance[at]),
    }


def _leads(raw: Floats, y: NDArray[Any]) -> tuple[Floats, Floats]:
    """By how much the right class's raw output leads the best wrong one; and the direction in which that grows by 1: half of
    it on the right class, half taken from every wrong one."""
    if raw.shape[1] == 1:
        sign = np.where(y == 1, 1.0, -1.0).astype(np.float32)
        return raw[:, 0] * sign, sign[:, None]
    is_right = np.arange(raw.shape[1]) == y[:, None]
    best = np.where(is_right, -np.inf, raw).max(axis=1)
    return raw[is_right] - best, np.where(is_right, 0.5, -0.5).astype(np.float32)


def _along(cost: CostLayer, y: NDArray[Any], raw: Floats, direction: Floats) -> tuple[Floats, Floats]:
    """The cost of each row, and its derivative along a direction of the raw outputs."""
    outputs = tf.constant(raw)
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        rows = cost.calculate(tf.constant(y), outputs, reduction="none")
    gradient = tape.gradient(rows, outputs)
    slope = np.zeros(len(raw)) if gradient is None else np.sum(np.asarray(gradient) * direction, axis=1)
    return np.asarray(rows), np.asarray(slope, np.float32)


def _stretch(cost: CostLayer, raw: Floats) -> Floats:
    """How fast the transformed output grows with the raw one (1 for `identity`)."""
    outputs = tf.constant(raw)
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        transformed = cost.transform(outputs)
    return np.maximum(np.asarray(tape.gradient(transformed, outputs))[:, 0], 1e-12)


def _class_curves(asked: ViewRequest, reach: float) -> list[dict[str, Any]]:
    cost = asked.network.cost
    curves = []
    for kind, transform, params in _fitting(cost):
        made = _curve(kind, transform, params, "classification", cost.outputs, round(reach, 6), 0.0)
        curves.append({"kind": kind, "cost": made[0], "slope": made[1]})
    return curves


def _number_curves(asked: ViewRequest, reach: float, truth: float) -> list[dict[str, Any]]:
    curves = []
    for kind, transform, params in _fitting(asked.network.cost):
        made = _curve(kind, transform, params, "regression", 1, round(reach, 6), truth)
        curves.append({"kind": kind, "cost": made[0], "slope": made[1]})
    return curves


def _fitting(cost: CostLayer) -> list[tuple[str, str, str]]:
    """Kind, transform and parameters as JSON of the costs that fit, the network's own first; others with their defaults, and with
    the same transform where it is one of theirs."""
    own = [(cost.kind, cost.transform_name, json.dumps(cost.params, sort_keys=True))]
    for kind, entry in COSTS.items():
        fits = cost.task in entry.tasks and cost.outputs >= entry.least_outputs and entry.formula and kind != cost.kind
        if not fits or (cost.task == "regression" and (entry.least_outputs > 1 or entry.domain is not None)):
            continue
        transform = cost.transform_name if cost.transform_name in entry.transforms else entry.transform[cost.task]
        own.append((kind, transform, "{}"))
    return own


@lru_cache(maxsize=64)
def _cost(kind: str, task: str, outputs: int, transform: str, params: str) -> CostLayer:
    return CostLayer(kind, task=task, outputs=outputs, transform=transform, project=False, params=json.loads(params))


@lru_cache(maxsize=256)
def _curve(kind: str, transform: str, params: str, task: str, outputs: int, reach: float, truth: float) -> tuple[bytes, bytes]:
    """Cost and slope at evenly spaced places from -reach to reach, float32."""
    cost = _cost(kind, task, outputs, transform, params)
    at = np.linspace(-reach, reach, POINTS, dtype=np.float32)
    if task == "regression":
        raw = _raw_for(cost, at + np.float32(truth))
        rows, slope = _along(cost, np.full((POINTS, 1), truth, np.float32), raw, np.ones_like(raw))
        slope = slope / _stretch(cost, raw)
    elif cost.columns == 1:
        rows, slope = _along(cost, np.ones(POINTS, np.int32), at[:, None], np.ones((POINTS, 1), np.float32))
    else:
        direction = np.full((POINTS, outputs), -0.5, np.float32)
        direction[:, 0] = 0.5
        rows, slope = _along(cost, np.zeros(POINTS, np.int32), at[:, None] * direction, direction)
    return rows.astype("<f4").tobytes(), slope.astype("<f4").tobytes()


def _raw_for(cost: CostLayer, wanted: Floats) -> Floats:
    """Raw outputs whose transform is `wanted`; not a number where there is none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        inverse: Mapping[str, Any] = {
            "identity": lambda v: v,
            "softplus": lambda v: np.log(np.expm1(v)),
            "sigmoid": lambda v: np.log(v / (1 - v)),
        }
        return np.asarray(inverse.get(cost.transform_name, inverse["identity"])(wanted), np.float32)[:, None]


def _refuse_joined(cost: CostLayer) -> None:
    if cost.entry.columns == "row" or cost.entry.least_outputs > 1 or cost.transform_name == "softmax":
        raise RequestError("this cost joins all targets of a row into one number, so it has no curve over the error of one")
