"""Splits by a column: along time where it holds times, never at random under that name."""

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.errors import DataError
from nnviz.spec import RunSpec

ROWS = 60
RNG = np.random.default_rng(0)
STRANGE = [f"week {number % 52 + 1} of {2020 + number // 52}, day {number}" for number in range(ROWS)]


def load(tmp_path, name, column, *, rules=2, **columns):
    made = pd.DataFrame({name: column, "x": RNG.normal(size=ROWS), "load": RNG.normal(size=ROWS)})
    made.to_csv(tmp_path / "x.csv", index=False)
    block = {"kind": "file", "path": str(tmp_path / "x.csv"), "target": "load", "read": {"rules": rules}}
    return data.load(
        RunSpec.parse(
            {
                "data": block | ({"columns": {name: {"type": columns["type"]}}} if columns else {}),
                "split": {"by": name},
                "layers": [],
                "cost": {"kind": "MeanSquaredError"},
                "optimizer": {"kind": "Adam"},
            }
        )
    )


@pytest.mark.parametrize("name", ["recorded", "event_time", "Timestamp", "orderDate", "Datum"])
def test_a_column_named_like_times_that_cannot_be_read_is_refused_with_its_cells(tmp_path, name):
    with pytest.raises(DataError, match="looks like times and is not read as such: 60 of 60 cells cannot be read") as caught:
        load(tmp_path, name, STRANGE)
    assert "'week 1 of 2020, day 0'" in caught.value.what
    assert caught.value.where == "split.by"
    assert f'{{"{name}": {{"type": "date"}}}}' in caught.value.remedy


@pytest.mark.parametrize("cell", ["13h{0:02} on day {0}", "the {0} Feb 2020 (?)", "2020/{0}/1/9"])
def test_cells_that_look_like_times_are_refused_under_any_name(tmp_path, cell):
    with pytest.raises(DataError, match="looks like times"):
        load(tmp_path, "when_it_was", [cell.format(number) for number in range(ROWS)])


def test_numbers_named_like_times_are_refused_and_said(tmp_path):
    with pytest.raises(DataError, match=r"its cells are numbers \('1700000000.5', "):
        load(tmp_path, "time", np.arange(ROWS) * 1000 + 1_700_000_000.5)


def test_said_to_be_categories_its_groups_stay_together(tmp_path):
    stamps = [STRANGE[number // 6] for number in range(ROWS)]
    prepared = load(tmp_path, "recorded", stamps, type="category")
    parts = {part: {stamps[row] for row in arrays.rows} for part, arrays in prepared.parts.items()}
    assert not parts["train"] & parts["validation"]
    assert not parts["train"] & parts["test"]


def test_words_of_the_day_and_names_without_time_are_groups(tmp_path):
    assert load(tmp_path, "time", ["Lunch", "Dinner", "Late", "Noon", "Tea"] * 12).report.copies["counted"]
    prepared = load(tmp_path, "shop", [f"s{number % 9}" for number in range(ROWS)])
    assert not any("at random" in word for word in prepared.report.warnings)


def test_groups_of_one_row_each_are_said(tmp_path):
    prepared = load(tmp_path, "shop", [f"s{number}" for number in range(ROWS)])
    assert "every row has its own value in column 'shop': split.by then divides the rows at random" in prepared.report.warnings[0]


def test_times_are_cut_along_time_in_their_order(tmp_path):
    order = np.random.default_rng(1).permutation(ROWS)
    stamps = (pd.Timestamp("2024-01-01") + pd.to_timedelta(order * 7, unit="h")).strftime("%Y-%m-%d %H:%M")
    prepared = load(tmp_path, "recorded", stamps)
    np.testing.assert_array_equal(np.sort(order[prepared.parts["train"].rows]), np.arange(36))
    np.testing.assert_array_equal(np.sort(order[prepared.parts["test"].rows]), np.arange(48, 60))
    gap = [*stamps[:-1], "soon"]
    with pytest.raises(DataError, match=r"row 60 has no date \(1 rows have none: 'soon'\)"):
        load(tmp_path, "recorded", gap)


def test_runs_of_before_keep_their_split(tmp_path):
    prepared = load(tmp_path, "recorded", STRANGE, rules=1)
    assert {part: len(arrays) for part, arrays in prepared.parts.items()} == {"train": 36, "validation": 12, "test": 12}
