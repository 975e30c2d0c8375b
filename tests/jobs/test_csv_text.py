"""CSV for programs and for spreadsheets: exact, or with an apostrophe before what would be run, and back again."""

import csv
import re
from pathlib import Path

import pytest

from nnviz.errors import RequestError
from nnviz.jobs import csv_text
from nnviz.jobs.csv_text import safe, safe_row
from nnviz.jobs.worker.predictions.prediction_file import CsvFiles

RUN = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=x", "＝1+1", "--", "-a", "+49 30 123"]
HARMLESS = [
    "",
    "a",
    "-",
    "+",
    "@",
    "-1",
    "+1",
    "-1.5e-3",
    "-1,5",
    "+12%",
    "-1.5; 2; -3",
    "it's",
    "'quoted'",
    "a=1",
    " =1",
    "Zürich",
]
BACK = ["'=1+1", "''=1+1", "'", "''", "'-1", "'a"]


@pytest.mark.parametrize("text", RUN, ids=ascii)
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_other_texts_and_numbers_stay(text: str) -> None:
    assert safe(text) == text
    assert safe_row([1, -2.5, None]) == [1, -2.5, None]


@pytest.mark.parametrize("text", [*RUN, *HARMLESS, *BACK], ids=ascii)
def test_the_rule_of_the_docs_gives_the_text_back(text: str) -> None:
    assert csv_text.__doc__ is not None
    line = next(line for line in csv_text.__doc__.splitlines() if "re.sub(" in line)
    assert eval(line, {"re": re, "cell": safe(text)}) == text


def test_both_files_of_predictions(tmp_path: Path) -> None:
    exact, guarded = tmp_path / "exact.csv", tmp_path / "safe.csv"
    rows = [["row", "prediction", "probability_=1+1", "file"], [1, "=1+1", 0.25, "@a.png"], [2, 'b"\n,', -0.5, "b.png"]]
    with CsvFiles(exact, guarded) as file:
        file.writerow(rows[0])
        file.writerows(rows[1:])
    with exact.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file, quoting=csv.QUOTE_NONNUMERIC)) == rows
    with guarded.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file, quoting=csv.QUOTE_NONNUMERIC)) == [
            rows[0],
            [1, "'=1+1", 0.25, "'@a.png"],
            [2, 'b"\n,', -0.5, "b.png"],
        ]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot write"), CsvFiles(tmp_path / "a.csv", tmp_path / "no" / "b.csv"):
        pass
    assert list(tmp_path.iterdir()) == []
