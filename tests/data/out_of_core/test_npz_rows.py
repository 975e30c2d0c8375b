"""An .npz file whose rows stay on the disk gives what it gives in memory."""

import io
import json
import shutil
import struct
import tracemalloc
import zipfile
from collections import namedtuple

import numpy as np
import pytest

from nnviz import data, engine
from nnviz.data.out_of_core import npz_members, stored_rows
from nnviz.data.out_of_core.disk_arrays import DiskRows
from nnviz.data.out_of_core.stored_rows import CodedRows
from nnviz.engine.loop import out_of_core
from nnviz.errors import DataError
from nnviz.spec import RunSpec

ROWS = 600


def table(rows=ROWS, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 5)) * [1, 10, 1, 100, 1] + [0, 5, 0, 0, 3]
    x[10:25, 2] = np.nan
    x[40, 3] = np.inf
    x[:, 4] = 7
    return x, np.where(x[:, 0] + x[:, 1] / 10 + rng.normal(0, 0.2, rows) > 0.5, 1, 0)


def images(rows=200, seed=0, shape=(6, 5)):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, rows)
    return (rng.integers(0, 60, (rows, *shape)) + 60 * y.reshape(rows, *[1] * len(shape))).astype(np.uint8), y


def spec(path, *, layers=({"kind": "Dense", "units": 5, "activation": "tanh"},), cost="CrossEntropy", more=None, **parts):
    return RunSpec.parse(
        {
            "data": {"kind": "file", "path": str(path)} | (more or {}),
            "layers": list(layers),
            "cost": {"kind": cost},
            "optimizer": {"kind": "Adam", "learning_rate": 0.01},
            "training": {"epochs": 2, "batch_size": 32},
        }
        | parts
    )


def both(run_spec, monkeypatch, folder, **options):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "400")
    small = data.load(run_spec, **options)
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    monkeypatch.setattr(npz_members, "BLOCK", 2000)
    monkeypatch.setattr(stored_rows, "PIECE", 4000)
    return small, data.load(run_spec, cache=folder, **options)


def without_copies(report):
    """Of rows that stay on the disk copies are counted only where they are kept together."""
    record = report.to_json() | {"copies": None}
    return json.dumps(record | {"warnings": [text for text in record["warnings"] if "stand in training too" not in text]})


def check_same(small, other):
    assert json.dumps(small.encoder.to_json()) == json.dumps(other.encoder.to_json())
    assert without_copies(small.report) == without_copies(other.report)
    assert list(small.parts) == list(other.parts)
    for name, part in small.parts.items():
        on_disk = other.parts[name]
        assert isinstance(on_disk.x, CodedRows | DiskRows)
        assert on_disk.x.shape == part.x.shape
        np.testing.assert_array_equal(part.x, on_disk.x[:])
        np.testing.assert_array_equal(part.y, on_disk.y)
        np.testing.assert_array_equal(part.rows, on_disk.rows)
        np.testing.assert_array_equal(part.x[[5, 2, 2]], on_disk.x[np.array([5, 2, 2])])


def halves(x, y):
    return {"x_train": x[:400], "y_train": y[:400], "x_test": x[400:].astype(np.float32), "y_test": y[400:]}


