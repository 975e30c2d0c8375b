"""Runs whose spec names a component of one's own that is not there any more: told in words, on every page."""

import json

from sqlalchemy import text

from .example_runs import Worker, spec


def lost_run(store):
    """A run that used the activation clip6, in a store whose home has no such file."""
    worker = Worker(store, spec(data="spirals"), name="with clip6").train(3)
    store.runs.set_phase(
        worker.id, worker.attempt, "training", info={"task": "classification", "own": {"clip6": "clip(x, 0, 6)"}}
    )
    record = json.loads(json.dumps(store.runs.get(worker.id).spec_json))
    record["layers"][0]["activation"] = "clip6"
    with store.db.write() as connection:
        connection.execute(text("UPDATE runs SET spec = :spec WHERE id = :id"), {"spec": json.dumps(record), "id": worker.id})
    return worker


def test_such_a_run_is_listed_and_compared(store, open_page):
    first, second = lost_run(store), Worker(store, spec(data="spirals"), name="other").train(3)
    assert not open_page("runs").exception
    page = open_page("compare", runs=f"{first.id},{second.id}")
    assert any("missing component of your own" in caption.value for caption in page.caption)
