"""Stores of other versions: an older one is brought up to date when opened, a newer one is refused."""

import csv
import importlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from nnviz.errors import RequestError
from nnviz.jobs.foreground import do_here, train_here
from nnviz.spec import RunSpec
from nnviz.store import Store, versions
from nnviz.store.schema import metadata

ROOT = Path(__file__).parent.parent.parent
ASSETS = ROOT / "tests" / "assets"
OPEN = "import sys; from nnviz.store import Store; print(len(Store(sys.argv[1]).runs.list_runs()), 'alembic' in sys.modules)"


@pytest.fixture
def old(tmp_path):
    """A copy of a store that nnviz made before stores had a version."""
    path = tmp_path / "old.db"
    shutil.copyfile(ASSETS / "store-v1.sqlite", path)
    return path


def version_of(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchall()


def test_an_old_store_shows_what_it_showed(old, tmp_path):
    recorded = json.loads((ASSETS / "store-v1.json").read_text())
    store = Store(f"sqlite:///{old}")
    assert version_of(old) == [(versions.HEAD,)]
    assert {run.id for run in store.runs.list_runs()} == set(recorded["runs"])
    assert [run.id for run in store.runs.group_runs(recorded["group"])] == recorded["members"]
    for run_id, before in recorded["runs"].items():
        run = store.runs.get(run_id)
        assert (run.name, run.status, run.metrics) == (before["name"], before["status"], before["metrics"])
        assert store.series.history(run_id) == before["history"]
        assert {name: store.series.curve(run_id, name).value.tolist() for name in store.series.names(run_id)} == before["curves"]
        assert [event.text for event in store.runs.events(run_id)] == before["events"]
        assert sorted(row.view for row in store.series.frames(run_id)) == before["frames"]
    assert {run.status for run in store.runs.list_runs()} == {"finished"}
    for run_id, before in recorded["predictions"].items():
        (tmp_path / "rows.csv").write_text(before["rows"])
        do_here(store, "predict", run_id, {"path": str(tmp_path / "rows.csv"), "out": str(tmp_path / "out.csv")})
        now, then = (cells(text) for text in ((tmp_path / "out.csv").read_text(), before["out"]))
        # to float32's tolerance: the file may have been made on a machine of another kind
        for new, said_then in (pair for rows in zip(now, then, strict=True) for pair in zip(*rows, strict=True)):
            assert new == (pytest.approx(said_then, rel=1e-4, abs=1e-6) if isinstance(said_then, float) else said_then)


def cells(text):
    number = re.compile(r"-?[\d.]+(e-?\d+)?")
    return [[float(cell) if number.fullmatch(cell) else cell for cell in row] for row in csv.reader(io.StringIO(text))]


def test_training_goes_on_in_an_old_store(old):
    store = Store(f"sqlite:///{old}")
    flowers = next(run for run in store.runs.list_runs() if run.group)
    again = train_here(store, store.runs.create(RunSpec.parse(flowers.spec_json)), on_change=lambda run: None)
    assert again.status == "finished"
    assert len(store.series.history(again.id)) == 4
    assert store.blobs.has(again.weights or "")


def test_a_store_of_today_is_opened_without_alembic(old):
    url = f"sqlite:///{old}"
    answers = [
        subprocess.run(
            [sys.executable, "-c", OPEN, url], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        ).stdout.split()
        for _ in range(2)
    ]
    assert answers == [["3", "True"], ["3", "False"]]


def test_of_processes_that_open_an_old_store_at_once_one_migrates(old):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, f"sqlite:///{old}"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    answers = [process.communicate(timeout=120) for process in started]
    assert [(version.split()[0], stderr) for version, stderr in answers] == [("3", "")] * 3
    assert version_of(old) == [(versions.HEAD,)]


def test_a_migration_that_fails_leaves_the_store_as_it_was(old, monkeypatch):
    def fails(connection, **_options):
        versions.add_missing(connection)
        raise OSError("the disk is full")

    before = old.read_bytes()
    monkeypatch.setattr(versions, "migrate", fails)
    with pytest.raises(OSError, match="disk is full"):
        Store(f"sqlite:///{old}")
    with sqlite3.connect(old) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        columns = {row[1] for row in connection.execute("PRAGMA table_info(runs)")}
    assert "alembic_version" not in tables
    assert "pinned" not in columns
    assert len(before) == old.stat().st_size


def test_a_store_of_a_newer_nnviz_is_refused_and_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path}/nnviz.db"
    with Store(url).db.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(RequestError, match=r"newer nnviz \(its tables have version 0999.*Update nnviz"):
        Store(url)
    assert version_of(tmp_path / "nnviz.db") == [("0999",)]


@pytest.mark.parametrize("start", ["nothing", "baseline"])
def test_the_revisions_make_the_tables_of_today(tmp_path, start):
    engine = create_engine(f"sqlite:///{tmp_path}/made.db")
    with engine.begin() as connection:
        versions.migrate(connection, to=versions.BASELINE)
        if start == "baseline":
            assert "pinned" not in {column["name"] for column in inspect(connection).get_columns("runs")}
    with engine.begin() as connection:
        versions.migrate(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_tables_that_changed_have_a_revision_of_their_own():
    assert versions.known()[-1] == versions.HEAD
    (name,) = [path.stem for path in (versions.SCRIPTS / "versions").glob(f"{versions.HEAD}_*.py")]
    newest = importlib.import_module(f"nnviz.store.migrations.versions.{name}")
    assert newest.schema == versions.digest(), (
        f"The tables changed: add a revision to nnviz/store/migrations/versions (a copy of {name}.py), raise HEAD in "
        f"nnviz/store/versions.py to its number, and write schema = {versions.digest()!r} into it. A revision that was "
        "never released may be changed instead."
    )


@pytest.mark.skipif(not os.environ.get("NNVIZ_TEST_POSTGRES"), reason="NNVIZ_TEST_POSTGRES gives no empty database")
def test_postgresql_is_brought_up_to_date_by_one_of_many():
    url = os.environ["NNVIZ_TEST_POSTGRES"]
    with create_engine(url).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        versions.migrate(connection, to=versions.BASELINE)
        connection.execute(text("DROP TABLE alembic_version"))
    started = [
        subprocess.Popen([sys.executable, "-c", OPEN, url], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [process.communicate(timeout=120) for process in started].count(("0 True\n", "")) >= 1
    assert [process.returncode for process in started] == [0] * 4
    with create_engine(url).begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(RequestError, match="newer nnviz"):
        Store(url)
