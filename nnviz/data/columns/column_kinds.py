"""Columns of which the kind of values is known, numbers, dates or words: whether they are worth using, and how many are missing
or odd."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.columns.cells import is_null
from nnviz.data.columns.column import Column, Type

_ID_NAME = re.compile(
    r"(?i:id|ids|index|idx|nr|no|key|uid|uuid|guid|row|row ?id|row ?number|unnamed.*|#|.*[ _-](id|uuid|key))"
    r"|.*[a-z]I[Dd]"
)
_ORDINARY = frozenset({"x", "t", "time", "day", "year", "month", "week", "hour", "age", "step", "n"})

MOSTLY_UNIQUE = 0.95


def date_column(name: str, array: pa.Array, missing: NDArray[np.bool_], unique: int, *, day_first: bool) -> Column:
    """`missing` bool (n,): no date was read; `unique`: different dates."""
    odd = pc.filter(array, pa.array(missing & ~is_null(array)))
    return Column(
        name=name,
        type="date" if unique > 1 else "constant",
        use=unique > 1,
        why="dates" if unique > 1 else "it has one value only",
        missing=array.null_count,
        unique=unique,
        odd=len(odd),
        odd_examples=examples_of(odd),
        day_first=day_first,
    )


def number_column(name: str, values: NDArray[np.float64], array: pa.Array | None, first: bool) -> Column:
    finite = values[np.isfinite(values)]
    infinite = int(np.isinf(values).sum())
    unique = len(np.unique(finite))
    missing = int(np.isnan(values).sum()) if array is None else array.null_count
    odd = 0
    examples: tuple[str, ...] = ()
    if array is not None:
        strange = pc.filter(array, pa.array(np.isnan(values) & ~is_null(array)))
        odd, examples = len(strange), examples_of(strange)
    common: dict[str, Any] = {
        "name": name,
        "missing": missing,
        "unique": unique,
        "infinite": infinite,
        "odd": odd,
        "odd_examples": examples,
    }
    if not unique:
        return Column(type="empty", use=False, why="every value is missing or infinite", **common)
    if unique == 1:
        return Column(type="constant", use=False, why=f"its only value is {finite[0]:g}", **common)
    whole = len(finite) == len(values) == unique and len(values) >= 10 and bool(np.all(finite == np.round(finite)))
    if whole and _ID_NAME.fullmatch(name.strip()):
        return Column(type="identifier", use=False, why="an identifier: every row has its own number", **common)
    running = whole and finite[0] in (0, 1) and bool(np.all(np.diff(finite) == 1))
    if running and first and name.strip().casefold() not in _ORDINARY:
        return Column(type="identifier", use=False, why="a running number of the rows", lone=True, **common)
    return Column(type="number", use=True, why="numbers", **common)


def word_column(name: str, array: pa.Array) -> Column:
    known = array.drop_null()
    unique = len(pc.unique(known))
    common: dict[str, Any] = {"name": name, "missing": array.null_count, "unique": unique}
    if unique == 1:
        value = known[0].as_py()
        return Column(type="constant", use=False, why=f"its only value is {_short(value)!r}", **common)
    sample = known[:1000].to_pylist()
    spaces = float(np.mean([value.count(" ") for value in sample]))
    length = float(np.mean([len(value) for value in sample]))
    share = unique / len(known)
    if len(known) >= 10 and (share > 0.5 or unique > 1000):
        if spaces >= 2 or length >= 60:
            return Column(type="text", use=False, why="free text, which these networks cannot read", **common)
        if share >= MOSTLY_UNIQUE:
            return Column(type="identifier", use=False, why="an identifier: (nearly) every row has its own value", **common)
        return Column(
            type="text", use=False, why=f"{unique} different words in {len(known)} rows are too many categories", **common
        )
    return Column(type="category", use=True, why=f"{unique} different words", **common)


def typed_column(name: str, kind: Type, column: pd.Series, array: pa.Array) -> Column:
    unique = len(pc.unique(array.drop_null()))
    if unique == 0:
        return Column(name=name, type="empty", use=False, why="every value is missing", missing=len(array), unique=0)
    if unique == 1:
        return Column(
            name=name,
            type="constant",
            use=False,
            why=f"its only value is {array.drop_null()[0].as_py()}",
            missing=array.null_count,
            unique=1,
        )
    return Column(
        name=name,
        type=kind,
        use=True,
        why={"boolean": "true or false", "date": "dates"}[kind],
        missing=array.null_count,
        unique=unique,
    )


def examples_of(array: pa.Array) -> tuple[str, ...]:
    return tuple(repr(_short(value)) for value in pc.unique(array).to_pylist()[:3])


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:37] + "..."
