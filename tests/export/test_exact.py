"""A script, run where nnviz is not, does a recorded run again: its losses step by step and epoch by epoch."""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from nnviz.jobs.worker.answering import Answerer
from nnviz.jobs.worker.exporting import Exporter
from nnviz.jobs.worker.training import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Job, Store

RUN_ALL = """
import json, runpy, sys
sys.modules["nnviz"] = None     # importing it anywhere would fail
found = []
for path in sys.argv[1:]:
    said = runpy.run_path(path)
    found.append({"steps": said["record"].steps, "epochs": said["record"].epochs})
print(json.dumps(found))
"""
TYPED = {"expression": "x * sigmoid(a * x)", "constants": {"a": 1}}
RUNS = {
    "sgd": {"data": {"kind": "synthetic", "name": "moons", "samples": 150},
            "layers": [{"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 8, "activation": "tanh"}]}],
            "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD", "learning_rate": 0.1, "momentum": 0.9}},
    "adam": {"data": {"kind": "builtin", "name": "diabetes"},
             "layers": [{"kind": "Dense", "units": 12, "activation": "relu", "name": "wide one"},
                        {"kind": "BatchNormalization"}],
             "cost": {"kind": "Huber", "delta": 0.5},
             "optimizer": {"kind": "Adam", "clipnorm": 0.3, "schedule": {"kind": "CosineDecay", "decay_steps": 80}}},
    "typed": {"data": {"kind": "builtin", "name": "iris"},
              "layers": [{"kind": "Repeat", "times": 2, "layers": [
                  {"kind": "Dense", "units": {"each": "16 / 2**i"}, "activation": TYPED}, {"kind": "Dropout", "rate": 0.3}]}],
              "cost": {"kind": "Expression", "expression": "square(y_true - y_pred)", "class_weight": {"virginica": 3.0}},
              "optimizer": {"kind": "RMSprop", "use_ema": True}},
}


def job(kind, run="", **payload):
    return Job(id=0, kind=kind, run=run, payload=payload, key="", status="running", worker=None, result=None, created=time.time())


class Place:
    def __init__(self, folder):
        self.folder = folder
        self.store = Store(f"sqlite:///{folder}/nnviz.db")
        self.runs = {name: self._train(record) for name, record in RUNS.items()}
        for name, run in self.runs.items():
            Exporter(self.store).export(job("export", run, to="script", out=str(folder / f"{name}.py")))

    def _train(self, record):
        spec = RunSpec.parse(record | {"training": {"epochs": 17, "batch_size": 16, "seed": 3}})
        run = self.store.create_run(spec)
        Trainer(self.store).train(job("train", run))
        assert self.store.run(run).status == "finished", self.store.run(run).error
        return run


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("exact"))


def alone(folder, code, *arguments):
    """Python in a folder of its own, with nothing of nnviz on its path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], cwd=folder, capture_output=True, text=True,
                          env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3"}, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def scripted(place):
    names = list(place.runs)
    return dict(zip(names, alone(place.folder, RUN_ALL, *[f"{name}.py" for name in names]), strict=True))


@pytest.mark.parametrize("name", list(RUNS))
def test_a_script_does_the_run_again(place, scripted, name):
    run = place.runs[name]
    steps = place.store.curve(run, "batch_loss").value
    assert len(steps) >= 100
    np.testing.assert_allclose(scripted[name]["steps"][:100], steps[:100], atol=1e-5, rtol=1e-5)
    history = place.store.history(run)
    for loss in ("loss", "val_loss"):
        np.testing.assert_allclose([row[loss] for row in scripted[name]["epochs"]], [row[loss] for row in history],
                                   atol=2e-5, rtol=2e-5)
