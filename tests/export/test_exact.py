"""A script, run where nnviz is not, does a recorded run again: its losses step by step and epoch by epoch."""

import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_diabetes

from nnviz.errors import RequestError
from nnviz.jobs.worker.answering import Answerer
from nnviz.jobs.worker.exporting import Exporter
from nnviz.jobs.worker.predictions.trained import Trained
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Job, Store

RUN_ALL = """
import contextlib, io, json, runpy, sys
import keras, numpy as np
sys.modules["nnviz"] = None     # importing it anywhere would fail
results = {}
for name in sys.argv[1:]:
    printed = io.StringIO()
    sys.argv = [name + ".py"] if name == "typed" else [name + ".py", "--test"]
    with contextlib.redirect_stdout(printed):
        script = runpy.run_path(name + ".py")
    results[name] = {"steps": script["record"].steps, "epochs": script["record"].epochs, "printed": printed.getvalue()}
for name in ("sgd", "adam"):
    model = keras.models.load_model(name + ".keras", safe_mode=True)
    results[name]["answers"] = model.predict(np.load(name + ".rows.npy"), verbose=0).tolist()
    results[name]["layers"] = [type(layer).__module__.partition(".")[0] for layer in model.layers]
print(json.dumps(results))
"""
TYPED = {"expression": "x * sigmoid(a * x)", "constants": {"a": 1}}
RUNS = {
    "sgd": {
        "data": {"kind": "synthetic", "name": "moons", "samples": 150},
        "layers": [{"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 8, "activation": "tanh"}]}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "SGD", "learning_rate": 0.1, "momentum": 0.9},
    },
    "adam": {
        "data": {"kind": "builtin", "name": "diabetes"},
        "layers": [{"kind": "Dense", "units": 12, "activation": "relu", "name": "wide one"}, {"kind": "BatchNormalization"}],
        "cost": {"kind": "Huber", "delta": 0.5},
        "optimizer": {"kind": "Adam", "clipnorm": 0.3, "schedule": {"kind": "CosineDecay", "decay_steps": 80}},
    },
    "typed": {
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [
            {
                "kind": "Repeat",
                "times": 2,
                "layers": [
                    {"kind": "Dense", "units": {"each": "16 / 2**i"}, "activation": TYPED},
                    {"kind": "Dropout", "rate": 0.3},
                ],
            }
        ],
        "cost": {"kind": "Expression", "expression": "square(y_true - y_pred)", "class_weight": {"virginica": 3.0}},
        "optimizer": {"kind": "RMSprop", "use_ema": True},
    },
}


def job(kind, run="", **payload):
    return Job(id=0, kind=kind, run=run, payload=payload, key="", status="running", worker=None, result=None, created=time.time())


class Place:
    def __init__(self, folder):
        self.folder = folder
        self.store = Store(f"sqlite:///{folder}/nnviz.db")
        self.runs = {name: self._train(name, record) for name, record in RUNS.items()}
        for name, run in self.runs.items():
            Exporter(self.store).export(job("export", run, to="script", out=str(folder / f"{name}.py")))
        for name in ("sgd", "adam"):
            Exporter(self.store).export(job("export", self.runs[name], to="keras", out=str(folder / f"{name}.keras")))
            np.save(folder / f"{name}.rows.npy", self.rows(name).to_numpy())

    def rows(self, name):
        """Some rows as they are in the data."""
        if name == "sgd":
            return pd.DataFrame(np.random.default_rng(0).uniform(-5, 5, (20, 2)), columns=["x1", "x2"])
        return load_diabetes(as_frame=True).data.head(20)

    def _train(self, name, record):
        spec = RunSpec.parse(record | {"training": {"epochs": 6 if name == "typed" else 17, "batch_size": 16, "seed": 3}})
        run = self.store.runs.create(spec)
        Trainer(self.store).train(job("train", run))
        assert self.store.runs.get(run).status == "finished", self.store.runs.get(run).error
        return run


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("exact"))


def alone(folder, code, *arguments):
    """Python in a folder of its own, with nothing of nnviz on its path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def scripted(place):
    return alone(place.folder, RUN_ALL, *place.runs)


@pytest.mark.parametrize("name", list(RUNS))
def test_a_script_does_the_run_again(place, scripted, name):
    run = place.runs[name]
    steps = place.store.series.curve(run, "batch_loss").value
    assert len(steps) >= (36 if name == "typed" else 100)
    np.testing.assert_allclose(scripted[name]["steps"][:100], steps[:100], atol=1e-5, rtol=1e-5)
    history = place.store.series.history(run)
    for loss in ("loss", "val_loss"):
        np.testing.assert_allclose(
            [row[loss] for row in scripted[name]["epochs"]], [row[loss] for row in history], atol=2e-5, rtol=2e-5
        )


@pytest.mark.parametrize("name", list(RUNS))
def test_a_script_measures_on_the_test_rows_only_where_it_is_asked_to(place, scripted, name):
    lines = dict(line.split(": ", 1) for line in scripted[name]["printed"].splitlines() if re.match(r"\w+: loss ", line))
    assert list(lines) == ["training", "validation", *([] if name == "typed" else ["test"])]
    for part, prefix in (("validation", "val_"), ("test", "test_")):
        printed = dict(re.findall(r"(\w+) (-?[\d.e+-]+)", lines.get(part, "")))
        metrics = place.store.runs.get(place.runs[name]).metrics
        for metric, value in printed.items():
            assert float(value) == pytest.approx(metrics[prefix + metric], rel=1e-4, abs=1e-5), metric


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_a_keras_file_says_what_predict_says(place, scripted, name):
    path = place.folder / f"{name}.csv"
    place.rows(name).to_csv(path, index=False)
    table = Answerer(place.store, opens_paths=True).predict(job("predict", place.runs[name], path=str(path)))["table"]
    expected = [row[2:] if name == "sgd" else row[1:] for row in table]
    np.testing.assert_allclose(scripted[name]["answers"], expected, rtol=1e-4, atol=1e-5)
    assert set(scripted[name]["layers"]) == {"keras"}


def test_a_keras_file_holds_a_typed_formula_with_its_trained_constants(place):
    path = place.folder / "typed.keras"
    Exporter(place.store).export(job("export", place.runs["typed"], to="keras", out=str(path)))
    trained = Trained.load(place.store, place.store.runs.get(place.runs["typed"]))
    x = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
    columns = trained.encoder.columns
    unscaled = x * [code.scale[0] for code in columns] + [code.centre[0] for code in columns]
    model = keras.models.load_model(path, safe_mode=True)
    np.testing.assert_allclose(model.predict(unscaled, verbose=0), trained.network.predict(x), atol=2e-6)


def test_the_files_names_are_checked(place):
    exporter = Exporter(place.store)
    with pytest.raises(RequestError, match="keras"):
        exporter.export(job("export", place.runs["sgd"], to="keras", out=str(place.folder / "model.h5")))
    with pytest.raises(RequestError, match="npz"):
        exporter.export(job("export", place.runs["sgd"], to="script", out=str(place.folder / "run.npz")))
    with pytest.raises(RequestError, match="cannot write"):
        exporter.export(job("export", place.runs["sgd"], to="script", out=str(place.folder / "no" / "run.py")))


def test_without_a_path_the_files_come_as_one_to_download(place):
    exported = Exporter(place.store).export(job("export", place.runs["sgd"], to="script"))
    with zipfile.ZipFile(io.BytesIO(place.store.blobs.get(exported["sha256"]))) as archive:
        script, arrays = sorted(archive.namelist(), key=lambda name: name.endswith(".npz"))
        assert f'with_name("{arrays}")' in archive.read(script).decode()
    assert exported["name"].endswith(".zip")
