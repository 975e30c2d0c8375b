"""What a worker makes of a file that is read where it lies."""

import numpy as np
import pytest

from nnviz.engine.loop import session
from nnviz.errors import RequestError
from nnviz.jobs import foreground
from nnviz.jobs.worker.exporting import Exporter
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Job, Store


def job(kind, run, **payload):
    return Job(id=0, kind=kind, run=run, payload=payload, key="", status="running", worker=None, result=None, created=0.0)


def spec(**more):
    return RunSpec.parse(
        {
            "data": {"kind": "file", "path": "rows.npz"},
            "layers": [{"kind": "Dense", "units": 3}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "training": {"epochs": 1},
        }
        | more
    )


def save(path, rows=300, seed=0):
    x = np.random.default_rng(seed).normal(size=(rows, 4))
    np.savez(path, x=x, y=(x[:, 0] > 0).astype(int))


@pytest.fixture
def store(tmp_path, monkeypatch, fresh_reader):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    monkeypatch.setattr(foreground, "LARGEST_PARQUET", 1000)
    return Store(f"sqlite:///{tmp_path}/nnviz.db")


def train(trainer, store, folder, **more):
    run_id = store.runs.create(foreground.adopt(store, spec(**more), base=folder))
    trainer.train(job("train", run_id))
    return store.runs.get(run_id)


def test_a_file_that_is_another_by_now_is_read_again_and_no_script_gets_a_copy_of_it(store, tmp_path):
    trainer = Trainer(store)
    save(tmp_path / "rows.npz")
    first = train(trainer, store, tmp_path)
    assert (first.status, first.info["rows_from"]) == ("finished", "blocks")
    assert first.spec.data.sha256 is None
    assert first.info["rows"] == {"train": 180, "validation": 60, "test": 60}
    save(tmp_path / "rows.npz", seed=1)
    second = train(trainer, store, tmp_path)
    assert (second.status, second.error) == ("finished", None)
    assert second.metrics["loss"] != first.metrics["loss"]
    with pytest.raises(RequestError, match="larger than memory"):
        Exporter(store).export(job("export", second.id, to="script", out=str(tmp_path / "again.py")))
    assert not (tmp_path / "again.py").exists()


def test_an_embedding_is_checked_in_pieces(store, tmp_path, monkeypatch):
    monkeypatch.setattr(session, "CHECKED_AT_ONCE", 50)
    x = np.random.default_rng(0).integers(0, 9, (300, 4))
    x[299, 3] = 12
    np.savez(tmp_path / "rows.npz", x=x, y=x[:, 0] > 4)
    layers = [{"kind": "Embedding", "input_dim": 9, "output_dim": 2}, {"kind": "Flatten"}]
    failed = train(Trainer(store), store, tmp_path, layers=layers)
    assert failed.status == "failed"
    assert "rows hold 12" in failed.error["what"]
