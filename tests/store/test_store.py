import math
import threading
import time
from contextlib import suppress

import numpy as np
import pytest

from nnviz.errors import NotFound, RequestError, StaleAttempt, WorkerLost
from nnviz.spec import RunSpec
from nnviz.store import Cursor, FrameRow, Store

SPEC = RunSpec.parse(
    {
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [{"kind": "Dense", "units": 4}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.01},
    }
)


def started(store):
    run_id = store.runs.create(SPEC)
    return run_id, store.runs.claim(run_id, pid=1)


def test_a_run_comes_back_as_it_was_created(store):
    run = store.runs.get(store.runs.create(SPEC, name="mine"))
    assert (run.name, run.status, run.spec) == ("mine", "queued", SPEC)
    assert store.runs.get(run.id[:15]).id == run.id
    with pytest.raises(NotFound):
        store.runs.get("no such run")


def test_exactly_one_of_many_claims_wins(store):
    run_id = store.runs.create(SPEC)
    won, barrier = [], threading.Barrier(8)

    def claim():
        barrier.wait()
        with suppress(StaleAttempt):
            won.append(store.runs.claim(run_id, pid=1))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert won == [1]


def test_a_job_goes_to_exactly_one_worker(store):
    for _ in range(40):
        store.jobs.add("read")
    taken, lock = [], threading.Lock()

    def work(name):
        store.workers.beat(name, pid=1, host="here", state="idle")
        while (job := store.jobs.claim(name, training_at_once=1)) is not None:
            with lock:
                taken.append(job.id)
            store.jobs.answer(job.id, result={})

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(taken) == 40
    assert len(set(taken)) == 40


def test_one_worker_is_left_for_short_jobs(store):
    store.jobs.add("train", run_id="a")
    store.jobs.add("train", run_id="b")
    late = store.jobs.add("predict")
    first = store.jobs.claim("w1", training_at_once=1)
    assert first.id == late
    assert store.jobs.claim("w1", training_at_once=1).run == "a"
    assert store.jobs.claim("w2", training_at_once=1) is None


def test_a_prepared_network_draws_its_run_to_the_worker_that_has_it(store):
    store.workers.beat("w1", pid=1, host="h", state="idle")
    store.workers.beat("w2", pid=2, host="h", state="idle", ready=["k"])
    store.jobs.add("train", run_id="a", key="k")
    assert store.jobs.claim("w1", training_at_once=1) is None
    assert store.jobs.claim("w2", training_at_once=1).run == "a"


def test_what_was_asked_to_be_prepared_before_is_dropped(store):
    first, second = store.jobs.add("prepare", key="a"), store.jobs.add("prepare", key="b")
    assert store.jobs.get(first).status == "cancelled"
    assert store.jobs.claim("w", training_at_once=1).id == second


def test_points_come_back_bit_for_bit_and_a_repeated_append_changes_nothing(store):
    run_id, attempt = started(store)
    values = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    values[3], values[4] = np.nan, np.inf
    for _ in range(2):
        store.series.append(
            run_id,
            attempt,
            step=1000,
            epoch=1.0,
            seconds=2.0,
            steps_={"batch_loss": values},
            epochs_=[(1.0, 1000, 2.0, {"loss": 0.5, "val_loss": math.nan, "accuracy": math.inf})],
        )
    curve = store.series.curve(run_id, "batch_loss")
    np.testing.assert_array_equal(curve.value, values.astype(float))
    np.testing.assert_array_equal(curve.step, np.arange(1, 1001))
    history = store.series.history(run_id)
    assert len(history) == 1
    assert math.isnan(history[0]["val_loss"])
    assert history[0]["accuracy"] == math.inf
    assert store.series.names(run_id) == ["batch_loss"]


def test_a_long_series_opens_by_its_blocks(store):
    run_id, attempt = started(store)
    values = np.arange(300_000, dtype=np.float32)
    for start in range(0, 300_000, 50_000):
        store.series.append(
            run_id,
            attempt,
            step=start + 50_000,
            epoch=0,
            seconds=1,
            first_step=start,
            steps_={"batch_loss": values[start : start + 50_000]},
        )
    curve = store.series.curve(run_id, "batch_loss")
    assert len(curve.value) < 1300
    assert curve.step[-1] == 300_000
    np.testing.assert_allclose(curve.value[0], values[:256].mean())
    assert (curve.low[1], curve.high[1]) == (256, 511)


def test_updates_give_each_thing_once(store):
    run_id, attempt = started(store)
    first = store.series.updates(run_id, Cursor())
    assert first.run.status == "running"
    store.series.append(
        run_id,
        attempt,
        step=2,
        epoch=1,
        seconds=1,
        steps_={"batch_loss": np.ones(2)},
        epochs_=[(1, 2, 1.0, {"loss": 1.0})],
        frame=FrameRow("boundary", 2, 1, b"x"),
    )
    second = store.series.updates(run_id, first.cursor)
    assert [len(part) for part in (second.steps, second.epochs, second.frames)] == [1, 1, 1]
    third = store.series.updates(run_id, second.cursor)
    assert third.run is None
    assert third.cursor == second.cursor


