import socket
import subprocess
import sys
import time

import pytest
from sqlalchemy import literal_column

from nnviz.jobs.supervisor import Child, Supervisor, worker_count
from nnviz.spec import RunSpec
from nnviz.store import Control, Store

SPEC = RunSpec.parse(
    {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}}
)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store
    store.close()


def training(store, worker):
    """A run that `worker` trains."""
    run_id = store.runs.create(SPEC)
    store.jobs.add("train", run_id=run_id)
    store.workers.beat(worker, pid=4711, host="here", state="idle")
    store.jobs.claim(worker, training_at_once=1)
    store.runs.claim(run_id, pid=4711)
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


class Waiting(subprocess.Popen):
    """In a worker's place: a process that waits, and what it was started with."""

    def __init__(self, module, *arguments, log):
        self.arguments = arguments
        super().__init__([sys.executable, "-c", "import time; time.sleep(60)"])


@pytest.fixture
def supervised(store, monkeypatch):
    """Makes a supervisor of so many workers, which only wait."""
    monkeypatch.setattr("nnviz.jobs.supervisor.start_module", Waiting)
    made = []

    def make(count):
        made.append(Supervisor(store, count=count))
        made[-1].fill()
        return made[-1]

    yield make
    for child in (child for supervisor in made for child in supervisor.children.values()):
        child.process.kill()
        child.process.wait()


def started(supervisor):
    """The tuning that each worker which is to stay was started with."""
    tunings = []
    for child in supervisor.children.values():
        arguments = child.process.arguments
        tuning = arguments[arguments.index("--tuning") + 1] if "--tuning" in arguments else ""
        assert tuning == child.tuning
        if not child.leaving:
            tunings.append(tuning)
    return tunings


def become(supervisor, states, *, runs=()):
    """Lets the workers say their states, quick ones first; a "train" claims a run of its tuning."""
    for (worker_id, child), state in zip(supervisor.children.items(), states, strict=True):
        supervisor.store.workers.beat(
            worker_id, pid=child.process.pid, host="here", tuning=child.tuning, state="idle" if state == "train" else state
        )
        if state == "train":
            supervisor.store.jobs.add("train", run_id=supervisor.store.runs.create(SPEC), needs=child.tuning)
            assert supervisor.store.jobs.claim(worker_id, training_at_once=9) is not None
    for needs in runs:
        supervisor.store.jobs.add("train", run_id=supervisor.store.runs.create(SPEC), needs=needs)


@pytest.mark.parametrize(
    ("count", "wanted"),
    [(1, [""]), (2, ["quick", "strong"]), (3, ["quick", "quick", "strong"]), (4, ["quick", "quick", "strong", "strong"])],
)
def test_it_keeps_workers_of_both_tunings(supervised, count, wanted):
    assert sorted(started(supervised(count))) == wanted


def test_a_dead_worker_is_followed_by_one_of_its_tuning(supervised):
    supervisor = supervised(2)
    for tuning in ("strong", "quick"):
        victim = next(child for child in supervisor.children.values() if child.tuning == tuning)
        victim.born -= 100
        victim.process.kill()
        victim.process.wait()
        supervisor.reap()
        assert tuning not in started(supervisor)
        supervisor.fill()
        assert sorted(started(supervisor)) == ["quick", "strong"]


def test_a_worker_that_has_grown_stays_until_one_of_its_own_tuning_is_warm(supervised):
    supervisor = supervised(2)
    become(supervisor, ["retiring", "idle"])
    grown = next(iter(supervisor.children.values()))
    supervisor.retire()
    supervisor.fill()
    supervisor.retire()
    assert grown.leaving
    assert grown.process.poll() is None
    become(supervisor, ["retiring", "idle", "idle"])
    supervisor.retire()
    assert grown.process.wait(10) == -15


def test_an_idle_worker_makes_room_for_one_of_the_tuning_that_a_run_waits_for(supervised):
    supervisor = supervised(3)
    become(supervisor, ["idle", "idle", "train"], runs=["strong"])
    supervisor.store.workers.beat(next(iter(supervisor.children)), pid=1, host="here", ready=["prepared"])
    supervisor.rebalance()
    first, second, _ = supervisor.children.values()
    assert second.process.wait(10) == -15, "the one that has prepared nothing"
    assert first.process.poll() is None
    supervisor.fill()
    assert sorted(started(supervisor)) == ["quick", "strong", "strong"]
    supervisor.rebalance()
    supervisor.fill()
    assert sorted(started(supervisor)) == ["quick", "strong", "strong"], "the new one is not warm yet"
    supervisor.reap()
    become(supervisor, ["busy", "idle", "idle"], runs=["quick"])
    supervisor.rebalance()
    supervisor.fill()
    assert sorted(started(supervisor)) == ["quick", "quick", "strong"]


