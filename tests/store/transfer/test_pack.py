"""A run as one file: it comes back the same, and files that are damaged or hostile are refused in words."""

import io
import json
import zipfile
from pathlib import Path

import msgpack
import numpy as np
import pytest
from sqlalchemy import select

from nnviz.errors import RequestError, WorkerLost
from nnviz.spec import RunSpec
from nnviz.store import Cursor, FrameRow, Store
from nnviz.store.files.blob_refs import run_tables
from nnviz.store.schema import blob_parts, groups, runs

FILE = b"x,y\n1,2\n" * 5000
ENCODER = {
    "version": 1,
    "shape": [],
    "divide": 1.0,
    "target": {"names": ["y"], "task": "classification", "classes": ["a", "b"], "mean": [], "scale": []},
    "columns": [{"name": "x", "type": "number", "fill": [0.1], "centre": [0.1 + 0.2], "scale": [1 / 3]}],
}


@pytest.fixture
def store(tmp_path):
    return Store(f"sqlite:///{tmp_path}/here.db")


@pytest.fixture
def other(tmp_path):
    return Store(f"sqlite:///{tmp_path}/there.db")


def npz(*arrays):
    """As the engine writes weights."""
    file = io.BytesIO()
    np.savez(file, **{f"{index:05d}": array for index, array in enumerate(arrays)})
    return file.getvalue()


def trained(store, *, group=False):
    """A run with rows in every table, trained on an uploaded file; gives its id."""
    spec = RunSpec.parse(
        {
            "data": {"kind": "file", "path": "rows.csv", "target": "y", "sha256": store.blobs.put(FILE)},
            "layers": [{"kind": "Dense", "units": 4}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.01},
            **({"split": {"folds": 2}} if group else {}),
        }
    )
    run_id = store.runs.group_runs(store.runs.create_group(spec))[0].id if group else store.runs.create(spec, name="mine")
    attempt = store.runs.claim(run_id, pid=1)
    store.runs.set_phase(run_id, attempt, "training", info={"task": "classification"}, encoder=ENCODER)
    values = np.random.default_rng(0).normal(size=1500).astype(np.float32)
    values[7] = np.nan
    store.series.append(
        run_id,
        attempt,
        step=1500,
        epoch=2.0,
        seconds=1.5,
        steps_={"batch_loss": values},
        epochs_=[(1.0, 750, 0.7, {"loss": 0.1 + 0.2, "val_loss": float("inf")}), (2.0, 1500, 1.5, {"loss": 1 / 3})],
        frame=FrameRow("plane", 1500, 2.0, msgpack.packb({"kind": "classes", "values": bytes(range(256))})),
    )
    store.snapshots.add(run_id, attempt, [(700, 0.9, 0.6, b"early"), (1500, 2.0, 1.5, bytes(range(99)))])
    store.runs.finish(run_id, attempt, "finished", metrics={"test_loss": 0.7}, weights=store.blobs.put(npz(values.repeat(400))))
    store.runs.edit(run_id, tags=["a"], note="n")
    return run_id


def everything(store, run_id):
    """Every row of a run, without the numbers that a store gives rows."""
    with store.db.read() as connection:
        rows = {
            table.name: [
                tuple(value for name, value in row._mapping.items() if name != "id")
                for row in connection.execute(select(table).where(table.c.run == run_id))
            ]
            for table in run_tables()
        }
        return rows | {"runs": [tuple(row) for row in connection.execute(select(runs).where(runs.c.id == run_id))]}