def one_hot(x, y):
    return {"x": x.astype(">f4"), "y": np.eye(3)[y + (np.arange(len(y)) % 3 == 2) * (2 - y)]}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize(
    ("made", "more", "parts"),
    [
        (lambda x, y: {"x": x, "y": y}, {}, {}),
        (
            lambda x, y: {"x": x, "y": x[:, 0] * 2 + np.where(np.arange(len(x)) % 50 == 3, np.nan, 1)},
            {},
            {"cost": "MeanSquaredError", "split": {"validation": 0.1, "test": 0.3, "seed": 5}},
        ),
        (halves, {}, {"split": {"validation": 0.3}}),
        (one_hot, {"drop": ["x1"]}, {"split": {"folds": 3, "fold": 1}}),
        (
            lambda x, y: {"x": x, "y": np.array(["low", "tall"])[y]},
            {"target": "x0", "task": "regression"},
            {"cost": "MeanSquaredError"},
        ),
        (lambda x, y: {"x": np.round(x[:, 0] * 2).astype(np.int16), "y": y}, {"columns": {"x0": {"type": "category"}}}, {}),
    ],
)
def test_rows_encoder_and_report_of_a_table_are_the_same(tmp_path, monkeypatch, save, made, more, parts):
    path = tmp_path / "rows.npz"
    save(path, **made(*table()))
    run_spec = spec(path, more=more, **parts)
    check_same(*both(run_spec, monkeypatch, tmp_path / "cache"))
    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize(
    "made",
    [
        lambda x, y: {"x": x, "y": y},
        lambda x, y: {"x": (x / 255).astype(np.float64), "y": y * 1.5},
        lambda x, y: {"x": np.where(x == 7, np.nan, x).astype(np.float32), "y": y},
        lambda x, y: {"x_train": x[:150, ..., None], "y_train": y[:150], "x_test": x[150:, ..., None], "y_test": y[150:]},
        lambda x, y: {"x": np.stack([x % 16, x % 5], axis=-1), "y": y},
    ],
)
def test_images_are_scaled_as_they_are_in_memory(tmp_path, monkeypatch, made):
    path = tmp_path / "images.npz"
    np.savez(path, **made(*images()))
    small, other = both(spec(path), monkeypatch, tmp_path / "cache")
    check_same(small, other)
    np.testing.assert_array_equal(other.parts["train"].x[3], small.parts["train"].x[3])


@pytest.mark.parametrize("kind", ["table", "images"])
def test_training_from_the_file_gives_the_weights_of_training_in_memory(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(out_of_core, "BLOCK_BYTES", 20_000)
    path = tmp_path / "rows.npz"
    x, y = table() if kind == "table" else images()
    np.savez(path, x=x, y=y)
    layers = (
        [{"kind": "Dense", "units": 5}]
        if kind == "table"
        else [{"kind": "Conv2D", "filters": 3, "kernel_size": 3, "activation": "relu"}, {"kind": "Flatten"}]
    )
    run_spec = spec(path, layers=layers)
    results = [
        engine.train(run_spec, prepared, on_progress=lambda progress: None) for prepared in both(run_spec, monkeypatch, tmp_path)
    ]
    assert [result.info["rows_from"] for result in results] == ["memory", "blocks"]
    for one, other in zip(results[0].weights, results[1].weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=0 if kind == "table" else 1e-6)
    assert results[0].metrics == pytest.approx(results[1].metrics, rel=1e-5)


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path, monkeypatch):
    path = tmp_path / "images.npz"
    x, y = np.random.default_rng(0).integers(0, 255, (4000, 40, 40), dtype=np.uint8), np.arange(4000) % 10
    np.savez(path, x=x, y=y)
    monkeypatch.setenv("NNVIZ_LARGE_MB", "1")
    monkeypatch.setattr(npz_members, "BLOCK", 1 << 17)
    size = x.nbytes
    del x
    run_spec = spec(path)
    tracemalloc.start()
    try:
        train = data.load(run_spec, cache=tmp_path).parts["train"]
        for start in range(0, len(train), 100):
            train.x[start : start + 100]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < size / 2


def test_bytes_from_the_store_are_read_in_the_same_way(tmp_path, monkeypatch):
    body = io.BytesIO()
    x, y = table()
    np.savez_compressed(body, x=x, y=y)
    run_spec = spec("rows.npz", more={"sha256": "0" * 64})
    check_same(*both(run_spec, monkeypatch, tmp_path, blob=lambda sha256: body.getvalue()))


def header(shape, kind="<f8"):
    body = io.BytesIO()
    np.lib.format.write_array_header_1_0(body, {"shape": shape, "fortran_order": False, "descr": kind})
    return body.getvalue()


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if members.pop("small", False) else zipfile.ZIP_STORED) as archive:
        for name, body in members.items():
            archive.writestr(f"{name}.npy", body)


