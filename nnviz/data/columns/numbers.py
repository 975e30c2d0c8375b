"""Numbers as people write them: which way a column of text writes them, and reading it by that way.

A way is a decimal mark, a mark between thousands and a unit. It is decided once for a column, on its training file, and kept
as the text that 1234.5 would be written as ("1 234,5 kg"), so that new rows are read by the same way. Taken are, with any
way: signs (+, -, the minus of typography, a minus after the number), parentheses for a negative number, and an exponent.
Blanks between thousands may be any of Unicode's, apostrophes straight or curly. A per cent sign is a unit: 12 % is 12.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.columns import cells
from nnviz.data.columns.cells import is_null
from nnviz.data.columns.number_formats import (
    SEPARATORS,
    NumberFormat,
    contains,
    equals,
    is_known_unit,
    is_strange,
    matches,
    parts_of,
)
from nnviz.data.columns.reading_rules import NEWEST, Rules

NEARLY_ALL = 0.9
"""From this share of its known cells on, a way is that of the column."""

SAMPLE = 1000

_ADDRESS = r"^\d{1,3}(\.(1\d\d|2[0-4]\d|25[0-5])){3}$"
"""192.168.100.200 in every cell: no number of thousands."""
_THREES = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
_POINT = re.compile(r"[+-]?(\d*|\d{1,3}(,\d{3})+)\.\d+([eE][+-]?\d+)?%?")
_COMMA = re.compile(r"[+-]?(\d*|\d{1,3}([. ']\d{3})+),\d+([eE][+-]?\d+)?%?")
_COMMA_THREES = re.compile(r"[+-]?\d{1,3}(,\d{3})+")


@dataclass(frozen=True, kw_only=True)
class Detected:
    """`fit`: how many cells fit the way. `is_plain`: they are written as a program writes numbers, so there is nothing to
    say. `has_more`: there are groups, units, parentheses or signs behind, and not only a decimal mark. `example`: a cell
    that shows the way, and `value`, what it is read as. `other`: what the example would be, where the cells themselves
    leave open which mark is the decimal one; `has_whole`: numbers without marks stand beside. `bare`: cells without the
    unit that the others have."""

    way: NumberFormat
    fit: int
    is_plain: bool
    has_more: bool
    example: str = ""
    value: float = float("nan")
    other: float | None = None
    has_whole: bool = False
    bare: int = 0


def detect(array: pa.Array, *, decimal: str = ".", share: float = NEARLY_ALL) -> Detected | None:
    """The way of a column (texts as `cells.present` gives them), or None where fewer than `share` of the known cells fit one.
    `decimal`: the file's mark, which decides where the cells do not."""
    known = array.drop_null()
    if not len(known) or not _may_be_numbers(known):
        return None
    parts = parts_of(known)
    is_number = ~is_null(parts["body"])
    if is_number.sum() < share * len(known):
        return None
    unit, bare = _one_unit(parts["unit"], is_number, share * len(known))
    if unit is None or (len(unit) == 1 and not is_known_unit(unit)):
        # one letter behind a number makes a code: 12b
        return None
    usable = is_number & (equals(parts["unit"], unit) | equals(parts["unit"], ""))
    has = {mark: usable & contains(parts["body"], mark) for mark in ".,' "}
    fits = {marks: usable & matches(parts["body"], NumberFormat(*marks).pattern) for marks in SEPARATORS}
    best = max(SEPARATORS, key=lambda marks: (int(fits[marks].sum()), marks[0] == decimal, bool(has[marks[1]].any())))
    if fits[best].sum() < share * len(known):
        return None
    way = NumberFormat(*best, unit)
    marked = has["."] | has[","]
    other_mark = "," if way.decimal == "." else "."
    rivals = [marks for marks in SEPARATORS if marks[0] == other_mark and int(fits[marks].sum()) == int(fits[best].sum())]
    if way.group == "." and matches(parts["body"], _ADDRESS)[fits[best]].all():
        return None
    fit = fits[best]
    strange = is_strange(parts)
    show = _first(fit & has[way.group] & strange, fit & has[way.group], fit & has[way.decimal], fit & strange, fit)
    has_more = bool(unit or (fit & (has[way.group] | strange)).any())
    one = known.slice(show, 1)
    both = bool(rivals) and bool((fit & marked).any())
    return Detected(
        way=way,
        fit=int(fit.sum()),
        is_plain=not has_more and not (way.decimal == "," and bool(marked.any())),
        has_more=has_more,
        example=one[0].as_py(),
        value=float(values(one, way)[0]),
        other=float(values(one, NumberFormat(*rivals[0], unit))[0]) if both else None,
        has_whole=bool((fit & ~marked).any()),
        bare=bare,
    )


