"""Packed runs from strangers that bring or name files they should not: refused in words before anything is written."""

import hashlib
import io
import json
import os
import zipfile

import numpy as np
import pytest
from sqlalchemy import select

from nnviz.errors import StoreFull
from nnviz.store.schema import blobs
from tests.store.packed_runs import PackedParts, nothing
from tests.store.transfer.test_pack import npz

PASSWD = {"kind": "file", "path": "/etc/passwd", "target": "y"}


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


def with_weights(packed, body):
    """The run with other weights, named by their own sha256."""
    old = packed.rows("runs")[0]["weights"]
    new = hashlib.sha256(body).hexdigest()
    packed.parts.pop(f"blobs/{old}")
    packed.parts[f"blobs/{new}"] = body
    packed.change("runs", weights=new)


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
