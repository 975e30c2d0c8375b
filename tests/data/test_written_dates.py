"""Dates in people's writing, from a file to the network's inputs, and the time that elapses between them."""

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnviz.data import Encoder
from nnviz.errors import DataError, SpecError
from nnviz.jobs.worker.predictions.new_rows import typed
from nnviz.spec import RunSpec
from tests.data.written import VALUES, csv, every, notes_on, prepared, stamps

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "form", ["%m/%d/%Y %I:%M:%S %p", "%d.%m.%y %H:%M", "%d-%b-%y %H:%M", "%Y-%m-%d %H:%M:%S UTC", "%a %d %b %Y %H:%M"]
)
def test_a_split_along_time_by_any_writing(tmp_path: Any, form: str) -> None:
    shuffled = np.random.default_rng(1).permutation(120)
    y = list(RNG.normal(size=120))
    content = csv({"when": list(np.array(stamps(form, hours=5))[shuffled]), "y": y})
    table = prepared(tmp_path, content, split={"by": "when"})
    place = {part: shuffled[rows.rows] for part, rows in table.parts.items()}
    assert place["train"].max() < place["validation"].min()
    assert place["validation"].max() < place["test"].min()
    iso = np.array(stamps("%Y-%m-%d %H:%M", hours=5))[shuffled]
    plain = prepared(tmp_path, csv({"when": list(iso), "y": y}), split={"by": "when"})
    np.testing.assert_array_equal(table.parts["train"].x, plain.parts["train"].x)


def test_mixed_offsets_are_ordered_by_the_instant(tmp_path: Any) -> None:
    instants = [datetime(2024, 5, 1) + index * timedelta(hours=1) for index in range(100)]
    texts = [
        (moment + timedelta(hours=12 if index % 2 else -7)).isoformat() + ("+12:00" if index % 2 else "-07:00")
        for index, moment in enumerate(instants)
    ]
    table = prepared(
        tmp_path, csv({"when": texts, "y": list(RNG.normal(size=100))}), split={"by": "when"}, columns={"when": {"elapsed": True}}
    )
    assert table.parts["train"].rows.max() < table.parts["validation"].rows.min()
    assert "ordered by the instant" in notes_on(table.report, "when")[0]
    code = table.encoder.columns[0]
    (batch,) = typed([{"when": "2024-05-01T12:00:00+12:00"}, {"when": "2024-04-30T17:00:00-07:00"}], table.encoder)
    raw = batch.x * np.array(code.scale) + np.array(code.centre)
    (wrong,) = typed([{"when": "soon"}], table.encoder)
    assert wrong.notes == ("column 'when' has a value that is no date, counted as missing: 'soon'",)
    hour, elapsed = code.parts.index("hour"), code.parts.index("elapsed")
    np.testing.assert_allclose(raw[:, hour], [12, 17], atol=1e-4)
    np.testing.assert_allclose(raw[:, elapsed], [0, 0], atol=1e-6)


@pytest.mark.parametrize("rules", [1, 2])
def test_seconds_are_inputs_and_elapsed_time_is_on_request(tmp_path: Any, rules: int) -> None:
    seconds = 7 if rules == 2 else 7 * 3600
    content = csv({"when": stamps("%Y-%m-%d %H:%M:%S", seconds=seconds), "y": list(RNG.normal(size=120))})
    parts = ("when.minute", "when.second") if rules == 2 else ("when.month", "when.day", "when.weekday", "when.hour")
    table = prepared(tmp_path, content, rules=rules)
    assert table.encoder.features == parts
    assert not table.report.columns[0].elapsed
    asked = prepared(tmp_path, content, rules=rules, columns={"when": {"elapsed": True}})
    assert asked.encoder.features == (*parts, "when.elapsed")
    assert asked.report.columns[0].elapsed
    assert "and the days since the first one" in asked.report.columns[0].action
    code = asked.encoder.columns[0]
    elapsed = every(asked, "x")[:, -1] * code.scale[-1] + code.centre[-1]
    start = asked.parts["train"].rows.min()
    np.testing.assert_allclose(elapsed, (np.arange(120) - start) * seconds / 86_400, rtol=1e-5, atol=1e-8)
    again = Encoder.from_json(json.loads(json.dumps(asked.encoder.to_json())))
    frame = pd.DataFrame({"when": pd.Series(stamps("%Y-%m-%d %H:%M:%S", seconds=seconds), dtype="str")})
    np.testing.assert_array_equal(again.transform(frame), every(asked, "x"))


def test_an_encoder_that_counts_days_goes_on_doing_so() -> None:
    record = {
        "rules": 2,
        "target": {"names": ["y"], "task": "regression", "mean": [0.0], "scale": [1.0]},
        "shape": [],
        "divide": 1.0,
        "columns": [
            {
                "name": "when",
                "type": "date",
                "way": "ymd",
                "parts": ["month", "elapsed"],
                "start": 1704067200.0,
                "fill": [1, 0],
                "centre": [1, 0],
                "scale": [1, 1],
            }
        ],
    }
    encoded = Encoder.from_json(record).transform(pd.DataFrame({"when": pd.Series(["2024-02-01 12:00"], dtype="str")}))
    assert encoded.tolist() == [[1.0, 31.5]]


