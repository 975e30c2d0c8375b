"""Lines of totals, and rows that rule a column's scale."""

import numpy as np
import pandas as pd
import pytest

from nnviz.data.columns.infer import infer_column
from nnviz.data.odd_rows import odd_rows

ROWS = 60


def table(**more):
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "region": random.choice(["North", "South", "East"], ROWS),
            "visits": random.integers(200, 900, ROWS),
            "revenue": np.round(random.uniform(100, 2000, ROWS), 2),
        }
        | more
    )


def sentences(frame, rows=None):
    columns = [infer_column(str(name), frame[name]) for name in frame.columns]
    return odd_rows(frame, columns, np.arange(len(frame)) if rows is None else rows)


def with_row(frame, values, place=None):
    place = len(frame) if place is None else place
    return pd.concat([frame.iloc[:place], pd.DataFrame([values], columns=frame.columns), frame.iloc[place:]], ignore_index=True)


def sums(frame, word="Total"):
    return [word, frame["visits"].sum(), round(frame["revenue"].sum(), 2)]


@pytest.mark.parametrize(
    "word",
    [
        "Total",
        "TOTAL:",
        "Grand Total",
        "Sum",
        "Summe",
        "Gesamt",
        "Insgesamt",
        "Somme",
        "Totale",
        "Suma",
        "Итого",
        "合计",
        "Total 2023",
        "Gesamtsumme",
        "Sub-total",
    ],
)
def test_a_last_line_of_totals(word):
    frame = with_row(table(), sums(table(), word))
    warnings = sentences(frame)
    assert len(warnings) == 1
    assert warnings[0].startswith(f"row 61 ({word!r}) seems to be a line of totals")
    assert f"visits {table()['visits'].sum():,}" in warnings[0]
    assert "Remove it from the file" in warnings[0]


@pytest.mark.parametrize("word", [None, "", "X"])
def test_numbers_that_add_up_need_no_word(word):
    assert sentences(with_row(table(), sums(table(), word)))[0].startswith("row 61 seems to be a line of totals")


def test_a_total_on_top_and_one_with_rounded_figures():
    assert sentences(with_row(table(), sums(table()), 0))[0].startswith("row 1 ('Total')")
    rounded = ["", table()["visits"].sum(), round(table()["revenue"].sum(), 1)]
    assert sentences(with_row(table(), rounded))[0].startswith("row 61 seems")


def test_an_average_at_the_end():
    means = ["Average", table()["visits"].mean(), table()["revenue"].mean()]
    assert sentences(with_row(table(), means))[0].startswith("row 61 ('Average')")


def test_lines_of_subtotals():
    parts = [table().iloc[at : at + 20] for at in (0, 20, 40)]
    frame = pd.concat([with_row(part.reset_index(drop=True), sums(part, "Subtotal")) for part in parts], ignore_index=True)
    assert sentences(frame)[0].startswith(
        "row 21 ('Subtotal'), row 42 ('Subtotal'), row 63 ('Subtotal') seem to be lines of totals"
    )


def test_the_number_is_that_of_the_file():
    frame = with_row(table(), sums(table()))
    assert sentences(frame, np.arange(len(frame)) + 100)[0].startswith("row 161 ")


@pytest.mark.parametrize(
    "frame",
    [
        table(),
        table(region=np.resize(["Total", "Shell", "Esso", "BP"], ROWS)),
        table(region=np.resize(["alta", "media", "baja"], ROWS)),
        table(visits=np.arange(ROWS)),
        table(visits=np.zeros(ROWS, int)),
        table(visits=np.eye(ROWS, dtype=int)[-1]),
        with_row(table(), ["Total eclipse", 300, 500.0]),
        table(visits=np.random.default_rng(1).lognormal(0, 1, ROWS)),
        table(region="Total"),
        table().head(9),
    ],
    ids=["plain", "a brand", "a level", "counter", "zeros", "one one", "a title", "a tail", "a constant", "few"],
)
def test_ordinary_rows_are_not_accused(frame):
    assert sentences(frame) == ()


@pytest.mark.parametrize("seed", range(20))
def test_random_tables_are_not_accused(seed):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "normal": random.normal(size=200),
            "skewed": random.lognormal(0, 1.2, 200),
            "count": random.poisson(3, 200),
            "rare": random.random(200) < 0.02,
            "share": random.beta(0.5, 5, 200),
            "word": random.choice(list("abc"), 200),
        }
    )
    assert sentences(frame.astype({"rare": float})) == ()


def test_a_row_that_rules_a_column():
    frame = table()
    frame.loc[17, "visits"] = 3_000_000
    warnings = sentences(frame)
    assert len(warnings) == 1
    assert warnings[0].startswith("row 18 rules the scale of a column: 'visits' is 3,000,000 where the others lie between ")
    values = frame["visits"].to_numpy(float)
    far = (values - np.median(values)) ** 2
    assert far[17] / far.sum() > 0.9


def test_one_row_in_two_columns_and_two_rows_in_one():
    frame = table()
    frame.loc[17, ["visits", "revenue"]] = [3_000_000, -1e9]
    assert sentences(frame)[0].startswith("row 18 rules the scale of 2 columns: 'visits' is 3,000,000")
    frame = table()
    frame.loc[[4, 9], "visits"] = [999999, 999999]
    assert [text.split(" rules")[0] for text in sentences(frame)] == ["row 5", "row 10"]


def test_numbers_at_the_edge_of_what_a_float_holds():
    frame = table(visits=np.r_[np.full(ROWS - 2, 1e300), 1.7e308, np.nan])
    with np.errstate(all="raise"):
        sentences(frame.assign(other=np.arange(ROWS) % 5))
