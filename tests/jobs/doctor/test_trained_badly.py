"""Trainings with one thing wrong, through the store: the doctor names it."""

import time

import numpy as np
import pytest
from sklearn.datasets import make_moons

from nnviz.doctor import judge
from nnviz.jobs.worker.doctor.gather import gather
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Job

DENSE = {"kind": "Dense", "units": 12, "activation": "relu", "kernel_initializer": "he_normal"}
SPEC = {
    "data": {"kind": "synthetic", "name": "moons", "samples": 400, "noise": 0.1},
    "split": {"validation": 0.3, "test": 0.0},
    "layers": [DENSE, DENSE],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.01},
    "training": {"epochs": 30, "batch_size": 32},
}


@pytest.fixture(scope="module")
def named(store):
    """Of a training with such changes: the findings by rule, the surest first."""
    tasks = Tasks(store)

    def named(**change):
        run = store.runs.create(RunSpec.parse(SPEC | change))
        tasks.trainer.train(
            Job(id=0, kind="train", run=run, payload={}, key="", status="running", worker=None, result=None, created=time.time())
        )
        return {finding.rule: finding for finding in judge(gather(tasks.past, store.runs.get(run)))}

    return named


def test_inputs_far_from_0(named):
    shifted = {"kind": "Activation", "activation": {"expression": "x + 300"}}
    findings = named(layers=[shifted, DENSE, DENSE], training={"epochs": 12, "batch_size": 32})
    assert [*findings] == ["unscaled_input"]


def test_an_epoch_or_two(named):
    findings = named(training={"epochs": 4, "batch_size": 64})
    assert [*findings] == ["trained_too_short"]
    assert findings["trained_too_short"].remedy["set"] == {"training.epochs": 12}
    assert findings["trained_too_short"].remedy["from_step"] == 4 * 5


def test_single_rows_at_a_rate_that_they_cannot_bear(named):
    findings = named(
        data={"kind": "builtin", "name": "diabetes"},
        layers=[{"kind": "Dense", "units": 8, "activation": "tanh"}],
        cost={"kind": "MeanSquaredError"},
        optimizer={"kind": "SGD", "learning_rate": 0.1},
        training={"epochs": 4, "batch_size": 1},
    )
    assert next(iter(findings)) == "batch_too_small"


def test_a_tenth_of_the_classes_changed_by_hand(named, tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_DATA_DIR", str(tmp_path))
    x, y = make_moons(400, noise=0.1, random_state=0)
    wrong = np.random.default_rng(0).choice(400, 40, replace=False)
    y[wrong] = 1 - y[wrong]
    np.savetxt(tmp_path / "moons.csv", np.column_stack([x, y]), "%.6g", ",", header="a,b,kind", comments="")
    data = {"kind": "file", "path": "moons.csv", "target": "kind", "task": "classification"}
    text = named(data=data)["wrong_labels"].text
    rows = {int(word) for word in text.partition("Rows ")[2].partition(" and ")[0].split(", ")}
    assert rows <= {int(row) + 1 for row in wrong}