def test_dates_of_which_no_part_varies_are_left_out_and_the_message_offers_elapsed_time(tmp_path: Any) -> None:
    moments = [f"2024-03-01 10:00:00.{number:06}" for number in range(120)]
    table = csv({"when": moments, "x": list(RNG.normal(size=120)), "y": list(RNG.normal(size=120))})
    dates = prepared(tmp_path, table)
    assert dates.encoder.features == ("x",)
    assert [column.use for column in dates.report.columns] == [False, True, True]
    (note,) = notes_on(dates.report, "when")
    assert "none of its parts" in note
    assert "data.columns.when.elapsed" in note
    asked = prepared(tmp_path, table, columns={"when": {"elapsed": True}})
    assert asked.encoder.features == ("when.elapsed", "x")
    assert np.corrcoef(every(asked, "x")[:, 0], np.arange(120))[0, 1] > 0.9999
    alone = csv({"when": moments, "y": list(RNG.normal(size=120))})
    with pytest.raises(DataError, match="no column varies") as caught:
        prepared(tmp_path, alone)
    assert "data.columns.when.elapsed to true" in caught.value.remedy


def test_time_elapses_between_dates_only(tmp_path: Any) -> None:
    table = csv(
        {
            "when": stamps("%Y-%m-%d", hours=30),
            "x": list(range(120)),
            "one": ["2024-01-01"] * 120,
            "y": list(RNG.normal(size=120)),
        }
    )
    with pytest.raises(DataError, match="'x' holds no dates") as caught:
        prepared(tmp_path, table, columns={"x": {"elapsed": True}})
    assert caught.value.where.endswith("data.columns.x.elapsed")
    # a column that does not vary is left out, and that is all there is to say
    assert "one.elapsed" not in prepared(tmp_path, table, columns={"one": {"elapsed": True}}).encoder.features
    spec = {
        "data": {"kind": "file", "path": "a.csv", "columns": {"when": {"elapsed": "yes"}}},
        "layers": [],
        "cost": {"kind": "MeanSquaredError"},
        "optimizer": {"kind": "Adam"},
    }
    with pytest.raises(SpecError, match="elapsed"):
        RunSpec.parse(spec)
    schema = RunSpec.model_json_schema()["$defs"]["ColumnSpec"]["properties"]["elapsed"]
    assert (schema["type"], schema["default"]) == ("boolean", False)


def test_a_stamp_that_stands_still_in_training_is_no_input(tmp_path: Any) -> None:
    when = ["2024-03-01"] * 80 + ["2024-03-02"] * 40
    content = csv(
        {
            "when": when,
            "x": list(range(120)),
            "y": list(RNG.normal(size=120)),
            "part": ["train"] * 80 + ["validation"] * 20 + ["test"] * 20,
        }
    )
    report = prepared(tmp_path, content, split={"column": "part"}).report
    (column,) = [column for column in report.columns if column.name == "when"]
    assert not column.use
    assert notes_on(report, "when") == ["column 'when' is left out: it does not vary in the training rows"]


def test_eight_digits_are_dates(tmp_path: Any) -> None:
    numbers = list(range(20_000_000, 20_000_120))
    content = csv({"day": stamps("%Y%m%d", hours=30), "id": numbers, "y": list(RNG.normal(size=120))}, ",")
    day, number, _ = prepared(tmp_path, content).report.columns
    assert day.type == "date"
    assert number.type != "date"


def test_eight_digits_are_dates_in_a_wide_table_too(tmp_path: Any) -> None:
    columns: dict[str, list[Any]] = {f"x{index}": list(RNG.normal(size=60)) for index in range(210)}
    days = [day for day in stamps("%Y%m%d", 30, hours=30) for _ in range(2)]
    report = prepared(tmp_path, csv(columns | {"day": days, "y": list(VALUES)}, ",")).report
    assert [column.name for column in report.columns if column.type == "date"] == ["day"]


def test_a_column_told_to_be_dates_is_tried_by_a_general_parser(tmp_path: Any) -> None:
    texts = [f"{day} of June 2017 at {hour}h" for day in range(1, 29) for hour in (5, 17)]
    content = csv({"when": [*texts, "soon", "never"], "y": list(RNG.normal(size=58))})
    table = prepared(tmp_path, content, columns={"when": {"type": "date", "elapsed": True}})
    (column,) = [column for column in table.report.columns if column.name == "when"]
    assert (column.type, column.use) == ("date", True)
    assert "2 cells that are no dates ('soon', 'never')" in "".join(table.report.warnings)
    assert {"when.day", "when.hour", "when.elapsed", "when missing"} <= set(table.encoder.features)


def test_the_open_order_of_day_and_month_is_said(tmp_path: Any) -> None:
    texts = [f"{1 + index % 12}/{1 + index * 5 % 12}/2024" for index in range(60)]
    report = prepared(tmp_path, csv({"when": texts, "y": list(VALUES)}, ",")).report
    assert "could have the day or the month first" in notes_on(report, "when")[0]
