"""What libraries raise for bad bytes becomes a DataError; JSON, encodings and separators that no table can have are refused."""

import io
import json
import struct
import zipfile
from contextlib import suppress

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from nnviz.data.readers.foreign_errors import reading
from nnviz.data.readers.read import read
from nnviz.errors import DataError
from nnviz.spec import FileData
from tests.data.readers.inspected import inspected


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
