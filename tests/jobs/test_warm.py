"""What becomes of a job of the command line where no worker takes it, or its worker dies."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from nnviz.cli import training
from nnviz.errors import RequestError, RunError, WorkerLost
from nnviz.jobs import command_line, data_files, warm
from nnviz.spec import RunSpec
from nnviz.store import Store

SPEC = RunSpec.parse(
    {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}}
)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    monkeypatch.setattr(warm, "_LOOK", 0.05)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store
    store.close()


@pytest.fixture
def gone():
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def train(store, run_ids, **options):
    return warm.train_there(store, run_ids, on_begin=lambda: None, on_change=lambda run: None, **options)


def taken(store, pid):
    """A worker's claim of the next job and, once it is one of training, of its run; from another thread, soon."""

    def claim():
        store.workers.beat("w", pid=pid, host="here", state="idle")
        while (job := store.jobs.claim("w", training_at_once=1)) is None:
            time.sleep(0.01)
        if job.kind == "train":
            store.runs.claim(job.run, pid=pid)

    thread = threading.Thread(target=claim, daemon=True)
    thread.start()
    return thread


def test_what_no_worker_takes_is_taken_back_and_waits_for_the_foreground(store, monkeypatch):
    monkeypatch.setattr(warm, "TAKEN_SECONDS", 0.05)
    runs = [run.id for run in store.runs.group_runs(store.runs.create_group(SPEC.with_("split.folds", 2)))]
    assert train(store, runs) == runs
    assert [store.runs.get(run).status for run in runs] == ["queued"] * 2
    assert store.jobs.open_jobs() == []
    assert warm.do_there(store, "evaluate", runs[0], {"path": "/rows.csv"}) is None
    assert store.jobs.open_jobs() == []


def test_a_job_goes_to_a_worker_or_back_and_never_to_both(store):
    job_id = store.jobs.add("predict")
    store.workers.beat("w", pid=1, host="here", state="idle")
    assert store.jobs.claim("w", training_at_once=1).id == job_id
    assert not store.queue.withdraw(job_id)
    assert store.jobs.get(job_id).status == "running"
    other = store.jobs.add("predict")
    assert store.queue.withdraw(other)
    assert store.jobs.claim("w", training_at_once=1) is None
    assert not store.queue.withdraw(other)


def test_a_run_whose_worker_and_dashboard_are_gone_fails_with_the_reason(store, gone):
    first, second = [run.id for run in store.runs.group_runs(store.runs.create_group(SPEC.with_("split.folds", 2)))]
    taken(store, gone)
    # the one that was trained is lost; the one that still waits is left to the foreground
    assert train(store, [first, second]) == [second]
    run = store.runs.get(first)
    assert run.status == "failed"
    assert run.error["error"] == "WorkerLost"
    assert f"resume {first}" in run.error["remedy"]
    assert store.runs.get(second).status == "queued"
    assert store.jobs.open_jobs() == []


def test_a_run_that_the_supervisor_queues_again_is_waited_for(store, gone, monkeypatch):
    monkeypatch.setattr(warm, "has_supervisor", lambda url: True)
    run_id = store.runs.create(SPEC)
    taken(store, gone)

    def supervise():
        while store.runs.get(run_id).status != "running":
            time.sleep(0.01)
        (job,) = store.jobs.open_jobs()
        with store.transaction():
            store.jobs.answer(job.id, error=WorkerLost("gone"))
            assert store.run_control.retry(run_id, reason="gone")
            store.jobs.add("train", run_id=run_id, payload=job.payload)
        taken(store, os.getpid()).join()
        store.runs.finish(run_id, store.runs.get(run_id).attempt, "failed", error=WorkerLost("gone again"))

    thread = threading.Thread(target=supervise)
    thread.start()
    assert train(store, [run_id]) == []
    thread.join()
    assert store.runs.get(run_id).error["what"] == "gone again"


def test_a_short_job_whose_worker_is_gone_says_so(store, gone):
    run_id = store.runs.create(SPEC)
    taken(store, gone)
    with pytest.raises(WorkerLost, match="is gone"):
        warm.do_there(store, "evaluate", run_id, {"path": "/rows.csv"})
    assert store.jobs.open_jobs() == []


