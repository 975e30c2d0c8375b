"""Columns as their file has them: what occurs in them, and typed values, against the file's own cells."""

import numpy as np
import pandas as pd
import pytest

from nnviz.data.columns.column_code import ColumnCode
from nnviz.data.columns.encode import Encoder, TargetCode
from nnviz.data.file_columns import file_columns
from nnviz.errors import DataError

PRICES = np.round(np.linspace(1, 100, 100) * 1.37, 2)
FRAME = pd.DataFrame(
    {
        "price": [f"{value:.2f} €" for value in PRICES],
        "rooms": [str(1 + place % 5) for place in range(100)],
        "year": [str(1900 + place) for place in range(100)],
        "city": ["Berlin", "Rome", "Paris", ""] * 25,
        "open": ["yes", "no"] * 50,
        "since": [f"2020-{1 + place % 12:02d}-01" for place in range(100)],
    }
)
TYPES = {"price": "number", "rooms": "number", "year": "number", "city": "category", "open": "boolean", "since": "date"}
CODES = tuple(
    ColumnCode.fit(FRAME[name], name=name, type=kind, way={"price": "1,234.5 €", "since": "ymd"}.get(name, ""))
    for name, kind in TYPES.items()
)
ENCODER = Encoder(target=TargetCode(names=("y",), task="regression"), columns=CODES)
COLUMNS = {column.name: column for column in file_columns(ENCODER)}
X = ENCODER.transform(FRAME)


def test_columns_share_all_inputs_among_them():
    ends = [(column.first, column.end) for column in COLUMNS.values()]
    assert ends[:4] == [(0, 1), (1, 2), (2, 3), (3, 7)]
    assert [first for first, _ in ends] == [0, *(end for _, end in ends[:-1])]
    assert ends[-1][1] == X.shape[1]
    assert (COLUMNS["price"].unit, COLUMNS["rooms"].unit, COLUMNS["open"].choices) == ("€", "", ("no", "yes"))


def test_values_of_numbers_are_few_ones_as_they_are_and_many_ones_evenly_between_the_percentiles():
    few, many, whole = (COLUMNS[name].values(X, 20) for name in ("rooms", "price", "year"))
    assert few.at.tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(many.at, np.linspace(*np.percentile(PRICES, [5, 95]), 20), atol=0.051)
    assert many.texts[:2] == ["8.2 €", "14.6 €"]
    assert len(whole.at) == 20
    assert (whole.at == np.round(whole.at)).all()
    assert whole.texts[0] == "1905"
    np.testing.assert_array_equal(few.encoded, X[:5, 1:2])
    np.testing.assert_allclose(COLUMNS["price"].deciles(X), np.percentile(PRICES, range(10, 100, 10)), rtol=1e-6)


def test_values_of_other_columns_are_listed():
    city, is_open, since = (COLUMNS[name].values(X, 20) for name in ("city", "open", "since"))
    assert (city.texts, city.at) == (["Berlin", "Paris", "Rome"], None)
    np.testing.assert_array_equal(city.encoded, X[[0, 2, 1], 3:7])
    assert is_open.texts == ["no", "yes"]
    assert len(since.texts) == 12
    assert (since.texts[0], COLUMNS["city"].deciles(X)) == (COLUMNS["since"].texts(X[:1])[0], [])


@pytest.mark.parametrize("name", TYPES)
def test_a_typed_value_becomes_what_the_file_s_cell_became(name):
    column = COLUMNS[name]
    for row in (0, 1, 2, 50):
        np.testing.assert_array_equal(column.encoded(FRAME[name][row]), X[row, column.first : column.end])


def test_a_missing_value_may_be_typed_and_the_value_that_stands_in_for_it_too():
    np.testing.assert_array_equal(COLUMNS["city"].encoded(""), X[3, 3:7])
    np.testing.assert_array_equal(COLUMNS["city"].encoded("missing"), X[3, 3:7])
    np.testing.assert_array_equal(COLUMNS["city"].encoded("another value"), 0)
    middle = ColumnCode(name="n", type="number", fill=(3.0,), centre=(3.0,), scale=(1.0,))
    (column,) = file_columns(Encoder(target=TargetCode(names=("y",), task="regression"), columns=(middle,)))
    assert column.encoded("3").tolist() == column.encoded("").tolist() == [0.0]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("price", "cheap", "'cheap' is no number"),
        ("city", "Atlantis", "'Atlantis' is no category of it. It is one of: Berlin, Paris, Rome."),
        ("open", "maybe", "'maybe' is neither yes nor no"),
        ("since", "yesterday", "'yesterday' is no date"),
    ],
)
def test_a_value_that_the_column_cannot_hold_gets_a_sentence(name, text, words):
    with pytest.raises(DataError, match=words):
        COLUMNS[name].encoded(text)
