"""Row by row, what a trained network gets right: together that is what its run recorded."""

import numpy as np
import pytest

from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Job, Store

SMALL = {"layers": [{"kind": "Dense", "units": 4}], "optimizer": {"kind": "Adam"}, "training": {"epochs": 2, "batch_size": 16}}


def answer_of(folder, **blocks):
    store = Store(f"sqlite:///{folder}/nnviz.db")
    run_id, tasks = store.runs.create(RunSpec.parse(SMALL | blocks)), Tasks(store)
    tasks.do(Job(1, "train", run_id, {}, "", "running", None, None, 0.0))
    answer = tasks.do(Job(2, "row_results", run_id, {}, "", "running", None, None, 0.0))
    metrics = store.runs.get(run_id).metrics
    store.close()
    return answer, metrics


def test_classes_and_numbers(tmp_path):
    answer, metrics = answer_of(tmp_path, data={"kind": "builtin", "name": "iris"}, cost={"kind": "CrossEntropy"})
    assert len(answer["rows"]) == len(set(answer["rows"])) == len(answer["right"])
    assert np.mean(answer["right"]) == pytest.approx(metrics["val_accuracy"], abs=1e-6)
    answer, metrics = answer_of(tmp_path, data={"kind": "builtin", "name": "diabetes"}, cost={"kind": "MeanSquaredError"})
    assert np.mean(answer["errors"]) == pytest.approx(metrics["val_mae"], rel=1e-4)
