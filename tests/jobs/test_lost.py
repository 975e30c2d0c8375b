"""Runs whose process is gone read as failed, and go on from where they can."""

import os
import subprocess
import sys

import pytest

from nnviz import jobs
from nnviz.errors import RequestError
from nnviz.jobs.lost import end_lost, is_lost, where_from
from nnviz.store import Store
from tests.pages.example_runs import spec


@pytest.fixture
def store(tmp_path):
    return Store(f"sqlite:///{tmp_path}/nnviz.db")


@pytest.fixture
def dead():
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def begun(store, pid, *, steps=0):
    run_id = store.runs.create(spec())
    attempt = store.runs.claim(run_id, pid=pid)
    if steps:
        store.series.append(run_id, attempt, step=steps, epoch=0.5, seconds=1.0, phase="training")
    return run_id, attempt


def test_a_run_that_was_killed_reads_as_failed_and_begins_anew(store, dead):
    run_id, _ = begun(store, dead, steps=7)
    assert is_lost(store.runs.get(run_id))
    assert end_lost(store) == [run_id]
    run = store.runs.get(run_id)
    assert (run.status, run.pid) == ("failed", None)
    assert f"resume {run_id}" in run.error["remedy"]
    assert "anew from step 0" in run.error["remedy"]
    assert end_lost(store) == []
    jobs.go_on(store, run)
    assert store.runs.get(run_id).status == "queued"
    assert where_from(store, store.runs.get(run_id)) == "anew from step 0"


def test_with_a_snapshot_it_says_from_which_step(store, dead):
    run_id, attempt = begun(store, dead, steps=7)
    store.snapshots.add(run_id, attempt, [(5, 0.4, 0.9, b"state")])
    end_lost(store)
    assert "from step 5" in store.runs.get(run_id).error["remedy"]


def test_living_waiting_and_parked_runs_stay(store, dead):
    living, _ = begun(store, os.getpid())
    waiting = store.runs.create(spec())
    of_worker, _ = begun(store, dead)
    store.jobs.add("train", run_id=of_worker)
    parked, attempt = begun(store, os.getpid())
    store.run_control.park(parked, attempt)
    assert end_lost(store) == []
    assert [store.runs.get(run).status for run in (living, waiting, of_worker, parked)] == [
        "running",
        "queued",
        "running",
        "paused",
    ]


def test_one_that_was_stopped_and_kept_nothing_does_not_go_on(store):
    run_id, attempt = begun(store, os.getpid(), steps=7)
    store.runs.finish(run_id, attempt, "stopped")
    with pytest.raises(RequestError, match="no snapshot"):
        jobs.go_on(store, store.runs.get(run_id))
