"""What came of a remedy, on runs trained here; losses against the formula in NumPy."""

import numpy as np
import pytest

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
