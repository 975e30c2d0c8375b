"""The view of residuals against scikit-learn and formulas written out."""

import msgpack
import numpy as np
import pytest
from sklearn import metrics

from nnviz import engine
from nnviz.engine.views.residuals import BINS, MOST_POINTS, TOLERANCES, residuals, round_step, trend
from nnviz.engine.views.view_request import ViewRequest
from nnviz.errors import RequestError
from tests.engine.support import Rows, prepared, spec

SCALE, MEAN = np.array([20.0, 0.5], np.float32), np.array([1000.0, -3.0])


def body_of(data, **choice):
    """The frame as the browser gets it, and truth and predictions in the targets' units."""
    run_spec = spec([], cost={"kind": "MeanSquaredError"})
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    state = engine.State(step=0, weights=network.values, slots=[])
    body = msgpack.unpackb(msgpack.packb(residuals(ViewRequest(network, data, run_spec, state, choice))))
    part = data.parts.get("validation", data.parts["train"])
    true, predicted = (np.asarray(values, np.float64) * SCALE + MEAN for values in (part.y, network.predict(part.x)))
    return body, true, predicted


def regression(**more):
    return prepared("regression", outputs=2, target_scale=SCALE, target_mean=MEAN, **more)


@pytest.mark.parametrize("target", [0, 1])
def test_numbers_of_each_target_are_those_of_scikit_learn_in_its_own_unit(target):
    body, truths, predictions = body_of(regression(validation=60), target=target)
    true, predicted = truths[:, target], predictions[:, target]
    assert (body["part"], body["rows"], body["target"], len(body["targets"])) == ("validation", 60, target, 2)
    assert body["metrics"] == pytest.approx(
        {
            "mae": metrics.mean_absolute_error(true, predicted),
            "rmse": metrics.root_mean_squared_error(true, predicted),
            "r2": metrics.r2_score(true, predicted),
            "bias": np.mean(predicted - true),
            "typical": metrics.median_absolute_error(true, predicted),
            "largest": (predicted - true)[np.abs(predicted - true).argmax()],
        },
        rel=1e-9,
    )
    np.testing.assert_allclose(np.frombuffer(body["true"], "<f4"), true, rtol=1e-6)
    np.testing.assert_allclose(np.frombuffer(body["predicted"], "<f4"), predicted, rtol=1e-6)
    counts, edges = np.histogram(predicted - true, bins=BINS, range=(body["low"], body["high"]))
    np.testing.assert_array_equal(np.frombuffer(body["bins"], "<u2"), counts)
    assert counts.sum() == 60
    assert edges[-1] == pytest.approx(np.abs(predicted - true).max())
    within = np.frombuffer(body["within"], "<u2")
    tolerances = body["tolerance_step"] * np.arange(TOLERANCES)
    np.testing.assert_array_equal(within, [(np.abs(predicted - true) <= tolerance).sum() for tolerance in tolerances])


def test_the_trend_is_the_slope_of_least_squares_with_its_standard_error():
    random = np.random.default_rng(0)
    x = random.normal(size=40)
    y = 0.3 * x + random.normal(size=40)
    (slope, _), covariance = np.polyfit(x, y, 1, cov=True)
    assert trend(x, y) == pytest.approx([slope, np.sqrt(covariance[0, 0])])
    assert trend(x[:2], y[:2]) is None
    assert trend(np.ones(9), y[:9]) is None


def test_a_single_row_and_training_rows_where_there_are_no_others():
    body, true, predicted = body_of(regression(train=1, validation=0))
    assert (body["part"], body["rows"], body["metrics"]["r2"], body["trend"]) == ("train", 1, None, None)
    assert body["metrics"]["mae"] == pytest.approx(abs(predicted[0, 0] - true[0, 0]))


def test_rows_whose_predictions_are_no_numbers_are_counted_apart():
    data = regression(validation=30)
    data.parts["validation"].x[:4] = np.nan
    body, true, predicted = body_of(data)
    assert (body["rows"], body["unanswered"]) == (26, 4)
    assert body["metrics"]["mae"] == pytest.approx(metrics.mean_absolute_error(true[4:, 0], predicted[4:, 0]))
    data.parts["validation"].x[:] = np.nan
    with pytest.raises(RequestError, match="not one answer is a number"):
        body_of(data)


@pytest.mark.parametrize("target", [2, -1, "a", True])
def test_a_target_that_is_none_is_refused_in_words(target):
    with pytest.raises(RequestError, match="target is one of 2"):
        body_of(regression(), target=target)


def test_frames_stay_small():
    x = np.random.default_rng(0).normal(size=(6000, 3)).astype(np.float32)
    data = regression()
    data.parts["validation"] = Rows(x, x[:, :2], np.arange(6000))
    body, _, _ = body_of(data)
    assert (body["rows"], body["in_all"], len(body["true"])) == (5000, 6000, 4 * MOST_POINTS)
    assert len(msgpack.packb(body)) < 6000


def test_steps_are_round():
    assert [round_step(value) for value in (0.0, 0.03, 0.05, 1.0, 1.2, 700.0)] == pytest.approx([1, 0.05, 0.05, 1, 2, 1000])