def mixed_units(array: pa.Array) -> tuple[str, ...]:
    """The units of a column (texts as `cells.present` gives them) in which nearly every cell is a number with a unit that is
    known, but not the same; else nothing."""
    known = array.drop_null()
    if not len(known) or not _may_be_numbers(known):
        return ()
    parts = parts_of(known)
    has_unit = ~is_null(parts["unit"]) & ~equals(parts["unit"], "")
    if has_unit.sum() < NEARLY_ALL * len(known):
        return ()
    units = [unit for unit in pc.unique(pc.filter(parts["unit"], pa.array(has_unit))).to_pylist() if unit]
    ok = 1 < len(units) <= 6 and all(map(is_known_unit, units))
    return tuple(sorted(units)) if ok else ()


def read(column: pd.Series, way: str, *, rules: Rules = NEWEST) -> NDArray[np.float64]:
    """float64 (n,): a column by the way that was decided for it. NaN where a cell is missing or no number. Cells that are
    numbers already stay what they are; a text that does not fit the way is read where it can only be one number, as 12.5
    in a column of decimal commas. `way` "": as `cells.numbers`. Raises ValueError for a text that is no way."""
    if not way or pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return cells.numbers(column, rules=rules)
    floats = values(cells.text(column, rules=rules), NumberFormat.of(way))
    if column.dtype == object:
        for place, cell in enumerate(column):
            if isinstance(cell, int | float | np.number) and not isinstance(cell, bool):
                floats[place] = float(cell)
    return floats


def values(array: pa.Array, way: NumberFormat) -> NDArray[np.float64]:
    """As `read`, of texts as `cells.present` gives them."""
    floats = np.full(len(array), np.nan)
    parts = parts_of(array)
    fits = matches(parts["body"], way.pattern) & (equals(parts["unit"], way.unit) | equals(parts["unit"], ""))
    body = pc.replace_substring(parts["body"], pattern=way.group, replacement="")
    if way.decimal == ",":
        body = pc.replace_substring(body, pattern=",", replacement=".")
    written = pc.binary_join_element_wise(body, parts["power"], pa.scalar("", body.type))
    figures = pc.if_else(pa.array(fits), written, pa.scalar(None, body.type))
    read_as = np.array(figures.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    minus = np.sum([equals(parts[place], "-") for place in ("sign", "inner", "after", "last")], axis=0)
    is_negative = (minus > 0) | equals(parts["open"], "(")
    floats[fits] = np.where(is_negative, -read_as, read_as)[fits]
    rest = ~fits & ~is_null(array)
    if rest.any():
        # what does not fit and can mean one number only: without a comma, and no groups of another way
        texts = pc.filter(array, pa.array(rest))
        plain = ~contains(texts, ",")
        floats[np.flatnonzero(rest)] = np.where(plain, cells.text_numbers(texts), np.nan)
    return floats


def file_decimal(rows: Sequence[Sequence[str]], separator: str) -> tuple[str, str]:
    """The decimal mark of a text file by a sample of its fields, and a field that leaves it open where nothing else decides.
    Dots that may all group thousands (three digits after each) speak for neither mark; if no field speaks for one, a file
    with semicolons has decimal commas where in some column whole numbers stand beside such dots."""
    commas = points = comma_threes = 0
    threes: dict[int, int] = {}
    whole: dict[int, int] = {}
    odd: set[int] = set()
    example = ""
    for row in rows:
        for place, cell in enumerate(row):
            cell = cell.strip()
            if _COMMA_THREES.fullmatch(cell):
                comma_threes += 1
            elif _COMMA.fullmatch(cell):
                commas += 1
            elif _THREES.fullmatch(cell):
                threes[place] = threes.get(place, 0) + 1
                example = example or cell
            elif _POINT.fullmatch(cell):
                points += 1
                odd.add(place)
            elif cell.isdigit():
                whole[place] = whole.get(place, 0) + 1
    # a column that shows decimal points shows them in its other cells too
    points += sum(count for place, count in threes.items() if place in odd)
    if separator != "," and not points:
        commas += comma_threes
    if commas or points:
        return ("," if commas > points else "."), ""
    if separator == ";" and any(place in whole for place in threes):
        return ",", ""
    return ".", example if separator != "," else ""


def _may_be_numbers(known: pa.Array) -> bool:
    """Whether some of the cells, taken evenly, hold figures: columns of words need not be looked at cell by cell."""
    few = known.take(pa.array(np.linspace(0, len(known) - 1, min(len(known), SAMPLE)).astype(np.int64)))
    return bool(matches(few, r"^[^\pL\d]*(\pL{1,3}\.?[^\pL\d]*)?\d").mean() > 0.5)


def _one_unit(units: pa.Array, is_number: NDArray[np.bool_], least: float) -> tuple[str | None, int]:
    """The one unit of nearly all numbers, or "" where they have none; None where it is neither. And how many lack it."""
    counted = pc.value_counts(pc.filter(units, pa.array(is_number)))
    names, counts = counted.field("values").to_pylist(), counted.field("counts").to_pylist()
    count = dict(zip(names, counts, strict=True))
    best = max(count, key=lambda name: count[name])
    if count[best] < least:
        return None, 0
    return best, count.get("", 0) if best else 0


def _first(*masks: NDArray[np.bool_]) -> int:
    return int(np.flatnonzero(next(mask for mask in masks if mask.any()))[0])
