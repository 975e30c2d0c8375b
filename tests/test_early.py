"""The guess by which a network is prepared before the command line is loaded."""

import json
import sqlite3
import subprocess
import sys

import pytest

from nnviz import early
from nnviz.catalog import PRESETS
from nnviz.spec import RunSpec, tuning_of
from nnviz.store import Store
from tests.serving import ROOT

SPEC = {
    "data": {"kind": "synthetic", "name": "spirals"},
    "layers": [{"kind": "Dense", "units": 8}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam"},
    "training": {"epochs": 5},
}


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    monkeypatch.delenv("NNVIZ_STORE", raising=False)
    monkeypatch.delenv("NNVIZ_HERE", raising=False)
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    opened = Store(f"sqlite:///{tmp_path}/nnviz.db")
    opened.workers.beat("w", pid=1, host="here", state="idle", tuning="quick")
    yield opened
    opened.close()


def asked(store, tmp_path, *more, spec=None):
    if spec is not None:
        (tmp_path / "spec.json").write_text(json.dumps(spec))
    early.prepare(["train", str(tmp_path / "spec.json"), *more])
    return store.jobs.open_jobs()


def test_an_idle_worker_is_asked_for_the_very_job_that_a_page_asks_for(store, tmp_path):
    (job,) = asked(store, tmp_path, "--set", "training.epochs=3", "--set", "training.seed=4", "--json")
    assert (job.kind, job.status, job.needs, job.run, job.key) == ("prepare", "queued", "quick", None, early.key())
    assert RunSpec.parse(job.payload["spec"]) == RunSpec.parse(SPEC)
    assert store.jobs.claim("w", training_at_once=1).id == job.id
    # the run waits for the worker that is at it
    store.workers.beat("other", pid=2, host="here", state="idle", tuning="quick")
    store.jobs.add("train", run_id=store.runs.create(RunSpec.parse(SPEC)), key=early.key(), needs="quick")
    assert store.jobs.claim("other", training_at_once=1) is None
    store.workers.beat("w", pid=1, host="here", state="idle")
    assert store.jobs.claim("w", training_at_once=1).kind == "train"


@pytest.mark.parametrize(
    "more", [["--set", "layers[0].units=9"], ["--here"], ["--store", "sqlite:///other.db"], ["second.json"], ["--set"]]
)
def test_arguments_that_may_change_the_network_or_the_place_ask_for_nothing(store, tmp_path, more):
    assert asked(store, tmp_path, *more) == []


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"kind": "file", "path": "rows.csv"}},
        {"layers": [{"kind": "Repeat", "times": 2, "layers": []}]},
        {"layers": [{"kind": "Dense", "units": "many"}]},
        {"layers": 3},
        {"split": {"folds": 3}},
        {"training": {"repeats": 2}},
        {"from": {"run": "x"}},
        {"layers": [{"kind": "Dense", "units": 4096}]},
    ],
)
def test_a_spec_that_is_no_plain_stack_for_this_worker_asks_for_nothing(store, tmp_path, change):
    assert asked(store, tmp_path, spec=SPEC | change) == []


def test_other_commands_a_missing_spec_and_a_worker_that_is_busy_ask_for_nothing(store, tmp_path, monkeypatch):
    early.prepare(["check", str(tmp_path / "spec.json")])
    early.prepare(["train"])
    early.prepare(["train", str(tmp_path / "none.json")])
    (tmp_path / "none.json").write_text("{")
    early.prepare(["train", str(tmp_path / "none.json")])
    with monkeypatch.context() as patch:
        patch.setenv("NNVIZ_HERE", "1")
        assert asked(store, tmp_path) == []
    store.workers.beat("w", pid=1, host="here", state="busy")
    assert asked(store, tmp_path) == []
    store.workers.beat("w", pid=1, host="here", state="idle")
    with store.db.write():  # somebody else writes
        early.prepare(["train", str(tmp_path / "spec.json")])
    assert store.jobs.open_jobs() == []


def test_nothing_is_made_where_no_store_is(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path / "home"))
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    early.prepare(["train", str(tmp_path / "spec.json")])
    assert not (tmp_path / "home").exists()
    (tmp_path / "home").mkdir()
    sqlite3.connect(tmp_path / "home" / "nnviz.db").close()
    early.prepare(["train", str(tmp_path / "spec.json")])
    assert (tmp_path / "home" / "nnviz.db").stat().st_size == 0


def test_the_tuning_is_that_of_the_spec():
    seen = set()
    for preset in PRESETS.values():
        spec = SPEC | {"layers": list(preset.layers), "optimizer": dict(preset.optimizer), "training": dict(preset.training)}
        guess = early._tuning(json.loads(json.dumps(spec)))
        seen.add(guess)
        assert guess in (None, tuning_of(RunSpec.parse(spec)))
    assert {"quick", None} <= seen
    assert early._tuning(SPEC | {"layers": [{"kind": "Dense", "units": 128}]}) == "strong"


def test_it_is_there_at_once():
    heavy = "import nnviz.early, sys; sys.exit(bool({'numpy', 'pydantic', 'sqlalchemy', 'typer'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", heavy], cwd=ROOT, timeout=60, check=False).returncode == 0
