"""What was read goes out unchanged, and predictions keep the digits of the target's spread."""

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from nnviz.data.readers.read import read
from nnviz.jobs.worker.predictions.as_read import array_labels, decimals_for, own_cells, own_labels, rounded
from nnviz.spec import FileData


def test_cells_stand_as_in_the_file():
    content = b"id,big,share,word,gap\n1,21938979,0.1,  a b ,\n2,1700000003,1e-09,007x,12345678\n"
    frame = read(content, name="a.csv", data=FileData(kind="file", path="a.csv")).frame
    assert own_cells(frame["big"]) == [21938979, 1700000003]
    assert own_cells(frame["share"]) == [0.1, 1e-9]
    assert own_cells(frame["word"])[1] == "007x"
    assert own_cells(frame["gap"]) == ["", 12345678]


def test_text_stays_text_and_gaps_stay_empty():
    assert own_cells(pd.Series(["1 062,50", None, "(1.23)", "NA"], dtype="str")) == ["1 062,50", "", "(1.23)", "NA"]
    assert own_cells(pd.Series([1, "1.50", None, Decimal("2.5"), True], dtype=object)) == [1, "1.50", "", "2.5", "true"]
    assert own_cells(pd.Series([2**62 + 1, 1], dtype="int64")) == [2**62 + 1, 1]
    assert own_labels([[1, 2], ["a", "b"]]) == ["1; a", "2; b"]
    assert array_labels(np.array([[0.1, 3.0], [0.25, 4.0]])) == ["0.1; 3", "0.25; 4"]


@pytest.mark.parametrize(("mean", "scale"), [(1.7e9, 3.0), (-4e12, 0.02), (0.0, 1e-9), (463_540.0, 8e4), (5.0, 1e12)])
def test_rounding_costs_less_than_a_float32_does(mean, scale):
    values = mean + scale * np.random.default_rng(0).normal(size=500)
    written = np.array([float(repr(rounded(float(value), decimals_for(scale)))) for value in values])
    # half a unit of the last decimal kept, and what a float64 itself cannot hold
    assert np.abs(written - values).max() <= 5e-8 * scale * 10 + np.spacing(abs(mean))
    assert 1 - np.sum((written - values) ** 2) / np.sum((values - values.mean()) ** 2) > 0.999999


def test_odd_values_and_small_numbers():
    assert rounded(0.0, 3) == 0.0
    assert math.isnan(rounded(math.nan, 3))
    assert rounded(math.inf, 3) == math.inf
    assert rounded(1.23456789e-12, decimals_for(1.0)) == 1.234568e-12
    assert rounded(0.123456789) == 0.1234568
    assert decimals_for(0.0) == 0