def saved(array):
    body = io.BytesIO()
    np.save(body, array)
    return body.getvalue()


Y = np.arange(ROWS) % 2


@pytest.mark.parametrize(
    ("members", "trouble"),
    [
        ({"x": header((10**12, 100)) + b"few"}, "says it has the shape"),
        ({"x": header((-600, 5)) + bytes(ROWS * 40)}, "says it has the shape"),
        ({"x": header((ROWS, 5))[:50]}, "damaged"),
        ({"x": header((ROWS, 5), "|O") + bytes(ROWS * 40)}, "Python objects"),
        ({"x": saved(np.asfortranarray(np.ones((ROWS, 5))))}, "row by row"),
        ({"x": saved(np.ones((ROWS, 5), complex))}, "not real numbers"),
        ({"x": saved(np.ones((ROWS, 2, 2, 2, 2)))}, "dimensions"),
        ({"x": saved(np.ones((0, 5)))}, "is empty"),
        ({"x": saved(np.ones((ROWS + 1, 5)))}, f"has {ROWS} rows"),
        ({"z": saved(np.ones((ROWS, 5)))}, "no array named x"),
        ({"x": saved(np.ones((ROWS, 5))), "x_test": saved(np.ones((ROWS, 4)))}, "the first part has"),
        ({"x": saved(np.ones((ROWS, 5))), "x_test": saved(np.ones((ROWS, 5)))}, "some have none"),
        ({"x": saved(np.zeros((ROWS, 2000))), "small": True}, "unpack to"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_read(tmp_path, monkeypatch, members, trouble):
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "0.0001")
    path = tmp_path / "rows.npz"
    zipped(path, y=saved(Y), **members)
    with pytest.raises(DataError, match=trouble) as caught:
        data.load(spec(path), cache=tmp_path)
    assert "rows.npz" in caught.value.where
    assert caught.value.remedy
    assert not list(tmp_path.glob("*.npy"))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_damaged_and_cut_files_are_refused(tmp_path, monkeypatch, save):
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "0.0001")
    path = tmp_path / "rows.npz"
    x, y = table()
    save(path, x=x, y=y)
    body = bytearray(path.read_bytes())
    path.write_bytes(body[:-3000])
    with pytest.raises(DataError, match="damaged"):
        data.load(spec(path), cache=tmp_path)
    body[5000] ^= 255
    path.write_bytes(body)
    with pytest.raises(DataError, match="damaged"):
        data.load(spec(path), cache=tmp_path)


def test_a_member_elsewhere_than_the_directory_says_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "0.0001")
    path = tmp_path / "rows.npz"
    np.savez(path, x=table()[0], y=Y)
    body = bytearray(path.read_bytes())
    place = body.index(b"PK\x01\x02")
    body[place + 42 : place + 46] = struct.pack("<I", 500)
    path.write_bytes(body)
    with pytest.raises(DataError, match="damaged"):
        data.load(spec(path), cache=tmp_path)


def test_a_full_disk_is_told_and_so_is_a_file_that_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    path = tmp_path / "rows.npz"
    x, y = table()
    np.savez(path, x=x, y=y)
    train = data.load(spec(path), cache=tmp_path).parts["train"]
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(DataError, match="changed"):
        train.x[:3]
    np.savez_compressed(path, x=x, y=y)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: namedtuple("Usage", "free")(1000))
    with pytest.raises(DataError, match="on the disk") as caught:
        data.load(spec(path), cache=tmp_path)
    assert "Free some space" in caught.value.remedy


def test_it_is_said_how_far_reading_is(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    monkeypatch.setattr(npz_members, "BLOCK", 2000)
    np.savez_compressed(tmp_path / "rows.npz", x=table()[0], y=Y)
    messages: list[str] = []
    data.load(spec(tmp_path / "rows.npz"), cache=tmp_path, on_read=messages.append)
    assert {"x unpacked to 0 %", "0 %", "column 1 of 6"} <= set(messages)
