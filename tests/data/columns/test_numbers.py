"""Numbers in people's writing: tables made by hand, with what Python's float says of the plain form."""

import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from nnviz.data.columns import cells, numbers
from nnviz.data.columns.number_formats import NumberFormat

NARROW, THIN, HARD = "\u202f", "\u2009", "\u00a0"


def array(texts: list[str | None]) -> pa.Array:
    return cells.present(pa.array(texts, type=pa.large_string()))


@pytest.mark.parametrize(
    ("way", "written", "value"),
    [
        ("1 234,5", f"1{NARROW}062,50", 1062.5),
        ("1 234,5", f"1{THIN}062,50", 1062.5),
        ("1 234,5", f"1{HARD}234{HARD}567,5", 1234567.5),
        ("1 234,5", "1 062,50", 1062.5),
        ("1 234,5", "526,75", 526.75),
        ("1 234,5", "-3,5", -3.5),
        ("1 234,5", "1,5e3", 1500.0),
        ("1 234,5", "12.5", 12.5),
        ("1'234.5", "1'234.50", 1234.5),
        ("1'234.5", "1\u2019234\u2019567", 1234567.0),
        ("1.234,5", "1.794", 1794.0),
        ("1.234,5", "295", 295.0),
        ("1.234,5", "1.234.567,8", 1234567.8),
        ("1.234,5", "0.123", 0.123),
        ("1,234.5", "(1.23)", -1.23),
        ("1,234.5", "( 1,234.00 )", -1234.0),
        ("1,234.5", "12-", -12.0),
        ("1,234.5", "\u22127.5", -7.5),
        ("1,234.5", "+7.5", 7.5),
        ("1,234.5", "1e5", 1e5),
        ("1,234.5", "2.5E-3", 2.5e-3),
        ("1,234.5", ".5", 0.5),
        ("1,234.5", "5.", 5.0),
        ("1,234.5", "12,34,567.5", 1234567.5),
        ("1,234.5", "inf", math.inf),
        ("1,234.5 $", "$1,234", 1234.0),
        ("1,234.5 $", "-$5", -5.0),
        ("1,234.5 $", "$-5", -5.0),
        ("1,234.5 $", "($1,234.50)", -1234.5),
        ("1,234.5 $", "$ 12", 12.0),
        ("1,234.5 $", "12", 12.0),
        ("1.234,5 EUR", "1.234 EUR", 1234.0),
        ("1.234,5 EUR", "EUR 1.234,50", 1234.5),
        ("1.234,5 €", "3,40€", 3.4),
        ("1,234.5 %", "12 %", 12.0),
        ("1,234.5 %", "3.5%", 3.5),
        ("1,234.5 kg", "3.4 kg", 3.4),
        ("1,234.5 km/h", "120 km/h", 120.0),
        ("1,234.5 °C", "-3 °C", -3.0),
    ],
)
def test_one_cell_by_a_way(way: str, written: str, value: float) -> None:
    assert numbers.values(array([written]), NumberFormat.of(way))[0] == value
    assert str(NumberFormat.of(way)) == way


@pytest.mark.parametrize(
    "written", ["abc", "1-2", "12:30", "1.12.2017", "--5", "(-5)", "(5", "5 kg", "$5", "1,5", "1 2", "5+", "A1"]
)
def test_what_is_no_number_of_a_way(written: str) -> None:
    assert np.isnan(numbers.values(array([written]), NumberFormat.of("1'234.5 m"))[0])


@pytest.mark.parametrize("written", ["", "1234.5", "1.234.5", "1,234,5", "1;234.5"])
def test_what_is_no_way(written: str) -> None:
    with pytest.raises(ValueError, match="no way"):
        NumberFormat.of(written)


@pytest.mark.parametrize(
    ("texts", "decimal", "way"),
    [
        ([f"1{NARROW}062,50", "700", "526,75"], ".", "1 234,5"),
        ([f"1{THIN}062", "700"], ",", "1 234,5"),
        (["1'234.50", "5"], ".", "1'234.5"),
        (["1'234,50", "5"], ".", "1'234,5"),
        (["1.794", "295", "2.902"], ",", "1.234,5"),
        (["1.794", "295", "2.902"], ".", "1,234.5"),
        (["1.794", "295", "2.90"], ",", "1,234.5"),
        (["1.794", "0.295"], ",", "1,234.5"),
        (["1,794", "295"], ".", "1,234.5"),
        (["1,794", "2,5"], ".", "1.234,5"),
        (["1.234.567", "3.500"], ".", "1.234,5"),
        (["(1.23)", "4"], ".", "1,234.5"),
        (["$1,234", "$7"], ".", "1,234.5 $"),
        (["1.234,50 €", "7,10 €"], ".", "1.234,5 €"),
        (["12 %", "3%", "4.5 %"], ".", "1,234.5 %"),
        (["3.4 kg"] * 19 + ["3"], ".", "1,234.5 kg"),
    ],
)
def test_the_way_of_a_column(texts: list[str], decimal: str, way: str) -> None:
    detected = numbers.detect(array([*texts, None, "-"]), decimal=decimal)
    assert detected is not None
    assert str(detected.way) == way
    assert detected.fit == len(texts)


