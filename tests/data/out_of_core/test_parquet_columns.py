"""A file that is read column by column and encoded on the disk gives what it gives in memory."""

import json
import os
import shutil
from collections import namedtuple

import numpy as np
import pandas as pd
import pytest

from nnviz import data, engine
from nnviz.data.out_of_core import disk_arrays, parquet_columns
from nnviz.engine.loop import out_of_core
from nnviz.errors import DataError
from nnviz.spec import RunSpec

ROWS = 700


def table():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "id": np.arange(ROWS),
            "width": rng.normal(size=ROWS),
            "height": rng.lognormal(size=ROWS),
            "colour": rng.choice(["red", "green", "blue", "rare"], ROWS, p=[0.5, 0.3, 0.19, 0.01]),
            "flag": rng.random(ROWS) > 0.4,
            "day": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 500, ROWS), unit="D"),
            "one": "same",
        }
    )
    frame.loc[10:40, "width"] = np.nan
    frame.loc[50:60, "colour"] = None
    frame["kind"] = np.where(frame["height"] + rng.normal(0, 0.3, ROWS) > 1, "tall", "low")
    frame.loc[[3, 77], "kind"] = None
    frame["price"] = 3 * frame["height"] + rng.normal(size=ROWS)
    return frame


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    place = tmp_path_factory.mktemp("large") / "rows.parquet"
    table().to_parquet(place, row_group_size=150, index=False)
    return place


def spec(path, *, target="kind", cost="CrossEntropy", **more):
    return RunSpec.parse(
        {
            "data": {"kind": "file", "path": str(path), "target": target, "drop": ["price" if target == "kind" else "kind"]},
            "layers": [{"kind": "Dense", "units": 5, "activation": "tanh"}],
            "cost": {"kind": cost},
            "optimizer": {"kind": "Adam", "learning_rate": 0.01},
            "training": {"epochs": 3, "batch_size": 32},
        }
        | more
    )


def both(run_spec, monkeypatch, folder, **options):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "400")
    small = data.load(run_spec, **options)
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    monkeypatch.setattr(parquet_columns, "AT_ONCE", 64)
    return small, data.load(run_spec, cache=folder, **options)


def without_copies(report):
    """Of rows that stay on the disk copies are counted only where they are kept together."""
    record = report.to_json() | {"copies": None}
    return json.dumps(record | {"warnings": [text for text in record["warnings"] if "stand in training too" not in text]})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"target": "price", "cost": "MeanSquaredError"},
        {"split": {"validation": 0.1, "test": 0, "seed": 5}},
        {"split": {"column": "part"}},
    ],
)
def test_the_rows_the_encoder_and_the_report_are_the_same(path, tmp_path, monkeypatch, more):
    if "column" in more.get("split", {}):
        frame = table()
        frame["part"] = np.resize(["train", "train", "validation", "test"], ROWS)
        path = tmp_path / "parts.parquet"
        frame.to_parquet(path, index=False)
    small, other = both(spec(path, **more), monkeypatch, tmp_path / "cache")
    assert json.dumps(small.encoder.to_json()) == json.dumps(other.encoder.to_json())
    assert without_copies(small.report) == without_copies(other.report)
    assert list(small.parts) == list(other.parts)
    for name, part in small.parts.items():
        assert isinstance(other.parts[name].x, disk_arrays.DiskRows)
        np.testing.assert_array_equal(part.x, other.parts[name].x[:])
        np.testing.assert_array_equal(part.y, other.parts[name].y)
        np.testing.assert_array_equal(part.rows, other.parts[name].rows)
        np.testing.assert_array_equal(part.x[[5, 2, 2]], other.parts[name].x[np.array([5, 2, 2])])
    assert not list((tmp_path / "cache").iterdir())


def test_training_from_the_disk_gives_the_weights_of_training_in_memory(path, tmp_path, monkeypatch):
    monkeypatch.setattr(out_of_core, "BLOCK_BYTES", 20_000)
    run_spec = spec(path)
    results = [
        engine.train(run_spec, prepared, on_progress=lambda progress: None) for prepared in both(run_spec, monkeypatch, tmp_path)
    ]
    assert [result.info["rows_from"] for result in results] == ["memory", "blocks"]
    for one, other in zip(results[0].weights, results[1].weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert results[0].metrics == pytest.approx(results[1].metrics, rel=1e-5)


def test_bytes_from_the_store_are_read_in_the_same_way(path, tmp_path, monkeypatch):
    run_spec = spec(path).with_("data.sha256", "0" * 64)
    small, other = both(run_spec, monkeypatch, tmp_path, blob=lambda sha256: path.read_bytes())
    np.testing.assert_array_equal(small.parts["test"].x, other.parts["test"].x[:])


def test_a_full_disk_and_a_damaged_file_are_refused(path, tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: namedtuple("Usage", "free")(1000))
    with pytest.raises(DataError, match="on the disk") as caught:
        data.load(spec(path), cache=tmp_path)
    assert "Free some space" in caught.value.remedy
    assert not list(tmp_path.glob("*.npy"))
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(DataError, match="damaged"):
        data.load(spec(broken))


def test_a_file_larger_than_an_upload_may_be_trains_from_the_disk(path, tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "0.001")
    train = data.load(spec(path), cache=tmp_path).parts["train"]
    assert len(train) > 400
    assert isinstance(train.x, disk_arrays.DiskRows)


def test_it_is_said_which_column_is_being_read(path, tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    messages: list[str] = []
    data.load(spec(path), cache=tmp_path, on_read=messages.append)
    assert {f"column {number} of 9" for number in range(1, 9)} <= set(messages)


def test_what_a_killed_process_left_is_removed_by_age(path, tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    old, new = tmp_path / f"{disk_arrays.PREFIX}old.npy", tmp_path / f"{disk_arrays.PREFIX}new.npy"
    for left in (old, new):
        left.write_bytes(b"x")
    os.utime(old, (0, 0))
    data.load(spec(path), cache=tmp_path)
    assert not old.exists()
    assert new.exists()
