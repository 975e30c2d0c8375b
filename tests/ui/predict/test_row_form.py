"""What the form of the Predict page starts from."""

import pytest

from nnviz.ui.predict import row_form


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ({"parts": ["month", "day"], "fill": [2, 31]}, "2024-02-28"),
        ({"parts": ["year", "hour"], "fill": [2021.5, 13.0]}, "2021-01-01 13:00:00"),
        # 2020-05-17 10:30, the earliest training row: what does not vary is its
        ({"parts": ["minute", "second"], "fill": [5, 59], "start": 1589711400.0}, "2020-05-17 10:05:59"),
        ({"parts": ["month", "elapsed"], "fill": [6, 31.0], "start": 1589711400.0}, "2020-06-17"),
        ({"parts": ["hour", "elapsed"], "fill": [6, 0.5], "start": 1589711400.0}, "2020-05-17 22:30:00"),
        ({"parts": ["elapsed"], "fill": [1e300], "start": 0.0}, "2024-01-01"),
    ],
)
def test_a_date_in_the_middle_of_the_training_rows(column, text):
    assert row_form._middle(column) == text
