"""The view of results against scikit-learn: counts, curves, areas and calibration of known answers."""

import msgpack
import numpy as np
import pytest
from sklearn import calibration as sk_calibration, metrics

from nnviz import engine
from nnviz.engine.views.class_results import MOST_CLASSES, MOST_POINTS, THRESHOLDS, calibration, class_results
from nnviz.errors import RequestError
from tests.engine.support import Prepared, Rows, prepared, spec


def body_of(data, *, cost=None, change=None):
    """The frame as the browser gets it, and the network's outputs and answers to the rows."""
    run_spec = spec([], cost=cost)
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    network.values = [value if change is None else change(value) for value in network.values]
    body = msgpack.unpackb(msgpack.packb(class_results(network, data)))
    part = data.parts.get("validation", data.parts["train"])
    outputs = network.predict(part.x).astype(np.float64)
    return body, outputs, outputs.argmax(axis=1), part.y


def pairs(packed):
    return np.frombuffer(packed, "<u2").reshape(-1, 2).astype(int).T


@pytest.mark.parametrize(("outputs", "cost"), [(2, None), (2, {"kind": "CrossEntropy", "transform": "sigmoid"}), (5, None)])
@pytest.mark.parametrize("ties", [False, True])
def test_classes_are_counted_and_ranked_as_by_scikit_learn(outputs, cost, ties):
    data = prepared(outputs=outputs, validation=120, seed=1)
    data.parts["validation"].y[:] = np.random.default_rng(2).integers(0, outputs, 120)
    if ties:
        data.parts["validation"].x[:] = np.round(data.parts["validation"].x)
    body, probabilities, picked, y = body_of(data, cost=cost)
    assert (body["part"], body["rows"], body["scores"], body["right"]) == ("validation", 120, "probability", (picked == y).sum())
    precision, recall, f1, support = metrics.precision_recall_fscore_support(y, picked, labels=range(outputs), zero_division=0)
    for number, one in enumerate(body["classes"]):
        assert (one["class"], one["name"], one["rows"]) == (number, "abcde"[number], support[number])
        assert one["right"] / max(1, one["called"]) == pytest.approx(precision[number])
        assert one["right"] / one["rows"] == pytest.approx(recall[number])
        assert 2 * one["right"] / (one["called"] + one["rows"]) == pytest.approx(f1[number])
        own, scores = y == number, probabilities[:, number]
        assert one["auc"] == pytest.approx(metrics.roc_auc_score(own, scores), rel=1e-9)
        assert one["ap"] == pytest.approx(metrics.average_precision_score(own, scores), rel=1e-9)
        fallout, caught, _ = metrics.roc_curve(own, scores, drop_intermediate=False)
        true, false = pairs(one["curve"])
        np.testing.assert_allclose(true / own.sum(), caught)
        np.testing.assert_allclose(false / (~own).sum(), fallout)
        true, false = pairs(one["at"])
        for at, threshold in enumerate(np.linspace(0, 1, THRESHOLDS)):
            assert (true[at], false[at]) == ((scores[own] >= threshold).sum(), (scores[~own] >= threshold).sum())


def test_calibration_is_that_of_scikit_learn_and_its_error_the_mean_distance_over_rows():
    random = np.random.default_rng(0)
    confidence = np.append(random.random(500), [0.0, 1.0])
    frequency = random.random(502) < confidence**2
    sent = calibration(confidence, frequency)
    rows, mean, share = np.frombuffer(sent["bins"], "<f4").reshape(-1, 3).T
    true, predicted = sk_calibration.calibration_curve(frequency, confidence, n_bins=10)
    np.testing.assert_allclose(mean, predicted, rtol=1e-6)
    np.testing.assert_allclose(share, true, rtol=1e-6)
    edges = np.minimum((confidence * 10).astype(int), 9)
    distances = [abs(confidence[edges == b].mean() - frequency[edges == b].mean()) * (edges == b).mean() for b in range(10)]
    assert sent["error"] == pytest.approx(sum(distances))
    assert (rows.sum(), sent["confidence"], sent["frequency"]) == (
        502,
        pytest.approx(confidence.mean()),
        pytest.approx(frequency.mean()),
    )


def test_a_class_without_rows_has_counts_and_no_curve():
    data = prepared(outputs=3, validation=60)
    part = data.parts["validation"]
    occurring = part.y != 1
    data.parts["validation"] = Rows(part.x[occurring], part.y[occurring], part.rows[occurring])
    body, _, picked, _ = body_of(data)
    absent = body["classes"][1]
    assert (absent["rows"], absent["right"], absent["called"]) == (0, 0, (picked == 1).sum())
    assert "curve" not in absent
    assert "auc" not in absent
    assert "curve" in body["classes"][0]


def test_a_single_row_and_training_rows_where_there_are_no_others():
    data = prepared(outputs=2, train=1, validation=0)
    body, probabilities, picked, y = body_of(data)
    assert (body["part"], body["rows"], body["in_all"], body["right"]) == ("train", 1, 1, int(picked[0] == y[0]))
    assert all("curve" not in one for one in body["classes"])
    assert body["calibration"]["confidence"] == pytest.approx(probabilities[0].max())


def test_rows_whose_answers_are_no_numbers_are_counted_apart():
    data = prepared(outputs=3, validation=30)
    data.parts["validation"].x[:4] = np.nan
    body, _, _, _ = body_of(data)
    assert (body["rows"], body["unanswered"]) == (26, 4)
    with pytest.raises(RequestError, match="not one answer is a number"):
        body_of(data, change=lambda value: value * np.nan)


def test_scores_that_are_no_probabilities_are_ranked_but_not_calibrated():
    body, scores, _, y = body_of(prepared(outputs=3, validation=50), cost={"kind": "CategoricalHinge"})
    assert (body["scores"], "calibration" in body) == ("score", False)
    assert body["range"] == [scores.min(), scores.max()]
    assert body["classes"][2]["auc"] == pytest.approx(metrics.roc_auc_score(y == 2, scores[:, 2]))


def test_frames_stay_small():
    random = np.random.default_rng(0)
    rows = 6000
    x = random.normal(size=(rows, 3)).astype(np.float32)
    many = Rows(x, random.integers(0, 100, rows).astype(np.int32), np.arange(rows))
    data = Prepared("classification", (3,), 100, {"train": many, "validation": many})
    body, _, _, _ = body_of(data)
    assert (body["rows"], body["in_all"], body["classes_in_all"], len(body["classes"])) == (5000, 6000, 100, MOST_CLASSES)
    assert len(msgpack.packb(body)) < 60_000
    two = Rows(x, (x[:, 0] > 0).astype(np.int32), np.arange(rows))
    body, _, _, _ = body_of(Prepared("classification", (3,), 2, {"train": two}))
    true, false = pairs(body["classes"][1]["curve"])
    assert len(true) <= MOST_POINTS + 1
    assert (true[-1], false[-1]) == (body["classes"][1]["rows"], body["classes"][0]["rows"])
