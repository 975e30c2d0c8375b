"""Large files block by block hold what they hold when they are read whole."""

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.data.columns.column_code import ColumnCode
from nnviz.data.columns.encode import TargetCode
from nnviz.data.out_of_core import chunks
from nnviz.data.readers.read import read
from nnviz.errors import DataError
from nnviz.spec import FileData

ROWS = 1000


def frame():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "width": rng.normal(size=ROWS),
            "count": rng.integers(0, 9, ROWS),
            "colour": rng.choice(["red", "blue"], ROWS),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 900, ROWS), unit="D"),
            "kind": rng.choice(["a", "b"], ROWS),
        }
    )
    frame.loc[700:800, "count"] = np.nan
    return frame


def test_parquet_in_blocks_is_encoded_as_when_read_whole(tmp_path):
    path = tmp_path / "rows.parquet"
    table = frame().astype({"count": "Int64"})
    table.to_parquet(path, row_group_size=300, index=False)
    spec = FileData(kind="file", path="rows.parquet", target="kind")
    whole = read(path.read_bytes(), name="rows.parquet", data=spec).frame
    blocks = list(chunks.parquet(path, name="rows.parquet", rows=128))
    assert max(len(block.frame) for block in blocks) <= 128
    assert sum(len(block.frame) for block in blocks) == ROWS
    code = data.Encoder(
        target=TargetCode(names=("kind",), task="classification", classes=("a", "b")),
        columns=tuple(
            ColumnCode.fit(whole[name], name=name, type=kind)
            for name, kind in (("width", "number"), ("count", "number"), ("colour", "category"), ("when", "date"))
        ),
    )
    np.testing.assert_array_equal(np.concatenate([code.transform(block.frame) for block in blocks]), code.transform(whole))
    np.testing.assert_array_equal(
        np.concatenate([code.transform_target(block.frame) for block in blocks]), code.transform_target(whole)
    )


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("shape", [(ROWS, 7), (ROWS, 40, 40)])
def test_npz_in_blocks(tmp_path, save, shape, monkeypatch):
    monkeypatch.setattr(chunks, "BLOCK", 200_000)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=shape).astype(np.float32), rng.integers(0, 3, ROWS)
    save(tmp_path / "rows.npz", x=x, y=y)
    assert chunks.is_plain_npz(tmp_path / "rows.npz")
    blocks = list(chunks.npz(tmp_path / "rows.npz", name="rows.npz", rows=300))
    assert len(blocks) > 3
    if len(shape) == 2:
        np.testing.assert_array_equal(np.concatenate([block.frame.iloc[:, :7].to_numpy() for block in blocks]), x)
        assert list(blocks[0].frame.columns) == [*(f"x{index}" for index in range(7)), "y"]
        np.testing.assert_array_equal(np.concatenate([block.frame["y"] for block in blocks]), y)
    else:
        np.testing.assert_array_equal(np.concatenate([block.x for block in blocks])[..., 0], x)
        np.testing.assert_array_equal(np.concatenate([block.y for block in blocks]), y)


def test_the_parts_of_an_npz_follow_one_another(tmp_path):
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(ROWS, 3)), rng.integers(0, 3, ROWS)
    path = tmp_path / "rows.npz"
    np.savez(path, x_test=x[700:], y_test=y[700:], x_train=x[:700], y_train=y[:700])
    assert chunks.is_plain_npz(path)
    frame = pd.concat([block.frame for block in chunks.npz(path, name="rows.npz", rows=300)])
    np.testing.assert_array_equal(frame[["x0", "x1", "x2"]], x)
    np.testing.assert_array_equal(frame["y"], y)
    np.savez(path, x_test=x, x_train=x, y_train=y)
    assert not chunks.is_plain_npz(path)


def test_one_hot_labels_are_class_numbers(tmp_path):
    y = np.random.default_rng(2).integers(0, 3, ROWS)
    np.savez(tmp_path / "rows.npz", x=np.zeros((ROWS, 2)), y=np.eye(3)[y])
    blocks = list(chunks.npz(tmp_path / "rows.npz", name="rows.npz", rows=300))
    np.testing.assert_array_equal(np.concatenate([block.frame["y"] for block in blocks]), y)


def test_npy_takes_the_names_that_are_wanted(tmp_path):
    x = np.random.default_rng(3).normal(size=(ROWS, 3))
    np.save(tmp_path / "rows.npy", x)
    assert chunks.is_npy(tmp_path / "rows.npy")
    (block,) = chunks.npy(tmp_path / "rows.npy", name="rows.npy", rows=5000, names=("a", "b", "c"))
    assert list(block.frame.columns) == ["a", "b", "c"]
    np.testing.assert_array_equal(block.frame.to_numpy(), x)


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        (lambda body: body[:-100], "ends after"),
        (lambda body: body[:9], "damaged"),
        (lambda body: body.replace(b"'<f8'", b"'|O8'", 1), "Python objects|damaged"),
        (lambda body: body.replace(b"False", b"True ", 1), "row by row"),
    ],
)
def test_a_damaged_array_is_refused_with_its_place(tmp_path, change, trouble):
    path = tmp_path / "rows.npy"
    np.save(path, np.zeros((ROWS, 3)))
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(DataError) as caught:
        list(chunks.npy(path, name="rows.npy", rows=300))
    assert any(word in caught.value.what for word in trouble.split("|")), caught.value.message
    assert caught.value.where == "rows.npy"
    assert caught.value.remedy


def test_x_and_y_of_different_lengths_and_a_cut_parquet_file_are_refused(tmp_path):
    np.savez(tmp_path / "rows.npz", x=np.zeros((ROWS, 3)), y=np.zeros(ROWS - 200))
    with pytest.raises(DataError, match=r"rows, but x has|different numbers of rows"):
        list(chunks.npz(tmp_path / "rows.npz", name="rows.npz", rows=300))
    frame().to_parquet(tmp_path / "rows.parquet")
    body = (tmp_path / "rows.parquet").read_bytes()
    (tmp_path / "rows.parquet").write_bytes(body[:-300])
    with pytest.raises(DataError, match="damaged"):
        list(chunks.parquet(tmp_path / "rows.parquet", name="rows.parquet", rows=300))
