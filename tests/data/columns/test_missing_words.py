"""Words for a missing value: which of them are values, which cells counted as missing, and that new rows mean the same."""

import io

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.data.columns import cells, missing_words
from nnviz.data.columns.encode import Encoder
from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.spec import FileData, ReadSpec, RunSpec

OLD = Rules(version=1)


def report(frame, name="a.csv", **read):
    content = io.BytesIO()
    frame.to_parquet(content) if name.endswith(".parquet") else frame.to_csv(content, index=False)
    if name.endswith(".json"):
        content = io.BytesIO(frame.to_json(orient="records").encode())
    return data.inspect(content.getvalue(), name=name, data=FileData(kind="file", path=name, target="y", read=ReadSpec(**read)))


def table(labels):
    return pd.DataFrame({"x": np.arange(len(labels)) % 17 / 8, "y": labels})


@pytest.mark.parametrize("word", ["None", "NA", "-", "?", "n/a", "Missing", "nil", "N.A."])
@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.json"])
def test_a_word_that_fills_much_of_a_target_is_a_class(word, name):
    inspected = report(table([word] * 24 + ["Apnea"] * 9 + ["Insomnia"] * 7), name)
    assert dict(zip(inspected.classes, inspected.class_counts, strict=True)) == {word: 24, "Apnea": 9, "Insomnia": 7}
    assert inspected.rows_dropped == 0
    assert any(repr(word) in note and "24 cells" in note and "counted as a value" in note for note in inspected.warnings)


@pytest.mark.parametrize("word", ["NaN", "NULL", "<NA>", "#N/A", "nat", "(blank)"])
def test_a_word_that_is_never_a_value_is_none(word):
    inspected = report(table([word] * 24 + ["a"] * 9 + ["b"] * 7))
    assert inspected.classes == ("a", "b")
    assert inspected.rows_dropped == 24
    assert any(repr(word) in note and "24 cells" in note and "counted as missing" in note for note in inspected.warnings)


def test_a_rare_one_is_missing_and_named():
    inspected = report(table(["NA"] * 3 + ["a"] * 60 + ["b"] * 57))
    assert (inspected.classes, inspected.rows_dropped) == (("a", "b"), 3)
    assert any("column 'y': 'NA' (3 cells) counted as missing" in note for note in inspected.warnings)
    assert next(column for column in inspected.columns if column.name == "y").missing_words == {"NA": 3}


def test_one_of_many_that_are_as_rare_is_a_value():
    codes = [f"{a}{b}" for a in "ABCDEFGH" for b in "KLMNOPQ"] + ["NA"]
    frame = pd.DataFrame({"country": codes * 4, "y": ["a", "b"] * (2 * len(codes))})
    country = infer_column("country", frame["country"])
    assert (country.missing, country.unique, country.spared) == (0, 57, ("na",))


def test_the_decision_is_by_share_of_the_cells_that_hold_anything():
    assert missing_words.values_among(pd.Series(["-"] * 5 + ["a"] * 95 + [""] * 900, dtype="str"), rules=NEWEST) == ("-",)
    assert missing_words.values_among(pd.Series(["-"] * 4 + ["a"] * 96, dtype="str"), rules=NEWEST) == ()
    assert missing_words.values_among(pd.Series(["-"] * 50 + ["a"] * 50, dtype="str"), rules=OLD) == ()
    assert missing_words.values_among(pd.Series(["-"] * 50 + ["?"] * 50, dtype="str"), rules=NEWEST) == ()


@pytest.mark.parametrize("sure", [["1.5", "2.5", "4"], ["2024-01-05", "2023-02-07", "2022-03-01"]])
def test_in_numbers_and_dates_all_are_missing(sure):
    inspected = report(pd.DataFrame({"x": (sure + ["NA"] * 2 + ["-"]) * 10, "y": ["a", "b"] * 30}))
    column = inspected.columns[0]
    assert column.type in ("number", "date")
    assert (column.missing, column.missing_words) == (30, {"NA": 20, "-": 10})
    assert any("column 'x': 'NA' (20 cells), '-' (10 cells) counted as missing" in note for note in inspected.warnings)


def test_one_number_beside_such_a_word_makes_two_values():
    column = report(pd.DataFrame({"x": ["1", "None", "None"] * 20, "y": ["a", "b"] * 30})).columns[0]
    assert (column.type, column.unique, column.missing) == ("category", 2, 0)


def test_what_is_missing_can_be_set():
    frame = pd.DataFrame({"x": ["1", "-999", "3", "NA"] * 15, "n": [5, -999, 7, 8] * 15, "y": ["a", "k.A.", "b"] * 20})
    for name in ("a.csv", "a.parquet"):
        inspected = report(frame, name, missing=("", "-999", "K.A."))
        x, n, y = inspected.columns
        assert (x.type, n.type, n.missing, y.missing) == ("category", "number", 15, 20)
        assert x.missing == 15
        assert (inspected.classes, inspected.rows_dropped) == (("a", "b"), 20)
        assert n.distribution["mean"] == pytest.approx(20 / 3)


def test_runs_of_before_keep_what_was_missing():
    frame = table(["None"] * 24 + ["Apnea"] * 9 + ["Insomnia"] * 7)
    inspected = report(frame, rules=1)
    assert (inspected.classes, inspected.rows_dropped) == (("Apnea", "Insomnia"), 24)
    assert inspected.columns[1].missing_words == {}


def test_new_rows_mean_what_the_training_rows_meant(tmp_path):
    frame = pd.DataFrame({"x": ["-", "+"] * 30, "z": ["a"] * 58 + ["NA"] * 2, "y": (["None"] * 3 + ["A"] * 2) * 12})
    frame.to_csv(tmp_path / "a.csv", index=False)
    spec = RunSpec.parse(
        {
            "data": {
                "kind": "file",
                "path": str(tmp_path / "a.csv"),
                "target": "y",
                "columns": {"z": {"type": "category", "use": True}},
            },
            "layers": [],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "SGD"},
        }
    )
    encoder = Encoder.from_json(data.load(spec).encoder.to_json())
    assert encoder.target.classes == ("A", "None")
    new = pd.DataFrame({"x": ["-", "+", "NA", ""], "z": ["a", "NA", "-", "a"], "y": ["None", "A", "NA", ""]}, dtype="str")
    x = encoder.transform(new)
    names = list(encoder.features)
    assert x[:, names.index("x=-")].tolist() == [1, 0, 0, 0]
    assert x[:, names.index("x=+")].tolist() == [0, 1, 0, 0]
    assert x[:, names.index("z=a")].tolist() == [1, 0, 0, 1]
    assert encoder.transform_target(new).tolist() == [1, 0, -1, -1]


def test_cells_of_numbers_that_stand_for_missing():
    column = pd.Series([1.0, -999.0, np.nan])
    assert np.isnan(cells.numbers(column, rules=Rules(2, ("-999",)))).tolist() == [False, True, True]
    assert cells.filled(column, rules=Rules(2, ("-999",))) == 1
    assert cells.labels(column, rules=Rules(2, ("-999",))).tolist() == ["1", None, None]
    assert cells.numbers(column, rules=NEWEST)[:2].tolist() == [1.0, -999.0]
