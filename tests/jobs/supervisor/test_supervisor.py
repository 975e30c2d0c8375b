"""What a dead worker leaves, what a living one keeps, and when the supervisor goes."""

import socket
import subprocess
import sys
import time

import pytest

from nnviz.jobs.processes import Child
from nnviz.jobs.supervisor import Supervisor
from nnviz.store import Control
from tests.jobs.supervisor.runs import SPEC, training


def test_a_dead_child_ends_its_run_with_the_reason_and_its_log(store, tmp_path):
    run_id = training(store, "w")
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (tmp_path / "log").write_text("last words")
    supervisor = Supervisor(store, count=1)
    supervisor.children["w"] = Child(process, tmp_path / "log", time.monotonic() - 100)
    process.kill()
    process.wait()
    supervisor.reap()
    run = store.runs.get(run_id)
    assert (run.status, run.pid) == ("queued", None)
    assert "SIGKILL" in store.runs.events(run_id)[-1].text
    assert [(job.kind, job.status, job.run) for job in store.jobs.open_jobs()] == [("train", "queued", run_id)]
    assert store.workers.list_workers() == []


def test_a_dead_worker_leaves_all_its_runs_each_to_a_worker_of_its_own(store):
    store.workers.beat("w", pid=4711, host="here", state="idle")
    runs = [store.runs.create(SPEC, control=Control(pace="watch")) for _ in range(3)]
    for run_id in runs:
        store.jobs.add("train", run_id=run_id, payload={"small": True})
        assert store.jobs.claim("w", training_at_once=1).run == run_id
    short = store.jobs.add("predict")
    assert store.jobs.claim("w", training_at_once=1).id == short
    attempts = [store.runs.claim(run_id, pid=4711) for run_id in runs[:2]]  # the third one still reads its data
    store.run_control.set_paused(runs[0], attempts[0])
    store.runs.set_control(runs[1], stop=True)
    Supervisor(store, count=2).give_up("w", 4711, "is gone", "last words")
    assert [store.runs.get(run_id).status for run_id in runs] == ["queued", "failed", "queued"]
    assert store.runs.get(runs[1]).log == "last words"
    assert [(job.run, job.status, job.payload) for job in store.jobs.open_jobs()] == [
        (runs[0], "queued", {"small": False}),
        (runs[2], "queued", {"small": False}),
    ]
    assert "error" in store.jobs.get(short).result
    assert store.workers.list_workers() == []
    store.workers.beat("w", pid=4711, host="here", state="idle")
    assert store.jobs.claim("w", training_at_once=2).run == runs[0]
    assert store.jobs.claim("w", training_at_once=2) is None, "nobody knows which of them it was"


def test_a_run_that_kills_its_workers_again_and_again_is_given_up(store, tmp_path):
    run_id = training(store, "w")
    supervisor = Supervisor(store, count=1)
    (tmp_path / "log").write_text("last words")
    for attempt in range(4):
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        supervisor.children["w"] = Child(process, tmp_path / "log", time.monotonic() - 100)
        process.kill()
        process.wait()
        supervisor.reap()
        assert store.runs.get(run_id).status == ("queued" if attempt < 3 else "failed")
        store.workers.beat("w", pid=4711, host="here", state="idle")
        if attempt < 3:
            assert store.jobs.claim("w", training_at_once=1) is not None
            store.run_control.claim_from(run_id, pid=4711, step=0, epoch=0.0, seconds=0.0)
    run = store.runs.get(run_id)
    assert run.log == "last words"
    assert "SIGKILL" in run.error["what"]
    assert store.jobs.open_jobs() == []


def test_a_run_that_was_to_stop_is_not_begun_again(store):
    run_id = training(store, "w")
    store.runs.set_control(run_id, stop=True)
    assert not store.run_control.retry(run_id, reason="gone")


def test_a_worker_of_an_earlier_supervisor_is_known_by_its_heartbeat(store, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.supervisor.LOST_SECONDS", 0.05)
    run_id = training(store, "other")
    supervisor = Supervisor(store, count=1)
    supervisor.bury()
    time.sleep(0.1)
    supervisor.bury()
    assert store.runs.get(run_id).status == "queued"
    assert "no sign of life" in store.runs.events(run_id)[-1].text


def test_a_living_worker_keeps_its_run(store):
    run_id = training(store, "other")
    Supervisor(store, count=1).bury()
    assert store.runs.get(run_id).status == "running"


def test_a_job_whose_worker_nobody_knows_is_ended(store):
    run_id = training(store, "w")
    with store.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM workers")
    Supervisor(store, count=1).bury()
    assert store.runs.get(run_id).status == "queued"
    assert [job.status for job in store.jobs.open_jobs()] == ["queued"]


def test_it_leaves_when_nobody_is_there_and_nothing_is_left_to_do(store, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.supervisor.IDLE_SECONDS", 0.05)
    supervisor = Supervisor(store, count=1)
    store.jobs.add("read")
    time.sleep(0.1)
    assert not supervisor.is_superfluous()
    store.jobs.claim("w", training_at_once=1)
    store.jobs.answer(store.jobs.open_jobs()[0].id, result={})
    time.sleep(0.1)
    assert supervisor.is_superfluous()


def test_a_run_whose_worker_dies_before_it_began_keeps_its_place(store):
    first, second = store.runs.create(SPEC), store.runs.create(SPEC)
    for run_id in (first, second):
        store.jobs.add("train", run_id=run_id)
    store.workers.beat("w", pid=4711, host="here", state="idle")
    store.jobs.claim("w", training_at_once=1)
    Supervisor(store, count=1).give_up("w", 4711, "is gone", "")
    assert [(job.run, job.status) for job in store.queue.in_order()] == [(first, "queued"), (second, "queued")]


def test_a_supervisor_that_dies_while_it_gives_a_worker_up_leaves_that_to_the_next(store, monkeypatch):
    run_id = training(store, "w")

    class Killed(BaseException):
        pass

    def dies(*_arguments, **_options):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(store.jobs, "add", dies)
        with pytest.raises(Killed):
            Supervisor(store, count=1).give_up("w", 4711, "is gone", "")
    assert [worker.id for worker in store.workers.list_workers()] == ["w"]
    Supervisor(store, count=1).give_up("w", 4711, "is gone", "")
    assert store.runs.get(run_id).status == "queued"
    assert [(job.run, job.status) for job in store.queue.in_order()] == [(run_id, "queued")]


def test_a_worker_of_this_host_that_is_gone_needs_no_time_to_be_known_as_such(store):
    process = subprocess.Popen([sys.executable, "-c", ""])
    run_id = training(store, "other")
    store.workers.remove("other")
    store.workers.beat("other", pid=process.pid, host=socket.gethostname(), state="busy")
    process.wait()
    Supervisor(store, count=1).bury()
    assert store.runs.get(run_id).status == "queued"
