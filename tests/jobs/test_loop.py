"""What a worker does before it takes its first job."""

import threading
import time

import pytest

from nnviz import jobs
from nnviz.errors import DataError, NnvizError
from nnviz.jobs.worker import loop
from nnviz.spec import RunSpec
from nnviz.store import Control, Store

SPEC = RunSpec.parse(
    {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}}
)


class EndOfTest(Exception):
    pass


@pytest.mark.parametrize(("tuning", "used"), [("strong", "strong"), ("quick", "quick"), ("", "quick")])
def test_the_flags_are_set_before_anything_is_compiled(tmp_path, monkeypatch, tuning, used):
    calls = []

    def warm_up(tasks):
        calls.append("warm_up")
        raise EndOfTest

    monkeypatch.setattr(loop.signal, "signal", lambda *_: None)
    monkeypatch.setattr(loop.xla_flags, "use", calls.append)
    monkeypatch.setattr(loop.Tasks, "warm_up", warm_up)
    monkeypatch.setattr(loop.WorkerLoop, "_keep_beating", lambda worker: None)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    with pytest.raises(EndOfTest):
        loop.WorkerLoop(store, "w", training_at_once=1, tuning=tuning).run()
    assert calls == [used, "warm_up"]
    assert [(worker.state, worker.tuning) for worker in store.workers.list_workers()] == [("warming", tuning)]
    store.close()


@pytest.fixture
def orphaned(tmp_path, monkeypatch):
    """A worker that needs no TensorFlow, and the list of its parents: the last one is the one it has."""
    store, parents = Store(f"sqlite:///{tmp_path}/nnviz.db"), [77]
    monkeypatch.setattr(loop.signal, "signal", lambda *_: None)
    monkeypatch.setattr(loop.xla_flags, "use", lambda tuning: None)
    monkeypatch.setattr(loop.os, "getppid", lambda: parents[-1])
    monkeypatch.setattr(loop.Tasks, "warm_up", lambda tasks: None)
    monkeypatch.setattr(loop, "BEAT", 0.01)
    yield loop.WorkerLoop(store, "w", training_at_once=1, parent=77), parents
    store.close()


def test_an_unknown_error_is_answered_by_a_number_and_logged(tmp_path, caplog):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    store.jobs.add("read", payload={})
    worker = loop.WorkerLoop(store, "w", training_at_once=1)

    def fail(_job):
        raise ZeroDivisionError("the secret of /srv/hidden")

    worker.tasks.do = fail
    job = store.jobs.claim("w", training_at_once=1)
    worker.do(job)
    with pytest.raises(NnvizError, match=r"an unexpected error \(\w{8}\)") as refusal:
        jobs.result(store, job.id)
    assert not any(word in refusal.value.message for word in ("ZeroDivision", "secret", "hidden", "Traceback", "line"))
    assert any("secret" in str(record.exc_info[1]) for record in caplog.records if record.name == "nnviz.unexpected")


def test_an_orphan_ends_what_it_does_and_leaves(orphaned, monkeypatch):
    worker, parents = orphaned
    monkeypatch.setattr(worker, "_keep_beating", lambda: None)
    first, second = (worker.store.jobs.add("train", run_id=run) for run in "ab")
    claim = worker.store.jobs.claim

    def claimed(*arguments, **more):
        job = claim(*arguments, **more)
        parents.append(1)
        return job

    monkeypatch.setattr(worker.store.jobs, "claim", claimed)
    monkeypatch.setattr(worker.tasks, "do", lambda job: {"status": "finished"})
    worker.run()
    assert [worker.store.jobs.get(job).status for job in (first, second)] == ["done", "queued"]
    assert worker.store.workers.list_workers() == []


def test_it_does_short_jobs_and_takes_small_runs_while_it_trains(orphaned, monkeypatch):
    worker, _ = orphaned
    store, may_end, done = worker.store, threading.Event(), []
    monkeypatch.setattr(worker, "_keep_beating", lambda: None)
    monkeypatch.setattr(worker, "is_worn", lambda: False)  # whatever else this process has grown by
    trains = [
        store.jobs.add("train", run_id=store.runs.create(SPEC, control=Control(pace="watch")), payload={"small": True})
        for _ in range(3)
    ]

    def do(job):
        if job.kind == "train":
            assert may_end.wait(60)
            if job.id == trains[1]:
                raise DataError("no rows")
        done.append(job.id)
        return {}

    monkeypatch.setattr(worker.tasks, "do", do)
    thread = threading.Thread(target=worker.run)
    thread.start()
    short = store.jobs.add("predict")
    while store.jobs.get(short).status != "done" or any(store.jobs.get(job).status != "running" for job in trains):
        time.sleep(0.005)
    assert done == [short]
    assert [known.state for known in store.workers.list_workers()] == ["busy"]
    may_end.set()
    while [known.state for known in store.workers.list_workers()] != ["idle"]:
        time.sleep(0.005)
    assert [store.jobs.get(job).status for job in trains] == ["done", "failed", "done"]
    last = store.jobs.add("train", run_id=store.runs.create(SPEC))
    may_end.clear()
    while store.jobs.get(last).status != "running":
        time.sleep(0.005)
    worker._stop()
    after = store.jobs.add("predict")
    may_end.set()
    thread.join()
    assert [store.jobs.get(job).status for job in (last, after)] == ["done", "queued"], "it ends what it does, and leaves"
    assert store.workers.list_workers() == []


def test_one_that_was_orphaned_while_it_started_takes_nothing(orphaned, monkeypatch):
    worker, parents = orphaned
    parents.append(1)
    monkeypatch.setattr(worker, "_keep_beating", lambda: None)
    job = worker.store.jobs.add("train", run_id="a")
    worker.run()
    assert worker.store.jobs.get(job).status == "queued"
    assert worker.store.workers.list_workers() == []


def test_one_that_is_orphaned_while_it_starts_does_not_go_on_loading(orphaned, monkeypatch):
    worker, parents = orphaned
    worker.store.workers.beat("w", pid=1, host="here", state="warming")
    parents.append(1)

    codes = []

    class Gone(BaseException):
        pass

    def leave(code):
        codes.append(code)
        raise Gone

    monkeypatch.setattr(loop.os, "_exit", leave)
    with pytest.raises(Gone):
        worker._keep_beating()
    assert codes == [0]
    assert worker.store.workers.list_workers() == []


def test_views_go_before_the_rest_of_a_judgement(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    run = store.runs.create(SPEC)
    worker = loop.WorkerLoop(store, "w", training_at_once=1)
    done = []
    worker.do = done.append
    read, first, second = (store.jobs.add(kind, run_id=run) for kind in ("read", "probe", "probe"))
    worker.tasks.doctor.between()
    assert [job.id for job in done] == [first, second]
    assert store.jobs.get(read).status == "queued"
    store.close()
