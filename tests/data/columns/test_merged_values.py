"""Cells that differ and became one value."""

import pandas as pd
import pytest

from nnviz.data.columns.column_code import ColumnCode
from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.merged_values import merged
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.spec import ColumnSpec

OLD = Rules(version=1)


def texts(*cells):
    return pd.Series(cells, dtype="str")


@pytest.mark.parametrize("words", [("N", "F"), ("T", "Y"), ("no", "off"), ("true", "on")])
def test_two_words_of_one_kind_are_categories(words):
    column = texts(*words * 20)
    inferred = infer_column("visit", column)
    assert (inferred.type, inferred.unique) == ("category", 2)
    code = ColumnCode.fit(column, type=inferred.type, name="visit").transform(column)
    assert (code[0] != code[1]).any()
    assert infer_column("visit", column, rules=OLD).type == "boolean"


@pytest.mark.parametrize("words", [("Y", "N"), ("yes", "No"), ("T", "F"), ("on", "off"), ("y", "false")])
def test_a_yes_and_a_no_are_true_or_false(words):
    assert infer_column("c", texts(*words * 20)).type == "boolean"


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        (("1.0", "1.00", "1", "+1", "2"), 0),
        (("1,000", "1000", "1e3", ".5", "0.50"), 0),
        (("007", "7", "12"), 1),
        (("0042", "042", "42", "7"), 2),
        (("12345678901234567890", "12345678901234567891", "3"), 1),
    ],
)
def test_numbers(cells, count):
    assert merged(texts(*cells), type="number", rules=NEWEST)[0] == count


def test_what_was_merged_is_named():
    code = infer_column("code", texts("007", "7", "12", "13", "14", "15"), choice=ColumnSpec(type="number"))
    assert (code.type, code.merged, code.merged_examples) == ("number", 1, ("007", "7"))
    answer = infer_column("answer", texts(*["yes", "Y", "no"] * 10), choice=ColumnSpec(type="boolean"))
    assert (answer.type, answer.merged, answer.merged_examples) == ("boolean", 1, ("yes", "Y"))


@pytest.mark.parametrize(
    ("cells", "count"), [(("2024-01-05", "05.01.2024", "5 Jan 2024", "2024-01-06"), 0), (("2024-01-05", "2024-01-06"), 0)]
)
def test_dates(cells, count):
    assert merged(texts(*cells), type="date", way="dmy", rules=NEWEST)[0] == count


def test_columns_that_came_as_values_have_none():
    assert merged(pd.Series([1.0, 1.0, 2.0]), type="number", rules=NEWEST) == (0, ())
