import subprocess
import sys
import time

import pytest

from nnviz.jobs.supervisor import Child, Supervisor
from nnviz.spec import RunSpec
from nnviz.store import Store

SPEC = RunSpec.parse({
    "data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}})


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    found = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield found
    found.close()


def training(store, worker):
    """A run that `worker` trains."""
    run_id = store.create_run(SPEC)
    store.add_job("train", run_id=run_id)
    store.beat(worker, pid=4711, host="here", state="idle")
    store.claim_job(worker, training_at_once=1)
    store.claim_run(run_id, pid=4711)
    return run_id


def test_a_dead_child_ends_its_run_with_the_reason_and_its_log(store, tmp_path):
    run_id = training(store, "w")
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (tmp_path / "log").write_text("last words")
    supervisor = Supervisor(store, count=1)
    supervisor.children["w"] = Child(process, tmp_path / "log", time.monotonic() - 100)
    process.kill()
    process.wait()
    supervisor.reap()
    run = store.run(run_id)
    assert (run.status, run.pid) == ("queued", None)
    assert "SIGKILL" in store.events(run_id)[-1].text
    assert [(job.kind, job.status, job.run) for job in store.open_jobs()] == [("train", "queued", run_id)]
    assert store.list_workers() == []


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
        assert store.run(run_id).status == ("queued" if attempt < 3 else "failed")
        store.beat("w", pid=4711, host="here", state="idle")
        if attempt < 3:
            assert store.claim_job("w", training_at_once=1) is not None
            store.claim_from(run_id, pid=4711, step=0, epoch=0.0, seconds=0.0)
    run = store.run(run_id)
    assert run.log == "last words"
    assert "SIGKILL" in run.error["what"]
    assert store.open_jobs() == []


def test_a_run_that_was_to_stop_is_not_begun_again(store):
    run_id = training(store, "w")
    store.set_control(run_id, stop=True)
    assert not store.retry(run_id, reason="gone")


def test_a_worker_of_an_earlier_supervisor_is_known_by_its_heartbeat(store, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.supervisor.LOST_SECONDS", 0.05)
    run_id = training(store, "other")
    time.sleep(0.1)
    Supervisor(store, count=1).bury()
    assert store.run(run_id).status == "queued"
    assert "no sign of life" in store.events(run_id)[-1].text


def test_a_living_worker_keeps_its_run(store):
    run_id = training(store, "other")
    Supervisor(store, count=1).bury()
    assert store.run(run_id).status == "running"


def test_a_job_whose_worker_nobody_knows_is_ended(store):
    run_id = training(store, "w")
    with store.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM workers")
    Supervisor(store, count=1).bury()
    assert store.run(run_id).status == "queued"
    assert [job.status for job in store.open_jobs()] == ["queued"]


def test_it_leaves_when_nobody_is_there_and_nothing_is_left_to_do(store, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.supervisor.IDLE_SECONDS", 0.05)
    supervisor = Supervisor(store, count=1)
    store.add_job("read")
    time.sleep(0.1)
    assert not supervisor.is_superfluous()
    store.claim_job("w", training_at_once=1)
    store.answer(store.open_jobs()[0].id, result={})
    time.sleep(0.1)
    assert supervisor.is_superfluous()