def test_a_run_is_the_same_in_another_store(store, other, tmp_path):
    trained(other)
    run_id = trained(store)
    packed = store.packs.pack(run_id, tmp_path / "run.nnviz")
    assert packed.blobs == 2
    assert packed.notes == ()
    unpacked = other.packs.unpack(tmp_path / "run.nnviz")
    assert (unpacked.run_id, unpacked.is_new) == (run_id, True)
    before, after = everything(store, run_id), everything(other, run_id)
    assert after == before
    assert all(before.values()), "a table that the example leaves empty shows nothing"
    assert [other.snapshots.get(run_id, step) for step in (700, 1500)] == [b"early", bytes(range(99))]
    assert other.blobs.get(other.runs.get(run_id).weights) == store.blobs.get(store.runs.get(run_id).weights)
    assert other.blobs.get(other.runs.get(run_id).spec.data.sha256) == FILE
    np.testing.assert_array_equal(other.series.curve(run_id, "batch_loss").value, store.series.curve(run_id, "batch_loss").value)
    assert other.series.updates(run_id, Cursor()).run == other.runs.get(run_id)


def test_a_run_that_is_here_already_is_not_doubled_and_comes_back_when_deleted(store, tmp_path):
    run_id = trained(store)
    store.packs.pack(run_id, tmp_path / "run.nnviz")
    store.runs.delete([run_id])
    unpacked = store.packs.unpack(tmp_path / "run.nnviz")
    assert (unpacked.run_id, unpacked.is_new) == (run_id, False)
    assert [run.id for run in store.runs.list_runs()] == [run_id]


def test_an_id_that_another_run_has_is_replaced(store, other, tmp_path):
    run_id = trained(store)
    store.packs.pack(run_id, tmp_path / "run.nnviz")
    mine = trained(other)
    with other.db.write() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.execute(runs.update().values(id=run_id))
        for table in run_tables():
            connection.execute(table.update().values(run=run_id))
    unpacked = other.packs.unpack(tmp_path / "run.nnviz")
    assert unpacked.run_id not in (run_id, mine)
    assert unpacked.packed_id == run_id
    assert other.series.history(unpacked.run_id) == store.series.history(run_id)
    assert len(other.runs.list_runs()) == 2


def test_folds_join_their_group_again(store, other, tmp_path):
    run_id = trained(store, group=True)
    group_id = store.runs.get(run_id).group
    second = store.runs.group_runs(group_id)[1].id
    store.runs.finish(second, store.runs.claim(second, pid=1), "failed", error=WorkerLost("gone"))
    for each in (run_id, second):
        store.packs.pack(each, tmp_path / "run.nnviz")
        other.packs.unpack(tmp_path / "run.nnviz")
    assert [run.id for run in other.runs.group_runs(group_id)] == [run_id, second]
    assert other.runs.group(group_id).spec_json == store.runs.group(group_id).spec_json
    with other.db.read() as connection:
        assert len(connection.execute(select(groups)).all()) == 1


def test_a_run_that_trains_is_not_packed(store, tmp_path):
    run_id = store.runs.create(
        RunSpec.parse(
            {
                "data": {"kind": "builtin", "name": "iris"},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "SGD"},
            }
        )
    )
    with pytest.raises(RequestError, match="the run is queued"):
        store.packs.pack(run_id, tmp_path / "run.nnviz")


@pytest.fixture
def packed(store, tmp_path):
    """A packed run, and a way to write it again with parts changed."""
    store.packs.pack(trained(store), tmp_path / "good.nnviz")
    with zipfile.ZipFile(tmp_path / "good.nnviz") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def again(*, manifest=None, **changes: object) -> Path:
        made = parts | {name: body for name, body in changes.items() if body is not None}
        for name in [name for name, body in changes.items() if body is None]:
            del made[name]
        record = json.loads(made["manifest.json"])
        (manifest or (lambda record: None))(record)
        made["manifest.json"] = json.dumps(record).encode()
        path = tmp_path / "bad.nnviz"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in made.items():
                archive.writestr(name, body)
        return path

    again.parts = parts
    return again


def sized(name, body):
    """Changes a manifest so that a file's size and checksum are right again."""
    import hashlib

    return lambda manifest: manifest["files"].update({name: {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}})


def refused(other, path, words):
    with pytest.raises(RequestError, match=words):
        other.packs.unpack(path)
    assert other.runs.list_runs() == []
    with other.db.read() as connection:
        assert connection.execute(select(blob_parts.c.sha256)).all() == []


