"""Metrics of whole parts, from batches, against scikit-learn on the same predictions."""

import numpy as np
import pytest
from sklearn import metrics

from nnviz import engine
from nnviz.engine.metrics.whole_set import Quality
from tests.engine.support import prepared, spec


def scored(rows, classes, *, seed=0, ties=False):
    random = np.random.default_rng(seed)
    y = random.choice(classes, rows, p=np.arange(1, classes + 1) / np.arange(1, classes + 1).sum())
    raw = random.normal(size=(rows, classes)) + 1.5 * np.eye(classes)[y]
    shares = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    shares = np.round(shares, 1) if ties else shares
    return shares.astype(np.float32), y.astype(np.int32), raw.argmax(axis=1).astype(np.int32)


def in_batches(values, y, picked, *, classes, size=37, **more):
    quality = Quality(is_classifier=True, outputs=classes, **more)
    for at in range(0, len(y), size):
        quality.add(values[at : at + size], y[at : at + size], picked=picked[at : at + size])
    return quality.metrics()


@pytest.mark.parametrize("ties", [False, True])
def test_two_classes(ties):
    values, y, picked = scored(400, 2, ties=ties)
    scores = in_batches(values, y, picked, classes=2)
    assert scores == pytest.approx(
        {
            "balanced_accuracy": metrics.balanced_accuracy_score(y, picked),
            "f1": metrics.f1_score(y, picked, average="macro"),
            "roc_auc": metrics.roc_auc_score(y, values[:, 1]),
            "pr_auc": metrics.average_precision_score(y, values[:, 1]),
        },
        rel=1e-9,
    )


def test_more_classes():
    values, y, picked = scored(500, 7, seed=1)
    scores = in_batches(values, y, picked, classes=7)
    hot = np.eye(7)[y]
    assert scores == pytest.approx(
        {
            "balanced_accuracy": metrics.balanced_accuracy_score(y, picked),
            "f1": metrics.f1_score(y, picked, average="macro"),
            "roc_auc": metrics.roc_auc_score(hot, values, average="macro"),
            "pr_auc": metrics.average_precision_score(hot, values, average="macro"),
            "top3": metrics.top_k_accuracy_score(y, values, k=3),
            "top5": metrics.top_k_accuracy_score(y, values, k=5),
        },
        rel=1e-9,
    )


def test_a_class_that_no_row_has_counts_nowhere():
    values, y, picked = scored(200, 3, seed=2)
    occurring = y != 0
    scores = in_batches(values[occurring], y[occurring], picked[occurring], classes=3)
    one = values[occurring, 1], y[occurring] == 1
    other = values[occurring, 2], y[occurring] == 2
    assert scores["roc_auc"] == pytest.approx(np.mean([metrics.roc_auc_score(hit, score) for score, hit in (one, other)]))
    assert scores["f1"] == pytest.approx(metrics.f1_score(y[occurring], picked[occurring], average="macro"))


def test_rows_of_one_class_have_no_area():
    values, _y, picked = scored(20, 2)
    assert set(in_batches(values, np.ones(20, np.int32), picked, classes=2)) == {"balanced_accuracy", "f1"}


def test_beyond_the_limit_only_what_needs_no_rank_is_left():
    values, y, picked = scored(200, 4)
    assert set(in_batches(values, y, picked, classes=4, most=500)) == {"balanced_accuracy", "f1", "top3"}


def test_numbers():
    random = np.random.default_rng(3)
    y, predicted = random.normal(size=(301, 2)) * [3, 50], random.normal(size=(301, 2)) * [3, 50]
    quality = Quality(is_classifier=False, outputs=2)
    for at in range(0, 301, 50):
        quality.add(predicted[at : at + 50], y[at : at + 50])
    assert quality.metrics() == pytest.approx({"medae": metrics.median_absolute_error(y, predicted)}, rel=1e-6)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_run_ends_with_them_on_validation_and_test_rows(task):
    run_spec = spec(cost={"kind": "CrossEntropy" if task == "classification" else "MeanSquaredError"})
    rows = prepared(
        task,
        outputs=4 if task == "classification" else 2,
        validation=40,
        test=40,
        **(
            {}
            if task == "classification"
            else {"target_mean": np.ones(2, np.float32), "target_scale": np.array([2, 5], np.float32)}
        ),
    )
    result = engine.train(run_spec, rows, on_progress=lambda progress: None)
    network = engine.restore(run_spec.layers, run_spec.cost, result.weights, task=task, shape=(3,), outputs=rows.outputs)
    for name, prefix in (("validation", "val_"), ("test", "test_")):
        part = rows.parts[name]
        predicted = engine.predict(network, part.x)
        if task == "classification":
            recalls = metrics.recall_score(part.y, predicted.argmax(axis=1), labels=np.unique(part.y), average="macro")
            assert result.metrics[f"{prefix}balanced_accuracy"] == pytest.approx(recalls)
            assert result.metrics[f"{prefix}top3"] == pytest.approx(
                metrics.top_k_accuracy_score(part.y, predicted, k=3, labels=range(4))
            )
        else:
            scale = rows.target_scale
            assert result.metrics[f"{prefix}medae"] == pytest.approx(
                metrics.median_absolute_error(part.y * scale, predicted * scale), rel=1e-5
            )
            assert engine.evaluate(network, part.x, part.y, scale=scale).metrics["medae"] == pytest.approx(
                result.metrics[f"{prefix}medae"]
            )


@pytest.mark.parametrize("label", [0, 4, 7, 9])
def test_equal_scores_are_ranked_as_scikit_learn_does(label):
    values = np.full((1, 10), 0.1, np.float32)
    scores = in_batches(values, np.array([label]), np.array([0]), classes=10)
    for k in (3, 5):
        assert scores[f"top{k}"] == metrics.top_k_accuracy_score([label], values, k=k, labels=np.arange(10))


def test_many_ties_are_ranked_as_scikit_learn_does():
    values, y, picked = scored(500, 7, seed=4, ties=True)
    scores = in_batches(values, y, picked, classes=7)
    assert scores["top3"] == metrics.top_k_accuracy_score(y, values, k=3)
    assert scores["top5"] == metrics.top_k_accuracy_score(y, values, k=5)


def test_scores_that_are_no_numbers_are_no_hits():
    values = np.full((2, 10), np.nan, np.float32)
    values[1] = np.arange(10)
    values[1, 2] = np.nan
    scores = in_batches(values, np.array([9, 9]), np.array([0, 2]), classes=10)
    assert scores["top3"] == 0.5