@pytest.mark.parametrize(
    "texts",
    [
        ["a1", "a2"],
        ["3.4 kg", "5 lb", "6 kg"],
        ["$5", "5 €"],
        ["12 %", "0.12"],
        ["1.12.2017"],
        ["12:30"],
        ["10-20"],
        ["red"],
        [],
        ["1 062,50", "1'234.5"],
        ["10.0.0.1", "10.0.0.2"],
        ["192.168.100.200", "192.168.101.117"],
        ["12b", "13b"],
    ],
)
def test_columns_of_no_one_way(texts: list[str]) -> None:
    assert numbers.detect(array([*texts, None])) is None


def test_one_in_ten_cells_may_be_none() -> None:
    texts = [f"{n} 000,5" for n in range(1, 10)]
    assert numbers.detect(array([*texts, "unknown"])) is not None
    assert numbers.detect(array([*texts, "unknown", "much"])) is None


def test_what_is_said_of_a_way() -> None:
    detected = numbers.detect(array(["526,75", "1 062,50"]))
    assert detected is not None
    assert (detected.example, detected.value, detected.is_plain, detected.other) == ("1 062,50", 1062.5, False, None)
    plain = numbers.detect(array(["-12", "13.5", "1e5"]))
    assert plain is not None
    assert plain.is_plain
    assert plain.other is None


def test_a_column_that_leaves_the_mark_open_says_both_values() -> None:
    detected = numbers.detect(array(["1.794", "295"]), decimal=",")
    assert detected is not None
    assert (detected.value, detected.other, detected.has_whole) == (1794.0, 1.794, True)


def test_units_that_differ_are_named() -> None:
    assert numbers.mixed_units(array(["3.4 kg", "5 lb", None])) == ("kg", "lb")
    assert numbers.mixed_units(array(["$5", "5 €"])) == ("$", "€")
    assert numbers.mixed_units(array(["3.4 kg", "5 kg"])) == ()
    assert numbers.mixed_units(array(["1st", "2nd", "3rd"])) == ()


def test_numbers_beside_texts_stay_what_they_are() -> None:
    column = pd.Series([62.5, "1.794", 1794.5, None], dtype=object)
    np.testing.assert_array_equal(numbers.read(column, "1.234,5"), [62.5, 1794.0, 1794.5, np.nan])
    np.testing.assert_array_equal(numbers.read(pd.Series([1.794]), "1.234,5"), [1.794])


def test_against_float_over_many_numbers() -> None:
    values = np.round(np.random.default_rng(0).normal(0, 1e5, 5000), 2)
    ways = {"1 234,5": (NARROW, ","), "1.234,5": (".", ","), "1'234.5": ("\u2019", "."), "1,234.5": (",", ".")}
    for way, marks in ways.items():
        swap = str.maketrans({",": marks[0], ".": marks[1]})
        texts = array([f"{value:,.2f}".translate(swap) for value in values])
        detected = numbers.detect(texts)
        assert detected is not None
        assert str(detected.way) == way
        np.testing.assert_array_equal(numbers.values(texts, detected.way), values)


def test_a_hundred_thousand_cells() -> None:
    texts = array([f"{n:,}".replace(",", NARROW) + ",5" for n in range(100_000)])
    detected = numbers.detect(texts)
    assert detected is not None
    assert numbers.values(texts, detected.way)[-1] == 99_999.5


@pytest.mark.parametrize(
    ("rows", "separator", "decimal"),
    [
        ([["Nord", "1.794"], ["Ost", "295"]], ";", ","),
        ([["Nord", "1.794"], ["Ost", "2.295"]], ";", "."),
        ([["1.5", "1.794"], ["2.5", "295"]], ";", "."),
        ([["1,5", "1.794"], ["2", "295"], ["3", "2.111"]], ";", ","),
        ([["1,5", "1.794"], ["2", "295"], ["3", "2.111"]], "\t", ","),
        ([["a", "1.794"], ["b", "295"]], ",", "."),
        ([["1.794", "x"], ["1.5", "y"]], ";", "."),
        ([["1,234", "x"], ["1,500", "y"]], ";", ","),
        ([["1,234", "1.5"], ["1,500", "2.5"]], ",", "."),
        ([["1 062,50"], ["526,75"]], ";", ","),
        ([["abc"]], ";", "."),
    ],
)
def test_the_decimal_mark_of_a_file(rows: list[list[str]], separator: str, decimal: str) -> None:
    assert numbers.file_decimal(rows, separator)[0] == decimal


def test_a_file_that_leaves_its_mark_open_shows_where() -> None:
    assert numbers.file_decimal([["1.794"], ["2.295"]], ";") == (".", "1.794")
    assert numbers.file_decimal([["1.794"], ["2.295"]], ",") == (".", "")
