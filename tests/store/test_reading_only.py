"""A store that cannot be written is still read: by a process without the right to, since the tests may run as root."""

import ctypes
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz.store import Store
from tests.pages.example_runs import Worker, spec

ROOT = Path(__file__).parents[2]
DROP, OVERRIDE, SEARCH = 24, 1, 2
"""Of prctl: takes away what lets root write where no permission says so."""


def as_anybody():
    """In the child: root keeps its files and loses the right to pass over their permissions."""
    libc = ctypes.CDLL(None)
    libc.prctl(DROP, OVERRIDE, 0, 0, 0)
    libc.prctl(DROP, SEARCH, 0, 0, 0)


@pytest.fixture
def place(tmp_path):
    folder = tmp_path
    (folder / "out").mkdir()
    (folder / "out" / "spec.json").write_text(
        json.dumps(
            {
                "data": {"kind": "builtin", "name": "iris"},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "SGD"},
            }
        )
    )
    (folder / "home").mkdir()
    yield folder
    (folder / "home").chmod(0o755)


def call(place, *arguments, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "nnviz", *arguments],
        preexec_fn=as_anybody,
        cwd=place / "out",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NNVIZ_HOME": str(place / "home")},
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def locked(place):
    for path in (place / "home").iterdir():
        path.chmod(0o444)
    (place / "home").chmod(0o555)


def test_what_only_looks_is_done_and_what_changes_is_refused(place):
    store = Store(f"sqlite:///{place}/home/nnviz.db")
    run_id = Worker(store, spec(), name="mine").train(3).finish()
    store.close()
    with sqlite3.connect(place / "home" / "nnviz.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    locked(place)
    before = (place / "home" / "nnviz.db").read_bytes()
    assert run_id in call(place, "runs", "--json")
    assert "mine" in call(place, "show", run_id)
    assert "fine" in call(place, "check", "spec.json")
    assert "packed" in call(place, "pack", run_id, "-o", "run.nnviz")
    assert "3 epochs" in call(place, "export", run_id, "--to", "csv", "-o", "run.csv")
    assert "1 runs" in call(place, "store", "backup", "copy")
    assert "can only be read" in call(place, "train", "spec.json", code=2)
    assert (place / "home" / "nnviz.db").read_bytes() == before


def test_the_newest_runs_in_its_log_are_read_too(place):
    """Somebody else has the store open and writes."""
    store = Store(f"sqlite:///{place}/home/nnviz.db")
    run_id = Worker(store, spec(), name="in the log").train(3).finish()
    assert (place / "home" / "nnviz.db-wal").stat().st_size > 0
    locked(place)
    assert run_id in call(place, "runs", "--json")
    store.close()


def test_a_folder_without_a_store_that_cannot_be_written(place):
    locked(place)
    message = call(place, "runs", code=2)
    assert "nothing can be written into the folder" in message
