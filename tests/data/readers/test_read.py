"""Messy but sound files are read as what they mean, and say how they were read."""

import io
import json
import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from nnviz.data.readers.read import read
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import FileData

RNG = random.Random(1)
LENGTH = [round(RNG.gauss(5, 2), 3) for _ in range(60)]
WIDTH = [round(RNG.gauss(1, 1), 2) for _ in range(60)]
COLOUR = [RNG.choice(["red", "green", "blue"]) for _ in range(60)]
HEAD = ["length", "width", "colour"]


def text(separator: str = ",", *, decimal: str = ".", header: bool = True, end: str = "\n", names: tuple[str, ...] = ()) -> str:
    lines = [separator.join(HEAD)] if header else []
    for length, width, colour in zip(LENGTH, WIDTH, COLOUR, strict=True):
        word = dict(zip(["red", "green", "blue"], names, strict=True))[colour] if names else colour
        lines.append(separator.join([f"{length:.3f}".replace(".", decimal), f"{width:.2f}".replace(".", decimal), word]))
    return end.join(lines) + end


def table(content: bytes | str, name: str = "a.csv", **block: object) -> Table:
    blob = content.encode() if isinstance(content, str) else content
    loaded = read(blob, name=name, data=FileData.model_validate({"kind": "file", "path": name, **block}))
    assert isinstance(loaded, Table)
    return loaded


def assert_sound(loaded: Table, names: tuple[str, ...] = ()) -> None:
    np.testing.assert_array_equal(loaded.frame.iloc[:, 0], LENGTH)
    np.testing.assert_array_equal(loaded.frame.iloc[:, 1], WIDTH)
    known = dict(zip(["red", "green", "blue"], names or ("red", "green", "blue"), strict=True))
    assert loaded.frame.iloc[:, 2].tolist() == [known[colour] for colour in COLOUR]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("separator", "decimal"),
    [
        (",", "."),
        (";", "."),
        (";", ","),
        ("\t", "."),
        ("\t", ","),
        ("|", "."),
        ("|", ","),
        ("  ", "."),
        (" \t ", "."),
        (" ", ","),
    ],
)
@pytest.mark.parametrize("header", [True, False])
def test_separator_decimal_and_header_are_found(separator: str, decimal: str, end: str, header: bool) -> None:
    loaded = table(text(separator, decimal=decimal, header=header, end=end))
    assert_sound(loaded)
    assert loaded.read["separator"] == ("\t" if "\t" in separator else separator.strip() or " ")
    assert loaded.read["decimal"] == decimal
    assert loaded.read["header"] is header
    assert list(loaded.frame.columns) == (HEAD if header else ["column 1", "column 2", "column 3"])


