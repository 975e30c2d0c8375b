"""Numbers in people's writing, from a file to the network's inputs and back to new rows."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nnviz.data import Encoder, inspect
from nnviz.jobs.worker.predictions.new_rows import typed
from nnviz.spec import FileData
from nnviz.store import documents
from tests.data.written import VALUES, csv, every, french, notes_on, prepared, stamps, targets


def test_rents_over_a_thousand_are_read_and_said(tmp_path: Any) -> None:
    content = csv({"area": [f"{n},5" for n in range(60)], "y": [french(value) for value in VALUES]})
    table = prepared(tmp_path, content)
    assert table.report.rows_dropped == 0
    np.testing.assert_allclose(targets(table), VALUES, rtol=1e-6, atol=0.02)
    first = french(next(value for value in VALUES if value >= 1000))
    assert notes_on(table.report, "y") == [
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
    table = prepared(tmp_path, csv({"x": texts, "z": list(range(5, 65)), "y": texts}, separator))
    np.testing.assert_allclose(targets(table), sign * VALUES, rtol=1e-6, atol=0.02)
    assert table.encoder.features[0] == "x"
    plain = prepared(tmp_path, csv({"x": list(sign * VALUES), "z": list(range(5, 65)), "y": list(VALUES)}, ","))
    np.testing.assert_allclose(every(table, "x"), every(plain, "x"), atol=1e-6)


@pytest.mark.parametrize("largest", [2902, 1234567])
def test_dots_that_group_thousands(tmp_path: Any, largest: int) -> None:
    values = [295, 1794, 843, 521, largest] * 12
    grouped = [f"{value:,}".replace(",", ".") for value in values]
    content = csv({"place": ["Nord", "Ost"] * 30, "x": list(range(60)), "y": grouped})
    for decimal in (None, ","):
        table = prepared(tmp_path, content, decimal=decimal)
        np.testing.assert_allclose(targets(table), values, rtol=1e-6, atol=0.02)
        # 1.234.567 can be nothing else, so that nothing is open
        is_open = decimal is None and largest < 10_000
        assert ("could be 1794 or 1.794" in " ".join(notes_on(table.report, "y"))) == is_open


def test_a_decimal_point_that_shows_elsewhere_holds(tmp_path: Any) -> None:
    values = [295, 1.794, 2.902, 843, 521, 1.5] * 10
    table = prepared(tmp_path, csv({"x": list(range(60)), "y": values}))
    np.testing.assert_allclose(targets(table), values, rtol=1e-6, atol=1e-4)


def test_cells_of_the_target_that_are_none_are_named(tmp_path: Any) -> None:
    texts = [french(value) for value in VALUES]
    texts[3] = "on request"
    report = prepared(tmp_path, csv({"x": list(range(60)), "y": texts})).report
    assert report.rows_dropped == 1
    assert notes_on(report, "y")[-1] == "column 'y': 1 cell that are no numbers ('on request'), so their rows have no target"


def test_units_that_differ_are_no_numbers_and_said(tmp_path: Any) -> None:
    content = csv({"x": ["3 kg", "4 lb"] * 30, "z": list(range(60)), "y": list(VALUES)}, ",")
    report = prepared(tmp_path, content).report
    assert report.columns[0].type == "category"
    assert notes_on(report, "x") == ["column 'x': its numbers have different units (kg, lb), so they are not read as numbers"]


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
    for table in (small, whole):
        np.testing.assert_allclose(targets(table), VALUES, rtol=1e-6, atol=0.02)
        assert table.encoder == small.encoder
    assert large.encoder == small.encoder
    part = large.parts["train"]
    np.testing.assert_array_equal(part.x[np.arange(len(part.x))], small.parts["train"].x)


def test_ways_of_a_stored_encoder_are_looked_at(tmp_path: Any) -> None:
    texts = [french(value) for value in VALUES]
    made = prepared(tmp_path, csv({"x": texts, "when": stamps("%d.%m.%y", 60, hours=30), "y": texts})).encoder.to_json()
    assert documents.encoder(json.dumps(made)) == made
    for place, way in ((0, "ymd"), (0, "1,234,5"), (1, "1 234,5"), (1, "dym"), (1, 5)):
        wrong = json.loads(json.dumps(made))
        wrong["columns"][place]["way"] = way
        with pytest.raises(ValueError, match="way"):
            documents.encoder(json.dumps(wrong))
