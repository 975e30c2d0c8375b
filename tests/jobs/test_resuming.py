"""Runs that go on: after their planned epochs, a lost worker, a damaged snapshot, a pause without a worker."""

import pytest

from nnviz import jobs
from nnviz.errors import RequestError, WorkerLost
from nnviz.jobs.endings import early_words, weights_words
from nnviz.jobs.shares import train_job
from nnviz.spec import RunSpec
from nnviz.store import Control

SPEC = RunSpec.parse(
    {
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}, {"kind": "Dropout", "rate": 0.2}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.02},
        "training": {"epochs": 5, "batch_size": 16},
    }
)


@pytest.fixture(scope="module")
def whole(store, trainer):
    run_id = store.runs.create(SPEC)
    trainer.train(train_job(run_id))
    return store.runs.get(run_id)


def test_beyond_its_planned_epochs_it_does_what_a_longer_plan_had_done(store, trainer, whole):
    run_id = store.runs.create(SPEC.with_("training.epochs", 3))
    trainer.train(train_job(run_id))
    with pytest.raises(RequestError, match="all 3 epochs"):
        jobs.go_on(store, store.runs.get(run_id))
    jobs.go_on(store, store.runs.get(run_id), epochs=5)
    trainer.train(train_job(run_id))
    run = store.runs.get(run_id)
    assert (run.status, run.weights, run.metrics) == ("finished", whole.weights, whole.metrics)
    mine, theirs = store.series.history(run_id), store.series.history(whole.id)
    assert [{name: value for name, value in row.items() if name != "time"} for row in mine] == [
        {name: value for name, value in row.items() if name != "time"} for row in theirs
    ]
    assert (store.series.curve(run_id, "batch_loss").value == store.series.curve(whole.id, "batch_loss").value).all()


def test_after_its_process_died_it_goes_on_with_the_same_numbers(store, trainer, whole):
    run_id = store.runs.create(SPEC, control=Control(pace="step", steps_allowed=11))
    original = store.jobs.is_awaited
    store.jobs.is_awaited = lambda: True  # paused, and somebody waits: it gives its worker back
    try:
        trainer.train(train_job(run_id))
    finally:
        store.jobs.is_awaited = original
    run = store.runs.get(run_id)
    assert (run.status, run.step, run.pid) == ("paused", 11, None)
    # the file of the newest snapshots is lost: it says so and goes on from older ones, or from the start
    newest = max((store.snapshots.folder / run_id).glob("*.snap"), key=lambda path: path.stat().st_mtime)
    newest.write_bytes(newest.read_bytes()[:-1])
    jobs.go_on(store, run, pace="full")
    trainer.train(train_job(run_id))
    again = store.runs.get(run_id)
    assert (again.status, again.attempt, again.weights) == ("finished", 2, whole.weights)
    assert any(event.kind == "damaged" and "step 11" in event.text for event in store.runs.events(run_id))
    assert store.snapshots.of_run(run_id)[-1].step == again.step


def test_one_that_died_before_its_first_snapshot_begins_anew(store, trainer, whole):
    run_id = store.runs.create(SPEC)
    attempt = store.runs.claim(run_id, pid=1)
    store.series.append(run_id, attempt, step=3, epoch=0.5, seconds=0.1)
    store.runs.finish(run_id, attempt, "failed", error=WorkerLost("the process is gone"))
    jobs.go_on(store, store.runs.get(run_id))
    trainer.train(train_job(run_id))
    again = store.runs.get(run_id)
    assert (again.status, again.weights, again.metrics) == ("finished", whole.weights, whole.metrics)


def test_early_stopping_says_so_and_whose_weights_are_kept(store, trainer):
    run_id = store.runs.create(
        SPEC.with_("optimizer.learning_rate", 0.5).with_(
            "training", {"epochs": 60, "batch_size": 16, "early_stopping": {"patience": 2}, "keep": "best"}
        )
    )
    trainer.train(train_job(run_id))
    run = store.runs.get(run_id)
    losses = [row["val_loss"] for row in store.series.history(run_id)]
    best = losses.index(min(losses)) + 1
    assert len(losses) == best + 2 < 60
    text = f"Ended early at epoch {best + 2}: validation loss has not fallen for 2 epochs; weights of epoch {best} are used"
    assert store.runs.events(run_id)[-1].text == early_words(run) == text
    assert weights_words(run) == f"weights of epoch {best} of {best + 2}"
    assert run.info["about_data"]["rows"] == 150


def test_a_run_of_before_there_were_snapshots_says_that_it_cannot_go_on(store, trainer):
    run_id = store.runs.create(SPEC)
    attempt = store.runs.claim(run_id, pid=1)
    store.series.append(run_id, attempt, step=3, epoch=0.5, seconds=0.1)
    store.runs.finish(run_id, attempt, "stopped")
    with pytest.raises(RequestError, match="no snapshot"):
        jobs.go_on(store, store.runs.get(run_id))
