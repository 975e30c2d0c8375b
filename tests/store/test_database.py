import sqlite3
import threading

from nnviz.store import Store


def test_a_file_that_another_process_is_just_making_is_waited_for(tmp_path):
    """SQLite's own busy timeout does not hold for the change to WAL: without care this is "database is locked" at once."""
    path = tmp_path / "nnviz.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("PRAGMA user_version=0")  # the file is there, and not yet in WAL
    other.execute("BEGIN IMMEDIATE")
    later = threading.Timer(0.4, other.execute, ["ROLLBACK"])
    later.start()

    store = Store(f"sqlite:///{path}")

    later.join()
    assert store.runs.list_runs() == []
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()


def test_opening_a_store_and_looking_at_it_writes_nothing(tmp_path):
    """So that it can be looked at while its disk is full."""
    path = tmp_path / "nnviz.db"
    first = Store(f"sqlite:///{path}")
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log = path.with_name("nnviz.db-wal")
    assert log.stat().st_size == 0

    for _ in range(2):
        assert Store(f"sqlite:///{path}").runs.list_runs() == []

    assert log.stat().st_size == 0
    with sqlite3.connect(path) as other:
        assert other.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    first.close()
