"""A backup is one moment of the store, whoever writes meanwhile; nothing half is left."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz.errors import RequestError, RunError
from nnviz.store import Store
from tests.pages.example_runs import Worker, spec

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from nnviz.store import Store
from tests.pages.example_runs import Worker, spec

store = Store(sys.argv[1])
for number in range(100_000):
    found = Worker(store, spec(), name=f"run {number}").train(3)
    store.snapshots.add(found.id, found.attempt, [(1, 0.1, 0.1, b"state" * 1000)])
    found.finish()
    print(found.id, flush=True)
"""


def test_the_newest_run_is_in_it_while_others_are_written(store, tmp_path):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, store.url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        for _ in range(5):
            newest = writer.stdout.readline().strip()
        made = store.backup.back_up(tmp_path / "copy")
        assert writer.stdout.readline(), "the writer was not kept from writing"
    finally:
        writer.kill()
        writer.wait()
    copy = Store(f"sqlite:///{tmp_path}/copy/nnviz.db")
    assert newest in {run.id for run in copy.runs.list_runs()}
    assert made.runs == len(copy.runs.list_runs()) >= 5
    assert copy.series.history(newest) == store.series.history(newest)
    for run in copy.runs.list_runs():
        assert all(copy.snapshots.get(run.id, snapshot.step) == b"state" * 1000 for snapshot in copy.snapshots.of_run(run.id))
    with sqlite3.connect(tmp_path / "copy" / "nnviz.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert {path.name for path in (tmp_path / "copy").iterdir()} >= {"nnviz.db", "snapshots"}


def test_copying_the_file_alone_would_lose_the_newest_run(store, tmp_path):
    """Why there is a backup at all."""
    run_id = Worker(store, spec(), name="newest").train(3).finish()
    (tmp_path / "alone").mkdir()
    shutil.copyfile(tmp_path / "nnviz.db", tmp_path / "alone" / "nnviz.db")
    assert run_id not in {run.id for run in Store(f"sqlite:///{tmp_path}/alone/nnviz.db").runs.list_runs()}
    store.backup.back_up(tmp_path / "copy")
    assert run_id in {run.id for run in Store(f"sqlite:///{tmp_path}/copy/nnviz.db").runs.list_runs()}


def test_what_is_there_is_never_written_over(store, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "file").write_text("mine")
    for name in ("there", "file"):
        with pytest.raises(RequestError, match="something already"):
            store.backup.back_up(tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(RequestError, match="cannot be written"):
        store.backup.back_up(tmp_path / "nowhere" / "copy")


def test_a_full_disk_leaves_nothing_behind(store, tmp_path, monkeypatch):
    Worker(store, spec(), name="one").train(3)

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nnviz.store.transfer.backup.Backup._copy_snapshots", full)
    with pytest.raises(RunError, match="disk is full"):
        store.backup.back_up(tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == []
