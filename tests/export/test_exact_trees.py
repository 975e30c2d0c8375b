"""Runs with blocks, constraints, regularizers and rates of our own, done again by their scripts where nnviz is not."""

import numpy as np
import pytest

from nnviz.jobs.worker.exporting import Exporter
from nnviz.jobs.worker.predictions.trained import Trained
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Store

from .test_exact import alone, job

RUN_ALL = """
import json, runpy, sys
import keras, numpy as np
sys.modules["nnviz"] = None     # importing it anywhere would fail
found = {}
for name in sys.argv[1:]:
    said = runpy.run_path(name + ".py")
    file = keras.models.load_model(name + ".keras", safe_mode=True)
    found[name] = {"steps": said["record"].steps, "epochs": said["record"].epochs, "kind": type(said["model"]).__name__,
                   "said": file.predict(np.load(name + ".rows.npy"), verbose=0).tolist(),
                   "layers": sorted({type(layer).__module__.partition(".")[0] for layer in file.layers})}
print(json.dumps(found))
"""
DENSE = {"kind": "Dense", "units": 6, "activation": "tanh", "kernel_constraint": {"kind": "MaxNorm", "max_value": 0.9}}
CONV = {"kind": "Conv2D", "filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu"}
RUNS = {
    "nested": {
        "data": {"kind": "synthetic", "name": "moons", "samples": 150},
        "layers": [
            DENSE | {"name": "first"},
            {
                "kind": "Repeat",
                "times": 2,
                "layers": [
                    {
                        "kind": "Residual",
                        "project": True,
                        "name": "block",
                        "layers": [
                            {
                                "kind": "Dense",
                                "units": {"each": "6 - i"},
                                "activation": "tanh",
                                "kernel_regularizer": {"kind": "L2"},
                                "kernel_constraint": {"kind": "UnitNorm"},
                                "name": "inside",
                            },
                            {
                                "kind": "Parallel",
                                "join": "average",
                                "branches": [
                                    [
                                        {
                                            "kind": "Dense",
                                            "units": {"each": "6 - i"},
                                            "activation": {"expression": "x * sigmoid(a * x)", "constants": {"a": 1}},
                                        }
                                    ],
                                    [],
                                    [{"kind": "Dropout", "rate": 0.3}],
                                ],
                            },
                        ],
                    },
                    {"kind": "Parallel", "branches": [[{"kind": "BatchNormalization"}, {"kind": "Dense", "units": 2}], []]},
                ],
            },
            {
                "kind": "Parallel",
                "join": "add",
                "trainable": False,
                "branches": [[{"kind": "Residual", "layers": [{"kind": "Dense", "units": 7}]}], [{"kind": "Dense", "units": 7}]],
            },
            {"kind": "Dropout", "rate": 0.2},
        ],
        "cost": {
            "kind": "CrossEntropy",
            "label_smoothing": 0.1,
            "kernel_regularizer": {"kind": "L1", "l1": 0.001},
            "class_weight": {"0": 2.0},
        },
        "optimizer": {
            "kind": "Adam",
            "learning_rate": 0.02,
            "gradient_accumulation_steps": 2,
            "schedule": {"kind": "OneCycle", "total_steps": 40},
        },
        "training": {"epochs": 8, "batch_size": 16, "seed": 3},
    },
    "images": {
        "data": {"kind": "builtin", "name": "digits"},
        "layers": [
            CONV | {"kernel_constraint": {"kind": "MinMaxNorm", "min_value": 0.4, "max_value": 0.8}},
            {"kind": "Residual", "project": True, "layers": [CONV | {"filters": 5, "strides": 2}, CONV | {"filters": 5}]},
            {"kind": "Parallel", "branches": [[CONV], [{"kind": "MaxPooling2D", "strides": 1, "padding": "same"}]]},
            {"kind": "Dropout", "rate": 0.2},
            {"kind": "Reshape", "target_shape": [-1, 9]},
            {"kind": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "causal": True},
            {"kind": "Flatten"},
        ],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {
            "kind": "SGD",
            "learning_rate": 0.1,
            "schedule": {"kind": "ReduceOnPlateau", "patience": 1, "min_delta": 1, "factor": 0.5},
        },
        "training": {"epochs": 3, "batch_size": 128, "seed": 1, "keep": "best"},
    },
}


class Place:
    def __init__(self, folder):
        self.folder = folder
        self.store = Store(f"sqlite:///{folder}/nnviz.db")
        self.runs, self.rows = {}, {}
        for name, record in RUNS.items():
            run = self.runs[name] = self.store.runs.create(RunSpec.parse(record))
            Trainer(self.store).train(job("train", run))
            assert self.store.runs.get(run).status == "finished", self.store.runs.get(run).error
            for to, ending in (("script", "py"), ("keras", "keras")):
                Exporter(self.store).export(job("export", run, to=to, out=str(folder / f"{name}.{ending}")))
            network = Trained.load(self.store, self.store.runs.get(run)).network
            self.rows[name] = np.random.default_rng(0).uniform(0, 16, size=(20, *network.shape)).astype(np.float32)
            np.save(folder / f"{name}.rows.npy", self.rows[name])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("trees"))


@pytest.fixture(scope="module")
def scripted(place):
    return alone(place.folder, RUN_ALL, *place.runs)


@pytest.mark.parametrize("name", list(RUNS))
def test_a_script_does_the_run_again(place, scripted, name):
    run = place.runs[name]
    steps = place.store.series.curve(run, "batch_loss").value
    assert len(steps) >= 24
    assert scripted[name]["kind"] == "Functional"
    np.testing.assert_allclose(scripted[name]["steps"], steps, atol=1e-5, rtol=1e-5)
    history = place.store.series.history(run)
    for loss in ("loss", "val_loss"):
        np.testing.assert_allclose(
            [row[loss] for row in scripted[name]["epochs"]], [row[loss] for row in history], atol=2e-5, rtol=2e-5
        )


def test_a_plateau_changes_the_rate_where_the_run_did(place, scripted):
    rates = [row["learning_rate"] for row in scripted["images"]["epochs"]]
    assert rates == pytest.approx([row["learning_rate"] for row in place.store.series.history(place.runs["images"])])
    assert len(set(rates)) > 1


@pytest.mark.parametrize("name", list(RUNS))
def test_a_keras_file_of_plain_layers_predicts_the_same(place, scripted, name):
    trained = Trained.load(place.store, place.store.runs.get(place.runs[name]))
    # The file takes rows as they are in the data and encodes them.
    x = place.rows[name]
    if trained.encoder.is_images:
        x = x / trained.encoder.divide
    else:
        code = trained.encoder.columns
        x = (x - [each.centre[0] for each in code]) / [each.scale[0] for each in code]
    expected = trained.network.predict(x.astype(np.float32))
    assert expected.std(axis=0).max() > 1e-3
    np.testing.assert_allclose(scripted[name]["said"], expected, atol=1e-6)
    assert scripted[name]["layers"] == ["keras"]
