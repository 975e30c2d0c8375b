"""What the doctor says, kept with runs."""

import pytest

from nnviz.spec import RunSpec
from nnviz.store import Cursor, Store

SPEC = RunSpec.parse(
    {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "Adam"}}
)
DEAD = {"rule": "dead_relu", "title": "Dead units", "text": "9 of 10", "since": {"step": 3, "epoch": 0.1}, "where": None}


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield opened
    opened.close()


def findings_of(store, run):
    return [(event.text, event.data) for event in store.runs.events(run) if event.kind == "finding"]


def test_a_judgement_takes_the_place_of_the_last_and_the_same_again_changes_nothing(store):
    run = store.runs.create(SPEC)
    store.runs.add_event(run, "started", "Started")
    assert store.runs.get(run).findings is None
    assert store.findings.replace(run, [DEAD], step=7)
    assert store.runs.get(run).info["doctor"] == {"step": 7, "findings": [DEAD]}
    assert findings_of(store, run) == [("Dead units: 9 of 10", DEAD)]
    cursor = store.series.updates(run, Cursor()).cursor
    assert not store.findings.replace(run, [DEAD], step=9)
    assert store.series.updates(run, cursor).run is None, "nobody is told anything"
    assert store.findings.replace(run, [], step=9)
    assert findings_of(store, run) == []
    assert store.runs.get(run).findings == []
    assert [event.kind for event in store.runs.events(run)] == ["started"]


def test_a_run_that_is_gone_has_none(store):
    assert not store.findings.replace("nobody", [DEAD], step=1)
