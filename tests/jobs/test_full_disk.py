"""A disk that gets full while a run trains: the run says so, keeps what was committed, and goes on once there is room."""

import errno
import os
import subprocess
import threading
import time

import pytest

from nnviz import jobs
from nnviz.errors import StoreFull
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker import loop
from nnviz.spec import RunSpec
from nnviz.store import Store

SPEC = RunSpec.parse(
    {
        "data": {"kind": "synthetic", "name": "spirals", "samples": 400},
        "layers": [{"kind": "Dense", "units": 24, "activation": "tanh"}, {"kind": "Dropout", "rate": 0.2}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.01},
        "training": {"epochs": 4000, "batch_size": 16},
    }
)


@pytest.fixture
def disk(tmp_path):
    """A folder on a disk of 32 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path):
    """Takes all the room that is left."""
    size = 1 << 16
    with path.open("wb", buffering=0) as file:
        while size:
            try:
                file.write(b"x" * size)
            except OSError:
                size //= 2


def committed(store, run_id):
    """What is in the store of a run: steps, rows by epoch, and the snapshots that can be read."""
    snapshots = [snapshot.step for snapshot in store.snapshots.of_run(run_id)]
    assert all(store.snapshots.get(run_id, step) for step in snapshots)
    return (
        set(store.series.curve(run_id, "batch_loss").step.tolist()),
        {row["step"] for row in store.series.history(run_id)},
        set(snapshots),
    )


def test_nothing_committed_is_lost_and_it_goes_on_once_there_is_room(disk, monkeypatch):
    monkeypatch.setattr(loop, "BEAT", 0.1)
    store = Store(f"sqlite:///{disk}/nnviz.db")
    worker = loop.WorkerLoop(store, "w", training_at_once=1)
    whole = store.runs.create(SPEC)
    worker.tasks.trainer.train(train_job(whole))
    store.workers.beat("w", pid=os.getpid(), host="here", state="idle")
    run_id = store.runs.create(SPEC)
    store.jobs.add("train", run_id=run_id)
    job = store.jobs.claim("w", training_at_once=1)
    thread = threading.Thread(target=worker.do, args=(job,), daemon=True)
    thread.start()
    end = time.monotonic() + 60
    while len(store.snapshots.of_run(run_id)) < 2:
        assert time.monotonic() < end
        time.sleep(0.01)
    fill(disk / "others")
    before = committed(store, run_id)
    assert before[2]
    # somebody who opens a page only now
    other = Store(store.url)
    assert other.runs.get(run_id).status in ("running", "failed")
    assert other.series.curve(run_id, "batch_loss").step.size
    other.close()
    thread.join(1.0)
    os.unlink(disk / "others")
    thread.join(30)
    assert not thread.is_alive()
    run = store.runs.get(run_id)
    assert (run.status, run.error["error"]) == ("failed", "StoreFull")
    assert "disk is full" in run.error["what"]
    assert "resumes from its last snapshot" in run.error["remedy"]
    after = committed(store, run_id)
    assert [was - now for was, now in zip(before, after, strict=True)] == [set(), set(), set()], "what was lost"
    jobs.go_on(store, run)
    worker.tasks.trainer.train(train_job(run_id))
    assert (store.runs.get(run_id).status, store.runs.get(run_id).weights) == ("finished", store.runs.get(whole).weights)
    assert store.jobs.get(job.id).status in ("failed", "done")  # by whether its words found room


def test_a_snapshot_that_finds_no_room_says_so_and_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    run_id = store.runs.create(SPEC)
    attempt = store.runs.claim(run_id, pid=1)
    store.snapshots.add(run_id, attempt, [(5, 0.1, 0.1, b"kept")])
    with monkeypatch.context() as patched:
        patched.setattr("nnviz.store.runs.snapshots.os.fsync", full)
        with pytest.raises(StoreFull, match="disk is full"):
            store.snapshots.add(run_id, attempt, [(10, 0.2, 0.2, b"lost")])
    assert store.snapshots.get(run_id, 5) == b"kept"
    assert [snapshot.step for snapshot in store.snapshots.of_run(run_id)] == [5]
    assert len(list((store.snapshots.folder / run_id).iterdir())) == 1


def test_a_worker_that_may_not_even_say_it_waits_for_room(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "BEAT", 0.01)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    run_id = store.runs.create(SPEC)
    store.jobs.add("train", run_id=run_id)
    job = store.jobs.claim("w", training_at_once=1)
    worker, tries = loop.WorkerLoop(store, "w", training_at_once=1), []
    answer = store.jobs.answer

    def full(*arguments, **more):
        tries.append(arguments)
        if len(tries) < 4:
            raise StoreFull.at("here")
        answer(*arguments, **more)

    def train(_job):
        store.runs.claim(run_id, pid=os.getpid())
        raise StoreFull.at("here")

    monkeypatch.setattr(worker.tasks, "do", train)
    monkeypatch.setattr(store.jobs, "answer", full)
    worker.do(job)
    assert len(tries) == 4
    assert (store.runs.get(run_id).status, store.jobs.get(job.id).status) == ("failed", "failed")
