import numpy as np
import pandas as pd
import pytest

from nnviz.data.columns import cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1", 1.0),
        ("+2.5", 2.5),
        (" 3e2 ", 300.0),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("−3", -3.0),
        ("1,234.5", 1234.5),
        ("1,5", 1.5),
        ("12,000", 12000.0),
        ("inf", np.inf),
        ("-Infinity", -np.inf),
        ("1e999", np.inf),
        ("?", np.nan),
        ("N/A", np.nan),
        ("", np.nan),
        ("abc", np.nan),
        ("0x1F", np.nan),
        ("1_000", np.nan),
        ("12 kg", np.nan),
    ],
)
@pytest.mark.parametrize("others", [["7"], ["words"], []])
def test_numbers(cell: str, value: float, others: list[str]) -> None:
    np.testing.assert_equal(cells.numbers(pd.Series([cell, *others], dtype="str"))[0], value)
    np.testing.assert_equal(cells.numbers(pd.Series([cell, *others], dtype=object))[0], value)


def test_decimal_comma() -> None:
    texts = cells.text(pd.Series(["1,5", "1.234,5", "1.234", "-0,25", "7", "?"]))
    np.testing.assert_equal(cells.text_numbers(texts, decimal=","), [1.5, 1234.5, 1234, -0.25, 7, np.nan])


def test_labels_are_the_same_whatever_the_type() -> None:
    expected = ["1", "2", None]
    for column in (
        pd.Series([1.0, 2.0, np.nan]),
        pd.Series(["1", " 2", "?"]),
        pd.Series([1, "2", None], dtype=object),
        pd.Series([1, 2, None], dtype="Int64"),
    ):
        assert cells.labels(column).tolist() == expected
    assert cells.labels(pd.Series([True, False])).tolist() == ["true", "false"]
    assert cells.labels(pd.Series([0.1, 1e300])).tolist() == ["0.1", "1e+300"]
    assert cells.labels(pd.Series([], dtype="str")).tolist() == []


def test_truths() -> None:
    np.testing.assert_equal(cells.truths(pd.Series(["Yes", "no", "1", "T", "maybe", None])), [1, 0, 1, 1, np.nan, np.nan])
    np.testing.assert_equal(cells.truths(pd.Series([True, None], dtype=object)), [1, np.nan])


def test_dates_keep_the_index_and_the_local_hour() -> None:
    column = pd.Series(["2024-02-05T10:30:00+02:00", "5 Mar 2024", "x", "3/4/2024"], index=[7, 3, 5, 1])
    moments = cells.dates(column)
    assert moments.index.tolist() == [7, 3, 5, 1]
    assert moments.iloc[0] == pd.Timestamp("2024-02-05 10:30")
    assert moments.iloc[1] == pd.Timestamp("2024-03-05")
    assert pd.isna(moments.iloc[2])
    assert moments.iloc[3] == pd.Timestamp("2024-03-04")
    assert cells.dates(column, day_first=True).iloc[3] == pd.Timestamp("2024-04-03")


@pytest.mark.parametrize(
    ("column", "count"),
    [
        (pd.Series([1.5, np.nan, np.inf, -2]), 3),
        (pd.Series([1, None, 3], dtype="Int64"), 2),
        (pd.Series([True, False]), 2),
        (pd.Series(["a", " ", "n/a", None, "7"]), 2),
        (pd.Series([1, "x", None, "?"], dtype=object), 2),
    ],
)
def test_filled_cells_are_those_whose_text_is_not_missing(column, count):
    array = cells.text(column)
    assert cells.filled(column) == count == len(array) - array.null_count
