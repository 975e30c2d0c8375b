"""Cells and labels of new rows as the file has them, and predictions with the digits that the target's spread needs.

What was read goes out unchanged: it never passes through float32, nor through the scaled target.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.columns import cells
from nnviz.data.columns.reading_rules import NEWEST

LARGEST_WHOLE = 1e15
"""Up to here a float without a fraction is written as a whole number."""
SIGNIFICANT = 7
"""Decimal digits of a float32, in which networks calculate."""


def own_cells(column: pd.Series) -> list[Any]:
    """The cells of a column as they stand in the file: text as text, numbers as int or float, "" where nothing is."""
    is_plain = isinstance(column.dtype, pd.StringDtype) or (
        pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
    )
    if is_plain:
        return [_plain(cell) for cell in column.tolist()]
    words = ["" if label is None else label for label in cells.labels(column, rules=NEWEST.as_written)]
    if column.dtype != object:
        return words
    return [
        _plain(cell) if isinstance(cell, str | int | float) and not isinstance(cell, bool) else word
        for cell, word in zip(column.tolist(), words, strict=True)
    ]


def own_labels(columns: Sequence[Sequence[Any]]) -> list[Any]:
    """One label a row from the cells of the target columns; several columns are joined by `; `."""
    if len(columns) == 1:
        return list(columns[0])
    return ["; ".join(map(str, row)) for row in zip(*columns, strict=True)]


def array_labels(y: NDArray[Any]) -> list[Any]:
    """The same for labels that came as an array (n,) or (n, t)."""
    return own_labels([own_cells(pd.Series(column)) for column in y.reshape(len(y), -1).T])


def decimals_for(scale: float) -> int:
    """Decimals that keep a float32 times `scale`, the deviation of the training rows' targets in their own unit. A mean of
    any size is added in float64, so only the spread counts."""
    return SIGNIFICANT - math.floor(math.log10(scale)) if scale > 0 and math.isfinite(scale) else 0


def rounded(value: float, decimals: int | None = None) -> float:
    """`value` with seven significant digits, or with so many `decimals` where that is more."""
    if not math.isfinite(value) or value == 0:
        return value
    own = SIGNIFICANT - 1 - math.floor(math.log10(abs(value)))
    return round(value, own if decimals is None else max(own, decimals))


def _plain(cell: Any) -> Any:
    if _is_nothing(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_WHOLE:
        return int(cell)
    return cell


def _is_nothing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float | np.floating) and math.isnan(cell))
