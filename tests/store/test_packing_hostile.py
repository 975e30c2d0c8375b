"""Packed runs from strangers: each is refused in words before anything of it is written."""

import base64
import hashlib
import io
import json
import os
import zipfile

import msgpack
import numpy as np
import pytest
from sqlalchemy import select

from nnviz.errors import NnvizError, RequestError, StoreFull
from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.store.schema import blobs, groups, runs
from tests.store.packed_runs import PackedParts
from tests.store.transfer.test_pack import everything, npz, trained

PASSWD = {"kind": "file", "path": "/etc/passwd", "target": "y"}


def binary(body):
    return {"base64": base64.b64encode(body).decode()}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A packed run of a group, with rows in every table."""
    folder = tmp_path_factory.mktemp("good")
    store = Store(f"sqlite:///{folder}/here.db")
    store.packs.pack(trained(store, group=True), folder / "good.nnviz")
    store.close()
    return folder / "good.nnviz"


@pytest.fixture
def packed(good):
    return PackedParts(good)


@pytest.fixture
def refused(store, tmp_path):
    def check(path, *words):
        with pytest.raises(RequestError) as error:
            store.packs.unpack(path)
        for word in words:
            assert word in str(error.value), error.value
        nothing(store, tmp_path)

    return check


def nothing(store, tmp_path):
    """Neither a row nor a blob nor a file of snapshots has been left."""
    with store.db.read() as connection:
        for table in (runs, groups, blobs):
            assert connection.execute(select(table)).all() == []
    assert [path for path in (tmp_path / "snapshots").rglob("*") if path.is_file()] == []


def test_the_good_one_comes_in_and_goes_out_the_same(store, good, tmp_path):
    run_id = store.packs.unpack(good).run_id
    store.packs.pack(run_id, tmp_path / "again.nnviz")
    (tmp_path / "there").mkdir()
    other = Store(f"sqlite:///{tmp_path}/there/nnviz.db")
    other.packs.unpack(tmp_path / "again.nnviz")
    assert everything(other, run_id) == everything(store, run_id)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("created", 1e300, "created"),
        ("created", -1, "created"),
        ("started", 1e15, "started"),
        ("ended", 0, "ended"),
        ("spec", "{}", "spec data"),
        ("spec", '{"version": 1}', "spec"),
        ("spec", "[" * 50_000, "deeply"),
        ("spec", '{"data": {}, "cost": {}, "optimizer": {}, "layers": []}', "settings"),
        ("info", '{"shape": "x", "rows": 3}', "info shape"),
        ("info", '{"task": "classification", "task": "regression"}', "twice"),
        ("info", '{"a": NaN}', "no number"),
        ("info", '{"a": 1e999}', "no number"),
        ("info", '{"a": %s}' % ("9" * 400), "digits"),
        ("info", '{"a": "\\ud83d"}', "half a letter"),
        ("info", '{"a": ' * 100 + "1" + "}" * 100, "deeply"),
        ("info", '{"shape": [2]}', "without outputs"),
        ("metrics", '{"loss": null}', "loss"),
        ("metrics", "[]", "metrics"),
        ("best", '{"epoch": "x"}', "epoch"),
        ("control", '{"pace": "sideways"}', "pace"),
        ("control", '{"more": 1}', "more"),
        ("control", '{"stop": 1}', "stop"),
        ("tags", '["%s"]' % ("x" * 61), "tags"),
        ("tags", "{}", "tags"),
        ("error", '{"what": 3}', "error"),
        ("error", "[]", "error"),
        ("encoder", "{}", "encoder target"),
        ("encoder", '{"target": {"names": ["y"], "task": "x"}}', "target.task"),
        ("name", "a\x1b[2J", "control"),
        ("name", "x" * 3000, "letters"),
        ("name", "a\0b", "control"),
        ("label", "a\nb", "control"),
        ("note", "x" * 20_000, "letters"),
        ("status", "running", "not one that has ended"),
        ("status", "dancing", "status"),
        ("step", -1, "step"),
        ("epoch", -1.0, "epoch"),
        ("seconds", 1e200, "seconds"),
        ("attempt", -3, "attempt"),
        ("weights", "x" * 64, "weights"),
        ("id", "../../x", "id"),
        ("revision", -1, "revision"),
        ("pinned", 1e300, "pinned"),
    ],
)
def test_a_run_that_pages_could_not_show(packed, refused, tmp_path, column, value, says):
    packed.change("runs", **{column: value})
    refused(packed.write(tmp_path / "bad.nnviz"), says)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("columns", [{"name": "x", "type": "number"}]),
        ("columns", [{"name": "x", "type": "dance"}]),
        ("columns", "x"),
        ("columns", [{"name": 3, "type": "number"}]),
        ("columns", [{"name": "x", "type": "category", "categories": [1]}]),
        ("shape", "x"),
        ("shape", [-1]),
        ("divide", "x"),
        ("target", []),
        ("target", {"names": ["y"], "task": "classification", "classes": []}),
        ("target", {"names": [], "task": "regression"}),
    ],
)
def test_an_encoder_that_predict_could_not_use(packed, refused, tmp_path, key, value):
    packed.change_document("encoder", **{key: value})
    refused(packed.write(tmp_path / "bad.nnviz"), "encoder")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("events", {"data": "not json"}),
        ("events", {"data": "[]"}),
        ("events", {"data": '{"a": %s}' % ("9" * 400)}),
        ("events", {"time": 1e300}),
        ("events", {"time": -5}),
        ("events", {"text": "x" * 200_000}),
        ("events", {"step": -1}),
        ("events", {"kind": ""}),
        ("events", {"epoch": -1}),
        ("events", {"kind": "a\nb"}),
        ("epochs", {"odd": "what"}),
        ("epochs", {"odd": "nan", "value": 1.0}),
        ("epochs", {"value": None, "odd": None}),
        ("epochs", {"name": ""}),
        ("epochs", {"step": -1}),
        ("epochs", {"time": -1}),
        ("epochs", {"epoch": 1e300}),
        ("steps", {"values": binary(b"abc")}),
        ("steps", {"values": binary(b"")}),
        ("steps", {"blocks": binary(b"abcd")}),
        ("steps", {"start": 5, "stop": 5}),
        ("steps", {"start": 9, "stop": 5}),
        ("steps", {"stop": 2**50}),
        ("steps", {"series": ""}),
        ("steps", {"series": "a\x07"}),
        ("steps", {"time_start": -1}),
        ("steps", {"written": 1e300}),
        ("steps", {"attempt": -1}),
        ("frames", {"body": binary(b"\xc1")}),
        ("frames", {"body": binary(msgpack.packb([1]))}),
        ("frames", {"view": ""}),
        ("frames", {"body": binary(msgpack.packb({"a": 1}) + b"more")}),
        ("frames", {"body": binary(b"\x91" * 3000)}),
        ("frames", {"body": binary(b"\xdf\xff\xff\xff\xff")}),
        ("frames", {"body": binary(msgpack.packb({"a": msgpack.ExtType(4, b"x")}))}),
        ("frames", {"step": -1}),
        ("frames", {"revision": -1}),
        ("snapshots", {"place": 2**40}),
        ("snapshots", {"size": 2**40}),
        ("snapshots", {"file": "../../x.snap"}),
        ("snapshots", {"sha256": "x"}),
        ("snapshots", {"damaged": 7}),
        ("snapshots", {"created": 1e300}),
        ("snapshots", {"place": -1}),
        ("groups", {"spec": "{}"}),
        ("groups", {"spec": "x"}),
        ("groups", {"created": 1e300}),
        ("groups", {"name": "a\x1b"}),
        ("groups", {"id": "../x"}),
    ],
)
def test_rows_that_would_break_what_reads_them(packed, refused, tmp_path, table, change):
    packed.change(table, **change)
    refused(packed.write(tmp_path / "bad.nnviz"))


@pytest.mark.parametrize("table", ["steps", "epochs", "frames", "snapshots", "groups", "runs"])
def test_rows_that_stand_there_twice(packed, refused, tmp_path, table):
    packed.put_rows(table, packed.rows(table) * 2)
    refused(packed.write(tmp_path / "bad.nnviz"))


def test_steps_that_overlap(packed, refused, tmp_path):
    (row,) = packed.rows("steps")
    values = np.ones(10, "<f4")
    packed.put_rows(
        "steps",
        [
            row,
            row
            | {"start": 1495, "stop": 1505, "values": binary(values.tobytes()), "blocks": binary(np.ones(3, "<f4").tobytes())},
        ],
    )
    refused(packed.write(tmp_path / "bad.nnviz"), "twice")


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": 1, "a": 2}',
        b'{"step": NaN}',
        b"[1]",
        b"3",
        b"\xff\xfe",
        b"{" * 2000,
        b"[" + b"[]," * 50_000 + b"1]",
        b'{"id": "\\ud83d"}',
        b'{"step": ' + b"9" * 500 + b"}",
        b'{"step": ' + b"9" * 5000 + b"}",
        b"",
    ],
)
def test_lines_that_are_no_rows(packed, refused, tmp_path, line):
    for table in ("runs", "events"):
        changed = PackedParts(packed.write(tmp_path / "bad.nnviz"))
        changed.put_rows(table, [line, *changed.rows(table)])
        refused(changed.write(tmp_path / "bad.nnviz"))


@pytest.mark.parametrize("field", ["path", "validation_path", "test_path"])
@pytest.mark.parametrize("where", ["runs", "groups"])
def test_a_path_of_this_computer_is_not_opened(packed, refused, tmp_path, field, where):
    """Neither in the run's settings nor in its group's, for none of the three files."""
    record = json.loads(packed.rows(where)[0]["spec"])
    if field == "path":
        record["data"] = PASSWD
    else:
        record["data"] |= {field: "/etc/passwd"}
        record["split"] = {}
    packed.change(where, spec=json.dumps(record))
    refused(packed.write(tmp_path / "bad.nnviz"), "sha256")


@pytest.mark.parametrize("sha256", ["", "x", "0" * 64, "0" * 63, 7])
def test_a_sha256_that_is_nowhere_is_none(packed, refused, tmp_path, sha256):
    for table in ("runs", "groups"):
        record = json.loads(packed.rows(table)[0]["spec"])
        record["data"]["sha256"] = sha256
        packed.change(table, spec=json.dumps(record))
    refused(packed.write(tmp_path / "bad.nnviz"))


def test_data_that_the_store_has_need_not_come_along(store, packed, tmp_path):
    name = next(name for name in packed.parts if name.startswith("blobs/") and packed.parts[name].startswith(b"x,y"))
    store.blobs.put(packed.parts.pop(name))
    assert store.packs.unpack(packed.write(tmp_path / "small.nnviz")).is_new


def with_weights(packed, body):
    """The run with other weights, named by their own sha256."""
    old = packed.rows("runs")[0]["weights"]
    new = hashlib.sha256(body).hexdigest()
    packed.parts.pop(f"blobs/{old}")
    packed.parts[f"blobs/{new}"] = body
    packed.change("runs", weights=new)


def zipped(compression=zipfile.ZIP_STORED, **members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return file.getvalue()


def array(value, **options):
    file = io.BytesIO()
    np.save(file, value, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"no zip",
        zipped(**{"0.npy": b"no array"}),
        zipped(**{"0.txt": array(np.ones(3))}),
        zipped(**{"0.npy": array(np.array([{}], dtype=object), allow_pickle=True)}),
        zipped(**{"0.npy": array(np.ones(3))[:-1]}),
        zipped(zipfile.ZIP_DEFLATED, **{"0.npy": array(np.zeros(1_000_000))}),
        zipped(**{"0.npy": array(np.array(["x"]))}),
        zipped(**{"0.npy": array(np.ones(3)).replace(b"(3,), ", b"(9**9,)")}),
        npz(np.ones(3))[:-30],
    ],
)
def test_weights_that_are_no_plain_arrays(packed, refused, tmp_path, body):
    with_weights(packed, body)
    refused(packed.write(tmp_path / "bad.nnviz"), "weights")


def test_files_that_nothing_speaks_of(packed, refused, tmp_path):
    body = b"a stowaway"
    stowaway = PackedParts(packed.write(tmp_path / "bad.nnviz"))
    stowaway.parts[f"blobs/{hashlib.sha256(body).hexdigest()}"] = body
    refused(stowaway.write(tmp_path / "bad.nnviz"), "does not speak of")
    stowaway = PackedParts(packed.write(tmp_path / "bad.nnviz"))
    stowaway.parts["snapshots/1-1-abcdef.snap"] = body
    refused(stowaway.write(tmp_path / "bad.nnviz"), "no row speaks of")


def test_bombs(packed, refused, tmp_path, monkeypatch):
    monkeypatch.setattr("nnviz.store.transfer.unpack.BOMB_BYTES", 1_000_000)
    body = b"\0" * 5_000_000
    packed.parts[f"blobs/{hashlib.sha256(body).hexdigest()}"] = body
    refused(packed.write(tmp_path / "bad.nnviz"), "would become")


def test_a_list_of_a_million_files_is_not_read(refused, tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a", b"")
    whole = bytearray(made.getvalue())
    place = whole.rfind(b"PK\5\6")
    whole[place + 12 : place + 16] = (500_000_000).to_bytes(4, "little")
    (tmp_path / "bad.nnviz").write_bytes(whole)
    refused(tmp_path / "bad.nnviz", "no packed run")


def test_what_is_no_file_at_all(refused, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "a device or a pipe")
    refused(tmp_path, "a folder")
    refused(tmp_path / "nothing", "cannot be read")


@pytest.mark.parametrize(
    "place",
    [
        "nnviz.store.transfer.pack.Packing._rows",
        "nnviz.store.transfer.pack.write_whole",
        "nnviz.store.transfer.pack.Packing._group",
    ],
)
def test_a_disk_that_fills_on_the_way_in_leaves_nothing(store, good, tmp_path, monkeypatch, place):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(place, full)
    with pytest.raises(StoreFull):
        store.packs.unpack(good)
    nothing(store, tmp_path)


def test_a_file_that_others_use_stays_when_an_import_fails(store, good, packed, tmp_path, monkeypatch):
    name = next(name for name in packed.parts if name.startswith("blobs/"))
    sha256 = store.blobs.put(packed.parts[name])
    monkeypatch.setattr("nnviz.store.transfer.pack.Packing._rows", lambda *_arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.packs.unpack(good)
    assert store.blobs.has(sha256)
    with store.db.read() as connection:
        assert len(connection.execute(select(blobs)).all()) == 1


def test_a_component_of_ones_own_that_is_not_here(store, packed, tmp_path):
    """Such a run comes in, and is opened where its file is; without its name among its own, it does not."""
    for table in ("runs", "groups"):
        record = json.loads(packed.rows(table)[0]["spec"])
        record["layers"][0]["activation"] = "clip6"
        packed.change(table, spec=json.dumps(record))
    with pytest.raises(RequestError, match="clip6"):
        store.packs.unpack(packed.write(tmp_path / "bad.nnviz"))
    packed.change_document("info", own={"clip6": "clip(x, 0, 6)"})
    assert store.packs.unpack(packed.write(tmp_path / "own.nnviz")).is_new


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "diverged"])
@pytest.mark.parametrize(
    "blocks",
    [
        {"layers": [{"kind": "Dense", "units": 4}]},
        {
            "data": {"kind": "builtin", "name": "digits"},
            "layers": [{"kind": "Conv2D", "filters": 2, "kernel_size": 3}, {"kind": "Flatten"}],
        },
        {"data": {"kind": "synthetic", "name": "spirals"}, "layers": [], "from": {"run": "261128-000000-abcdef", "step": 5}},
    ],
)
def test_runs_of_every_kind_come_back_the_same(store, tmp_path, status, blocks):
    images = {
        "version": 1,
        "target": {"names": ["y"], "task": "classification", "classes": ["a", "b"], "mean": [], "scale": []},
        "columns": [],
        "shape": [8, 8, 1],
        "divide": 16.0,
    }
    run_id = store.runs.create(
        RunSpec.parse(
            {"data": {"kind": "builtin", "name": "iris"}, "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}} | blocks
        )
    )
    attempt = store.runs.claim(run_id, pid=1)
    store.runs.set_phase(
        run_id,
        attempt,
        "training",
        encoder=images,
        info={
            "task": "classification",
            "shape": [8, 8, 1],
            "outputs": 2,
            "classes": ["a", "b"],
            "columns": [],
            "plane": None,
            "rows": {"train": 3, "validation": 1},
            "target_mean": [],
            "target_scale": [],
        },
    )
    store.series.append(
        run_id,
        attempt,
        step=3,
        epoch=1.0,
        seconds=0.1,
        steps_={"batch_loss": np.array([1, np.nan, np.inf])},
        epochs_=[(1.0, 3, 0.1, {"loss": float("nan"), "val_loss": float("-inf")})],
    )
    error = NnvizError("it failed", where="there", remedy="Do.") if status in ("failed", "diverged") else None
    store.runs.finish(
        run_id, attempt, status, error=error, log="a\tb\x1b[0m\n" if error else "", metrics={"test_loss": float("nan")}
    )
    store.packs.pack(run_id, tmp_path / "run.nnviz")
    (tmp_path / "there").mkdir()
    other = Store(f"sqlite:///{tmp_path}/there/nnviz.db")
    other.packs.unpack(tmp_path / "run.nnviz")
    assert everything(other, run_id) == everything(store, run_id)
    other.packs.pack(run_id, tmp_path / "again.nnviz")
    assert (
        PackedParts(tmp_path / "again.nnviz").parts["tables/runs.jsonl"]
        == PackedParts(tmp_path / "run.nnviz").parts["tables/runs.jsonl"]
    )


@pytest.mark.parametrize(("column", "item"), [("info", "{}"), ("encoder", "[]"), ("control", "1"), ("spec", '""')])
def test_small_texts_that_would_take_much_room(packed, refused, tmp_path, column, item):
    packed.change("runs", **{column: '{"a": [' + f"{item}," * 200_000 + "1]}"})
    refused(packed.write(tmp_path / "bad.nnviz"), column)
