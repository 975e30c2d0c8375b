import math

import pytest

from nnviz.charts.numbers import axis_format, in_unit, one_format


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (463_540.3, 80_000, "463,540"),
        (1_700_000_003.27, 3.0, "1,700,000,003.270"),
        (0.5, 0.1, "0.5000"),
        (12.0, 4.0, "12"),
        (-1234.5, 1000, "-1,234"),
        (3.2e-7, 1e-7, "3.2e-07"),
        (2e18, 1e17, "2e+18"),
        (7.25, 0.0, "7.250"),
    ],
)
def test_as_people_write_them(value, scale, text):
    assert in_unit(value, scale) == text


def test_one_format_in_one_column():
    write = one_format([1, 2, 1000.0])
    assert [write(value) for value in (1, 2, 1000.0)] == ["1", "2", "1,000"]
    assert [one_format([1.0, 1000.5])(value) for value in (1.0, 1000.5)] == ["1.0", "1,000.5"]
    write = one_format([0.1, 0.25])
    assert [write(value) for value in (0.1, 0.25)] == ["0.1000", "0.2500"]
    assert [write(value) for value in (None, math.nan, math.inf, -math.inf)] == ["–", "–", "∞", "-∞"]
    assert one_format([])(5) == "5"


def test_neighbours_can_be_told_apart():
    values = [1_700_000_000.001, 1_700_000_000.004, 1_700_000_000.009]
    assert len(set(map(one_format(values), values))) == 3
    assert axis_format([0.5, 900_000.0]) == ",.0~f"
    assert axis_format([1e-9, 2e-9]) == ".4~g"
