"""From a spec to arrays: nothing is fitted on validation or test rows, and what is kept gives the same bits again."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.errors import DataError
from tests.data.mixed_table import mixed, spec, stored


def test_columns_are_encoded_as_the_report_says(tmp_path: Path) -> None:
    frame = mixed()
    prepared = data.load(spec(stored(tmp_path, frame)), base=tmp_path)
    assert prepared.columns == (
        "size",
        "weight",
        "weight missing",
        "colour=blue",
        "colour=green",
        "colour=red",
        "colour missing",
        "member",
        "when.year",
        "when.month",
        "when.day",
        "when.weekday",
    )
    assert prepared.classes == ("a", "b", "c")
    train = prepared.parts["train"]
    rows = frame.iloc[train.rows]
    size = rows["size"].to_numpy()
    np.testing.assert_allclose(train.x[:, 0], (size - size.mean()) / size.std(), rtol=1e-5, atol=1e-6)
    weight = rows["weight"].fillna(rows["weight"].median()).to_numpy()
    np.testing.assert_allclose(train.x[:, 1], (weight - weight.mean()) / weight.std(), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(train.x[:, 2], rows["weight"].isna())
    np.testing.assert_array_equal(train.x[:, 3], rows["colour"] == "blue")
    np.testing.assert_array_equal(train.x[:, 7], rows["member"] == "yes")
    assert [prepared.classes[index] for index in train.y] == rows["label"].tolist()
    actions = {column.name: (column.type, column.use) for column in prepared.report.columns}
    assert actions["id"] == ("identifier", False)
    assert actions["fixed"] == ("constant", False)
    assert actions["note"] == ("text", False)
    assert {column.name: column.missing for column in prepared.report.columns}["colour"] == frame["colour"].isna().sum()


def test_nothing_is_fitted_on_rows_held_back(tmp_path: Path) -> None:
    frame = mixed()
    block = stored(tmp_path, frame)
    before = data.load(spec(block), base=tmp_path)
    changed = frame.copy()
    held = np.concatenate([before.parts["validation"].rows, before.parts["test"].rows])
    changed["colour"] = changed["colour"].astype(object)
    changed.loc[held, "size"] = 1e6
    changed.loc[held, "weight"] = np.nan
    changed.loc[held, "colour"] = "violet"
    changed.loc[held, "when"] = pd.Timestamp("1999-12-31 23:59")
    stored(tmp_path, changed)
    after = data.load(spec(block), base=tmp_path)
    assert json.dumps(after.encoder.to_json()) == json.dumps(before.encoder.to_json())
    assert after.parts["train"].x.tobytes() == before.parts["train"].x.tobytes()
    assert not np.array_equal(after.parts["test"].x, before.parts["test"].x)


def test_regression_target_is_scaled_by_training_rows_where_the_cost_allows(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=100), "b": rng.normal(size=100), "y": rng.normal(100, 20, 100)})
    prepared = data.load(spec(stored(tmp_path, frame), cost="MeanSquaredError"), base=tmp_path)
    part = prepared.parts["train"]
    own = frame["y"].to_numpy()[part.rows]
    assert part.y.shape == (60, 1)
    np.testing.assert_allclose(prepared.target_mean, own.mean(), rtol=1e-6)
    np.testing.assert_allclose(prepared.target_scale, own.std(), rtol=1e-6)
    test = prepared.parts["test"]
    np.testing.assert_allclose(
        test.y[:, 0] * prepared.target_scale + prepared.target_mean, frame["y"].to_numpy()[test.rows], rtol=1e-5
    )


@pytest.mark.parametrize(
    "block",
    [{"kind": "builtin", "name": name} for name in ("iris", "wine", "breast_cancer", "digits", "diabetes", "mnist5000")]
    + [{"kind": "synthetic", "name": name} for name in data.synthetic.MAKERS],
    ids=lambda block: block["name"],
)
def test_encoder_round_trips_bit_for_bit(block: dict[str, Any]) -> None:
    prepared = data.load(spec(block, cost="MeanSquaredError"))
    again = data.Encoder.from_json(json.loads(json.dumps(prepared.encoder.to_json())))
    assert again == prepared.encoder
    part = prepared.parts["train"]
    assert part.x.dtype == np.float32
    assert part.x.shape[1:] == prepared.shape
    assert np.isfinite(part.x).all()
    assert part.y.dtype == (np.int32 if prepared.task == "classification" else np.float32)
    assert prepared.outputs == (len(prepared.classes) or 1)
    assert not prepared.report.warnings
    if prepared.plane:
        assert part.raw is not None
        frame = pd.DataFrame(part.raw, columns=list(prepared.plane))
        assert again.transform(frame).tobytes() == part.x.tobytes()
    total = sum(len(part) for part in prepared.parts.values())
    assert len(np.unique(np.concatenate([part.rows for part in prepared.parts.values()]))) == total == prepared.report.rows
    json.dumps(prepared.report.to_json(), allow_nan=False)


def test_images_are_only_scaled() -> None:
    digits = data.load(spec({"kind": "builtin", "name": "digits"}))
    assert digits.shape == (8, 8, 1)
    assert digits.parts["train"].x.min() == 0
    assert digits.parts["train"].x.max() == 1
    mnist = data.load(spec({"kind": "builtin", "name": "mnist5000"}))
    assert mnist.shape == (28, 28, 1)
    assert mnist.encoder.divide == 255
    assert np.bincount(mnist.parts["test"].y).tolist() == [100] * 10


def test_arrays_keep_their_own_test_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(
        tmp_path / "i.npz",
        x_train=rng.integers(0, 256, (40, 6, 6), dtype=np.uint8),
        y_train=np.arange(40) % 2,
        x_test=rng.integers(0, 256, (10, 6, 6), dtype=np.uint8),
        y_test=np.arange(10) % 2,
    )
    prepared = data.load(spec({"kind": "file", "path": "i.npz"}), base=tmp_path)
    assert prepared.shape == (6, 6, 1)
    assert {part: len(rows) for part, rows in prepared.parts.items()} == {"train": 32, "validation": 8, "test": 10}
    assert prepared.encoder.divide == 255
    assert prepared.parts["test"].rows.tolist() == list(range(10))


def test_a_column_or_files_may_say_the_split(tmp_path: Path) -> None:
    frame = mixed(100)
    frame["part"] = ["Train"] * 50 + ["val"] * 30 + ["test"] * 20
    prepared = data.load(spec(stored(tmp_path, frame), column="part"), base=tmp_path)
    assert {part: len(rows) for part, rows in prepared.parts.items()} == {"train": 50, "validation": 30, "test": 20}
    assert not any(column.startswith("part") for column in prepared.columns)
    block = stored(tmp_path, frame.iloc[:50].drop(columns="part"))
    stored(tmp_path, frame.iloc[50:80], "v.csv")
    frame.iloc[80:].to_json(tmp_path / "t.json", orient="records", date_format="iso")
    files = data.load(spec(block | {"validation_path": "v.csv", "test_path": "t.json"}), base=tmp_path)
    for part in ("train", "validation", "test"):
        np.testing.assert_allclose(files.parts[part].x, prepared.parts[part].x, atol=1e-6)
        np.testing.assert_array_equal(files.parts[part].y, prepared.parts[part].y)
    frame["part"] = "later"
    with pytest.raises(DataError, match="may say train, validation or test"):
        data.load(spec(stored(tmp_path, frame), column="part"), base=tmp_path)


def test_blob_gives_the_bytes(tmp_path: Path) -> None:
    content = mixed().to_csv(index=False).encode()
    digest = hashlib.sha256(content).hexdigest()
    prepared = data.load(spec({"kind": "file", "path": "gone.csv", "sha256": digest}), blob={digest: content}.__getitem__)
    assert len(prepared.parts["train"]) == 120
    with pytest.raises(DataError, match="cannot read this file"):
        data.load(spec({"kind": "file", "path": "gone.csv"}), base=tmp_path)


def test_plane_grid_covers_the_data(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"u": rng.uniform(10, 20, 100), "v": rng.uniform(-1, 1, 100), "label": rng.choice(["a", "b"], 100)})
    prepared = data.load(spec(stored(tmp_path, frame)), base=tmp_path)
    assert prepared.plane == ("u", "v")
    assert prepared.extent is not None
    x0, x1, y0, _ = prepared.extent
    assert x0 < frame["u"].min() < frame["u"].max() < x1
    grid = prepared.plane_grid(5).reshape(5, 5, 2)
    corner = prepared.encoder.transform(pd.DataFrame({"u": [x1], "v": [y0]}))
    np.testing.assert_array_equal(grid[0, 4], corner[0])
    assert data.load(spec({"kind": "synthetic", "name": "spirals"})).extent == (-6, 6, -6, 6)
    assert data.load(spec({"kind": "builtin", "name": "iris"})).plane is None


def test_what_can_be_used_is_used(tmp_path: Path) -> None:
    frame = mixed(100)
    frame["gone"] = None
    frame["mix"] = [str(number) for number in range(97)] + ["oops", "many", "inf"]
    frame.loc[3, "label"] = None
    frame.loc[4, "label"] = "only one"
    prepared = data.load(spec(stored(tmp_path, frame)), base=tmp_path)
    report = prepared.report
    assert report.rows_dropped == 1
    warnings = " ".join(report.warnings)
    for words in (
        "1 row without a target is left out",
        "class only one has one row only",
        "'gone' is left out",
        "2 cells that are no numbers ('oops', 'many')",
        "1 infinite value",
    ):
        assert words in warnings
    assert "only one" in [prepared.classes[index] for index in prepared.parts["train"].y]
    assert 3 not in np.concatenate([part.rows for part in prepared.parts.values()])


def test_five_hundred_columns_of_noise(tmp_path: Path) -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(120, 500)))
    frame["label"] = np.random.default_rng(1).choice(["a", "b"], 120)
    prepared = data.load(spec(stored(tmp_path, frame)), base=tmp_path)
    assert prepared.shape == (500,)
    assert not prepared.report.warnings


def test_chosen_columns_and_tasks(tmp_path: Path) -> None:
    frame = mixed()
    frame["code"] = np.arange(200) % 4
    block = stored(tmp_path, frame) | {
        "target": "member",
        "drop": ["note", "label"],
        "columns": {"code": {"type": "category"}, "size": {"use": False}, "id": {"use": True}},
    }
    prepared = data.load(spec(block), base=tmp_path)
    assert prepared.targets == ("member",)
    assert "id" in prepared.columns
    assert "size" not in prepared.columns
    assert {"code=0", "code=1", "code=2", "code=3"} <= set(prepared.columns)
    by_index = data.load(
        spec(stored(tmp_path, frame) | {"target": -1, "task": "regression"}, cost="MeanSquaredError"), base=tmp_path
    )
    assert by_index.targets == ("code",)
    assert by_index.task == "regression"
    with pytest.raises(DataError, match="words such as"):
        data.load(spec(stored(tmp_path, frame) | {"target": "label", "task": "regression"}), base=tmp_path)


def test_columns_are_left_out_by_name_or_place(tmp_path: Path) -> None:
    frame = mixed()
    names = list(frame.columns)
    base = stored(tmp_path, frame) | {"target": "member"}
    by_place = data.load(spec(base | {"drop": [0, -1, "note"]}), base=tmp_path)
    by_name = data.load(spec(base | {"drop": [names[0], names[-1], "note"]}), base=tmp_path)
    assert by_place.columns == by_name.columns
    assert not any(name.startswith((names[0], names[-1])) for name in by_place.columns)
    with pytest.raises(DataError, match=f"no column number {len(names)}") as caught:
        data.load(spec(base | {"drop": [len(names)]}), base=tmp_path)
    assert f"0 to {len(names) - 1}" in str(caught.value)


def test_importing_is_cheap() -> None:
    code = (
        "import sys, nnviz.data, nnviz.data.sources.synthetic; nnviz.data.sources.synthetic.make('moons');"
        "print([name for name in ('pandas', 'pyarrow', 'sklearn', 'tensorflow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
