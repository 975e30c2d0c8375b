"""Runs that begin at another run's snapshot, from the queue to their end."""

import numpy as np
import pytest

from nnviz import jobs
from nnviz.engine import State
from nnviz.errors import NotYet, SpecError
from nnviz.export import Shapes, script
from nnviz.jobs.foreground import check_here
from nnviz.jobs.shares import train_job
from nnviz.spec import RunSpec

SPEC = RunSpec.parse(
    {
        "name": "first",
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}, {"kind": "Dropout", "rate": 0.2}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.02},
        "training": {"epochs": 5, "batch_size": 16},
    }
)


@pytest.fixture(scope="module")
def parent(store, trainer):
    run_id = store.runs.create(SPEC)
    trainer.train(train_job(run_id))
    return store.runs.get(run_id)


def from_(spec, run, step):
    return spec.with_("from", {"run": run.id, "step": step})


def done(store, trainer, spec):
    run_id = store.runs.create(jobs.rooted(store, spec))
    trainer.train(train_job(run_id))
    return store.runs.get(run_id)


def words(store, run):
    return [event.text for event in store.runs.events(run.id) if event.kind == "branch"]


def test_with_nothing_changed_it_ends_as_its_parent_did(store, trainer, parent):
    run = done(store, trainer, from_(SPEC, parent, 13))
    assert (run.status, run.weights, run.metrics, run.step) == ("finished", parent.weights, parent.metrics, parent.step)
    mine, theirs = store.series.curve(run.id, "batch_loss"), store.series.curve(parent.id, "batch_loss")
    assert mine.step.tolist() == list(range(14, parent.step + 1))
    assert np.array_equal(mine.value, theirs.value[13:])
    assert [row["epoch"] for row in store.series.history(run.id)] == [3, 4, 5]
    assert words(store, run) == ["Goes on from step 13 of first, with nothing changed"]
    (event,) = [event for event in store.runs.events(run.id) if event.kind == "branch"]
    assert (event.step, event.data) == (13, {"run": parent.id, "step": 13})


def test_another_rate_acts_from_that_step_on_and_the_parent_may_go(store, trainer, parent):
    other = store.runs.create(SPEC.with_("training.epochs", 2))
    trainer.train(train_job(other))
    run_id = store.runs.create(jobs.rooted(store, from_(SPEC.with_("optimizer.learning_rate", 0.3), store.runs.get(other), 7)))
    original = store.snapshots.of_run(other)
    trainer.train(train_job(run_id))
    mine, theirs = store.series.curve(run_id, "batch_loss"), store.series.curve(parent.id, "batch_loss")
    assert mine.value[0] == theirs.value[7]
    assert mine.value[1] != theirs.value[8]
    assert words(store, store.runs.get(run_id))[0].endswith("but with optimizer.learning_rate 0.02 → 0.3")
    assert [snapshot.step for snapshot in original] == [snapshot.step for snapshot in store.snapshots.of_run(other)]
    # its own first snapshot is its parent's: it goes on without it
    store.snapshots.drop(other, after=0)
    first, *_ = store.snapshots.of_run(run_id)
    assert (first.step, State.from_bytes(store.snapshots.get(run_id, first.step)).step) == (7, 7)
    jobs.go_on(store, store.runs.get(run_id), epochs=6)
    trainer.train(train_job(run_id))
    assert (store.runs.get(run_id).status, store.runs.get(run_id).epoch) == ("finished", 6)


def test_more_data_and_other_batches_are_told(store, trainer, parent):
    other = SPEC.with_("split.validation", 0.1).with_("training.batch_size", 32)
    run = done(store, trainer, from_(other, parent, 13))
    texts = words(store, run)
    assert any("An epoch has 4 steps now" in text for text in texts)
    assert any("rows of validation and test may be among those" in text for text in texts)
    assert any("scaled and encoded by these rows" in text for text in texts)
    assert store.series.curve(run.id, "batch_loss").step[0] == 9  # epoch 3 begins after two of four steps


def test_what_is_not_there_or_does_not_fit_is_refused_before_it_starts(store, trainer, parent, tmp_path):
    with pytest.raises(SpecError, match=r"after 999 steps is not among those recorded.*nearest are those after") as caught:
        jobs.rooted(store, from_(SPEC, parent, 999))
    assert caught.value.where == "from.step"
    with pytest.raises(SpecError, match="there is no run") as caught:
        check_here(store, SPEC.with_("from", {"run": "nobody", "step": 1}), base=tmp_path)
    assert caught.value.where == "from.run"
    check_here(store, from_(SPEC, parent, 13), base=tmp_path)
    wine = from_(SPEC.with_("data.name", "wine"), parent, 13)
    with pytest.raises(SpecError, match="the other run has rows of the form 4, and this data 13"):
        check_here(store, wine, base=tmp_path)
    run = done(store, trainer, wine)
    assert (run.status, run.error["where"]) == ("failed", "data")
    run = done(store, trainer, from_(SPEC.with_("training.epochs", 1), parent, 13))
    assert (run.status, run.error["where"]) == ("failed", "training.epochs")


def test_a_shortened_id_is_kept_whole_and_a_script_refused(store, parent):
    short = SPEC.with_("from", {"run": parent.id[:-2], "step": 13})
    assert jobs.rooted(store, short).branch.run == parent.id
    with pytest.raises(NotYet, match="a branch starts from another run's weights") as caught:
        script(short, Shapes(shape=(4,), outputs=3, task="classification"))
    assert caught.value.where == "from"