def test_a_worker_that_was_given_up_cannot_write(store):
    run_id, attempt = started(store)
    store.runs.finish(run_id, None, "failed", error=WorkerLost("gone"))
    with pytest.raises(StaleAttempt):
        store.series.append(run_id, attempt, step=1, epoch=1, seconds=1)
    store.runs.finish(run_id, attempt, "finished")
    assert store.runs.get(run_id).status == "failed"
    assert store.runs.events(run_id)[-1].text == "gone"


def test_best_is_by_validation_loss(store):
    run_id, attempt = started(store)
    for epoch, loss in enumerate([0.5, 0.2, 0.9], start=1):
        store.series.append(
            run_id,
            attempt,
            step=epoch,
            epoch=epoch,
            seconds=1,
            epochs_=[(epoch, epoch, 1.0, {"val_loss": loss, "val_accuracy": 1 - loss})],
        )
    run = store.runs.get(run_id)
    assert (run.best["val_loss"], run.best["epoch"], run.metrics["val_loss"]) == (0.2, 2, 0.9)


def test_stopping_a_queued_run_ends_it_at_once(store):
    run_id = store.runs.create(SPEC)
    store.runs.set_control(run_id, stop=True)
    assert store.runs.get(run_id).status == "stopped"


def test_deleted_runs_are_gone_until_restored(store):
    run_id = store.runs.create(SPEC)
    store.runs.delete([run_id])
    assert store.runs.list_runs() == []
    store.runs.restore([run_id])
    assert [run.id for run in store.runs.list_runs()] == [run_id]
    store.runs.delete([run_id])
    assert store.disk.purge(older_than=-1) == 1


def test_editing_a_run(store):
    run_id = store.runs.create(SPEC)
    store.runs.edit(run_id, name=" new ", tags=["b", "a", "a", " "], note="why")
    run = store.runs.get(run_id)
    assert (run.name, run.tags, run.note) == ("new", ("a", "b"), "why")


def test_blobs_of_several_parts_come_back(store, tmp_path):
    body = np.random.default_rng(0).bytes(2_500_000)
    sha256 = store.blobs.put(body)
    (tmp_path / "file").write_bytes(body)
    assert store.blobs.put_file(tmp_path / "file") == sha256
    assert store.blobs.get(sha256) == body
    with pytest.raises(NotFound):
        store.blobs.get("0" * 64)


def test_sixteen_writers_lose_nothing(store):
    run_id, attempt = started(store)
    refused = []

    def write(number):
        mine = Store(store.url)
        for turn in range(10):
            try:
                mine.series.append(
                    run_id, attempt, step=1, epoch=1, seconds=1, epochs_=[(1, number * 10 + turn, 1.0, {"loss": 1.0})]
                )
            except Exception as error:
                refused.append(error)
        mine.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert refused == []
    assert len(store.series.history(run_id)) == 160


def test_heartbeats_age_by_the_database_clock(store):
    store.workers.beat("w", pid=1, host="h", state="idle")
    time.sleep(0.05)
    (worker,) = store.workers.list_workers()
    assert 0.04 < worker.age < 5
    assert store.workers.presences() == {}
    store.workers.present("web")
    (first,) = store.workers.presences().values()
    time.sleep(0.02)
    store.workers.present("web")
    assert 0.01 < store.workers.presences()["web"] - first < 5


def test_a_file_that_is_no_store_is_refused(tmp_path):
    (tmp_path / "bad.db").write_text("this is not a database, whatever its name says" * 100)
    with pytest.raises(RequestError, match="cannot be opened"):
        Store(f"sqlite:///{tmp_path}/bad.db")


def test_many_values_by_epoch_are_read_as_stretches_with_their_extremes(store, monkeypatch):
    monkeypatch.setattr("nnviz.store.runs.series.WHOLE_EPOCHS", 100)
    run_id = store.runs.create(SPEC)
    attempt = store.runs.claim(run_id, pid=1)
    values = np.random.default_rng(0).normal(size=1000)
    values[-2] = np.nan
    rows = [(number, 7 * number, number / 10, {"loss": value, "accuracy": 1.0}) for number, value in enumerate(values, 1)]
    store.series.append(run_id, attempt, step=7000, epoch=1000.0, seconds=100.0, epochs_=rows)
    curves = store.series.epoch_curves(run_id, points=20)
    loss = curves["loss"]
    assert len(loss.step) <= 21
    assert set(curves) == {"loss", "accuracy"}
    assert (loss.step[-1], loss.epoch[-1], loss.value[-1]) == (7000, 1000, values[-1])
    np.testing.assert_array_equal(loss.value, values[(loss.step / 7).astype(int) - 1])
    assert (loss.low.min(), loss.high.max()) == (np.nanmin(values), np.nanmax(values))
    whole = store.series.epoch_curves(run_id, points=20_000)["loss"]
    monkeypatch.undo()
    np.testing.assert_array_equal(store.series.epoch_curves(run_id, points=20)["loss"].value, values)
    np.testing.assert_array_equal(whole.step, 7 * np.arange(1, 1001))
