"""Folds and repeats in one process: the same runs as each alone, and their mean and deviation."""

import numpy as np

from nnviz import data, engine
from nnviz.spec import RunSpec, members

SPEC = RunSpec.parse(
    {
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [{"kind": "Dense", "units": 3}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "SGD", "learning_rate": 0.1},
        "split": {"folds": 3, "test": 0.2},
        "training": {"epochs": 1, "batch_size": 40},
    }
)


def test_every_fold_is_trained_as_it_would_be_alone():
    labels = []
    validation = engine.cross_validate(SPEC, data.load, on_progress=lambda label, progress: labels.append(label))
    assert list(validation.results) == ["fold 1/3", "fold 2/3", "fold 3/3"] == list(dict.fromkeys(labels))
    last = members(SPEC)[2].spec
    alone = engine.train(last, data.load(last), on_progress=lambda progress: None)
    for one, other in zip(validation.results["fold 3/3"].weights, alone.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    losses = [result.metrics["val_loss"] for result in validation.results.values()]
    assert len(set(losses)) == 3
    np.testing.assert_allclose(validation.metrics["val_loss"], (np.mean(losses), np.std(losses)))