@pytest.mark.parametrize(
    ("codec", "title", "names"),
    [
        ("utf-8", "UTF-8", ("rouge é", "зелёный", "蓝色")),
        ("utf-8-sig", "UTF-8 with BOM", ("rouge é", "зелёный", "蓝色")),
        ("utf-16", "UTF-16", ("rouge é", "зелёный", "蓝色")),
        ("utf-16-le", "UTF-16", ("red", "grün", "blue")),
        ("utf-16-be", "UTF-16", ("red", "grün", "blue")),
        ("latin-1", "Latin-1 (Windows-1252)", ("rouge foncé", "grün", "azul océano")),
        ("cp1252", "Latin-1 (Windows-1252)", ("“red”", "grün", "blå – dyp")),
        ("gbk", "GBK", ("红色的", "绿色", "蓝色")),
        ("gbk", "GBK", ("红", "绿", "蓝")),
    ],
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_encoding_is_found(codec: str, title: str, names: tuple[str, ...], separator: str) -> None:
    loaded = table(text(separator, names=names).encode(codec))
    assert_sound(loaded, names)
    assert loaded.read["encoding_name"] == title


def test_what_is_found_can_be_overridden() -> None:
    loaded = table("1;2\n" * 20 + "3,4\n", header=False, read={"separator": "bar"})
    assert loaded.frame.shape == (21, 1)
    assert table("1,5;2\n" * 20, header=False, read={"decimal": ","}).frame.iloc[0].tolist() == [1.5, 2.0]
    assert table("1,2\n" * 20, header=True).frame.columns.tolist() == ["1", "2"]
    wrong = text(names=("rêd", "green", "blue")).encode("latin-1")
    assert "rкd" in table(wrong, read={"encoding": "cp1251"}).frame["colour"].tolist()
    with pytest.raises(DataError, match="unknown encoding 'klingon'"):
        table(wrong, read={"encoding": "klingon"})
    with pytest.raises(DataError, match="cannot be a separator"):
        table(wrong, read={"separator": "<>"})


def test_quotes_hold_separators_breaks_and_quotes() -> None:
    loaded = table('name,note,n\n"Smith, J","two\nlines ""quoted""",1\n' + "x,y,2\n" * 20)
    assert loaded.frame.iloc[0].tolist() == ["Smith, J", 'two\nlines "quoted"', 1.0]
    assert len(loaded.frame) == 21
    assert table('a,b\n5" pipe,1\n' + "x,2\n" * 11).frame["a"][0] == '5" pipe'


def test_missing_marks_leave_a_column_of_numbers() -> None:
    marks = ["?", "NA", "N/A", "", "-", "null", "NaN", "n/a", "None", " "]
    rows = [f"{mark},x" for mark in marks] + [f"{number}.5,y" for number in range(20)]
    column = table("a,b\n" + "\n".join(rows)).frame["a"]
    assert column.dtype == np.float64
    assert column.isna().sum() == len(marks)


def test_a_word_far_below_the_sample_makes_no_difference() -> None:
    rows = [f"{number}.5,{number % 3}" for number in range(3000)]
    rows[2500], rows[2700] = "broken,1", "3,oops"
    frame = table("a,b\n" + "\n".join(rows)).frame
    assert frame["a"][2500] == "broken"
    assert frame["a"][0] == "0.5"
    assert frame["b"][2700] == "oops"


def test_thousands_signs_and_codes() -> None:
    frame = table("n,m,code\n" + '"1,234.5",+7,007\n"12,000",−3,010\n' * 10).frame
    # grouped thousands are one way of writing among others, which is decided when the column is looked at
    assert frame["n"].tolist()[:2] == ["1,234.5", "12,000"]
    assert frame["m"].tolist()[:2] == [7.0, -3.0]
    assert frame["code"].tolist()[:2] == ["007", "010"]


def test_grouped_thousands_beside_a_decimal_comma() -> None:
    frame = table("a;b;c\n" + "11.234,56;1;0,33\n9.000,10;2;-1,25\n" * 10).frame
    assert frame.iloc[1].tolist() == ["9.000,10", 2.0, -1.25]


def test_names_are_mended_and_said() -> None:
    loaded = table("a,a,,b,a (2)\n" + "1,2,3,x,5\n4,5,6,y,6\n" * 10)
    assert list(loaded.frame.columns) == ["a", "a (3)", "column 3", "b", "a (2)"]
    assert len(loaded.notes) == 2
    assert "occurs more than once" in loaded.notes[0]
    assert "has no name" in loaded.notes[1]


def test_names_and_labels_survive_as_they_are() -> None:
    names = ["<b>bold</b>", "**md** ![x](http://a/b)", "=SUM(A1)", "n" * 300, "'; drop table"]
    loaded = table("\n".join(["\t".join(names), *["\t".join([name + str(i % 2) for name in names]) for i in range(20)]]))
    assert list(loaded.frame.columns) == names
    assert loaded.frame.iloc[1].tolist() == [name + "1" for name in names]


def test_number_names_over_numbers() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 5)))
    assert list(table(frame.to_csv(index=False)).frame.columns) == ["0", "1", "2", "3", "4"]


