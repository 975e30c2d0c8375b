"""Cells as the exported encoder reads them, beside what `nnviz.data` reads: numbers and dates in many writings, bit for bit."""

import itertools
import random

import numpy as np
import pandas as pd
import pytest

from nnviz.data.columns import cells
from nnviz.data.columns.column_code import ColumnCode
from nnviz.data.columns.date_formats import words_of_dates
from nnviz.data.columns.dates import ORDERS
from nnviz.data.columns.encode import Encoder, TargetCode
from nnviz.data.columns.number_formats import CURRENCY, SEPARATORS, NumberFormat
from nnviz.data.columns.reading_rules import Rules
from nnviz.export.raw_rows import RowEncoder

NUMBERS = [
    "1 234,5",
    "1.234,5",
    "1,234.5",
    "1'234.5",
    "1’234,5",
    "12,34,567.8",
    "(1,5)",
    "(-2)",
    "-3,5",
    "5-",
    "−7",
    "+8",
    "1e5",
    "1,5e-3",
    ".5",
    ",5",
    "5.",
    "5,",
    "$1,234",
    "-$5",
    "$-5",
    "$ 5",
    "5 $",
    "3.4 kg",
    "3,4kg",
    "3.4 lb",
    "kg 3",
    "12 %",
    "007",
    "1.794",
    "1,794",
    "1.234.567",
    "1,2,3",
    "1..2",
    "abc",
    "",
    " ",
    "NA",
    "nan",
    "None",
    "inf",
    "-Infinity",
    "∞",
    "1\xa0234",
    "1\u202f234,5",
    "１２",
    "٣",
    "--",
    "?",
    "true",
    "1e400",
    "0x1F",
    "12b",
    "5 kg-",
    "- 5 kg",
    "(5 kg)",
    "(5 kg",
    "5 USD",
    "USD 5",
    "1.5 €",
    "€ 1,5",
    "9007199254740993",
    "-0",
    "1_000",
    "5\u200b",
]
DATES = [
    "2017-12-01",
    "2017/12/1",
    "2017-12",
    "2017.12.01",
    "1/12/17",
    "01.12.2017",
    "1-12-2017",
    "13/14/2017",
    "1-Dec-17",
    "Fri 01 Dec 2017",
    "Dec 1, 2017",
    "1. Dezember 2017",
    "Dec 2017",
    "1 de março de 2020",
    "20171201",
    "20171301",
    "1999",
    "2017-02-30",
    "0017-05-05",
    "1/1/69",
    "1/1/68",
    "2017-12-01T14:05",
    "2017-12-01 14:05:09.25",
    "2017-12-01T14:05:60",
    "2017-12-01 24:00",
    "2:05 PM",
    "1/2/2020 2:05 PM",
    "1/2/2020 13:05 PM",
    "1/2/2020 12:00 am",
    "2020-05-05 10:00:00 +02:00",
    "2020-05-05T10:00:00Z",
    "2020-05-05 10:00 UTC+5",
    "2020-05-05 10:00 CEST",
    "2020-05-05 10:00 XYZ",
    "2020-05-05 10:00 +19:00",
    "Tue May 5 10:00:00 CEST 2020",
    "2020 May 5",
    "5 2 2020",
    "1/2/2020 at 5 pm",
    "1/2/2020 5",
    "1600000000",
    "1600000000.5",
    "1600000000123",
    "-5",
    "NA",
    "",
    "nothing",
    "3rd May 2020",
    "le 3 mai 2020",
    "May 3",
    "12:30",
    "9999-12-31",
    "2020-05-05 10:00:00,5",
    "juin 2020",
    "2020-W05",
]
TARGET = TargetCode(names=("y",), task="regression", mean=(0.0,), scale=(1.0,))


def both(code, texts, *, rules):
    """The inputs of a column by nnviz and by the exported encoder."""
    encoder = Encoder(target=TARGET, columns=(code,), rules=rules)
    words = {
        "missing": list(cells.missing_words(rules)),
        "true": list(cells.TRUE),
        "false": list(cells.FALSE),
        "currency": CURRENCY,
        **words_of_dates(),
    }
    record = encoder.to_json() | {"words": words, "answer": "probabilities"}
    frame = pd.DataFrame({code.name: pd.Series(texts, dtype="str")})
    return encoder.transform(frame), RowEncoder(record).encode([{code.name: text} for text in texts])


def assert_same(code, texts, *, rules):
    theirs, ours = both(code, texts, rules=rules)
    wrong = [text for text, one, other in zip(texts, theirs, ours, strict=True) if not np.array_equal(one, other)]
    assert theirs.dtype == ours.dtype == np.float32
    assert not wrong, (code, wrong[:5])


def mixed(texts, seed=0, count=400):
    """The texts, and others made of pieces of them."""
    chance = random.Random(seed)
    pieces = [chance.choice(texts) for _ in range(count)]
    made = []
    for one, other in itertools.pairwise(pieces):
        made.append(one[: chance.randint(0, len(one))] + other[chance.randint(0, len(other)) :])
    return [*texts, *made]


@pytest.mark.parametrize("unit", ["", "kg", "€", "$", "%", "USD"])
@pytest.mark.parametrize("marks", [None, *SEPARATORS], ids=str)
def test_numbers(marks, unit):
    way = "" if marks is None else str(NumberFormat(*marks, unit))
    code = ColumnCode(name="a", type="number", way=way, fill=(0.1,), centre=(3.7,), scale=(1.3,), indicator=True)
    for rules in (Rules(), Rules(missing=("5-", "-5")), *([Rules(version=1)] if marks is None else [])):
        assert_same(code, mixed(NUMBERS), rules=rules)


@pytest.mark.parametrize("marks", ["", "+digits", "+seconds", "+milliseconds", "+general"])
@pytest.mark.parametrize("order", ORDERS)
def test_dates(order, marks):
    parts = ("year", "month", "day", "weekday", "hour", "minute", "second", "elapsed")
    sizes = {"fill": (0.1,) * 8, "centre": (0.0,) * 8, "scale": (3.0,) * 8, "start": 1.5e9}
    code = ColumnCode(name="a", type="date", way=order + marks, parts=parts, indicator=True, **sizes)
    assert_same(code, mixed(DATES), rules=Rules())


@pytest.mark.parametrize("day_first", [False, True])
def test_dates_by_the_first_rules(day_first):
    parts = ("year", "month", "day", "weekday", "hour")
    sizes = {"fill": (0.1,) * 5, "centre": (0.0,) * 5, "scale": (3.0,) * 5}
    code = ColumnCode(name="a", type="date", day_first=day_first, parts=parts, indicator=True, **sizes)
    for text in DATES:  # one by one: pandas takes mixed cells by what others hold
        assert_same(code, [text], rules=Rules(version=1))


@pytest.mark.parametrize("rules", [Rules(), Rules(version=1), Rules(missing=("red",))], ids=str)
def test_words_and_truths(rules):
    texts = [
        "red",
        " Red ",
        "A\u0308pfel",
        "\u00c4pfel",
        "\u200bred",
        "None",
        "NA",
        "",
        "1",
        "1.0",
        "TRUE",
        "no",
        "0",
        "maybe",
        "-",
    ]
    spared = ("none", "-") if rules == Rules() else ()
    words = ColumnCode(
        name="a", type="category", categories=("1", "None", "red", "\u00c4pfel"), indicator=True, value_words=spared
    )
    assert_same(words, texts, rules=rules)
    assert_same(ColumnCode(name="a", type="boolean", indicator=True), texts, rules=rules)
