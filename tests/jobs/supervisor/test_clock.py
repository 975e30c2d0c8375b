"""A computer's clock may be set while workers live: nobody is taken for dead, and nobody waits for the dead."""

import time

import pytest
from sqlalchemy import literal_column

from nnviz.jobs.supervisor import Supervisor
from tests.jobs.supervisor.runs import SPEC, training


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
