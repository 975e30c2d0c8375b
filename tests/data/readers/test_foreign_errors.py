"""What libraries raise for bad bytes becomes words; what a file holds otherwise than it says is said or refused."""

import io
import json
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from nnviz import data
from nnviz.data.out_of_core import chunks
from nnviz.data.readers.foreign_errors import reading
from nnviz.data.readers.parquet_pages import rows_in_pages
from nnviz.data.readers.read import read
from nnviz.errors import DataError
from nnviz.spec import FileData, RunSpec

ASSETS = Path(__file__).parents[2] / "assets"


def inspected(content: bytes | str, name: str, **more: object) -> data.Report:
    body = content.encode() if isinstance(content, str) else content
    return data.inspect(body, name=name, data=FileData.model_validate({"kind": "file", "path": name, **more}))


def load(path: Path) -> data.Prepared:
    return data.load(
        RunSpec.parse(
            {
                "data": {"kind": "file", "path": str(path)},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "Adam"},
            }
        )
    )


@pytest.mark.parametrize(
    "error",
    [
        pa.ArrowInvalid("x"),
        pa.lib.ArrowMemoryError("x"),
        zipfile.BadZipFile("x"),
        struct.error("x"),
        OverflowError("x"),
        MemoryError(),
        RecursionError(),
        TypeError("an integer is required"),
        UnicodeDecodeError("utf-8", b"x", 0, 1, "y"),
        EOFError(),
        KeyError("x"),
        OSError(5, "x\ny"),
    ],
)
def test_errors_of_libraries_become_ours(error: Exception) -> None:
    with pytest.raises(DataError) as caught, reading("is damaged", where="a.x", remedy="Save it again."):
        raise error
    assert caught.value.where == "a.x"
    assert caught.value.remedy
    assert "\n" not in caught.value.message


def test_other_errors_pass() -> None:
    with pytest.raises(AssertionError), reading("is damaged", where="a.x", remedy="Save it again."):
        raise AssertionError


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


def records(cell: str, key: str = "a") -> str:
    return "[" + ",".join(f'{{"{key}": {cell}, "n": {index}, "b": {index % 2}}}' for index in range(20)) + "]"


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (records('"\\ud800x"'), "half a character"),
        (records("1", "\\udc00"), "half a character"),
        (records('"x\\u0000"'), "NUL character"),
        (records("1", "k\\u0000"), "NUL character"),
        (records("9" * 5000), "4,300 digits"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('[{"a":' * 50_000 + "1" + "}]" * 50_000, "nested too deeply"),
        (records("1") + "x", "not JSON"),
        (records("1")[:-1] + ",[1]]", "a list, not a record"),
        (records("1")[:-1] + ",7]", "a number, not a record"),
    ],
)
def test_json_that_no_table_can_hold_is_refused(content: str, trouble: str) -> None:
    with pytest.raises(DataError, match=trouble) as caught:
        inspected(content, "a.json")
    assert caught.value.remedy
    assert len(caught.value.message) < 400
    caught.value.message.encode()


def test_whole_characters_written_as_halves_are_read() -> None:
    table = read(records('"\\ud83d\\ude00"').encode(), name="a.json", data=FileData(kind="file", path="a.json"))
    assert table.frame["a"][0] == "\U0001f600"


@pytest.mark.parametrize("cell", ["9" * 400, "1e999999", "-1e999999", str(2**63), str(2**53 + 1)])
def test_numbers_beyond_measure_are_read_or_refused_in_words(cell: str) -> None:
    with suppress(DataError):
        json.dumps(inspected(records(cell), "a.json").to_json(), allow_nan=False)


def test_equal_keys_are_said() -> None:
    lines = "\n".join(f'{{"a": {index}, "a": {index % 2}, "n": {index % 5}, "b": 1}}' for index in range(20))
    report = inspected(lines, "a.jsonl", target="a")
    assert any("'a' stands more than once in a record (20 times in all): the last" in warning for warning in report.warnings)
    assert report.classes == ("0", "1")


def test_rounded_whole_numbers_are_said() -> None:
    large = [2**53 + 1 + index for index in range(20)]
    buffer = io.BytesIO()
    pd.DataFrame({"big": large, "b": np.arange(20) % 2}).to_parquet(buffer)
    late = "big,b\n" + "".join(f"{index},{index % 2}\n" for index in range(300)) + f"{10**19 + 1},1\n"
    for content, name in (
        (json.dumps([{"big": value, "b": value % 2} for value in large]).encode(), "a.json"),
        (buffer.getvalue(), "a.parquet"),
        (late.encode(), "a.csv"),
    ):
        assert any("'big' holds numbers of more digits" in warning for warning in inspected(content, name).warnings), name
    fine = inspected("a,b\n" + "1e300,1\n0.12345678901234567,0\n" * 10, "a.csv")
    assert not any("digits" in warning for warning in fine.warnings)


def member(shape: str, dtype: str = "<f8", body: bytes = b"") -> bytes:
    head = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + body


