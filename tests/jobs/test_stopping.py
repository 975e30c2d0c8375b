"""A run that still reads its data is stopped at once, whatever the file is."""

import threading
import time

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from nnviz.jobs import data_files
from nnviz.jobs.worker.training import train
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Job, Store

ROWS, COLUMNS = 200_000, 40


def write(folder, kind):
    """A file that takes seconds to read."""
    x = np.random.default_rng(0).normal(size=(ROWS, COLUMNS))
    y = (x[:, 0] > 0).astype(int)
    path = folder / f"rows.{kind}"
    table = pa.table({f"c{index}": x[:, index] for index in range(COLUMNS)} | {"y": y})
    if kind == "npz":
        np.savez(path, x=x, y=y)
    elif kind == "parquet":
        parquet.write_table(table, path)
    else:
        csv.write_csv(table, path)
    return path


@pytest.mark.parametrize("kind", ["npz", "parquet", "csv"])
def test_a_run_is_stopped_while_it_reads(tmp_path, monkeypatch, fresh_reader, kind):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    monkeypatch.setattr(train, "READING_SECONDS", 0.1)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    spec = RunSpec.parse(
        {
            "data": {"kind": "file", "path": str(write(tmp_path, kind)), "target": "y"},
            "layers": [{"kind": "Dense", "units": 3}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "training": {"epochs": 1},
        }
    )
    data_files.remember(store, spec.data)
    run_id = store.runs.create(spec)
    answers = []
    job = Job(id=0, kind="train", run=run_id, payload={}, key="", status="running", worker=None, result=None, created=0.0)
    worker = threading.Thread(target=lambda: answers.append(Trainer(store).train(job)), daemon=True)
    worker.start()
    until = time.monotonic() + 10
    while not store.runs.get(run_id).phase.startswith("reading, ") and time.monotonic() < until:
        time.sleep(0.02)
    store.runs.set_control(run_id, stop=True)
    worker.join(10)
    assert answers == [{"status": "stopped"}]
    run = store.runs.get(run_id)
    assert (run.status, run.phase, run.step, run.weights, run.error) == ("stopped", "", 0, None, None)
    assert store.runs.events(run_id)[-1].text == "Stopped by hand before the first step"