def test_ctrl_c_cancels_a_short_job(store, monkeypatch):
    run_id = store.runs.create(SPEC)
    taken(store, os.getpid())

    def interrupted(store, job_id):
        raise KeyboardInterrupt

    monkeypatch.setattr(warm, "result", interrupted)
    with pytest.raises(KeyboardInterrupt):
        warm.do_there(store, "predict", run_id, {"path": "/rows.csv"})
    (job,) = [store.jobs.get(number) for number in range(1, 10) if store.jobs.get(number)]
    assert job.status == "cancelled"
    assert data_files.is_owners(job.payload)


def test_an_error_of_the_worker_is_the_callers(store, tmp_path, monkeypatch):
    monkeypatch.setattr(command_line, "why_not", lambda store, needs, idle: "")
    run_id = store.runs.create(SPEC)
    (tmp_path / "rows.csv").write_text("a\n1\n")
    thread = taken(store, os.getpid())
    answering = threading.Thread(target=lambda: (thread.join(), store.jobs.answer(1, error=RunError("it broke"))))
    answering.start()
    with pytest.raises(RunError, match="it broke"):
        command_line.evaluate(store, run_id, tmp_path / "rows.csv")
    answering.join()


def test_a_large_file_a_folder_and_the_word_here_ask_no_worker(store, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(command_line, "why_not", lambda store, needs, idle: asked.append(needs) or "busy")
    monkeypatch.setattr(command_line.foreground, "do_here", lambda store, kind, run_id, payload: {"kind": kind, **payload})
    (tmp_path / "rows.csv").write_text("a\n1\n")
    (tmp_path / "images").mkdir()
    here = {"kind": "predict", "path": str(tmp_path / "rows.csv"), "out": str(tmp_path / "out.csv"), "safe": True}
    assert command_line.predict(store, "x", tmp_path / "rows.csv", out=tmp_path / "out.csv", exact=False, here=True) == here
    command_line.evaluate(store, "x", tmp_path / "images")
    monkeypatch.setattr(command_line, "LARGEST", 3)
    command_line.evaluate(store, "x", tmp_path / "rows.csv")
    assert asked == []
    monkeypatch.setattr(command_line, "LARGEST", 4)
    assert command_line.evaluate(store, "x", tmp_path / "rows.csv", cost="MeanSquaredError")["cost"] == "MeanSquaredError"
    assert asked == [""]
    with pytest.raises(RequestError, match="no worker can do this: busy"):
        command_line.evaluate(store, "x", tmp_path / "images", here=False)


@pytest.mark.parametrize(("exact", "content"), [(True, b"=1"), (False, b"'=1")])
def test_the_callers_file_is_the_one_of_both_that_was_asked_for(store, tmp_path, monkeypatch, exact, content):
    answer = {"rows": 1, "csv": store.blobs.put(b"=1"), "csv_safe": store.blobs.put(b"'=1")}
    monkeypatch.setattr(command_line, "_there", lambda *arguments: answer)
    command_line.predict(store, "x", tmp_path / "rows.csv", out=tmp_path / "out.csv", exact=exact)
    assert (tmp_path / "out.csv").read_bytes() == content


def test_that_a_worker_died_on_the_way_is_said(store, monkeypatch, capsys):
    run_id = store.runs.create(SPEC)

    def train(store, run_id, **_options):
        store.runs.claim(run_id, pid=1)
        assert store.run_control.retry(run_id, reason="The process was killed")
        store.runs.finish(run_id, store.runs.claim(run_id, pid=1), "stopped")
        return store.runs.get(run_id)

    monkeypatch.setattr(command_line, "train", train)
    training._train_run(store, run_id, epochs=1, quiet=False, as_json=True, here=None)
    written = capsys.readouterr()
    words = "The process was killed; it goes on by itself from step 0"
    assert written.err == f"warning: {words}\n"
    assert json.loads(written.out)["warnings"] == [words]
