"""Small files that would take minutes or gigabytes: refused by what their headers say, before anything is built."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from nnviz import data
from nnviz.data import clean
from nnviz.data.columns.infer import infer_column
from nnviz.data.images.image import declared_pixels, head
from nnviz.data.readers.read import read
from nnviz.errors import DataError
from nnviz.spec import FileData, RunSpec

MB = 2**20


def packed(**columns: object) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer, compression="zstd")
    return buffer.getvalue()


def arrays(**named: object) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **named)  # type: ignore[arg-type]
    return buffer.getvalue()


def zipped(body: bytes, count: int, ending: str = "png") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(count):
            archive.writestr(f"{'ab'[index % 2]}/{index}.{ending}", body)
    return buffer.getvalue()


def drawn(height: int, width: int, kind: str = "PNG", mode: str = "L") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, kind)
    return buffer.getvalue()


def with_chunk(name: bytes, body: bytes, count: int = 1) -> bytes:
    png = drawn(8, 8)
    chunk = struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return png[:33] + chunk * count + png[33:]


def many_arrays() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for index in range(3000):
            archive.writestr(f"a{index}.npy", b"")
    return buffer.getvalue()


def numbers(columns: int, rows: int) -> str:
    head_line = ",".join(f"c{index}" for index in range(columns))
    return head_line + "\n" + "\n".join(",".join(str(index * row % 7) for index in range(columns)) for row in range(rows))


CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a name of its own in each record": (
        "a.jsonl",
        lambda: "\n".join(json.dumps({f"k{index}": index}) for index in range(20_001)).encode(),
        "20,000 names",
    ),
    "two names of its own in each record": (
        "a.jsonl",
        lambda: "\n".join(json.dumps({f"k{index}": 1, f"l{index}": 2}) for index in range(6000)).encode(),
        "72,000,000 cells",
    ),
    "lists of 20,001 names": (
        "a.json",
        lambda: json.dumps({f"k{index}": [1, 2] for index in range(20_001)}).encode(),
        "20,000 names",
    ),
    "20,001 columns of text": ("a.csv", lambda: numbers(20_001, 12).encode(), "20,001 columns are more than 20,000"),
    "one row of 6 MB": ("a.csv", lambda: (",".join(map(str, range(900_000)))).encode(), "columns are more than 20,000"),
    "20,001 columns of Parquet": (
        "a.parquet",
        lambda: packed(**{f"c{index}": [1] for index in range(20_001)}),
        "20,001 columns are more than 20,000",
    ),
    "zeros in Parquet": (
        "a.parquet",
        lambda: packed(a=np.zeros(9_000_000, "i1"), b=np.zeros(9_000_000, "i1")),
        "unpacks to more",
    ),
    "truths in Parquet": ("a.parquet", lambda: packed(a=np.ones(9_000_000, "?"), b=np.zeros(9_000_000, "?")), "unpacks to more"),
    "long texts in Parquet": ("a.parquet", lambda: packed(a=["x" * 1_000_000] * 300, b=[1] * 300), "unpacks to more"),
    "one long text in a dictionary": (
        "a.parquet",
        lambda: packed(a=pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), ["x" * 100_000])),
        "unpacks to more",
    ),
    "zeros in an array": ("a.npz", lambda: arrays(x=np.zeros((30_000, 1000), "u1"), y=np.zeros(30_000, "u1")), "unpacks to more"),
    "zeros in images": ("a.npz", lambda: arrays(x=np.zeros((9000, 100, 100), "u1"), y=np.zeros(9000, "u1")), "unpacks to more"),
    "many targets": ("a.npz", lambda: arrays(x=np.zeros((20, 3)), y=np.zeros((20, 1_000_000))), "unpacks to more"),
    "long labels": ("a.npz", lambda: arrays(x=np.zeros((20, 3)), y=np.full(20, "x", "U30000")), "texts of up to"),
    "3,000 arrays": ("a.npz", many_arrays, "3,000 arrays"),
    "large pictures": ("a.zip", lambda: zipped(drawn(6300, 6300), 3), "million pixels together"),
    "many pictures": ("a.zip", lambda: zipped(drawn(1000, 1000), 110), "million pixels together"),
    "large photographs": ("a.zip", lambda: zipped(drawn(5000, 5000, "JPEG"), 5, "jpg"), "million pixels together"),
    "large bitmaps": ("a.zip", lambda: zipped(drawn(5000, 5000, "BMP"), 4, "bmp"), "unpack to more than"),
    "large moving pictures": ("a.zip", lambda: zipped(drawn(5000, 5000, "GIF"), 5, "gif"), "million pixels together"),
    "pictures of text": ("a.zip", lambda: zipped(with_chunk(b"tEXt", b"k\0" + b"x" * 1000, 2000), 60), "unpack to more than"),
    "no pictures but long": ("a.zip", lambda: zipped(b"\x89PNG\r\n\x1a\n" + bytes(40 * MB), 3), "unpack to more than"),
    "a packed text in pictures": (
        "a.zip",
        lambda: zipped(with_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(60 * MB), 9)), 20),
        "damaged or cut off",
    ),
    "a packed profile in pictures": (
        "a.zip",
        lambda: zipped(with_chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(60 * MB), 9)), 20),
        "damaged or cut off",
    ),
    "a cell of 9 MB": ("a.csv", lambda: b"a,b\n" + b"1,2\n" * 20 + b"y" * (9 * MB) + b",2\n", "a cell of more than 8 MB"),
}


@pytest.mark.parametrize("case", list(CASES))
def test_small_files_that_unpack_to_much_are_refused_at_once(case: str) -> None:
    name, make, trouble = CASES[case]
    content = make()
    assert len(content) < 12 * MB
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(DataError, match=trouble) as caught:
        read(content, name=name, data=FileData(kind="file", path=name))
    assert pa.default_memory_pool().max_memory() - before < 100 * MB
    assert caught.value.where.startswith(name)
    assert caught.value.remedy


def test_a_large_parquet_of_zeros_takes_no_memory(tmp_path) -> None:
    path = tmp_path / "zeros.parquet"
    path.write_bytes(packed(a=np.zeros(10_000_000), label=np.zeros(10_000_000, "i1")))
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(DataError, match="unpacks to more"):
        data.load(spec(path))
    assert pa.default_memory_pool().max_memory() - before < 50 * MB


def test_repetitions_that_stay_small_are_read() -> None:
    label = np.arange(200_000) % 2
    table = data.inspect(packed(a=label * 1.0, label=label), name="a.parquet")
    assert table.rows == 200_000
    blank = [Image.new("L", (200, 200), shade) for shade in (0, 255)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for index in range(60):
            body = io.BytesIO()
            blank[index % 2].save(body, "PNG")
            archive.writestr(f"{'ab'[index % 2]}/{index}.png", body.getvalue())
    assert data.inspect(buffer.getvalue(), name="a.zip").rows == 60


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP"])
def test_first_bytes_say_how_many_pixels_there_are(kind: str) -> None:
    assert declared_pixels(drawn(30, 7, kind)[:32]) == 210
    assert declared_pixels(b"") == declared_pixels(drawn(30, 7, kind)[:9]) == 0


def test_a_png_that_was_held_on_its_side_is_known_without_unpacking_others() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.new("L", (8, 4)).save(buffer, "PNG", exif=exif)
    assert (head(buffer.getvalue()).height, head(buffer.getvalue()).width) == (8, 4)
    assert (head(drawn(4, 8)).height, head(drawn(4, 8)).width) == (4, 8)


def spec(path) -> RunSpec:
    return RunSpec.parse(
        {
            "data": {"kind": "file", "path": str(path)},
            "layers": [],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
        }
    )


def test_very_many_columns_are_not_read_one_by_one(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(numbers(4000, 14))
    one_by_one = []

    def inferred(name, *rest, **more):
        one_by_one.append(name)
        return infer_column(name, *rest, **more)

    monkeypatch.setattr(clean, "infer_column", inferred)
    prepared = data.load(spec(path))
    assert len(prepared.report.columns) == 4000
    assert len(one_by_one) < 10
    assert prepared.shape == (sum(column.use for column in prepared.report.columns) - 1,)


@pytest.mark.parametrize("rows", [13, 40])
def test_wide_tables_are_read_as_narrow_ones(rows: int, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(rows)
    columns: dict[str, object] = {"word": rng.choice(["x", "y", ""], rows)}
    for index in range(240):
        values = rng.normal(size=rows).round(index % 5) * 10.0 ** (index % 30 - 10)
        if index % 9 == 0:
            values[rng.integers(0, rows, 3)] = np.nan
        columns[f"c{index}"] = values
    columns |= {
        "one": np.full(rows, -0.0),
        "run": np.arange(rows),
        "id": rng.permutation(rows),
        "huge": rng.normal(size=rows) * 1e307,
        "close": 1e15 + np.arange(rows) % 3,
        "tiny": 5e-324 * (np.arange(rows) % 4),
        "label": rng.integers(0, 3, rows),
    }
    path = tmp_path / "wide.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    at_once = data.load(spec(path))
    monkeypatch.setattr("nnviz.data.columns.wide.FEWEST", 10**9)
    one_by_one = data.load(spec(path))
    assert at_once.report.to_json() == one_by_one.report.to_json()
    assert at_once.encoder.to_json() == one_by_one.encoder.to_json()
    for part, rows_of in at_once.parts.items():
        np.testing.assert_array_equal(rows_of.x, one_by_one.parts[part].x)
        np.testing.assert_array_equal(rows_of.y, one_by_one.parts[part].y)
