"""A Parquet file that holds other rows, or other bytes, than it says: read and said, or refused."""

import io
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from nnviz.data.readers.parquet_pages import rows_in_pages
from nnviz.data.readers.read import read
from nnviz.errors import DataError
from nnviz.spec import FileData
from tests.data.readers.inspected import inspected, load

ASSETS = Path(__file__).parents[2] / "assets"


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("badutf8.parquet", "not UTF-8"),
        ("shape258.npz", "says it has the shape"),
        ("lie-rows-1000000000.parquet", "says it has 1,000,000,000 rows and holds 60"),
    ],
)
def test_files_that_lie_are_refused_in_words(name: str, trouble: str) -> None:
    with pytest.raises(DataError, match=trouble) as caught:
        load(ASSETS / name)
    assert name in caught.value.where
    assert caught.value.remedy


def test_a_row_more_in_the_footer_is_said() -> None:
    report = load(ASSETS / "lie-rows-61.parquet").report
    assert report.rows == 60
    assert any("says it has 61 rows and holds 60: 60 are read" in warning for warning in report.warnings)


def varint(number: int) -> bytes:
    number *= 2
    parts = []
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def lying(rows: int, claimed: int) -> bytes:
    """A Parquet file of so many rows whose footer claims another number, in as many bytes."""
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"a": np.arange(rows) * 0.5, "b": np.arange(rows) % 2}), buffer, use_dictionary=False)
    content = buffer.getvalue()
    start = len(content) - 8 - struct.unpack("<I", content[-8:-4])[0]
    footer = content[start:-8].replace(varint(rows), varint(claimed))
    return content[:start] + footer + struct.pack("<I", len(footer)) + b"PAR1"


@pytest.mark.parametrize("claimed", [1001, 999, 900])
def test_a_footer_with_other_rows_than_there_are_is_said(claimed: int) -> None:
    content = lying(1000, claimed)
    assert parquet.read_metadata(io.BytesIO(content)).num_rows == claimed
    table = read(content, name="a.parquet", data=FileData(kind="file", path="a.parquet"))
    assert any(f"says it has {claimed:,} rows and holds 1,000" in note for note in table.notes)


@pytest.mark.parametrize("claimed", [10**6, 10**9, 10**12, 2**62])
def test_a_footer_with_far_more_rows_is_refused(claimed: int) -> None:
    with pytest.raises(DataError, match=r"rows and holds 1,000|damaged"):
        inspected(lying(1000, claimed), "a.parquet")


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"use_dictionary": False},
        {"row_group_size": 70},
        {"write_page_checksum": True},
        {"compression": "none", "data_page_size": 64},
        {"write_statistics": False},
    ],
)
def test_pages_tell_the_rows(version: str, options: dict[str, object]) -> None:
    frame = pd.DataFrame(
        {"a": np.random.default_rng(0).normal(size=500), "w": ["x", None, "é"] * 166 + ["x"] * 2, "e": [None] * 500}
    )
    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_pandas(frame), buffer, data_page_version=version, **options)
    assert rows_in_pages(io.BytesIO(buffer.getvalue()), parquet.read_metadata(buffer)) == 500


def test_a_large_file_that_lies_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0.001")
    path = tmp_path / "a.parquet"
    path.write_bytes(lying(1000, 1001))
    with pytest.raises(DataError, match="says it has 1,001 rows and holds 1,000"):
        load(path)


def test_a_nul_character_in_parquet_is_refused() -> None:
    buffer = io.BytesIO()
    pd.DataFrame({"w": ["x\x00", "y"] * 10, "b": [1, 2] * 10}).to_parquet(buffer)
    with pytest.raises(DataError, match="NUL character"):
        inspected(buffer.getvalue(), "a.parquet")


def test_a_byte_that_was_changed_under_a_checksum_is_noticed() -> None:
    table = pa.table({"a": np.arange(200.0), "kind": ["x", "y"] * 100})
    stream = io.BytesIO()
    parquet.write_table(table, stream, write_page_checksum=True, compression="none", use_dictionary=False)
    content = bytearray(stream.getvalue())
    read(bytes(content), name="a.parquet", data=FileData(kind="file", path="a.parquet"))
    place = content.index(np.float64(123.0).tobytes())
    content[place] ^= 1
    with pytest.raises(DataError, match="damaged"):
        read(bytes(content), name="a.parquet", data=FileData(kind="file", path="a.parquet"))
