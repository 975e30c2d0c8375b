"""Cells of one shape are read at once, wherever their figures stand."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from nnviz.data.columns import cells, dates
from nnviz.data.columns.date_formats import Shapes

WRITTEN = {
    "1 décembre 2017 10:05": datetime(2017, 12, 1, 10, 5),
    "21 févr 2018 23:59:58.123": datetime(2018, 2, 21, 23, 59, 58, 123_000),
    "3/1/2024 12:15:00 AM": datetime(2024, 3, 1, 0, 15),
    "3/1/2024 11:15:09 PM": datetime(2024, 3, 1, 23, 15, 9),
    "03/01/24 9:07": datetime(2024, 3, 1, 9, 7),
    "2024-Mar-05 04:05:06.000250": datetime(2024, 3, 5, 4, 5, 6, 250),
    "2024/11/30 4:05:06": datetime(2024, 11, 30, 4, 5, 6),
    "31/31/2024": None,
    "13/1/2024 13:15:00 PM": None,
    "none of it": None,
}


def texts(written: list[str | None]) -> pa.Array:
    return cells.present(pa.array(written, type=pa.large_string()))


def test_mixed_shapes_among_missing_cells_and_in_a_slice() -> None:
    whole: list[str | None] = [None, "", *WRITTEN, None, *reversed(WRITTEN)]
    moments = dates.parse(texts(whole), "mdy")
    want = np.array([WRITTEN.get(cell or "") for cell in whole], dtype="datetime64[us]")
    np.testing.assert_array_equal(moments.local, want)
    cut = dates.parse(texts(whole)[4:9], "mdy")
    np.testing.assert_array_equal(cut.local, moments.local[4:9])


@pytest.mark.parametrize("repeats", [True, False])
def test_many_rows_give_what_each_gives_alone(repeats: bool) -> None:
    rng = np.random.default_rng(0)
    stamps = [f"{1 + day % 12}/{1 + day % 31}/{1970 + day % 100} 1:{day % 60:02} PM" for day in range(500)]
    many = list(WRITTEN) if repeats else stamps
    cells_ = [str(cell) for cell in rng.choice(many, dates.SAMPLE + 100 if repeats else 120, replace=repeats)]
    alone = {cell: dates.parse(texts([cell]), "mdy").local[0] for cell in set(cells_)}
    moments = dates.parse(texts([*cells_, None]), "mdy").local
    np.testing.assert_array_equal(moments[:-1], np.array([alone[cell] for cell in cells_]))


def test_offsets_of_one_shape_differ() -> None:
    moments = dates.parse(
        texts(
            [
                "3/1/2024 10:00 +02:00",
                "3/1/2024 10:00 +05:30",
                "3/1/2024 10:00 -07:00",
                "3/1/2024 10:00 +19:00",
                "3/1/2024 10:00 UTC+2",
                "3/1/2024 10:00 UTC-9",
            ]
        ),
        "mdy",
    )
    assert moments.offset.tolist() == [120, 330, -420, 0, 120, -540]
    assert moments.missing.tolist() == [False, False, False, True, False, False]


def test_cells_that_differ_in_figures_only_have_one_shape() -> None:
    shapes = Shapes(texts(["1/12/17", None, "2/11/18", "12/11/18", "Fri 01", "Sat 01"]))
    assert len(shapes.shapes) == 4
    assert shapes.known.tolist() == [0, 2, 3, 4, 5]
    assert shapes.fit(r"^\d/").tolist() == [True, True, False, False, False]
    assert len(Shapes(texts([None, ""])).shapes) == 0
