"""Columns in people's writing, from a file to the network's inputs and back to new rows."""

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nnviz.data import Encoder, inspect
from nnviz.data.columns.report import Report
from nnviz.data.prepare import load
from nnviz.data.prepared import Prepared
from nnviz.errors import DataError, SpecError
from nnviz.jobs.worker.predictions.new_rows import typed
from nnviz.spec import FileData, RunSpec
from nnviz.store import documents

NARROW = "\u202f"


def csv(columns: dict[str, list[Any]], separator: str = ";") -> bytes:
    rows = [list(columns), *zip(*columns.values(), strict=True)]
    return "\n".join(separator.join(map(str, row)) for row in rows).encode()


def prepared(
    tmp_path: Any,
    content: bytes,
    *,
    name: str = "rows.csv",
    target: str = "y",
    rules: int = 2,
    split: dict[str, Any] | None = None,
    columns: dict[str, Any] | None = None,
    decimal: str | None = None,
) -> Prepared:
    path = tmp_path / name
    path.write_bytes(content)
    spec = RunSpec.model_validate(
        {
            "data": {
                "kind": "file",
                "path": str(path),
                "target": target,
                "task": "regression",
                "columns": columns or {},
                "read": {"rules": rules, "decimal": decimal},
            },
            "split": split or {},
            "layers": [{"kind": "Dense", "units": 1}],
            "cost": {"kind": "MeanSquaredError"},
            "optimizer": {"kind": "Adam"},
        }
    )
    return load(spec)


def told(report: Report, column: str) -> list[str]:
    return [words for words in report.warnings if words.startswith(f"column {column!r}")]


def every(found: Prepared, of: str) -> np.ndarray[Any, Any]:
    """x or y of all rows, in the order of the file."""
    parts = list(found.parts.values())
    order = np.argsort(np.concatenate([part.rows for part in parts]))
    return np.concatenate([getattr(part, of) for part in parts])[order]


def targets(found: Prepared) -> np.ndarray[Any, Any]:
    code = found.encoder.target
    return every(found, "y").ravel() * code.scale[0] + code.mean[0]


RNG = np.random.default_rng(0)
VALUES = np.round(np.linspace(300, 4000, 60), 2)


def french(value: float) -> str:
    return f"{value:,.2f}".replace(",", NARROW).replace(".", ",")


def test_rents_over_a_thousand_are_read_and_said(tmp_path: Any) -> None:
    content = csv({"area": [f"{n},5" for n in range(60)], "y": [french(value) for value in VALUES]})
    found = prepared(tmp_path, content)
    assert found.report.rows_dropped == 0
    np.testing.assert_allclose(targets(found), VALUES, rtol=1e-6, atol=0.02)
    first = french(next(value for value in VALUES if value >= 1000))
    assert told(found.report, "y") == [
        f"column 'y': numbers written like \"{first}\" are read as {next(value for value in VALUES if value >= 1000)}"
    ]


def test_by_the_rules_of_before_they_are_left_out(tmp_path: Any) -> None:
    content = csv({"area": [f"{n},5" for n in range(60)], "rooms": [1, 2, 3] * 20, "y": [french(value) for value in VALUES]})
    assert prepared(tmp_path, content, rules=1).report.rows_dropped == int((VALUES >= 1000).sum())


