"""Encoded rows back to what a person would write: of the first columns, to be looked at."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nnviz.data.columns.column_code import ColumnCode, Floats
from nnviz.data.columns.number_formats import NumberFormat
from nnviz.plain_text import visible

MOST_COLUMNS = 8
LONGEST = 60
"""Characters of a name or a text."""
MISSING, OTHER = "missing", "another value"
_DIGITS = 5
"""Of a number, below its column's deviation."""
_MOST_DECIMALS = 15
_PLAIN = 10_000
"""From here on thousands are grouped: a year is not."""


def first_columns(codes: Sequence[ColumnCode], x: Floats) -> tuple[list[str], list[list[str]]]:
    """The names of the first columns, and what stands in them in each of the encoded rows `x` (n, inputs)."""
    first = codes[:MOST_COLUMNS]
    columns, start = [], 0
    for code in first:
        width = len(code.columns)
        columns.append(list(written(code, x[:, start : start + width])))
        start += width
    return [visible(code.name, limit=LONGEST) for code in first], [list(row) for row in zip(*columns, strict=True)]


def unit_of(way: str) -> str:
    """The unit of numbers that are written in this way; empty for none."""
    try:
        return NumberFormat.of(way).unit if way else ""
    except ValueError:
        return ""


def numbers(code: ColumnCode, block: Floats) -> NDArray[np.float64]:
    """Of a column of numbers, in its own unit, what stands in its inputs `block` (n, width): float64 (n,), NaN where it is
    missing. Rounded as `written` does it, so a whole number comes back as one."""
    own = block[:, 0].astype(np.float64) * code.scale[0] + code.centre[0]
    decimals = max(0, _decimals(code))
    rounded = np.round(own, decimals) if decimals <= _MOST_DECIMALS else own
    return np.where(block[:, -1] > 0.5, np.nan, rounded) if code.indicator else rounded


def written(code: ColumnCode, rows: Floats) -> Iterator[str]:
    """What stands in the inputs `rows` (n, width) of a column, row by row, as people write it."""
    block = rows.astype(np.float64)
    inputs = block[:, :-1] if code.indicator else block
    for place, row in enumerate(inputs):
        if code.indicator and block[place, -1] > 0.5:
            yield MISSING
        elif code.type == "category":
            yield visible(code.categories[int(row.argmax())], limit=LONGEST) if row.any() else OTHER
        elif code.type == "boolean":
            yield "yes" if row[0] > 0.5 else "no"
        else:
            own = row * np.array(code.scale) + np.array(code.centre)
            yield _number(float(own[0]), code) if code.type == "number" else _date(dict(zip(code.parts, own, strict=True)))


def _number(value: float, code: ColumnCode) -> str:
    if not math.isfinite(value):
        return MISSING
    decimals = _decimals(code)
    if abs(value) >= 1e15 or decimals > _MOST_DECIMALS:
        return f"{value:.5g}"
    rounded = round(value, max(0, decimals))
    text = f"{rounded:,.{max(0, decimals)}f}" if abs(value) >= _PLAIN else f"{rounded:.{max(0, decimals)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    unit = unit_of(code.way)
    return f"{'0' if text == '-0' else text}{f' {unit}' if unit else ''}"


def _decimals(code: ColumnCode) -> int:
    return _DIGITS - math.floor(math.log10(code.scale[0]))


def _date(parts: dict[str, float]) -> str:
    """Of the parts that vary: a day and a time where all of either are known, else part by part."""
    whole = {name: round(value) for name, value in parts.items()}
    texts = []
    if {"year", "month", "day"} <= whole.keys():
        texts.append(f"{whole.pop('year'):04d}-{whole.pop('month'):02d}-{whole.pop('day'):02d}")
        whole.pop("weekday", None)
        whole.pop("elapsed", None)
    if {"hour", "minute"} <= whole.keys():
        texts.append(f"{whole.pop('hour'):02d}:{whole.pop('minute'):02d}")
        if "second" in whole:
            texts[-1] += f":{whole.pop('second'):02d}"
    return " ".join([*texts, ", ".join(f"{name} {value}" for name, value in whole.items())]).strip()
