"""Encoded rows are shown as they stand in the file."""

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.data.decode import unit_of
from nnviz.spec import RunSpec

CSV = """length,price,kind,open,day,count,y
5.1,"1,200.50 €",red,yes,2024-01-05,1999,a
4.9,"980.00 €",green,no,2024-02-11,2001,b
,"15,000.00 €",red,yes,2024-03-09,2010,a
6.25,"720.25 €",,no,2023-12-31,1987,b
5.5,"1,000.00 €",green,yes,2024-05-05,2020,a
4.75,"800.00 €",red,no,2024-06-06,2003,b
""" + "".join(f'5.{i},"{i}00.00 €",red,yes,2024-0{1 + i % 9}-0{1 + i % 7},{1990 + i},{"ab"[i % 2]}\n' for i in range(1, 10))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    path = tmp_path_factory.mktemp("decode") / "things.csv"
    path.write_text(CSV, encoding="utf-8")
    columns = {"kind": {"type": "category"}, "day": {"type": "date"}, "length": {"type": "number"}}
    return data.load(
        RunSpec.parse(
            {
                "data": {"kind": "file", "path": str(path), "target": "y", "columns": columns},
                "split": {"validation": 0.2, "test": 0, "seed": 1},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "SGD", "learning_rate": 0.1},
                "training": {"epochs": 1, "batch_size": 4, "seed": 0},
            }
        )
    )


def test_numbers_words_and_dates_come_back_as_people_write_them(prepared):
    part = prepared.parts["train"]
    names, rows, in_all = prepared.first_columns(part.x)
    assert names == list(prepared.encoder.inputs)
    assert in_all == len(names)
    values = {int(row): dict(zip(names, texts, strict=True)) for row, texts in zip(part.rows, rows, strict=True)}
    file = pd.read_csv(pd.io.common.StringIO(CSV), dtype=str)
    assert len(values) > 8
    for row, texts in values.items():
        line = file.iloc[row]
        assert texts["length"] == ("missing" if pd.isna(line["length"]) else f"{float(line['length']):g}")
        amount = float(line["price"].split()[0].replace(",", ""))
        assert texts["price"] == (f"{amount:,.2f}" if amount >= 10_000 else f"{amount:.2f}").rstrip("0").rstrip(".") + " €"
        assert texts["count"] == line["count"]
        assert texts["day"] == line["day"]
        assert texts["kind"] == ("missing" if pd.isna(line["kind"]) else line["kind"])
        assert texts["open"] == line["open"]


def test_a_value_that_no_training_row_has_is_called_another_one(prepared):
    names = list(prepared.encoder.features)
    row = prepared.parts["train"].x[:1].copy()
    row[0, [place for place, name in enumerate(names) if name.startswith("kind")]] = 0
    columns, values, _ = prepared.first_columns(row)
    assert values[0][columns.index("kind")] == "another value"


def test_images_have_no_columns(prepared):
    assert prepared.first_columns(np.zeros((2, 3, 3, 1), np.float32)) == ([], [], 0)


def test_the_unit_of_a_way_to_write_numbers():
    assert [unit_of(way) for way in ("", "1,234.5", "1.234,5 kg", "nonsense")] == ["", "", "kg", ""]
