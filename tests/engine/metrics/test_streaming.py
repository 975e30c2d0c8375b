"""Metrics of rows from sums over their batches: where R2 is defined, and where it is not."""

import numpy as np
import pytest
from sklearn.metrics import r2_score

from nnviz.data.columns.encode import TargetCode
from nnviz.engine import build
from nnviz.engine.metrics import streaming
from nnviz.jobs.worker.predictions.scores import Scores
from tests.engine.support import spec


def from_sums(y, predicted, scale):
    miss = predicted.astype(np.float64) - y
    total = np.concatenate([[0.0], np.abs(miss).sum(axis=0), np.square(miss).sum(axis=0)])
    return streaming.metrics(total, y, scale=np.asarray(scale, np.float32), classification=False)


def in_batches(y, predicted, scale, size=3):
    targets = y.shape[1]
    code = TargetCode(names=tuple(map(str, range(targets))), task="regression", mean=(0.0,) * targets, scale=tuple(scale))
    scores = Scores(code)
    for at in range(0, len(y), size):
        part = slice(at, at + size)
        scores.add(predicted[part] * np.array(scale), None, y[part], np.zeros(len(y[part])))
    return scores.metrics()


WAYS = pytest.mark.parametrize("way", [from_sums, in_batches])


@WAYS
def test_as_in_scikit_learn(way):
    random = np.random.default_rng(0)
    y, predicted = random.normal(size=(40, 2)).astype(np.float32), random.normal(size=(40, 2)).astype(np.float32)
    assert way(y, predicted, [3.0, 7.0])["r2"] == pytest.approx(r2_score(y, predicted), rel=1e-6)


@WAYS
@pytest.mark.parametrize("rows", [1, 7])
@pytest.mark.parametrize("value", [0.0, 0.1, 2.2])
def test_rows_of_one_value_have_none(way, rows, value):
    y = np.full((rows, 1), value, np.float32)
    metrics = way(y, y + np.float32(0.5), [3.0])
    assert "r2" not in metrics
    assert metrics["mae"] == pytest.approx(1.5)
    assert metrics["rmse"] == pytest.approx(1.5)


@WAYS
def test_a_target_that_does_not_vary_is_no_part_of_the_mean(way):
    random = np.random.default_rng(1)
    y = np.stack([np.full(20, 0.1), random.normal(size=20)], axis=1).astype(np.float32)
    predicted = random.normal(size=(20, 2)).astype(np.float32)
    assert way(y, predicted, [1.0, 1.0])["r2"] == pytest.approx(r2_score(y[:, 1], predicted[:, 1]), rel=1e-6)


def test_the_widest_layer_of_an_image_network_is_its_first_convolution():
    layers = [{"kind": "Conv2D", "filters": 5, "kernel_size": 3}, {"kind": "MaxPooling2D"}, {"kind": "Flatten"}]
    run = spec(layers)
    network = build(run.layers, run.cost, task="classification", shape=(8, 10, 1), outputs=2)
    assert streaming.widest(network) == 6 * 8 * 5
    wide = spec([{"kind": "Dense", "units": 3}])
    assert streaming.widest(build(wide.layers, wide.cost, task="classification", shape=(9,), outputs=2)) == 9
