"""The job `doctor` on runs trained here, through the store and the real views."""

import time

import numpy as np
import pytest

from nnviz import data
from nnviz.engine.views.layer_learning import layer_learning
from nnviz.jobs.worker.doctor import gather as looking
from nnviz.jobs.worker.doctor.data_facts import data_facts
from nnviz.jobs.worker.doctor.gather import gather, spread_early
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Job

SPEC = {
    "data": {"kind": "synthetic", "name": "moons", "samples": 300, "noise": 0.05},
    "layers": [{"kind": "Dense", "units": 12, "activation": "relu", "kernel_initializer": "he_normal"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.02},
    "training": {"epochs": 60, "batch_size": 32},
}


def job(kind, run):
    return Job(id=0, kind=kind, run=run, payload={}, key="", status="running", worker=None, result=None, created=time.time())


@pytest.fixture(scope="module")
def tasks(store):
    return Tasks(store)


@pytest.fixture(scope="module")
def trained(store, tasks):
    """The ids of a sound run and of one at a rate of 10, which share their network."""
    runs = []
    for rate in (0.02, 10.0):
        runs.append(store.runs.create(RunSpec.parse(SPEC | {"optimizer": {"kind": "Adam", "learning_rate": rate}})))
        tasks.trainer.train(job("train", runs[-1]))
    return runs


def test_a_sound_run_is_not_accused_and_a_rate_of_10_is_named(store, tasks, trained):
    fine, wild = (tasks.do(job("doctor", run)) for run in trained)
    assert fine == {"run": trained[0], "healthy": True, "findings": []}
    assert store.runs.get(trained[0]).info["doctor"]["findings"] == []
    assert not wild["healthy"]
    first = wild["findings"][0]
    assert first["rule"] == "rate_too_high"
    assert first["remedy"]["set"]["optimizer.learning_rate"] < 0.5
    events = [event for event in store.runs.events(trained[1]) if event.kind == "finding"]
    assert [event.data for event in events] == wild["findings"]
    again = tasks.do(job("doctor", trained[1]))
    assert again == wild
    assert [event.id for event in store.runs.events(trained[1]) if event.kind == "finding"] == [event.id for event in events]


def test_the_evidence_is_what_the_store_and_the_network_say(store, tasks, trained):
    run = store.runs.get(trained[0])
    evidence = gather(tasks.past, run)
    history = store.series.history(run.id)
    np.testing.assert_array_equal(evidence.epochs["val_loss"].value, [row["val_loss"] for row in history])
    np.testing.assert_allclose(evidence.epochs["loss"].epoch, np.arange(1, 61))
    batches = evidence.series["batch_loss"]
    assert len(batches.value) == run.step
    assert batches.epoch[-1] == 60
    assert (evidence.moments[0].step, evidence.moments[-1].step) == (0, run.step)
    assert len(evidence.moments) == 8
    assert [layer.path for layer in evidence.moments[0].layers] == ["layers[0]", "cost"]
    assert evidence.moments[-1].loss == pytest.approx(history[-1]["loss"], rel=1e-3)
    assert evidence.recorded_before(run.step) == run.step


def test_a_view_that_somebody_waits_for_is_computed_within_a_judgement_and_does_not_change_it(store, tasks, trained, monkeypatch):
    run = store.runs.get(trained[0])
    undisturbed = gather(tasks.past, run)
    looks = []
    monkeypatch.setattr(looking, "layer_learning", lambda training, step: looks.append(step) or layer_learning(training, step))
    other = Tasks(store)  # knows nothing yet

    def between():
        net = other.past.net(trained[1])
        other.past.view(net, "results", net.start, {})

    disturbed = gather(other.past, run, between=between)
    assert disturbed.moments == undisturbed.moments
    assert looks == [moment.step for moment in disturbed.moments]
    assert gather(other.past, run).moments == disturbed.moments
    assert len(looks) == len(disturbed.moments), "what was seen is not computed again"


def test_facts_of_classes_and_numbers_are_those_of_numpy():
    from nnviz import engine

    for name, kind in (("moons", "CrossEntropy"), ("plane", "MeanSquaredError")):
        spec = RunSpec.parse(SPEC | {"data": {"kind": "synthetic", "name": name, "samples": 300}, "cost": {"kind": kind}})
        prepared = data.load(spec)
        facts = data_facts(prepared, engine.Session(spec, prepared).network.cost)
        train, held_out = prepared.parts["train"], prepared.parts["validation"]
        error = np.sqrt(train.x.var(axis=0) / len(train) + held_out.x.var(axis=0) / len(held_out))
        np.testing.assert_allclose(facts.shift, (train.x.mean(axis=0) - held_out.x.mean(axis=0)) / error, rtol=1e-3)
        if kind == "CrossEntropy":
            shares = np.bincount(train.y) / len(train.y)
            np.testing.assert_allclose(facts.class_shares["train"], shares)
            expected = -np.log(shares[held_out.y]).mean()
        else:
            expected = np.square(held_out.y - train.y.mean()).mean()
        assert facts.baseline_loss["validation"] == pytest.approx(expected, rel=1e-4)


def test_early_moments_are_looked_at_more_closely():
    steps = spread_early(range(10_001), 8)
    assert steps[0] == 0
    assert steps[-1] == 10_000
    assert np.diff(steps).argmin() == 0
    assert spread_early([3, 5], 8) == [3, 5]
    # when it has gone on, what was looked at serves again; the first and the last are those of now
    later = spread_early(range(12_001), 8, known=steps)
    assert (later[0], later[-1]) == (0, 12_000)
    assert len(set(later) & set(steps)) >= 6
