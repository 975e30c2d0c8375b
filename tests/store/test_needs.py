"""Which worker is given a job that needs a tuning."""

import sqlite3

import pytest

from nnviz.store import Store


def alive(store, *, state="idle", **tunings):
    """Workers by name with their tunings."""
    for name, tuning in tunings.items():
        store.workers.beat(name, pid=1, host="here", state=state, tuning=tuning)


def claim(store, worker, at_once=2):
    job = store.jobs.claim(worker, training_at_once=at_once)
    return None if job is None else job.id


@pytest.mark.parametrize("kind", ["train", "prepare"])
def test_a_job_goes_only_to_a_worker_of_the_tuning_that_it_needs(store, kind):
    alive(store, quick="quick", strong="strong")
    job = store.jobs.add(kind, run_id="a", needs="strong")
    assert store.jobs.get(job).needs == "strong"
    assert claim(store, "quick") is None
    assert claim(store, "strong") == job


@pytest.mark.parametrize("needs", ["quick", "strong", ""])
def test_a_worker_without_tuning_takes_everything(store, needs):
    alive(store, any="")
    assert [worker.tuning for worker in store.workers.list_workers()] == [""]
    job = store.jobs.add("train", run_id="a", needs=needs)
    assert claim(store, "any") == job


@pytest.mark.parametrize("worker", ["quick", "strong"])
def test_what_needs_nothing_goes_to_any_worker_also_while_another_trains(store, worker):
    alive(store, quick="quick", strong="strong")
    other = "strong" if worker == "quick" else "quick"
    store.jobs.add("train", run_id="a", needs=other)
    assert claim(store, other, 1) is not None
    waiting = store.jobs.add("train", run_id="b", needs=worker)
    short = store.jobs.add("find_rate")
    assert claim(store, worker, 1) == short
    assert claim(store, worker, 1) is None
    assert store.jobs.get(waiting).status == "queued"


def test_a_run_has_its_turn_before_later_ones_of_the_other_tuning(store):
    alive(store, quick="quick", strong="strong")
    first, second = (store.jobs.add("train", run_id=run, needs=needs) for run, needs in (("a", "strong"), ("b", "quick")))
    assert claim(store, "quick", 1) is None, "the only place belongs to the run that came first"
    assert claim(store, "strong", 1) == first
    store.jobs.answer(first, result={})
    assert claim(store, "quick", 1) == second


def test_a_run_whose_workers_are_busy_keeps_nobody_else_waiting(store):
    alive(store, quick="quick", strong="strong")
    store.jobs.add("read")
    claim(store, "strong")
    store.jobs.add("train", run_id="a", needs="strong")
    later = store.jobs.add("train", run_id="b", needs="quick")
    assert claim(store, "quick", 1) == later


def test_each_idle_worker_keeps_one_place_only(store):
    alive(store, q1="quick", q2="quick", strong="strong")
    for run in ("a", "b"):
        store.jobs.add("train", run_id=run, needs="strong")
    later = store.jobs.add("train", run_id="c", needs="quick")
    assert claim(store, "q1", 2) == later
    assert claim(store, "q2", 2) is None


def test_only_a_worker_that_may_train_the_run_is_waited_for(store):
    """A rate finder may leave a prepared network with a worker of any tuning."""
    alive(store, quick="quick", strong="strong")
    store.workers.beat("quick", pid=1, host="here", ready=["k"])
    job = store.jobs.add("train", run_id="a", key="k", needs="strong")
    assert claim(store, "strong") == job
    store.jobs.answer(job, result={})
    drawn = store.jobs.add("train", run_id="b", key="k", needs="")
    store.workers.beat("strong", pid=1, host="here", state="idle")
    assert claim(store, "strong") is None
    assert claim(store, "quick") == drawn


def test_a_place_is_kept_for_the_idle_worker_that_has_prepared_the_run(store):
    alive(store, q1="quick", q2="quick")
    store.workers.beat("q2", pid=1, host="here", ready=["k"])
    first = store.jobs.add("train", run_id="a", key="k", needs="quick")
    store.jobs.add("train", run_id="b", needs="quick")
    assert claim(store, "q1", 1) is None
    assert claim(store, "q2", 1) == first


def test_jobs_and_workers_of_an_older_store_need_and_have_no_tuning(tmp_path):
    url = f"sqlite:///{tmp_path}/nnviz.db"
    before = Store(url)
    job = before.jobs.add("train", run_id="a")
    before.workers.beat("w", pid=1, host="here", state="idle")
    before.close()
    with sqlite3.connect(tmp_path / "nnviz.db") as old:
        old.execute("ALTER TABLE jobs DROP COLUMN needs")
        old.execute("ALTER TABLE workers DROP COLUMN tuning")
        old.execute("DROP TABLE alembic_version")
    old.close()
    store = Store(url)
    assert store.jobs.get(job).needs == ""
    assert [worker.tuning for worker in store.workers.list_workers()] == [""]
    assert claim(store, "w") == job
    store.close()