def test_lines_before_the_table_and_row_names() -> None:
    assert table("sep=;\na;b\n" + "1;x\n2;y\n" * 10).frame["a"].tolist()[:2] == [1.0, 2.0]
    assert table("# made on a Monday\n# by hand\n\na,b\n" + "1,x\n2,y\n" * 10).frame.columns.tolist() == ["a", "b"]
    assert table("a,b\n" + "r1,1,2\nr2,3,4\n" * 10).frame.columns.tolist() == ["column 1", "a", "b"]
    assert table("a,b\n" + "1,2,\n3,4,\n" * 10).frame.columns.tolist() == ["a", "b", "column 3"]


def test_json_records_lines_and_columns() -> None:
    records = [{"a": index, "b": "x" if index % 2 else None, "c": True} for index in range(12)]
    frame = table(json.dumps(records), "a.json").frame
    assert frame["a"].tolist() == list(range(12))
    assert frame["b"][1] == "x"
    assert table("\n".join(map(json.dumps, records)), "a.json").frame.shape == (12, 3)
    assert table(json.dumps({"a": [1, 2], "b": [3, 4]}), "a.json").frame["b"].tolist() == [3.0, 4.0]
    assert table(json.dumps({"data": records, "more": 1}), "a.json").frame.shape == (12, 3)
    nested = table(json.dumps([{"a": 1, "b": [1]}] * 12), "a.json")
    assert list(nested.frame.columns) == ["a"]
    assert "left out" in nested.notes[0]


def test_parquet_keeps_types() -> None:
    frame = pd.DataFrame(
        {
            "whole": range(12),
            "gap": [1.5, None] * 6,
            "word": ["x", None, "y"] * 4,
            "flag": [True, None, False] * 4,
            "day": pd.date_range("2024-01-01", periods=12),
            "cat": pd.Categorical(["u", "v"] * 6),
            "list": [[1]] * 12,
        }
    )
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    loaded = table(buffer.getvalue(), "a.parquet")
    assert list(loaded.frame.columns) == ["whole", "gap", "word", "flag", "day", "cat"]
    assert loaded.frame["whole"].tolist() == list(range(12))
    assert loaded.frame["gap"].isna().sum() == 6
    assert loaded.frame["cat"].tolist() == ["u", "v"] * 6
    assert "list" in loaded.notes[0]


def test_parquet_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    parquet.write_table(
        pa.table({"a": pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), ["x" * 100_000])}), buffer
    )
    assert len(buffer.getvalue()) < 1_000_000
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "2")
    with pytest.raises(DataError, match="unpacks to more than"):
        read(buffer.getvalue(), name="bomb.parquet", data=FileData(kind="file", path="bomb.parquet"))


def test_arrays() -> None:
    def packed(**arrays: np.ndarray) -> Table | Arrays:
        buffer = io.BytesIO()
        np.savez(buffer, **arrays)
        return read(buffer.getvalue(), name="a.npz", data=FileData(kind="file", path="a.npz"))

    images = packed(x=np.zeros((20, 8, 6), np.uint8), y=np.arange(20) % 3)
    assert isinstance(images, Arrays)
    assert images.x.shape == (20, 8, 6, 1)
    vectors = packed(x=np.ones((20, 3)), y=np.eye(4)[np.arange(20) % 4])
    assert isinstance(vectors, Table)
    assert list(vectors.frame.columns) == ["x0", "x1", "x2", "y"]
    assert vectors.frame["y"].tolist() == (np.arange(20) % 4).tolist()
    parts = packed(x_train=np.ones((20, 3)), y_train=np.zeros(20), x_test=np.ones((5, 3)), y_test=np.zeros(5))
    assert parts.parts is not None
    assert parts.parts.tolist() == ["train"] * 20 + ["test"] * 5
