"""On which rows a training curve is measured: what pages and the command line say."""

from types import SimpleNamespace

import pytest

from nnviz.jobs.sampling import sample_words
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.store.runs.series import Series


@pytest.mark.parametrize(
    ("info", "words"),
    [({}, ""), ({"sample": None}, ""), ({"sample": [4096, 60_000]}, "a fixed sample of 4,096 of 60,000 training rows")],
)
def test_in_words(info, words):
    assert sample_words(SimpleNamespace(info=info)) == words


def test_a_run_says_so_while_it_trains_and_afterwards(tmp_path, monkeypatch):
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    spec = RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "spirals", "samples": 5000},
            "layers": [{"kind": "Dense", "units": 4}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "split": {"validation": 0.2, "test": 0.2},
            "training": {"epochs": 2, "batch_size": 1000},
        }
    )
    run, seen = store.runs.create(spec), []
    append = Series.append

    def appending(self, run_id, *rest, **more):
        seen.append(store.runs.get(run_id).info.get("sample"))
        return append(self, run_id, *rest, **more)

    monkeypatch.setattr(Series, "append", appending)
    Trainer(store).train(train_job(run))
    rows = store.runs.get(run).info["rows"]["train"]
    assert 2048 < rows < 5000
    assert seen
    assert all(counts == [2048, rows] for counts in seen)
    assert store.runs.get(run).info["sample"] == [2048, rows]
    assert store.series.history(run)[-1]["loss"] == pytest.approx(store.runs.get(run).metrics["loss"], rel=1e-6)
    store.close()
