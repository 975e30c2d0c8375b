"""Runs that one worker trains in turns: each comes to what it comes to alone, whatever becomes of the others."""

import threading
import time
from dataclasses import replace

import pytest

from nnviz import jobs
from nnviz.engine import Frame, Progress
from nnviz.engine.loop.turns import Turn
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker.training import places
from nnviz.jobs.worker.training.places import Place
from nnviz.jobs.worker.training.recorder import Controls, Recorder
from nnviz.spec import RunSpec
from nnviz.store import Control

SPEC = RunSpec.parse(
    {
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [{"kind": "Dense", "units": 5, "activation": "tanh"}, {"kind": "Dropout", "rate": 0.2}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.02},
        "training": {"epochs": 8, "batch_size": 16},
    }
)


def small(run_id):
    return replace(train_job(run_id), payload={"small": True})


def seeded(seed):
    return SPEC.with_("training.seed", seed)


def together(trainer, *run_ids):
    """Trains each in a thread of its own."""
    threads = [threading.Thread(target=trainer.train, args=(small(run_id),)) for run_id in run_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_whatever_becomes_of_one_the_others_are_what_they_are_alone(store, trainer, monkeypatch):
    monkeypatch.setattr("nnviz.engine.training.pacing.CHUNK_SECONDS", 0.001)
    alone = [store.runs.create(seeded(seed)) for seed in (1, 2)]
    for run_id in alone:
        trainer.train(train_job(run_id))
    diverges = RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": "diabetes"},
            "layers": [],
            "cost": {"kind": "MeanSquaredError"},
            "optimizer": {"kind": "SGD", "learning_rate": 100},
            "training": {"epochs": 200, "batch_size": 16},
        }
    )
    wrong = SPEC.with_("layers", [{"kind": "Conv2D", "filters": 2, "kernel_size": 3}])
    good = [store.runs.create(seeded(seed), control=Control(pace="full")) for seed in (1, 2)]
    bad = [store.runs.create(spec) for spec in (diverges, wrong)]
    until = store.runs.create(seeded(3), control=Control(pace="step", steps_allowed=9))
    stopper = threading.Thread(target=stop_once_paused, args=(store, until))
    stopper.start()
    together(trainer, good[0], *bad, until, good[1])
    stopper.join()
    assert [store.runs.get(run_id).status for run_id in bad] == ["diverged", "failed"]
    stopped = store.runs.get(until)
    assert (stopped.status, stopped.step) == ("stopped", 9)
    for one, other in zip(good, alone, strict=True):
        now, before = store.runs.get(one), store.runs.get(other)
        assert (now.status, now.weights, now.metrics) == ("finished", before.weights, before.metrics)
        assert (store.series.curve(one, "batch_loss").value == store.series.curve(other, "batch_loss").value).all()
    # a run that was among others goes on as one that was not
    jobs.go_on(store, stopped, pace="full")
    trainer.train(train_job(until))
    whole = store.runs.create(seeded(3))
    trainer.train(train_job(whole))
    assert store.runs.get(until).weights == store.runs.get(whole).weights is not None


def stop_once_paused(store, run_id):
    while (run := store.runs.get(run_id)).status != "paused" and not run.is_ended:
        time.sleep(0.01)
    store.runs.set_control(run_id, stop=True)


def test_a_branch_begins_in_a_network_that_others_train(store, trainer):
    parent = store.runs.create(SPEC)
    trainer.train(train_job(parent))
    branch = SPEC.with_("training.epochs", 11).with_("from", {"run": parent, "step": store.runs.get(parent).step})
    alone, other = store.runs.create(branch), store.runs.create(seeded(1))
    for run_id in (alone, other):
        trainer.train(train_job(run_id))
    again, beside = store.runs.create(branch), store.runs.create(seeded(1))
    together(trainer, beside, again)
    assert store.runs.get(again).weights == store.runs.get(alone).weights is not None
    assert store.runs.get(beside).weights == store.runs.get(other).weights


def paused(store, recorder):
    recorder.record(Progress(step=0, epoch=0.0, seconds=0.0, phase="paused"))
    while store.runs.get(recorder.run_id).status != "paused":
        time.sleep(0.005)
    recorder._paused_at -= 2  # two seconds ago


@pytest.mark.parametrize("is_crowded", [True, False])
def test_a_small_run_that_is_paused_keeps_its_worker_while_there_is_room(store, is_crowded):
    run_id = store.runs.create(SPEC)
    recorder = Recorder(store, run_id, store.runs.claim(run_id, pid=1), is_awaited=lambda: is_crowded)
    paused(store, recorder)
    assert recorder.control().park is is_crowded
    recorder.close()


def test_what_is_seen_where_a_run_waits_is_stored_before_it_is_paused(store):
    run_id = store.runs.create(SPEC)
    recorder = Recorder(store, run_id, store.runs.claim(run_id, pid=1))
    frame = Frame(view="plane", step=3, epoch=1, body={"values": b"x"})
    recorder.record(Progress(step=3, epoch=1.0, seconds=0.5, phase="paused", first_step=3, frame=frame))
    recorder.close()
    assert [(row.view, row.step) for row in store.series.frames(run_id)] == [("plane", 3)]
    assert (store.runs.get(run_id).status, store.runs.get(run_id).step) == ("paused", 3)


def test_what_is_wanted_of_several_runs_is_asked_for_together(store, monkeypatch):
    run_ids = [store.runs.create(SPEC) for _ in range(3)]
    controls = Controls(store)
    for run_id in run_ids:
        controls.add(run_id)
    monkeypatch.setattr("nnviz.jobs.worker.training.recorder.FRESH_SECONDS", -1.0)
    assert not controls.of(run_ids[1]).stop
    store.runs.set_control(run_ids[1], stop=True)
    asked = []
    monkeypatch.setattr(store.runs, "control", asked.append)
    assert [controls.of(run_id).stop for run_id in run_ids] == [False, True, False]
    assert asked == []
    for run_id in run_ids[1:]:
        controls.remove(run_id)
    controls.of(run_ids[0])
    assert asked == run_ids[:1], "of a single one without the others"


def test_a_run_says_whether_it_rests(monkeypatch):
    now, answers = [0.0], []
    monkeypatch.setattr(places.time, "monotonic", lambda: now[0])
    turn = Turn()
    place = Place(turn, answers.append, rests=True)

    def second(busy):
        now[0] += busy
        with place.lent():
            now[0] += 1.0 - busy

    with place:
        for busy in (0.1, 0.1, 0.9, 0.9, 0.9, 0.2, 0.2, 0.2):
            second(busy)
        assert answers == [False, True]
        for _ in range(3):  # it keeps the turn all the while, since nobody else wants it
            now[0] += 1.0
            place.pass_on()
        assert answers == [False, True, False]
    assert not turn.is_wanted
