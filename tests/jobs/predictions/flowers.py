"""A table of flowers, and a store with a classifier and a regression trained on it."""

import csv
import time

import numpy as np
import pandas as pd

from nnviz import data, engine
from nnviz.jobs.worker.answering import Answerer
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Job, Store


def job(kind, run="", **payload):
    return Job(id=0, kind=kind, run=run, payload=payload, key="", status="running", worker=None, result=None, created=time.time())


def flowers(rows=150):
    """Three kinds by two numbers and a word; the kind `=x` looks like a formula."""
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 3, rows)
    return pd.DataFrame(
        {
            "width": np.round(kind * 2 + rng.normal(0, 0.7, rows), 3),
            "height": np.round(rng.normal(0, 1, rows), 3),
            "colour": np.array(["red", "blue"])[(kind == 0).astype(int)],
            "kind": np.array(["=x", "b", "c"])[kind],
            "size": np.round(100 + 30 * kind + rng.normal(0, 3, rows), 2),
        }
    )


class Place:
    """A store with a classifier and a regression trained on the same file."""

    def __init__(self, folder):
        self.folder = folder
        self.store = Store(f"sqlite:///{folder}/nnviz.db")
        self.path = folder / "flowers.csv"
        flowers().to_csv(self.path, index=False)
        self.sha256 = self.store.blobs.put_file(self.path)
        self.answerer = Answerer(self.store, opens_paths=True)
        self.classifier = self.train(target="kind", cost="CrossEntropy")
        self.regression = self.train(target="size", cost="MeanSquaredError")

    def block(self, **more):
        return {"kind": "file", "path": "flowers.csv", "sha256": self.sha256} | more

    def train(self, *, target, cost):
        spec = RunSpec.parse(
            {
                "data": self.block(target=target),
                "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}],
                "cost": {"kind": cost},
                "optimizer": {"kind": "Adam", "learning_rate": 0.02},
                "training": {"epochs": 20},
            }
        )
        run = self.store.runs.create(spec)
        Trainer(self.store).train(job("train", run))
        assert self.store.runs.get(run).status == "finished", self.store.runs.get(run).error
        return run

    def network(self, run_id):
        """The run's network built apart from the code under test, and its encoder."""
        run = self.store.runs.get(run_id)
        encoder = data.Encoder.from_json(self.store.runs.encoder(run_id))
        target = encoder.target
        network = engine.build(
            run.spec.layers,
            run.spec.cost,
            task=target.task,
            shape=encoder.row_shape,
            outputs=len(target.classes) or len(target.names),
        )
        network.values = engine.weights_from_bytes(self.store.blobs.get(run.weights))
        return network, encoder


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
