"""Costs as curves and rows as points, against their formulas in float64."""

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.catalog import COSTS
from nnviz.engine.loop.shuffle import order
from nnviz.engine.loop.state import State
from nnviz.engine.views.cost_picture import MOST_ROWS, POINTS, cost_picture
from nnviz.engine.views.view_request import ViewRequest
from nnviz.errors import RequestError
from tests.engine.support import prepared, spec


def picture(data, cost, *, step=0, scale=1.0, choice=None, **training):
    run = spec([], cost=cost, **training)
    network = engine.build(run.layers, run.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    network.values = [value * scale for value in network.values]
    state = State(step=step, weights=network.values, slots=[])
    body = cost_picture(ViewRequest(network, data, run, state, choice or {}))
    raw = network.raw(data.parts["train"].x).astype(np.float64)
    return msgpack.unpackb(msgpack.packb(body)), raw


def floats(content):
    return np.frombuffer(content, "<f4").astype(np.float64)


def curve_of(body, kind):
    curve = next(one for one in body["curves"] if one["kind"] == kind)
    assert len(floats(curve["cost"])) == len(floats(curve["slope"])) == POINTS
    return np.linspace(body["low"], body["high"], POINTS), floats(curve["cost"]), floats(curve["slope"])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_rows_of_the_next_batch_with_their_cost_and_how_hard_it_pushes():
    data = prepared(outputs=3)
    body, raw = picture(data, {"kind": "CrossEntropy"}, step=4, scale=2.0)
    # 22 rows in batches of 8: step 4 is the second of the second epoch.
    rows = order(0, 1, 22)[8:16]
    np.testing.assert_array_equal(np.frombuffer(body["rows"], "<i4"), rows)
    y, z = data.parts["train"].y, raw
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    right = p[np.arange(22), y]
    best_wrong = np.where(np.arange(3) == y[:, None], -np.inf, z).max(axis=1)
    np.testing.assert_allclose(floats(body["lead"]), (z[np.arange(22), y] - best_wrong)[rows], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(floats(body["cost"]), -np.log(right)[rows], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(floats(body["slope"]), (right - 1)[rows], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(floats(body["chance"]), right[rows], rtol=1e-5)
    is_right = z.argmax(axis=1) == y
    np.testing.assert_array_equal(np.frombuffer(body["right"], np.uint8), is_right[rows])
    costs = -np.log(right)
    assert body["batch"] == 8
    assert body["loss"] == pytest.approx(costs[rows].mean(), rel=1e-5)
    assert (body["sample"], body["sample_rows"], body["spread"]) == pytest.approx((costs.mean(), 22, costs.std()), rel=1e-5)
    assert body["sample_right"] == pytest.approx(is_right.mean())
    lead = z[np.arange(22), y] - best_wrong
    worst = lead.argmin()
    assert (body["worst"]["row"], body["worst"]["truth"], body["worst"]["right"]) == (worst, y[worst], is_right[worst])
    assert (body["worst"]["lead"], body["worst"]["chance"]) == pytest.approx((lead[worst], right[worst]), rel=1e-4)
    assert body["settled"] == pytest.approx((costs * is_right).sum() / 22, rel=1e-5)


def test_the_last_batch_is_short_and_a_large_one_is_drawn_in_part():
    body, _ = picture(prepared(), {"kind": "CrossEntropy"}, step=2)
    assert body["batch"] == 6
    body, _ = picture(prepared(train=700), {"kind": "CrossEntropy"}, batch_size=700)
    assert (body["batch"], len(floats(body["cost"]))) == (700, MOST_ROWS)


def test_curves_over_the_lead_of_two_classes_are_those_of_the_formulas():
    body, _ = picture(prepared(outputs=2), {"kind": "CrossEntropy"})
    m, cost, slope = curve_of(body, "CrossEntropy")
    np.testing.assert_allclose(cost, np.log1p(np.exp(-m)), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(slope, sigmoid(m) - 1, rtol=1e-5, atol=1e-7)
    m, cost, slope = curve_of(body, "MeanSquaredError")
    np.testing.assert_allclose(cost, (1 - sigmoid(m)) ** 2, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(slope, -2 * (1 - sigmoid(m)) ** 2 * sigmoid(m), rtol=1e-4, atol=1e-6)
    assert {"CategoricalHinge", "Dice", "KLDivergence"} <= {curve["kind"] for curve in body["curves"]}
    m, cost, _ = curve_of(body, "CategoricalHinge")
    np.testing.assert_allclose(cost, np.maximum(0, 1 + np.maximum(0, -m / 2) - m / 2), atol=1e-5)


def test_one_output_for_two_classes_has_the_same_curve():
    body, raw = picture(prepared(outputs=2), {"kind": "CrossEntropy", "transform": "sigmoid"}, batch_size=22)
    assert raw.shape == (22, 1)
    m, cost, slope = curve_of(body, "CrossEntropy")
    np.testing.assert_allclose(cost, np.log1p(np.exp(-m)), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(slope, sigmoid(m) - 1, rtol=1e-5, atol=1e-7)
    lead = floats(body["lead"])
    np.testing.assert_allclose(floats(body["cost"]), np.log1p(np.exp(-lead)), rtol=1e-4)
    np.testing.assert_allclose(floats(body["slope"]), sigmoid(lead) - 1, rtol=1e-4)


def test_numbers_have_a_curve_over_the_error_of_one_target():
    data = prepared("regression", outputs=2, target_scale=np.array([2.0, 5.0], np.float32))
    body, raw = picture(data, {"kind": "MeanSquaredError"}, choice={"target": 1}, batch_size=22)
    rows = np.frombuffer(body["rows"], "<i4")
    error = (raw - data.parts["train"].y)[rows, 1]
    np.testing.assert_allclose(floats(body["lead"]), error, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(floats(body["cost"]), error**2, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(floats(body["slope"]), 2 * error, rtol=1e-4, atol=1e-5)
    assert (body["targets"], body["target"], body["scale"]) == (2, 1, 5.0)
    e, cost, slope = curve_of(body, "MeanSquaredError")
    np.testing.assert_allclose(cost, e**2, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(slope, 2 * e, rtol=1e-3, atol=1e-4)
    e, cost, slope = curve_of(body, "Huber")
    np.testing.assert_allclose(cost, np.where(abs(e) <= 1, e**2 / 2, abs(e) - 0.5), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(slope, np.clip(e, -1, 1), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("task", "kind", "transform"),
    [(task, kind, transform) for kind, entry in COSTS.items() for task in entry.tasks for transform in entry.transforms],
)
def test_every_cost_of_the_catalog_is_drawn_or_says_why_not(task, kind, transform):
    if task == "regression" and transform in ("softmax", "sigmoid"):
        transform = "identity"
    data = prepared(task, outputs=3)
    data.parts["train"].y[:] = np.abs(data.parts["train"].y)
    cost = {"kind": kind, "transform": transform} | ({"expression": "abs(y_true - y_pred)"} if kind == "Expression" else {})
    if task == "regression" and COSTS[kind].columns == "row":
        with pytest.raises(RequestError, match="joins all targets"):
            picture(data, cost)
        return
    body, _ = picture(data, cost)
    assert body["curves"][0]["kind"] == kind
    assert np.isfinite(floats(body["cost"])).all()
    at, cost_at, slope = curve_of(body, kind)
    middle = np.isfinite(cost_at[2:]) & np.isfinite(cost_at[:-2]) & np.isfinite(slope[1:-1])
    assert middle.sum() > POINTS // 3
    # Where the slope hardly changes, a difference quotient is near it.
    quotient = (cost_at[2:] - cost_at[:-2]) / (at[2:] - at[:-2])
    smooth = middle & (np.abs(slope[2:] - slope[:-2]) < 0.02 * np.abs(slope).max())
    np.testing.assert_allclose(
        quotient[smooth], slope[1:-1][smooth], atol=1e-5 + 0.03 * np.nanmax(np.abs(slope[np.isfinite(slope)]))
    )


def test_a_choice_that_is_none_and_outputs_that_are_no_numbers_are_refused():
    data = prepared("regression", outputs=2)
    with pytest.raises(RequestError, match="target is one of 2, from 0; got 2"):
        picture(data, {"kind": "MeanSquaredError"}, choice={"target": 2})
    with pytest.raises(RequestError, match="not numbers any more"):
        picture(data, {"kind": "MeanSquaredError"}, scale=np.float32("nan"))