@pytest.mark.parametrize(
    ("count", "states", "runs"),
    [
        (1, ["train"], ["strong"]),
        (2, ["idle", "busy"], ["strong"]),
        (3, ["idle", "idle", "train"], []),
        (3, ["idle", "idle", "train"], ["quick", ""]),
        (3, ["idle", "idle", "idle"], ["strong"]),
        (3, ["idle", "idle", "warming"], ["strong"]),
        (3, ["idle", "train", "train"], ["strong"]),
        (3, ["busy", "busy", "train"], ["strong"]),
    ],
    ids=[
        "one worker",
        "the last of its kind",
        "nobody waits",
        "others wait",
        "it can be taken",
        "one gets warm",
        "no place left",
        "nobody is idle",
    ],
)
def test_nobody_has_to_go_where(supervised, count, states, runs):
    supervisor = supervised(count)
    before = list(supervisor.children)
    become(supervisor, states, runs=runs)
    supervisor.rebalance()
    assert not any(child.leaving for child in supervisor.children.values())
    supervisor.fill()
    assert list(supervisor.children) == before


def clock(monkeypatch, store, seconds):
    """The machine's clock is set by so much, for the database and for Python."""
    real = time.time
    monkeypatch.setattr(
        type(store.db), "now", property(lambda db: literal_column(f"((julianday('now') - 2440587.5) * 86400.0 + {seconds})"))
    )
    monkeypatch.setattr("time.time", lambda: real() + seconds)


@pytest.mark.parametrize("jump", [3600, -3600])
def test_a_clock_that_is_set_neither_kills_the_living_nor_keeps_the_dead(store, monkeypatch, jump):
    monkeypatch.setattr("nnviz.jobs.supervisor.LOST_SECONDS", 0.15)
    lives, dead = training(store, "lives"), store.runs.create(SPEC)
    store.jobs.add("train", run_id=dead)
    store.workers.beat("dead", pid=4712, host="here", state="idle")
    store.jobs.claim("dead", training_at_once=2)
    store.runs.claim(dead, pid=4712)
    supervisor = Supervisor(store, count=3)
    supervisor.bury()
    clock(monkeypatch, store, jump)
    supervisor.bury()
    assert [store.runs.get(run).status for run in (lives, dead)] == ["running", "running"], "the jump alone says nothing"
    for _ in range(4):
        time.sleep(0.06)
        store.workers.beat("lives", pid=4711, host="here")
        supervisor.bury()
    assert [store.runs.get(run).status for run in (lives, dead)] == ["running", "queued"]


@pytest.mark.parametrize("jump", [3600, -3600])
def test_a_clock_that_is_set_neither_ends_the_supervisor_nor_keeps_it(store, monkeypatch, jump):
    monkeypatch.setattr("nnviz.jobs.supervisor.IDLE_SECONDS", 0.15)
    store.workers.present("web")
    supervisor = Supervisor(store, count=1)
    supervisor.is_superfluous()
    clock(monkeypatch, store, jump)
    for _ in range(4):
        time.sleep(0.05)
        store.workers.present("web")
        assert not supervisor.is_superfluous()
    time.sleep(0.2)
    assert supervisor.is_superfluous()


@pytest.mark.parametrize("jump", [3600, -3600])
def test_a_run_waits_for_the_worker_that_prepared_it_no_longer_when_the_clock_is_set(store, monkeypatch, jump):
    store.workers.beat("prepared", pid=1, host="here", state="busy", ready=["k"])
    store.workers.beat("other", pid=2, host="here", state="idle")
    run_id = store.runs.create(SPEC)
    store.jobs.add("train", run_id=run_id, key="k")
    assert store.jobs.claim("other", training_at_once=1) is None
    clock(monkeypatch, store, jump)
    store.workers.beat("prepared", pid=1, host="here", state="busy")
    assert store.jobs.claim("other", training_at_once=1) is not None


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


def test_more_at_once_starts_workers_and_fewer_lets_idle_ones_go(store, supervised):
    supervisor = supervised(2)
    store.queue.set_training_at_once(3)
    supervisor.resize()
    supervisor.fill()
    assert sorted(started(supervisor)) == ["quick", "quick", "strong", "strong"]
    become(supervisor, ["train", "busy", "idle", "idle"])
    store.queue.set_training_at_once(1)
    supervisor.resize()
    supervisor.shrink()
    trains, busy, *idle = supervisor.children.values()
    assert [child.process.wait(10) for child in idle] == [-15, -15]
    assert (trains.process.poll(), busy.process.poll()) == (None, None)
    assert sorted(started(supervisor)) == ["quick", "strong"]
    store.queue.set_training_at_once(None)
    supervisor.reap()
    supervisor.resize()
    supervisor.fill()
    assert sorted(started(supervisor)) == ["quick", "strong"]


@pytest.mark.parametrize(
    ("cores", "gigabytes", "override", "count"),
    [(1, 16, "", 2), (2, 16, "", 2), (8, 16, "", 4), (8, 3.5, "", 3), (8, 1.9, "", 1), (8, 0.2, "", 1), (2, 0.2, "6", 6)],
)
def test_cores_and_memory_say_how_many_workers_there_are(monkeypatch, cores, gigabytes, override, count):
    monkeypatch.setenv("NNVIZ_WORKERS", override)
    assert worker_count(cores=cores, free=int(gigabytes * 1e9)) == count
