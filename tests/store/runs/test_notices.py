"""News is given out once, whoever asks."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from nnviz.store import Store
from nnviz.store.runs.notices import NEWS_SECONDS
from nnviz.store.schema import events, runs
from tests.pages.example_runs import spec


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store
    store.close()


def finding(rule):
    return {"rule": rule, "title": rule, "text": "It is so."}


def started(store):
    run_id = store.runs.create(spec())
    store.runs.claim(run_id, pid=1)
    return run_id


def ended(store, status="finished"):
    run_id = started(store)
    store.runs.finish(run_id, 1, status)
    return run_id


def kinds(news):
    return [(one.run, one.kind) for one in news]


def test_what_happened_before_anybody_wanted_to_hear_of_it_is_no_news(store):
    ended(store)
    store.notices.begin()
    assert store.notices.take() == []
    run_id = ended(store, "failed")
    store.notices.begin()
    assert kinds(store.notices.take()) == [(run_id, "failed")]
    assert store.notices.take() == []


def test_each_rule_is_news_of_a_run_once(store):
    store.notices.begin()
    run_id = started(store)
    store.findings.replace(run_id, [finding("overfitting")], step=1)
    assert [one.data["rule"] for one in store.notices.take()] == ["overfitting"]
    # the same place in the store, another finding
    store.findings.replace(run_id, [finding("leakage")], step=2)
    assert [one.data["rule"] for one in store.notices.take()] == ["leakage"]
    store.findings.replace(run_id, [finding("overfitting"), finding("leakage")], step=3)
    assert store.notices.take() == []


def test_of_several_who_ask_at_once_one_gets_it(store):
    store.notices.begin()
    expected = [(ended(store), "finished") for _ in range(20)]
    others = [Store(store.url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        taken = [news for future in [pool.submit(other.notices.take) for other in others] for news in future.result()]
    assert sorted(kinds(taken)) == sorted(expected)
    for other in others:
        other.close()


def test_what_is_an_hour_old_is_no_news_and_neither_is_an_old_run_that_is_judged(store):
    store.notices.begin()
    old = time.time() - NEWS_SECONDS - 60
    run_id = ended(store)
    with store.db.write() as connection:
        connection.execute(update(events).values(time=old))
        connection.execute(update(runs).values(ended=old))
    assert store.notices.take() == []
    store.findings.replace(run_id, [finding("overfitting")], step=1)
    assert store.notices.take() == []


def test_events_whose_ids_are_given_again_are_news(store):
    store.notices.begin()
    gone = ended(store)
    store.notices.take()
    with store.db.write() as connection:
        connection.execute(runs.delete().where(runs.c.id == gone))
    assert store.notices.take() == []
    run_id = ended(store)
    assert kinds(store.notices.take()) == [(run_id, "finished")]


def test_a_run_from_a_file_is_no_news(store, tmp_path):
    run_id = ended(store)
    store.packs.pack(run_id, tmp_path / "run.nnviz")
    other = Store(f"sqlite:///{tmp_path}/other.db")
    other.notices.begin()
    other.packs.unpack(tmp_path / "run.nnviz")
    assert other.notices.take() == []
    mine = ended(other)
    assert kinds(other.notices.take()) == [(mine, "finished")]
    other.close()
