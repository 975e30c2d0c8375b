"""A run whose batch size is changed while it trains: what is recorded of it, and that it goes on."""

import dataclasses

from nnviz import jobs
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Control, Store

SPEC = RunSpec.parse(
    {
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [{"kind": "Dense", "units": 3}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "SGD", "learning_rate": 0.02},
        "training": {"epochs": 100_000, "batch_size": 16},
    }
)


def test_a_switch_is_told_and_survives(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    monkeypatch.setattr("nnviz.engine.loop.compile_mode.mode", lambda kinds: "graph")  # compiled sooner
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    run_id = store.runs.create(SPEC, control=Control(pace="watch", live={"training.batch_size": 32.0}))
    original, until = store.runs.control, [0]

    def control(run_id):
        ended = [event.step for event in store.runs.events(run_id) if event.kind == "changed"]
        return dataclasses.replace(original(run_id), stop=bool(ended) and store.runs.get(run_id).step > ended[0] + until[0])

    store.runs.control = control
    trainer = Trainer(store)
    trainer.train(train_job(run_id))
    events = {event.kind: event for event in store.runs.events(run_id)}
    assert events["changing"].text == "training.batch_size: 16 → 32, from the next epoch on, when it is compiled"
    assert events["changed"].text == "training.batch_size: 16 → 32"
    assert events["changed"].data == {"name": "training.batch_size", "before": 16, "after": 32}
    run, before = store.runs.get(run_id), -(-run_rows(store, run_id) // 16)
    after = -(-run_rows(store, run_id) // 32)
    switch = run.info["calendar"][1][0]
    assert run.info["calendar"] == [[0, 0, before], [switch, switch // before, after]]
    assert run.epoch == switch // before + (run.step - switch) / after
    # it goes on with what it had been changed to
    until[0] = run.step - switch + 3 * after
    jobs.go_on(store, run, pace="watch")
    trainer.train(train_job(run_id))
    again = store.runs.get(run_id)
    assert again.attempt == 2
    assert again.step > run.step
    assert again.info["calendar"] == run.info["calendar"]
    assert [event.kind for event in store.runs.events(run_id)].count("changed") == 1
    curve = store.series.history(run_id)
    assert [(row["epoch"], row["step"]) for row in curve[-2:]] == [
        (epoch, switch + (epoch - switch // before) * after) for epoch in (curve[-1]["epoch"] - 1, curve[-1]["epoch"])
    ]
    store.close()


def run_rows(store, run_id):
    return store.runs.get(run_id).info["rows"]["train"]
