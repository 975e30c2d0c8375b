"""What runs take on the disk, and that deleting gives it back."""

import sqlite3
import threading
import time

import numpy as np
import pytest

from nnviz.spec import RunSpec
from nnviz.store import FrameRow, Store

MEGABYTE = 1 << 20


@pytest.fixture
def store(tmp_path):
    return Store(f"sqlite:///{tmp_path}/nnviz.db")


def file_of(store):
    return store.db.engine.url.database


def trained(store, *, file=b"", weights=b"w", steps=0):
    data = (
        {"kind": "file", "path": "a.csv", "target": "y", "sha256": store.blobs.put(file)}
        if file
        else {"kind": "builtin", "name": "iris"}
    )
    run_id = store.runs.create(
        RunSpec.parse({"data": data, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}})
    )
    attempt = store.runs.claim(run_id, pid=1)
    store.series.append(
        run_id,
        attempt,
        step=steps,
        epoch=1,
        seconds=1,
        steps_={"loss": np.ones(steps)},
        frame=FrameRow("plane", 1, 1, b"f" * 5000),
    )
    store.runs.finish(run_id, attempt, "finished", weights=store.blobs.put(weights))
    return run_id


def test_usage_counts_each_runs_own_and_what_is_shared(store):
    plain = trained(store, weights=b"a" * 1000)
    large = trained(store, weights=b"b" * MEGABYTE, file=b"x,y\n" * 50_000, steps=10_000)
    trained(store, weights=b"c", file=b"x,y\n" * 50_000)
    store.blobs.put(b"u" * 777)
    usage = store.disk.usage()
    assert usage.shared == 200_000
    assert usage.unused == 777
    # 10,000 float32 and, for each 256 of them, three more
    assert usage.runs[large] - usage.runs[plain] == pytest.approx(MEGABYTE - 1000 + 40_000 + 40 * 12, abs=600)
    assert usage.runs[plain] == pytest.approx(1000 + 5000, abs=1500)
    assert usage.deleted == 0
    assert usage.total >= sum(usage.runs.values()) + usage.shared + usage.unused
    store.runs.delete([large])
    assert store.disk.usage().deleted == usage.runs[large]


def test_purging_removes_the_blobs_that_nothing_uses_and_no_others(store):
    gone, stays = trained(store, file=b"shared", weights=b"same"), trained(store, file=b"shared", weights=b"same")
    alone = trained(store, file=b"alone", weights=b"mine")
    waiting, queued = store.blobs.put(b"a draft's"), store.blobs.put(b"a job's")
    store.jobs.add("read", payload={"sha256": queued})
    blobs = {name: store.blobs.put(name.encode()) for name in ("shared", "same", "alone", "mine")}
    store.runs.delete([gone, alone])
    assert store.disk.purge() == 0, "what was deleted a moment ago can still be brought back"
    assert store.disk.purge(older_than=-1) == 2
    assert {name: store.blobs.has(sha256) for name, sha256 in blobs.items()} == {
        "shared": True,
        "same": True,
        "alone": False,
        "mine": False,
    }
    assert store.blobs.has(waiting)
    store.disk.purge(unused_for=-1)
    assert (store.blobs.has(waiting), store.blobs.has(queued), store.blobs.has(store.runs.get(stays).weights)) == (
        False,
        True,
        True,
    )


def test_the_file_gets_shorter_while_others_write(store):
    runs = [trained(store, weights=bytes([number]) * 14 * MEGABYTE) for number in range(3)]
    left = store.runs.create(store.runs.get(runs[0]).spec)
    attempt = store.runs.claim(left, pid=1)
    full, slowest, done = store.disk.usage().total, [0.0], threading.Event()

    def write():
        step = 0
        while not done.is_set():
            began = time.monotonic()
            store.series.append(left, attempt, step=step + 1, epoch=0, seconds=1, first_step=step, steps_={"loss": np.ones(1)})
            slowest[0] = max(slowest[0], time.monotonic() - began)
            step += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        store.runs.delete(runs)
        store.disk.purge(older_than=-1)
    finally:
        done.set()
        writer.join()
    with store.db.read() as connection:  # what the log still holds, since others wrote at that moment, goes at the next chance
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
    usage = store.disk.usage()
    assert usage.total < full - 40 * MEGABYTE
    assert usage.free < MEGABYTE
    assert slowest[0] < 10
    assert len(store.series.curve(left, "loss").value) == store.runs.get(left).step


def test_a_file_of_an_older_nnviz_is_written_anew_once_nothing_trains(store):
    store.close()
    with sqlite3.connect(file_of(store)) as plain:
        plain.execute("PRAGMA auto_vacuum=NONE")
        plain.execute("VACUUM")
        assert plain.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    store = Store(store.url)
    run_id = trained(store, weights=b"w" * 40 * MEGABYTE)
    waits = store.runs.create(store.runs.get(run_id).spec)
    store.runs.delete([run_id])
    store.disk.purge(older_than=-1)
    assert store.disk.usage().free > 39 * MEGABYTE
    store.runs.set_control(waits, stop=True)
    assert store.disk.give_back() > 39 * MEGABYTE
    assert store.disk.usage().free < MEGABYTE


def test_pinned_runs_stay_unless_asked_for(store):
    pinned, gone = trained(store), trained(store)
    store.runs.pin([pinned])
    assert store.runs.get(pinned).is_pinned
    assert store.runs.delete([pinned, gone]) == [gone]
    assert [run.id for run in store.runs.list_runs()] == [pinned]
    assert store.runs.delete([pinned], with_pinned=True) == [pinned]
    store.runs.restore([pinned])
    store.runs.pin([pinned], pinned=False)
    assert store.runs.delete([pinned]) == [pinned]
