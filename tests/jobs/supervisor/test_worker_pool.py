"""How many workers there are, of which tuning, and which of them gives its place to another."""

import subprocess
import sys

import pytest

from nnviz.jobs.capacity import worker_count
from nnviz.jobs.supervisor import Supervisor
from tests.jobs.supervisor.runs import SPEC


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
