"""A unit switched off and a weight set while a run is paused: what is recorded, seen, answered and exported of it."""

import threading
import time
from dataclasses import replace

import keras
import numpy as np
import pytest

from nnviz import data, engine
from nnviz.errors import Conflict, RequestError
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker.exporting import Exporter
from nnviz.jobs.worker.history.probe import Prober
from nnviz.jobs.worker.history.recorded import Past
from nnviz.jobs.worker.predictions.trained import Trained
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Control, Store
from nnviz.stream.commands import command

SPEC = RunSpec.parse(
    {
        "data": {"kind": "synthetic", "name": "spirals", "samples": 60},
        "layers": [{"kind": "Dense", "units": 4, "activation": "tanh"}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.05},
        "training": {"epochs": 5, "batch_size": 16},
    }
)
OFF, WEIGHT = "layers[0].is_on[1]", "cost.kernel[2,0]"


def until(is_true, seconds=60):
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    monkeypatch.setattr("nnviz.engine.loop.compile_mode.mode", lambda kinds: "graph")  # compiled sooner
    opened = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield opened
    opened.close()


def test_by_hand_from_the_command_to_the_exported_file(store, tmp_path):
    run_id = store.runs.create(SPEC, control=Control(pace="step", steps_allowed=4))
    with pytest.raises(RequestError, match="while the run is paused"):
        command(store, {"run": run_id, "command": "unit", "name": OFF, "on": False})
    training = threading.Thread(target=Trainer(store).train, args=(train_job(run_id),))
    training.start()
    until(lambda: store.runs.get(run_id).status == "paused" and store.snapshots.of_run(run_id))
    past = Past(store, data.load)

    def edits():
        return store.runs.changed(run_id, "edited")

    def losses():
        (moment,) = Prober(past).probe(_job(run_id, {"steps": [4]}))["moments"]
        return moment["body"], moment["metrics"]["val_loss"]

    before, number = losses(), store.runs.control(run_id).number
    command(store, {"run": run_id, "command": "unit", "name": OFF, "on": False, "number": number})
    with pytest.raises(Conflict):  # of two who steer one wins
        command(store, {"run": run_id, "command": "unit", "name": OFF, "on": True, "number": number})
    until(edits)
    off = edits()[-1]
    assert (off.step, off.data["name"], off.data["before"], off.data["after"]) == (4, OFF, 1, 0)
    assert off.data["loss"] == pytest.approx([before[1], losses()[1]], rel=1e-5)
    assert off.text.startswith("Layer 1, unit 2 switched off; loss of the validation rows ")
    assert losses()[0] != before[0]
    assert store.runs.get(run_id).status == "paused"
    command(store, {"run": run_id, "command": "unit", "name": OFF, "on": True})
    until(lambda: len(edits()) == 2)
    assert edits()[-1].text.startswith("Layer 1, unit 2 switched on again; ")
    assert losses() == before
    command(store, {"run": run_id, "command": "weight", "name": WEIGHT, "value": 1.5})
    command(store, {"run": run_id, "command": "unit", "name": OFF, "on": False})
    until(lambda: len(edits()) == 4)
    assert " → 1.5; loss of " in next(event.text for event in edits() if event.data["name"] == WEIGHT)
    state = engine.State.from_bytes(store.snapshots.get(run_id, 4))
    assert (state.weights[2][2, 0], state.off) == (1.5, (OFF,))
    command(store, {"run": run_id, "command": "play", "pace": "full"})
    training.join(60)
    run = store.runs.get(run_id)
    assert (run.status, run.info["units_off"], len(edits())) == ("finished", [OFF], 4)
    with pytest.raises(RequestError, match="has ended"):
        command(store, {"run": run_id, "command": "weight", "name": WEIGHT, "value": 1.5})

    trained = Trained.load(store, run)
    part = data.load(SPEC).parts["validation"]
    answers = trained.network.predict(part.x)
    loss = -np.log(answers[np.arange(len(part.y)), part.y]).mean()
    assert run.metrics["val_loss"] == pytest.approx(float(loss), rel=1e-5)
    assert not np.asarray(trained.network.features(part.x))[:, 1].any()
    path = tmp_path / "net.keras"
    Exporter(store).export(_job(run_id, {"to": "keras", "out": str(path)}))
    model = keras.models.load_model(path)
    units = keras.Model(model.inputs, [layer.output for layer in model.layers if layer.name.startswith("units_on")])
    assert not np.asarray(units(part.x))[:, 1].any()


def _job(run_id, payload):
    return replace(train_job(run_id), payload=payload)


def test_a_run_whose_worker_has_gone_is_taken_up_and_stays_paused(store, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.launcher.ensure_supervisor", lambda url: None)
    run_id = store.runs.create(SPEC, control=Control(pace="step", steps_allowed=4))
    training = threading.Thread(target=Trainer(store).train, args=(train_job(run_id),))
    training.start()
    until(lambda: store.runs.get(run_id).status == "paused")
    monkeypatch.setattr("nnviz.jobs.worker.training.recorder.PARK_SECONDS", 0)
    training.join(60)
    assert store.runs.get(run_id).pid is None
    command(store, {"run": run_id, "command": "weight", "name": WEIGHT, "value": 1.5})
    run = store.runs.get(run_id)
    assert (run.status, run.control.pace, run.control.steps_allowed) == ("queued", "step", 4)
    Trainer(store).train(train_job(run_id))
    (edit,) = store.runs.changed(run_id, "edited")
    assert (edit.step, edit.data["after"], store.runs.get(run_id).status) == (4, 1.5, "paused")
    assert engine.State.from_bytes(store.snapshots.get(run_id, 4)).weights[2][2, 0] == 1.5
