"""What a report says beyond its columns."""

from dataclasses import replace

import numpy as np
import pytest

from nnviz import data
from nnviz.spec import RunSpec


def load(text, cost="MeanSquaredError", tmp=None, **more):
    place = tmp / "table.csv"
    place.write_text(text)
    cost_block = {"kind": cost} if isinstance(cost, str) else cost
    return data.load(
        RunSpec.parse(
            {
                "data": {"kind": "file", "path": str(place), **more},
                "layers": [],
                "cost": cost_block,
                "optimizer": {"kind": "Adam"},
            }
        )
    )


def rows(count, line, head):
    return "\n".join([head, *(line(index) for index in range(count))])


def test_a_cost_outside_its_domain_is_said_with_the_rows(tmp_path):
    text = rows(260, lambda index: f"{index % 9},{index % 13},{0 if index % 4 == 0 else 100 + index}", "ads,rain,sold")
    warning = load(text, "MeanAbsolutePercentageError", tmp_path).report.warnings[0]
    assert "in column 'sold' 65 of 260 rows are 0" in warning
    assert not any("65 of 260" in line for line in load(text, "MeanSquaredError", tmp_path).report.warnings)
    formula = {"kind": "Expression", "expression": "square(log(y_true) - y_pred)"}
    scaled = load(text, formula, tmp_path)
    y = np.concatenate([part.y[:, 0] for part in scaled.parts.values()])
    assert f"no finite number in {int((y <= 0).sum())} of 260 rows" in scaled.report.warnings[0]


def test_categories_that_are_cut_are_said_with_the_share_of_rows(tmp_path):
    # the 50 first days have three rows each, 315 others two
    days = [f"d{day:03d}" for day in range(365) for _ in range(3 if day < 50 else 2)]
    text = rows(len(days), lambda index: f"{days[index]},{index % 7},{(index * 31) % 101}.5", "day,a,y")
    warnings = [line for line in load(text, tmp=tmp_path).report.warnings if "'day'" in line]
    assert len(warnings) == 1
    assert "365 different values, and the 50 most frequent become inputs" in warnings[0]
    assert f"{630 / 780:.1%} of its rows fall into no category" in warnings[0]
    few = rows(300, lambda index: f"d{index % 50},{index % 7},{(index * 31) % 101}.5", "day,a,y")
    assert not any("'day'" in line for line in load(few, tmp=tmp_path).report.warnings)


def test_a_total_stands_in_the_warnings(tmp_path):
    lines = [(index % 7 + 1, (index * 37) % 101 + 5, (index * 53) % 211 + 9) for index in range(60)]
    text = "\n".join(
        [
            "kind,a,b,y",
            *(f"k{a},{a},{b},{c}" for a, b, c in lines),
            f"Total,{sum(a for a, _, _ in lines)},{sum(b for _, b, _ in lines)},{sum(c for _, _, c in lines)}",
        ]
    )
    assert load(text, tmp=tmp_path).report.warnings[0].startswith("row 61 ('Total') seems to be a line of totals")


def leaking(index):
    return f"{(index * 37) % 60},{(index * 17) % 23},{2 * ((index * 29) % 61) + 1},{(index * 29) % 61}.5"


@pytest.mark.parametrize("use", [None, True, False])
def test_leaks_are_named_whether_they_are_used_or_not(use, tmp_path):
    block = {} if use is None else {"columns": {"copy": {"use": use}}}
    prepared = load(rows(60, leaking, "size,noise,copy,price"), tmp=tmp_path, **block)
    assert [(leak["column"], leak["used"]) for leak in prepared.report.leaks] == [("copy", use is not False)]
    assert any("'copy' is the target" in line for line in prepared.report.warnings) == (use is not False)
    # the command line trains what the spec says
    assert ("copy" in prepared.columns) == (use is not False)
    assert prepared.report.to_json()["leaks"][0]["column"] == "copy"


def test_findings_change_no_row(tmp_path):
    prepared = load(rows(60, leaking, "size,noise,copy,price"), tmp=tmp_path)
    assert sum(map(len, prepared.parts.values())) == prepared.report.rows == 60
    assert replace(prepared.report, leaks=()).leaks == ()
