"""What came of a remedy, on runs trained here; losses against the formula in NumPy."""

import numpy as np
import pytest

from nnviz.errors import RequestError
from nnviz.jobs import remedies
from nnviz.jobs.worker.doctor.compare import outcome_of
from nnviz.jobs.worker.predictions.trained import Trained
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from tests.jobs.doctor.test_diagnose import SPEC, job


@pytest.fixture(scope="module")
def tasks(store):
    return Tasks(store)


def trained(store, tasks, **optimizer):
    run_id = store.runs.create(RunSpec.parse(SPEC | {"optimizer": {"kind": "Adam", **optimizer}}))
    tasks.trainer.train(job("train", run_id))
    return store.runs.get(run_id)


def loss(store, tasks, run):
    """The validation loss of the kept weights: minus the mean of the logarithm of what the right class gets."""
    part = tasks.past.net(run.id).prepared.parts["validation"]
    network = Trained.load(store, run).network
    raw = np.asarray(network.raw(np.asarray(part.x, np.float32)), np.float64)
    chances = np.exp(raw - raw.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    return float(-np.log(chances[np.arange(len(part.y)), part.y]).mean())


def test_a_lower_rate_helps_a_run_at_10_and_the_same_again_does_not(store, tasks):
    wild, calm, again = (trained(store, tasks, learning_rate=rate) for rate in (10.0, 0.02, 10.0))
    result = outcome_of(tasks.past, wild, calm)
    assert result.kind == "helped"
    assert result.before == pytest.approx(loss(store, tasks, wild), rel=1e-4)
    assert result.after == pytest.approx(loss(store, tasks, calm), rel=1e-3)
    assert outcome_of(tasks.past, wild, again).kind == "cannot tell"
    assert outcome_of(tasks.past, calm, wild).kind == "harmed"


def test_it_is_said_once_in_both_runs_when_the_remedy_is_judged(store, tasks):
    wild, calm = (trained(store, tasks, learning_rate=rate) for rate in (10.0, 0.02))
    remedies.begun(store, wild, "rate_too_high", calm)
    for _ in range(2):
        tasks.do(job("doctor", calm.id))
    for run, other in ((wild, calm), (calm, wild)):
        [event] = [event for event in store.runs.events(run.id) if event.kind == "outcome"]
        assert event.text.startswith("Helped: validation loss")
        assert (event.data["kind"], event.data["run"], event.data["rule"]) == ("helped", other.id, "rate_too_high")


def test_another_cost_is_compared_by_what_is_wrong(store, tasks):
    run = trained(store, tasks, learning_rate=0.02)
    other_id = store.runs.create(RunSpec.parse(SPEC | {"cost": {"kind": "MeanSquaredError"}}))
    tasks.trainer.train(job("train", other_id))
    result = outcome_of(tasks.past, run, store.runs.get(other_id))
    assert result.measure == "share of wrong rows"
    assert result.before == pytest.approx(1 - run.metrics["val_accuracy"])


def changed(store, tasks, **cost):
    run_id = store.runs.create(RunSpec.parse(SPEC | {"cost": SPEC["cost"] | cost}))
    tasks.trainer.train(job("train", run_id))
    return store.runs.get(run_id)


def test_first_weights_of_the_last_layer_are_no_other_cost(store, tasks):
    runs = [
        changed(store, tasks),
        changed(store, tasks, kernel_initializer="zeros", kernel_regularizer={"kind": "L2", "l2": 0.1}),
    ]
    result = outcome_of(tasks.past, *runs)
    assert result.measure == "validation loss"
    assert result.after == pytest.approx(loss(store, tasks, runs[1]), rel=1e-3)


def test_weights_of_classes_are_compared_by_the_mean_over_classes(store, tasks):
    run, other = changed(store, tasks), changed(store, tasks, class_weight="balanced")
    result = outcome_of(tasks.past, run, other)
    assert result.measure == "share of wrong rows, each class alike,"
    assert result.before == pytest.approx(1 - run.metrics["val_balanced_accuracy"])
    assert result.after == pytest.approx(1 - other.metrics["val_balanced_accuracy"])


def test_a_worse_loss_without_a_leak_is_not_called_harm(store, tasks):
    run, other = (trained(store, tasks, learning_rate=rate) for rate in (0.02, 1e-5))
    assert outcome_of(tasks.past, run, other).kind == "harmed"
    remedies.begun(store, run, "leakage", other)
    tasks.do(job("doctor", other.id))
    [event] = [event for event in store.runs.events(run.id) if event.kind == "outcome"]
    assert event.text.startswith("Without what gave the answer away: validation loss")
    assert event.data["kind"] == "cannot tell"


def test_runs_that_are_judged_by_other_rows_are_not_compared(store, tasks):
    run = trained(store, tasks, learning_rate=0.02)
    other_id = store.runs.create(RunSpec.parse(SPEC | {"split": {"validation": 0.3}}))
    tasks.trainer.train(job("train", other_id))
    other = store.runs.get(other_id)
    with pytest.raises(RequestError, match="judged by other rows"):
        outcome_of(tasks.past, run, other)
    remedies.begun(store, run, "validation_too_small", other)
    tasks.do(job("doctor", other.id))
    [event] = [event for event in store.runs.events(run.id) if event.kind == "outcome"]
    assert event.text.startswith("Whether it helped cannot be told: the two runs are judged by other rows")


def test_squared_errors_are_in_the_targets_own_unit(store, tasks):
    spec = SPEC | {"data": {"kind": "builtin", "name": "diabetes"}, "training": {"epochs": 5, "batch_size": 32}}
    runs = []
    for cost in ({"kind": "MeanSquaredError"}, {"kind": "Huber"}):
        runs.append(store.runs.create(RunSpec.parse(spec | {"cost": cost})))
        tasks.trainer.train(job("train", runs[-1]))
    result = outcome_of(tasks.past, *map(store.runs.get, runs))
    prepared = tasks.past.net(runs[0]).prepared
    part = prepared.parts["validation"]
    raw = np.asarray(Trained.load(store, store.runs.get(runs[0])).network.predict(np.asarray(part.x, np.float32)))
    own = (raw - np.asarray(part.y).reshape(raw.shape)) * prepared.target_scale
    assert result.measure == "squared error"
    assert result.before == pytest.approx(float((own**2).mean()), rel=1e-3)
