"""A group's runs trained by several processes of the command line."""

import os
import threading

import psutil
import pytest

from nnviz.jobs import shares
from nnviz.jobs.foreground import train_group_here
from nnviz.spec import RunSpec
from nnviz.store import Store

SPEC = {
    "data": {"kind": "builtin", "name": "iris"},
    "layers": [{"kind": "Dense", "units": 8, "activation": "relu"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam"},
    "training": {"epochs": 5},
    "split": {"folds": 4, "test": 0.2},
}


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    monkeypatch.setattr(shares, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(shares.os, "cpu_count", lambda: 2)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store
    store.close()


def test_others_help_and_come_to_the_same(store, monkeypatch):
    monkeypatch.setattr(shares, "processes", lambda waiting, seconds: 2)
    alone = store.runs.create_group(RunSpec.parse(SPEC | {"training": {"epochs": 300}}))
    for run in store.runs.group_runs(alone):
        shares.train_all(store.url, [run.id])
    seen: dict[str, set[int | None]] = {}
    runs = train_group_here(
        store,
        store.runs.create_group(RunSpec.parse(SPEC | {"training": {"epochs": 300}})),
        on_change=lambda run: seen.setdefault(run.id, set()).add(run.pid),
    )
    assert [run.status for run in runs] == ["finished"] * 4
    assert os.getpid() in seen[runs[0].id]
    assert len(set().union(*seen.values()) - {None}) == 2
    assert [run.weights for run in runs] == [run.weights for run in store.runs.group_runs(alone)]


def test_the_run_of_a_helper_that_dies_goes_on_here(store, monkeypatch):
    monkeypatch.setattr(shares, "processes", lambda waiting, seconds: 2)
    spec = RunSpec.parse(SPEC | {"training": {"epochs": 3000}})
    group, alone = store.runs.create_group(spec), store.runs.create_group(spec)
    mine, done, killed = os.getpid(), threading.Event(), []

    def kill() -> None:
        while not done.wait(0.02) and not killed:
            for run in store.runs.group_runs(group):
                if run.status == "running" and run.pid not in (mine, None) and run.step > 0:
                    psutil.Process(run.pid).kill()
                    killed.append(run.id)
                    return

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        runs = train_group_here(store, group, on_change=lambda run: None)
    finally:
        done.set()
        killer.join()
    assert killed
    assert [run.status for run in runs] == ["finished"] * 4
    lost = next(run for run in runs if run.id in killed)
    assert "ended with code -9" in " ".join(event.text for event in store.runs.events(lost.id))
    twin = store.runs.group_runs(alone)[lost.member - 1]
    shares.train_all(store.url, [twin.id])
    assert store.runs.get(twin.id).weights == lost.weights


@pytest.mark.parametrize(("waiting", "seconds", "wanted"), [(1, 60, 1), (4, 1, 1), (4, 60, 2)])
def test_short_work_is_done_alone(monkeypatch, waiting, seconds, wanted):
    monkeypatch.setattr(shares.os, "cpu_count", lambda: 2)
    assert shares.processes(waiting, seconds) == wanted