def npz(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(f"{name}.npy", body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        *(
            npz(x=member(shape), y=member("(3,)"))
            for shape in (
                "(-1, 3)",
                "('a', 3)",
                "(2.5, 3)",
                "((((1,),),),)",
                f"({2**62}, {2**62})",
                "(True, 3)",
                "(" * 90 + ")" * 90,
                "(1 if 1 else 2,)",
                f"({'9' * 5000},)",
                "(1e99,)",
                "None",
                "(None, 2)",
                "{}",
                "(2**99,)",
                "[3]",
            )
        ),
        *(
            npz(x=member("(20, 3)", kind, bytes(480)), y=member("(20,)", "<i8", bytes(160)))
            for kind in ("|O", "|V24", "|S0", "zzz", "<M8[s]", "<U100000000", "<c16")
        ),
        npz(x=b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31 - 1) + b" " * 10_000_000),
        npz(x=b"", y=b""),
        npz(x=b"\x93NUMPY"),
        npz(x=member("(3, 2)", "<f8", bytes(10))),
    ],
)
def test_arrays_with_impossible_headers_are_refused_in_words(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        inspected(content, "a.npz")
    assert caught.value.where.startswith("a.npz")
    assert len(caught.value.message) < 700
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    assert not chunks.is_plain_npz(path) or path.stat().st_size
    with pytest.raises(DataError):
        for _ in chunks.npz(path, name="a.npz", rows=10):
            pass


def test_two_arrays_of_one_name_are_refused() -> None:
    with pytest.raises(DataError, match="two arrays of the same name"):
        inspected(npz(X=member("(1,)", body=bytes(8)), x=member("(1,)", body=bytes(8))), "a.npz")


def test_bytes_too_many_and_wrong_checksums_in_arrays() -> None:
    x, y = io.BytesIO(), io.BytesIO()
    np.save(x, np.arange(40.0).reshape(20, 2))
    np.save(y, np.arange(20) % 2)
    warnings = inspected(npz(x=x.getvalue() + bytes(400), y=y.getvalue()), "a.npz").warnings
    assert any("400 bytes more than its shape says" in warning for warning in warnings)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("x.npy", x.getvalue())
        archive.writestr("y.npy", y.getvalue())
    broken = bytearray(stored.getvalue())
    broken[200] ^= 1
    with pytest.raises(DataError, match="damaged"):
        inspected(bytes(broken), "a.npz")


def test_labels_that_are_no_text_are_refused() -> None:
    y = np.array([index % 2 for index in range(20)], dtype="<U1")
    y.view(np.uint32)[:] = [0xD800 + index % 2 for index in range(20)]
    buffer = io.BytesIO()
    np.savez(buffer, x=np.arange(40.0).reshape(20, 2), y=y)
    with pytest.raises(DataError, match="no Unicode"):
        inspected(buffer.getvalue(), "a.npz")


def test_a_nul_character_in_parquet_is_refused() -> None:
    buffer = io.BytesIO()
    pd.DataFrame({"w": ["x\x00", "y"] * 10, "b": [1, 2] * 10}).to_parquet(buffer)
    with pytest.raises(DataError, match="NUL character"):
        inspected(buffer.getvalue(), "a.parquet")


TABLE = "a,b\n" + "1,2\n3,4\n" * 10


@pytest.mark.parametrize(
    "encoding",
    [
        "hex",
        "zlib",
        "bz2",
        "base64",
        "rot13",
        "idna",
        "punycode",
        "unicode_escape",
        "utf-7",
        "raw_unicode_escape",
        "undefined",
        "utf-8\x00",
        "x" * 5000,
        "é",
        "\ud800",
        "../x",
        " ",
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_only_encodings_of_text_are_taken(encoding: str, name: str) -> None:
    with pytest.raises(DataError, match="unknown encoding") as caught:
        read(
            TABLE.encode(),
            name=name,
            data=FileData.model_construct(
                kind="file", path=name, read=FileData(kind="file", path=name).read.model_copy(update={"encoding": encoding})
            ),
        )
    assert len(caught.value.message) < 300
    caught.value.message.encode()


@pytest.mark.parametrize("separator", ["\x00", "x" * 5000, "", "\n", '"', "é", "\ud800", "\\x00"])
def test_impossible_separators_are_refused(separator: str) -> None:
    with pytest.raises(DataError, match="cannot be a separator") as caught:
        read(
            TABLE.encode(),
            name="a.csv",
            data=FileData.model_construct(
                kind="file",
                path="a.csv",
                read=FileData(kind="file", path="a.csv").read.model_copy(update={"separator": separator}),
            ),
        )
    assert len(caught.value.message) < 300
    caught.value.message.encode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8", "ascii", "gb18030", "cp1252", "shift_jis", "iso2022_jp"])
def test_bytes_of_another_encoding_are_refused_or_read(encoding: str) -> None:
    for body in (b"\xff\xfe\xff", bytes(range(1, 256)), b"\xff" * 7, TABLE.encode() + b"\x1b$B"):
        with suppress(DataError):
            read(
                body,
                name="a.csv",
                data=FileData.model_validate({"kind": "file", "path": "a.csv", "read": {"encoding": encoding}}),
            )


def test_long_names_stay_short_in_messages() -> None:
    for name in ("n" * 5000 + ".csv", "n" * 5000 + ".parquet", "\x00.csv"):
        with pytest.raises(DataError) as caught:
            read(b"", name=name, data=FileData(kind="file", path="a.csv"))
        assert len(caught.value.message) < 300


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
