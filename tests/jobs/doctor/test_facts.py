"""What is gathered of inputs, labels and the end of a training, held against NumPy and scikit-learn."""

import time

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from nnviz import data, engine
from nnviz.jobs.worker.doctor.gather import gather
from nnviz.jobs.worker.doctor.input_facts import input_facts
from nnviz.jobs.worker.doctor.label_facts import _contradicted, _nearest
from nnviz.jobs.worker.doctor.row_work import row_work
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Job

DENSE = {"kind": "Dense", "units": 12, "activation": "relu", "kernel_initializer": "he_normal"}
SPEC = {
    "data": {"kind": "synthetic", "name": "moons", "samples": 300, "noise": 0.3},
    "layers": [DENSE],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.02},
    "training": {"epochs": 20, "batch_size": 32},
}


def network_of(**change):
    spec = RunSpec.parse(SPEC | change)
    prepared = data.load(spec)
    return prepared, engine.Session(spec, prepared).network


@pytest.fixture(scope="module")
def gathered(store):
    """A trained run: its evidence, and its network with all that was recorded."""
    tasks = Tasks(store)
    run = store.runs.create(RunSpec.parse(SPEC))
    tasks.trainer.train(
        Job(id=0, kind="train", run=run, payload={}, key="", status="running", worker=None, result=None, created=time.time())
    )
    return gather(tasks.past, store.runs.get(run)), tasks.past, tasks.past.net(run)


def test_inputs_are_those_of_the_training_rows():
    prepared, network = network_of()
    facts = input_facts(prepared, network)
    x = prepared.parts["train"].x.astype(np.float64)
    np.testing.assert_allclose(facts.mean, x.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(facts.scale, x.std(axis=0), rtol=1e-5)
    np.testing.assert_allclose(facts.middle, np.median(np.abs(x - np.median(x, axis=0)), axis=0), rtol=1e-5)
    np.testing.assert_allclose(facts.largest, np.abs(x).max(axis=0))
    np.testing.assert_allclose(facts.held_out, np.abs(prepared.parts["validation"].x).max(axis=0))
    assert (facts.names, facts.into, facts.rows) == (("x1", "x2"), "Dense", len(x))


def test_inputs_are_what_comes_out_of_layers_without_weights():
    prepared, network = network_of(layers=[{"kind": "Activation", "activation": {"expression": "1000 * x + 50"}}, DENSE])
    facts = input_facts(prepared, network)
    np.testing.assert_allclose(facts.mean, 50, atol=1e-2)
    np.testing.assert_allclose(facts.scale, 1000, rtol=1e-4)
    assert facts.names == ()
    digits, network = network_of(data={"kind": "builtin", "name": "digits"}, layers=[{"kind": "Flatten"}, DENSE])
    facts = input_facts(digits, network)
    assert facts.mean == pytest.approx([digits.parts["train"].x.mean()], rel=1e-4)
    assert input_facts(*network_of(layers=[])).into == ""


def test_answers_and_neighbours_of_rows(gathered):
    evidence, past, net = gathered
    labels = evidence.labels
    parts = [net.prepared.parts[name] for name in ("train", "validation")]
    x, y, rows = (np.concatenate([getattr(part, name) for part in parts]) for name in ("x", "y", "rows"))
    np.testing.assert_array_equal(labels.rows, rows)
    np.testing.assert_array_equal(labels.label, y)
    near = NearestNeighbors(n_neighbors=11).fit(x).kneighbors(return_distance=False, n_neighbors=10)
    np.testing.assert_allclose(labels.near_own, (y[near] == y[:, None]).mean(axis=1))
    np.testing.assert_allclose(labels.near_own + labels.near_guess, 1.0)
    # of two classes the other one is the guess
    np.testing.assert_array_equal(labels.guess, 1 - y)
    np.testing.assert_allclose(labels.own + labels.other, 1.0, atol=1e-5)
    distance, near = NearestNeighbors(n_neighbors=25).fit(x).kneighbors()
    share = (y[near] == 1).mean(axis=1)
    order = np.lexsort(((distance**2).mean(axis=1), -abs(2 * share - 1)))
    wrong = ((share > 0.5) != y)[order]
    for which, place in ((labels.sure_wrong, 0), (labels.unsure_wrong, 2)):
        assert which == pytest.approx(wrong[place * (len(y) // 4) : (place + 1) * (len(y) // 4)].mean(), abs=0.01)
    for one in (0, 1):
        assert labels.usual[one] == pytest.approx(labels.own[y == one].mean())
    net.put(past.state(net, evidence.step))
    last = net.session.network.predict(x)[np.arange(len(y)), y]
    assert np.corrcoef(last, labels.own)[0, 1] > 0.9
    assert not np.allclose(last, labels.own), "several moments have a say"


def test_the_end_is_the_losses_of_its_moments_and_of_their_mean(gathered):
    evidence, past, net = gathered
    last = evidence.last
    assert len(last.step) == 8
    assert last.step[0] >= 0.8 * evidence.step
    assert last.step[-1] == evidence.step
    by_epoch = evidence.epochs["loss"]
    known = np.isin(last.step, by_epoch.step)
    np.testing.assert_allclose(last.loss[known], by_epoch.value[np.isin(by_epoch.step, last.step)], rtol=1e-4)
    states = [past.state(net, int(step)).weights for step in last.step]
    network = net.session.network
    network.values = [np.mean(values, axis=0) for values in zip(*states, strict=True)]
    train = net.prepared.parts["train"]
    assert last.of_mean == pytest.approx(float(network.cost.calculate(train.y, network.raw(train.x))), rel=1e-4)
    assert evidence.parameters == 2 * 12 + 12 + 12 * 2 + 2


def test_work_is_the_weights_times_the_places_where_they_are_used():
    assert row_work(network_of()[1]) == 2 * 12 + 12 + 12 * 2 + 2
    layers = [{"kind": "Conv2D", "filters": 4, "kernel_size": 3, "padding": "same"}, {"kind": "Flatten"}]
    _, network = network_of(data={"kind": "builtin", "name": "digits"}, layers=layers)
    assert row_work(network) == 64 * (9 * 4 + 4) + 256 * 10 + 10


def test_rows_whose_neighbours_contradict_them():
    """A tenth of the classes is changed: the rows among neighbours that agree are contradicted as often as others."""
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(800, 2)).astype(np.float32), np.arange(800) % 2
    x[:, 0] += 8 * y
    changed = np.where(draw.random(800) < 0.1, 1 - y, y)
    near, distance = _nearest(x)
    sure, unsure = _contradicted(changed[near], changed, distance, 2)
    assert sure == pytest.approx(0.1, abs=0.05)
    assert unsure == pytest.approx(0.1, abs=0.05)
    assert _contradicted(y[near], y, distance, 2) == (0.0, 0.0)
