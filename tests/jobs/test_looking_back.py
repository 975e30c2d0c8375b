"""Looking back at a run: probes, films and one step explained, from a run trained here."""

import base64
import os
import time

import msgpack
import numpy as np
import pytest

from nnviz import data, engine
from nnviz.engine.views import Gallery
from nnviz.errors import RequestError
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Job, Store

SPEC = RunSpec.parse({
    "data": {"kind": "synthetic", "name": "spirals", "samples": 90},
    "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}, {"kind": "Dropout", "rate": 0.2}],
    "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "Adam", "learning_rate": 0.02},
    "training": {"epochs": 40, "batch_size": 16}})


class Place:
    """A store with one run that was trained by the worker whose tasks are asked."""

    def __init__(self, folder):
        self.store = Store(f"sqlite:///{folder}/nnviz.db")
        self.tasks = Tasks(self.store)
        self.run = self.store.create_run(SPEC)
        self.do("train")
        self.steps = [kept.step for kept in self.store.snapshots(self.run)]

    def do(self, kind, **payload):
        return self.tasks.do(Job(id=0, kind=kind, run=self.run, payload=payload, key="", status="running", worker=None,
                                 result=None, created=time.time()))

    def state(self, step):
        return engine.State.from_bytes(self.store.snapshot(self.run, step))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("past")
    before = os.environ.get("NNVIZ_HOME")
    os.environ["NNVIZ_HOME"] = str(folder)
    found = Place(folder)
    yield found
    found.store.close()
    os.environ.pop("NNVIZ_HOME") if before is None else os.environ.update(NNVIZ_HOME=before)


@pytest.fixture(scope="module")
def network():
    """The run's network and data, built apart from the code under test."""
    prepared = data.load(SPEC)
    return engine.build(SPEC.layers, SPEC.cost, task=prepared.task, shape=prepared.shape, outputs=prepared.outputs,
                        seed=SPEC.training.seed), prepared


def test_a_probe_shows_what_the_live_view_showed(place, network):
    network, prepared = network
    asked = [place.steps[len(place.steps) // 2], place.steps[-1], place.steps[3]]
    found = place.do("probe", steps=asked)["moments"]
    assert [moment["step"] for moment in found] == asked
    for moment in found:
        network.values = place.state(moment["step"]).weights
        wanted = Gallery(network, prepared).now(moment["step"], 0)
        assert (moment["view"], base64.b64decode(moment["body"])) == ("plane", msgpack.packb(wanted.body))
        part = prepared.parts["validation"]
        shares = network.predict(part.x).astype(np.float64)
        assert moment["metrics"]["val_loss"] == pytest.approx(-np.log(shares[np.arange(len(part.y)), part.y]).mean(), rel=1e-5)
        assert moment["metrics"]["val_accuracy"] == pytest.approx((shares.argmax(axis=1) == part.y).mean())
    # the frame that was made while it trained is the same as the one that is made from the last state
    kept = next(frame for frame in place.store.frames(place.run) if frame.view == "plane")
    assert (kept.step, kept.body) == (asked[1], base64.b64decode(found[1]["body"]))


def test_before_the_first_step_it_shows_the_initial_weights_and_a_loss_that_is_recorded_agrees(place, network):
    network, prepared = network
    first, = place.do("probe", steps=[0])["moments"]
    fresh = engine.build(SPEC.layers, SPEC.cost, task=prepared.task, shape=prepared.shape, outputs=prepared.outputs,
                         seed=SPEC.training.seed)
    assert base64.b64decode(first["body"]) == msgpack.packb(Gallery(fresh, prepared).now(0, 0).body)
    row = next(row for row in place.store.history(place.run) if row["step"] in place.steps)
    moment, = place.do("probe", steps=[int(row["step"])])["moments"]
    assert moment["metrics"]["loss"] == pytest.approx(row["loss"], rel=1e-5)
    assert moment["metrics"]["val_accuracy"] == pytest.approx(row["val_accuracy"])


def test_a_moment_that_is_not_there_says_why_and_nonsense_is_refused(place):
    good, bad = place.do("probe", steps=[place.steps[0], 10**6])["moments"]
    assert good["view"] == "plane"
    assert "no snapshot" in bad["why"]
    assert place.do("probe", steps=[]) == {"moments": []}
    for steps in ("all", [-1], list(range(41)), [True], None):
        with pytest.raises(RequestError):
            place.do("probe", steps=steps)


@pytest.mark.parametrize("at", [0, 1, 2, -1])
def test_one_step_is_told_as_the_run_did_it(place, at):
    """The weight after the step is that of the state that was kept after it, bit for bit; also where steps between two
    states are done again."""
    step = place.steps[at]
    found = place.do("explain", step=step, variable="layers[0].kernel", index=[1, 2])
    story = found["story"]
    assert (story["step"], story["variable"], story["index"]) == (step - 1, "layers[0].kernel", [1, 2])
    assert found["variables"] == ["layers[0].kernel", "layers[0].bias", "cost.kernel", "cost.bias"]
    assert np.float32(story["after"]) == place.state(step).weights[0][1, 2]
    if step - 1 in place.steps:
        assert np.float32(story["before"]) == place.state(step - 1).weights[0][1, 2]
    assert story["lines"][-1]["value"] == pytest.approx(story["after"], rel=1e-5)
    assert story["loss"] == pytest.approx(float(place.store.curve(place.run, "batch_loss").value[step - 1]), rel=1e-6)