def test_what_is_unchanged_is_taken(other, packed):
    assert other.packs.unpack(packed()).is_new


def test_no_zip_and_a_cut_one_are_refused(other, packed, tmp_path):
    (tmp_path / "text.nnviz").write_text("hello")
    refused(other, tmp_path / "text.nnviz", "no packed run")
    whole = packed().read_bytes()
    (tmp_path / "cut.nnviz").write_bytes(whole[: len(whole) // 2])
    refused(other, tmp_path / "cut.nnviz", "no packed run")


def test_bytes_that_were_changed_are_refused(other, packed, tmp_path):
    whole = packed().read_bytes()
    random = np.random.default_rng(1)
    for place in random.integers(0, len(whole), 30):
        (tmp_path / "flipped.nnviz").write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            other.packs.unpack(tmp_path / "flipped.nnviz")
        except RequestError:
            assert other.runs.list_runs() == []
        else:
            # a byte that stands for nothing, as a time of day: all that counts is as it was
            (run,) = other.runs.list_runs()
            assert run.metrics["test_loss"] == 0.7
            other.runs.delete([run.id])
            other.disk.purge(older_than=-1, unused_for=-1)


def test_checksums_are_checked(other, packed):
    rows = packed.parts["tables/epochs.jsonl"].replace(b"0.30000000000000004", b"0.30000000000000005")
    refused(other, packed(**{"tables/epochs.jsonl": rows}), "checksum of tables/epochs.jsonl")
    blob = next(name for name in packed.parts if name.startswith("blobs/"))
    body = b"other weights"
    refused(other, packed(**{blob: body}, manifest=sized(blob, body)), f"checksum of {blob}")


def test_paths_and_unknown_tables_are_refused(other, packed):
    for name in ("../../evil", "/etc/passwd", "tables/workers.jsonl", "tables/jobs.jsonl", "blobs/short"):
        refused(other, packed(**{name: b"x"}, manifest=sized(name, b"x")), "no part of a run")
    refused(other, packed(**{"more": b"x"}), "not those that its manifest names")


def test_bombs_are_refused_before_they_are_unpacked(other, packed, monkeypatch):
    body = b"\0" * 30_000_000
    name = "blobs/" + "a" * 64
    monkeypatch.setattr("nnviz.store.transfer.unpack.MAX_BYTES", 20_000_000)
    path = packed(**{name: body}, manifest=sized(name, body))
    assert path.stat().st_size < 200_000
    refused(other, path, "more than the .* that are allowed")


def test_newer_files_are_refused_with_what_to_do(other, packed):
    refused(other, packed(manifest=lambda manifest: manifest.update(version=2)), "newer nnviz.*Update")
    refused(other, packed(manifest=lambda manifest: manifest.update(schema="0999")), "newer nnviz.*Update")


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("runs", {"status": "running"}, "not one that has ended"),
        ("runs", {"id": "x"}, "not one that has ended"),
        ("runs", {"spec": "[]"}, "not one that has ended"),
        ("runs", {"info": "{"}, "run cannot be read"),
        ("runs", {"metrics": '{"loss": "<b>"}'}, "not one that has ended"),
        ("runs", {"created": "now"}, "created is 'now'"),
        ("runs", {"name": None}, "name is 'None'"),
        ("runs", {"secret": 1}, "columns that this nnviz does not know"),
        ("runs", {"weights": "0" * 64}, "lacks the weights"),
        ("steps", {"values": "text"}, "a row of steps cannot be read"),
        ("steps", {"start": 2**70}, "a row of steps cannot be read"),
    ],
)
def test_rows_that_do_not_fit_are_refused(other, packed, table, change, words):
    name = f"tables/{table}.jsonl"
    first, *rest = packed.parts[name].splitlines()
    body = b"\n".join([json.dumps(json.loads(first) | change).encode(), *rest])
    refused(other, packed(**{name: body}, manifest=sized(name, body)), words)
