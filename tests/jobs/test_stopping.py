"""A run that still reads its data is stopped at once, whatever the file is."""

import threading
import time

import numpy as np
import pandas as pd
import pytest

from nnviz.data import clean, large, npzfile
from nnviz.jobs.worker import training
from nnviz.jobs.worker.training import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Job, Store

ROWS, COLUMNS = 300, 40


def write(folder, kind):
    x = np.random.default_rng(0).normal(size=(ROWS, COLUMNS))
    y = (x[:, 0] > 0).astype(int)
    path = folder / f"rows.{kind}"
    table = pd.DataFrame(x, columns=[f"c{index}" for index in range(COLUMNS)]).assign(y=y)
    if kind == "npz":
        np.savez(path, x=x, y=y)
    elif kind == "parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False)
    return path


def slowed(monkeypatch, kind):
    """Reading takes some five seconds, each piece of it an eighth of one."""
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    monkeypatch.setattr(npzfile, "BLOCK", 8 * COLUMNS * ROWS // 40)
    place, name = {"npz": (npzfile.StoredArray, "rows"), "parquet": (large, "_opened"), "csv": (clean, "infer_column")}[kind]
    quick = getattr(place, name)

    def slow(*given, **more):
        time.sleep(0.125)
        return quick(*given, **more)

    monkeypatch.setattr(place, name, slow)
    monkeypatch.setattr(training, "READING_SECONDS", 0.1)


@pytest.mark.parametrize("kind", ["npz", "parquet", "csv"])
def test_a_run_is_stopped_while_it_reads(tmp_path, monkeypatch, kind):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    spec = RunSpec.parse({
        "data": {"kind": "file", "path": str(write(tmp_path, kind)), "target": "y"}, "layers": [{"kind": "Dense", "units": 3}],
        "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "Adam"}, "training": {"epochs": 1}})
    run_id = store.create_run(spec)
    slowed(monkeypatch, kind)
    answers = []
    job = Job(id=0, kind="train", run=run_id, payload={}, key="", status="running", worker=None, result=None, created=0.0)
    worker = threading.Thread(target=lambda: answers.append(Trainer(store).train(job)), daemon=True)
    worker.start()
    until = time.monotonic() + 10
    while not store.run(run_id).phase.startswith("reading, ") and time.monotonic() < until:
        time.sleep(0.02)
    asked = time.monotonic()
    store.set_control(run_id, stop=True)
    worker.join(10)
    assert time.monotonic() - asked < 2
    assert answers == [{"status": "stopped"}]
    run = store.run(run_id)
    assert (run.status, run.phase, run.step, run.weights, run.error) == ("stopped", "", 0, None, None)
    assert store.events(run_id)[-1].text == "Stopped before the first step"
