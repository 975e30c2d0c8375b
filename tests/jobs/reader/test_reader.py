"""Reading in a process of its own: the same results, and limits that hold."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from nnviz import data
from nnviz.errors import DataError, SpecError
from nnviz.jobs.worker import dataset, reader
from nnviz.jobs.worker.predictions import new_rows
from nnviz.jobs.worker.reader import client
from nnviz.spec import RunSpec
from nnviz.store import Store

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(client, "limits_of", reader.for_dashboard)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store
    store.close()


def table(rows, columns=6):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(rows, columns)).round(3), columns=[f"c{index}" for index in range(columns)])
    return frame.assign(word=rng.choice(["x", "y", "z"], rows), kind=rng.choice(["a", "b"], rows))


def spec_of(content, store, name="rows.csv", **more):
    return RunSpec.parse(
        {
            "data": {"kind": "file", "path": name, "sha256": store.blobs.put(content), **more},
            "layers": [],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
        }
    )


def test_it_gives_what_reading_right_here_gives(store):
    spec = spec_of(table(500).to_csv(index=False).encode(), store, target="kind")
    there, here = dataset.load(store, spec), data.load(spec, blob=store.blobs.get)
    assert (there.encoder, there.report, there.classes) == (here.encoder, here.report, here.classes)
    for name, part in here.parts.items():
        for field in ("x", "y", "rows"):
            mine = getattr(there.parts[name], field)
            assert mine.dtype == getattr(part, field).dtype
            np.testing.assert_array_equal(mine, getattr(part, field))
    there.parts["train"].x[0] = 7.0  # as an array of this process


@pytest.mark.parametrize("images", [False, True])
def test_rows_that_stay_on_the_disk_come_across(store, tmp_path, monkeypatch, fresh_reader, images):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    rng = np.random.default_rng(0)
    x = rng.integers(0, 255, (60, 8, 8)) if images else rng.normal(size=(60, 5))
    np.savez(tmp_path / "rows.npz", x=x, y=np.arange(60) % 3)
    spec = spec_of((tmp_path / "rows.npz").read_bytes(), store, "rows.npz")
    there, here = dataset.load(store, spec), data.load(spec, blob=store.blobs.get)
    assert not isinstance(there.parts["train"].x, np.ndarray)
    np.testing.assert_array_equal(there.parts["train"].x[:], here.parts["train"].x[:])
    np.testing.assert_array_equal(there.parts["test"].x[np.array([3, 1])], here.parts["test"].x[np.array([3, 1])])


def test_errors_arrive_as_what_they_are(store):
    with pytest.raises(DataError, match="no column 'nothing'") as caught:
        dataset.load(store, spec_of(table(50).to_csv(index=False).encode(), store, target="nothing"))
    assert caught.value.remedy
    with pytest.raises((DataError, SpecError), match="empty"):
        dataset.load(store, spec_of(b"", store))


def test_new_rows_come_batch_by_batch(store, tmp_path):
    frame = table(20_000)
    encoder = data.load(spec_of(frame.to_csv(index=False).encode(), store, target="kind"), blob=store.blobs.get).encoder
    frame.to_csv(tmp_path / "new.csv", index=False)
    there = list(dataset.rows(tmp_path / "new.csv", name="new.csv", encoder=encoder, file_data=None))
    here = list(new_rows.from_file(tmp_path / "new.csv", name="new.csv", encoder=encoder))
    assert [batch.start for batch in there] == [batch.start for batch in here] == [0, 8192, 16384]
    for mine, other in zip(there, here, strict=True):
        np.testing.assert_array_equal(mine.x, other.x)
        np.testing.assert_array_equal(mine.y, other.y)
        pd.testing.assert_frame_equal(mine.rows, other.rows)


def test_time_has_an_end(store, monkeypatch):
    spec = spec_of(table(60_000).to_csv(index=False).encode(), store, target="kind")
    monkeypatch.setenv("NNVIZ_READ_SECONDS", "0.05")
    with pytest.raises(DataError, match=r"rows.csv: reading takes more than 0 s.*NNVIZ_READ_SECONDS"):
        dataset.load(store, spec)
    assert not children()


def test_memory_has_an_end(store, monkeypatch):
    spec = spec_of(table(200_000).to_csv(index=False).encode(), store, target="kind")
    monkeypatch.setenv("NNVIZ_READ_MB", "20")
    with pytest.raises(DataError, match=r"rows.csv: reading takes more than 20 MB of memory.*NNVIZ_READ_MB"):
        dataset.load(store, spec)
    assert not children()


def test_the_limits_grow_with_the_file_and_the_owner_may_set_them(monkeypatch):
    mb = 1 << 20
    assert reader.for_dashboard(0) == reader.Limits(9.0, 750 * mb)
    assert reader.for_dashboard(100 * mb) == reader.Limits(209.0, 1750 * mb)
    assert reader.for_dashboard(1000 * mb) == reader.Limits(300.0, 4000 * mb)
    assert reader.for_command_line(2000 * mb) == reader.Limits(10_060.0, 10_000 * mb)
    monkeypatch.setenv("NNVIZ_READ_SECONDS", "7")
    monkeypatch.setenv("NNVIZ_READ_MB", "none")
    assert reader.for_dashboard(0) == reader.Limits(7.0, 750 * mb)


def test_cancelling_ends_the_work(store):
    spec = spec_of(table(400_000).to_csv(index=False).encode(), store, target="kind")

    def cancelled():
        raise reader.Cancelled("no longer wanted")

    with pytest.raises(reader.Cancelled):
        dataset.load(store, spec, tick=cancelled)
    assert not children()


def test_a_process_that_dies_takes_nothing_with_it(store):
    spec = spec_of(table(400_000).to_csv(index=False).encode(), store, target="kind")

    def kill():
        while not (reading := children()):
            time.sleep(0.05)
        for child in reading:
            os.kill(child.pid, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    with pytest.raises(DataError, match="ended early"):
        dataset.load(store, spec)
    os.kill(client._mine[1].process.pid, signal.SIGKILL)
    client._mine[1].process.wait()
    assert len(dataset.load(store, spec_of(table(50).to_csv(index=False).encode(), store, target="kind")).parts["train"]) == 30


def test_nothing_goes_on_reading_once_its_worker_is_gone(tmp_path):
    path = tmp_path / "rows.csv"
    table(600_000).to_csv(path, index=False)
    code = textwrap.dedent(f"""
        from pathlib import Path
        from nnviz.jobs.worker import dataset, reader
        from nnviz.spec import RunSpec
        from nnviz.store import Store
        reader.start_forked()
        spec = RunSpec.parse({{"data": {{"kind": "file", "path": {str(path)!r}, "target": "kind"}}, "layers": [],
                              "cost": {{"kind": "CrossEntropy"}}, "optimizer": {{"kind": "Adam"}}}})
        print("reading", flush=True)
        dataset.load(Store(), spec, base=Path("/"))
    """)
    worker = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"NNVIZ_HOME": str(tmp_path / "home")},
    )
    assert worker.stdout.readline() == "reading\n"
    family = []
    while len(family) < 3:  # the server, the process that reads, and the one that waits for the next file
        assert worker.poll() is None
        time.sleep(0.02)
        family = psutil.Process(worker.pid).children(recursive=True)
    worker.kill()
    worker.wait()
    _gone, alive = psutil.wait_procs(family, timeout=5)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def children():
    """The processes that read for this one, but for the one that waits for the next file."""
    server = psutil.Process(client._mine[1].process.pid)
    time.sleep(0.2)
    living = [child for child in server.children() if child.status() != psutil.STATUS_ZOMBIE]
    return sorted(living, key=lambda child: child.create_time())[:-1]