@pytest.mark.parametrize(
    ("write", "separator"),
    [
        (lambda v: f"${v:,.2f}", ";"),
        (lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")) + " €", ";"),
        (lambda v: f"{v:,.2f}".replace(",", "'"), ","),
        (lambda v: f"{v} kg", ","),
        (lambda v: f"{v} %", ","),
        (lambda v: f"{v}-", ","),
        (lambda v: f"({v})", ","),
        (lambda v: f"\u2212{v}", ","),
        (lambda v: f"{v:.6e}", ","),
        (lambda v: f"{v:,.2f}".replace(",", "\u2009"), ","),
    ],
)
def test_other_writings_as_target_and_input(tmp_path: Any, write: Any, separator: str) -> None:
    texts = [write(value) for value in VALUES]
    sign = -1 if write(1.0)[0] in "(\u2212" or write(1.0)[-1] == "-" else 1
    found = prepared(tmp_path, csv({"x": texts, "z": list(range(5, 65)), "y": texts}, separator))
    np.testing.assert_allclose(targets(found), sign * VALUES, rtol=1e-6, atol=0.02)
    assert found.encoder.features[0] == "x"
    plain = prepared(tmp_path, csv({"x": list(sign * VALUES), "z": list(range(5, 65)), "y": list(VALUES)}, ","))
    np.testing.assert_allclose(every(found, "x"), every(plain, "x"), atol=1e-6)


@pytest.mark.parametrize("largest", [2902, 1234567])
def test_dots_that_group_thousands(tmp_path: Any, largest: int) -> None:
    values = [295, 1794, 843, 521, largest] * 12
    grouped = [f"{value:,}".replace(",", ".") for value in values]
    content = csv({"place": ["Nord", "Ost"] * 30, "x": list(range(60)), "y": grouped})
    for decimal in (None, ","):
        found = prepared(tmp_path, content, decimal=decimal)
        np.testing.assert_allclose(targets(found), values, rtol=1e-6, atol=0.02)
        # 1.234.567 can be nothing else, so that nothing is open
        is_open = decimal is None and largest < 10_000
        assert ("could be 1794 or 1.794" in " ".join(told(found.report, "y"))) == is_open


def test_a_decimal_point_that_shows_elsewhere_holds(tmp_path: Any) -> None:
    values = [295, 1.794, 2.902, 843, 521, 1.5] * 10
    found = prepared(tmp_path, csv({"x": list(range(60)), "y": values}))
    np.testing.assert_allclose(targets(found), values, rtol=1e-6, atol=1e-4)


def test_cells_of_the_target_that_are_none_are_named(tmp_path: Any) -> None:
    texts = [french(value) for value in VALUES]
    texts[3] = "on request"
    report = prepared(tmp_path, csv({"x": list(range(60)), "y": texts})).report
    assert report.rows_dropped == 1
    assert told(report, "y")[-1] == "column 'y': 1 cell that are no numbers ('on request'), so their rows have no target"


def test_units_that_differ_are_no_numbers_and_said(tmp_path: Any) -> None:
    content = csv({"x": ["3 kg", "4 lb"] * 30, "z": list(range(60)), "y": list(VALUES)}, ",")
    report = prepared(tmp_path, content).report
    assert report.columns[0].type == "category"
    assert told(report, "x") == ["column 'x': its numbers have different units (kg, lb), so they are not read as numbers"]


def test_classes_are_called_as_they_are_written() -> None:
    content = csv({"x": list(range(60)), "y": ["36 months", "60 months"] * 30}, ",")
    report = inspect(content, name="a.csv", data=FileData(kind="file", path="a.csv", target="y"))
    assert report.classes == ("36 months", "60 months")


def test_new_rows_are_read_by_the_way_of_the_training_file(tmp_path: Any) -> None:
    values = [295, 1794, 2902, 843, 521] * 12
    grouped = [f"{value:,}".replace(",", ".") for value in values]
    encoder = prepared(tmp_path, csv({"x": grouped, "y": grouped})).encoder
    encoder = Encoder.from_json(json.loads(json.dumps(encoder.to_json())))
    (batch,) = typed([{"x": "1.794", "y": "1.794"}, {"x": "295", "y": "12.345.678"}, {"x": "abc", "y": "1"}], encoder)
    code = encoder.columns[0]
    np.testing.assert_allclose(batch.x[:2, 0] * code.scale[0] + code.centre[0], [1794, 295], rtol=1e-5)
    assert batch.y is not None
    np.testing.assert_allclose(batch.y[:, 0] * encoder.target.scale[0] + encoder.target.mean[0], [1794, 12345678, 1], rtol=1e-5)
    assert [note for note in batch.notes if "'abc'" in note]


def test_parquet_and_json_hold_texts_too(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{value:,.2f} €" for value in VALUES]
    frame = pd.DataFrame({"x": texts, "z": np.arange(60.0), "y": texts})
    small = prepared(tmp_path, frame.to_json(orient="records").encode(), name="rows.json")
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "rows.parquet")
    content = (tmp_path / "rows.parquet").read_bytes()
    whole = prepared(tmp_path, content, name="rows.parquet")
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    large = prepared(tmp_path, content, name="rows.parquet")
    for found in (small, whole):
        np.testing.assert_allclose(targets(found), VALUES, rtol=1e-6, atol=0.02)
        assert found.encoder == small.encoder
    assert large.encoder == small.encoder
    part = large.parts["train"]
    np.testing.assert_array_equal(part.x[np.arange(len(part.x))], small.parts["train"].x)


def stamps(form: str, count: int = 120, **step: float) -> list[str]:
    return [(datetime(2024, 3, 1, 0, 15) + index * timedelta(**step)).strftime(form) for index in range(count)]


@pytest.mark.parametrize(
    "form", ["%m/%d/%Y %I:%M:%S %p", "%d.%m.%y %H:%M", "%d-%b-%y %H:%M", "%Y-%m-%d %H:%M:%S UTC", "%a %d %b %Y %H:%M"]
)
def test_a_split_along_time_by_any_writing(tmp_path: Any, form: str) -> None:
    shuffled = np.random.default_rng(1).permutation(120)
    y = list(RNG.normal(size=120))
    content = csv({"when": list(np.array(stamps(form, hours=5))[shuffled]), "y": y})
    found = prepared(tmp_path, content, split={"by": "when"})
    place = {part: shuffled[rows.rows] for part, rows in found.parts.items()}
    assert place["train"].max() < place["validation"].min()
    assert place["validation"].max() < place["test"].min()
    iso = np.array(stamps("%Y-%m-%d %H:%M", hours=5))[shuffled]
    plain = prepared(tmp_path, csv({"when": list(iso), "y": y}), split={"by": "when"})
    np.testing.assert_array_equal(found.parts["train"].x, plain.parts["train"].x)


def test_mixed_offsets_are_ordered_by_the_instant(tmp_path: Any) -> None:
    instants = [datetime(2024, 5, 1) + index * timedelta(hours=1) for index in range(100)]
    texts = [
        (moment + timedelta(hours=12 if index % 2 else -7)).isoformat() + ("+12:00" if index % 2 else "-07:00")
        for index, moment in enumerate(instants)
    ]
    found = prepared(
        tmp_path, csv({"when": texts, "y": list(RNG.normal(size=100))}), split={"by": "when"}, columns={"when": {"elapsed": True}}
    )
    assert found.parts["train"].rows.max() < found.parts["validation"].rows.min()
    assert "ordered by the instant" in told(found.report, "when")[0]
    code = found.encoder.columns[0]
    (batch,) = typed([{"when": "2024-05-01T12:00:00+12:00"}, {"when": "2024-04-30T17:00:00-07:00"}], found.encoder)
    raw = batch.x * np.array(code.scale) + np.array(code.centre)
    (wrong,) = typed([{"when": "soon"}], found.encoder)
    assert wrong.notes == ("column 'when' has a value that is no date, counted as missing: 'soon'",)
    hour, elapsed = code.parts.index("hour"), code.parts.index("elapsed")
    np.testing.assert_allclose(raw[:, hour], [12, 17], atol=1e-4)
    np.testing.assert_allclose(raw[:, elapsed], [0, 0], atol=1e-6)


@pytest.mark.parametrize("rules", [1, 2])
def test_seconds_are_inputs_and_elapsed_time_is_on_request(tmp_path: Any, rules: int) -> None:
    seconds = 7 if rules == 2 else 7 * 3600
    content = csv({"when": stamps("%Y-%m-%d %H:%M:%S", seconds=seconds), "y": list(RNG.normal(size=120))})
    parts = ("when.minute", "when.second") if rules == 2 else ("when.month", "when.day", "when.weekday", "when.hour")
    found = prepared(tmp_path, content, rules=rules)
    assert found.encoder.features == parts
    assert not found.report.columns[0].elapsed
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
    found = Encoder.from_json(record).transform(pd.DataFrame({"when": pd.Series(["2024-02-01 12:00"], dtype="str")}))
    assert found.tolist() == [[1.0, 31.5]]


def test_dates_of_which_no_part_varies_are_left_out_and_the_message_offers_elapsed_time(tmp_path: Any) -> None:
    moments = [f"2024-03-01 10:00:00.{number:06}" for number in range(120)]
    table = csv({"when": moments, "x": list(RNG.normal(size=120)), "y": list(RNG.normal(size=120))})
    found = prepared(tmp_path, table)
    assert found.encoder.features == ("x",)
    assert [column.use for column in found.report.columns] == [False, True, True]
    (said,) = told(found.report, "when")
    assert "none of its parts" in said
    assert "data.columns.when.elapsed" in said
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
    assert told(report, "when") == ["column 'when' is left out: it does not vary in the training rows"]


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
    found = prepared(tmp_path, content, columns={"when": {"type": "date", "elapsed": True}})
    (column,) = [column for column in found.report.columns if column.name == "when"]
    assert (column.type, column.use) == ("date", True)
    assert "2 cells that are no dates ('soon', 'never')" in "".join(found.report.warnings)
    assert {"when.day", "when.hour", "when.elapsed", "when missing"} <= set(found.encoder.features)


def test_the_open_order_of_day_and_month_is_said(tmp_path: Any) -> None:
    texts = [f"{1 + index % 12}/{1 + index * 5 % 12}/2024" for index in range(60)]
    report = prepared(tmp_path, csv({"when": texts, "y": list(VALUES)}, ",")).report
    assert "could have the day or the month first" in told(report, "when")[0]


def test_ways_of_a_stored_encoder_are_looked_at(tmp_path: Any) -> None:
    texts = [french(value) for value in VALUES]
    made = prepared(tmp_path, csv({"x": texts, "when": stamps("%d.%m.%y", 60, hours=30), "y": texts})).encoder.to_json()
    assert documents.encoder(json.dumps(made)) == made
    for place, way in ((0, "ymd"), (0, "1,234,5"), (1, "1 234,5"), (1, "dym"), (1, 5)):
        wrong = json.loads(json.dumps(made))
        wrong["columns"][place]["way"] = way
        with pytest.raises(ValueError, match="way"):
            documents.encoder(json.dumps(wrong))
