"""Finds out what each column of a table is, and what will be done with it."""

import re
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.columns import cells, dates, missing_words, numbers, writing
from nnviz.data.columns.column import BY_CHOICE, VALUES, Column, Told, Type
from nnviz.data.columns.merged_values import merged
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.columns.writing import PLAIN, Marks

_ID_NAME = re.compile(
    r"(?i:id|ids|index|idx|nr|no|key|uid|uuid|guid|row|row ?id|row ?number|unnamed.*|#|.*[ _-](id|uuid|key))"
    r"|.*[a-z]I[Dd]"
)
_ORDINARY = frozenset({"x", "t", "time", "day", "year", "month", "week", "hour", "age", "step", "n"})

NUMBER_SHARE = 0.8
"""From this share of numbers on, a column of mixed cells is a column of numbers."""
DATE_SHARE = 0.9
MOSTLY_UNIQUE = 0.95


def infer_column(
    name: str, column: pd.Series, *, told: Told | None = None, first: bool = False, rules: Rules = NEWEST, file: Marks = PLAIN
) -> Column:
    """`first`: it is the leftmost column, where a running number of the rows usually stands."""
    found = _inferred(name, column, first, rules, file)
    if (
        told is not None
        and told.type is not None
        and (told.type != found.type or (found.type == "date" and found.odd and not rules.is_old))
    ):
        found = _as_told(name, column, told.type, found, rules, file)
    if told is not None and told.use is not None and told.use != found.use and found.type != "empty":
        kind: Type = (
            found.type if found.type in ("number", "category", "boolean", "date") or not told.use else _usable(column, rules)
        )
        found = Column(**(vars(found) | {"use": told.use, "type": kind, "why": BY_CHOICE}))
    if told is not None and told.elapsed:
        found = replace(found, elapsed=found.type == "date")
    return found if rules.is_old else _with_words(found, column, rules)


def _with_words(found: Column, column: pd.Series, rules: Rules) -> Column:
    """With the words that were told from values, and how many different cells became one."""
    if found.type in VALUES:
        count, examples = merged(column, type=found.type, way=found.way, rules=rules)
        words = missing_words.missing_words(column, rules=rules)
        return replace(found, missing_words=words, merged=count, merged_examples=examples)
    values = missing_words.values_among(column, rules=rules)
    kept = cells.sparing(rules, values)
    spared = {word: count for word, count in missing_words.missing_words(column, rules=rules).items() if word.lower() in values}
    return replace(found, missing_words=missing_words.missing_words(column, rules=kept), value_words=spared)


def _inferred(name: str, column: pd.Series, first: bool, rules: Rules, file: Marks) -> Column:
    if pd.api.types.is_bool_dtype(column.dtype):
        return _settled(name, "boolean", column, cells.text(column, rules=rules))
    if pd.api.types.is_numeric_dtype(column.dtype):
        if not rules.is_old and may_be_days(column):
            days = _date(name, column, cells.text(column, rules=rules), rules)
            if days is not None:
                return days
        return _number(name, cells.numbers(column, rules=rules), None, first)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        typed = _settled(name, "date", column, cells.text(column, rules=rules))
        return typed if rules.is_old else replace(typed, way="ymd")
    array = cells.text(column, rules=rules)
    known = len(array) - array.null_count
    as_words = array
    if not rules.is_old and known < len(array):
        as_words = cells.text(column, rules=cells.sparing(rules, missing_words.values_among(column, rules=rules)))
    if as_words.null_count == len(as_words):
        return Column(name=name, type="empty", use=False, why="every value is missing", missing=len(array), unique=0)
    if not rules.is_old:
        as_written = _written(name, column, array, first, rules, file) if known else None
        if as_written is not None:
            return as_written
    values = cells.text_numbers(array, rules=rules)
    numeric = int(np.count_nonzero(~np.isnan(values)))
    is_flag = as_words is not array and as_words.null_count < array.null_count and len(pc.unique(array.drop_null())) <= 1
    if numeric >= NUMBER_SHARE * known and not is_flag:
        return _number(name, values, array, first)
    words = pc.unique(pc.utf8_lower(as_words.drop_null())).to_pylist()
    if (
        set(words) <= set(cells.TRUE) | set(cells.FALSE)
        and len(words) == 2
        and (rules.is_old or len(set(words) & set(cells.TRUE)) == 1)
    ):
        return _settled(name, "boolean", column, as_words)
    if not rules.is_old:
        units = numbers.mixed_units(array)
        found = _date(name, column, array, rules) or _words(name, as_words)
        return (
            replace(found, said=(f"its numbers have different units ({', '.join(units)}), so they are not read as numbers",))
            if units
            else found
        )
    looks = cells.looks_like_date(array, rules=rules)
    if known and looks.sum() >= DATE_SHARE * known:
        day_first = _day_first(array)
        moments = cells.dates(column, day_first=day_first, rules=rules)
        read = int(moments.notna().sum())
        if read >= DATE_SHARE * known:
            return _of_dates(name, array, moments.isna().to_numpy(), int(moments.nunique()), day_first=day_first)
    return _words(name, as_words)


def may_be_days(column: pd.Series) -> bool:
    """Whether all numbers of a column have eight digits, as 20171201 has."""
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = values[~np.isnan(values)]
    return bool(len(known) and known.min() >= 19000101 and known.max() <= 21001231 and (known == np.round(known)).all())


def _written(
    name: str, column: pd.Series, array: pa.Array, first: bool, rules: Rules, file: Marks, share: float = numbers.NEARLY_ALL
) -> Column | None:
    """A column of numbers in people's writing; None where it is none, or its numbers are plain."""
    texts = array
    if column.dtype == object:  # numbers among texts are no question of writing
        is_text = pa.array([isinstance(cell, str) for cell in column], type=pa.bool_())
        texts = pc.if_else(is_text, array, pa.scalar(None, array.type))
    seen = numbers.detect(texts, decimal=file.decimal, share=share)
    if seen is None and file.decimal == ",":
        seen = numbers.detect(texts, decimal=",", share=NUMBER_SHARE)
    if seen is None:
        return None
    words = writing.of_numbers(seen, file)
    if seen.is_plain and not words:
        return None
    way = "" if seen.is_plain else str(seen.way)
    found = _number(name, numbers.read(column, way, rules=rules), array, first)
    return replace(found, way=way, said=words)


def _date(name: str, column: pd.Series, array: pa.Array, rules: Rules, *, is_told: bool = False) -> Column | None:
    seen = dates.told(array) if is_told else dates.detect(array, name=name)
    if seen is None:
        return None
    missing = seen.moments.missing
    found = _of_dates(name, array, missing, len(np.unique(seen.moments.instant[~missing])), day_first=seen.way.startswith("dmy"))
    return replace(found, way=seen.way, said=writing.of_dates(seen, is_told=is_told))


def _of_dates(name: str, array: pa.Array, missing: NDArray[np.bool_], unique: int, *, day_first: bool) -> Column:
    """`missing` bool (n,): no date was read; `unique`: different dates."""
    odd = pc.filter(array, pa.array(missing & ~_null(array)))
    return Column(
        name=name,
        type="date" if unique > 1 else "constant",
        use=unique > 1,
        why="dates" if unique > 1 else "it has one value only",
        missing=array.null_count,
        unique=unique,
        odd=len(odd),
        odd_examples=_examples(odd),
        day_first=day_first,
    )


def _number(name: str, values: NDArray[np.float64], array: pa.Array | None, first: bool) -> Column:
    finite = values[np.isfinite(values)]
    infinite = int(np.isinf(values).sum())
    unique = len(np.unique(finite))
    missing = int(np.isnan(values).sum()) if array is None else array.null_count
    odd = 0
    examples: tuple[str, ...] = ()
    if array is not None:
        strange = pc.filter(array, pa.array(np.isnan(values) & ~_null(array)))
        odd, examples = len(strange), _examples(strange)
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


def _words(name: str, array: pa.Array) -> Column:
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


def _settled(name: str, kind: Type, column: pd.Series, array: pa.Array) -> Column:
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


def _as_told(name: str, column: pd.Series, kind: str, found: Column, rules: Rules, file: Marks) -> Column:
    if not rules.is_old and found.type != "empty":
        seen = None
        if kind == "date" and not pd.api.types.is_datetime64_any_dtype(column.dtype):
            seen = _date(name, column, cells.text(column, rules=rules), rules, is_told=True)
        elif kind == "number" and not pd.api.types.is_numeric_dtype(column.dtype):
            seen = _written(name, column, cells.text(column, rules=rules), False, rules, file, share=0.5)
        if seen is not None:
            return replace(seen, type=cast(Type, kind), use=True, why=BY_CHOICE, lone=False)
    array = cells.text(column, rules=rules)
    if kind not in VALUES:
        array = cells.text(column, rules=cells.sparing(rules, missing_words.values_among(column, rules=rules)))
    known = ~_null(array)
    unique = len(pc.unique(array.drop_null()))
    bad: NDArray[np.bool_] = np.zeros(len(array), dtype=bool)
    infinite = 0
    if kind == "number":
        values = cells.numbers(column, rules=rules)
        bad, infinite = known & np.isnan(values), int(np.isinf(values).sum())
    elif kind == "date":
        bad = known & cells.dates(column, day_first=_day_first(array), rules=rules).isna().to_numpy()
    elif kind == "boolean":
        bad = known & np.isnan(cells.truths(column, rules=rules))
    strange = pc.filter(array, pa.array(bad))
    return Column(
        name=name,
        type=cast(Type, kind),
        use=kind not in ("text", "identifier") and found.type != "empty",
        why=BY_CHOICE,
        missing=array.null_count,
        unique=unique,
        infinite=infinite,
        odd=len(strange),
        odd_examples=_examples(strange),
        day_first=kind == "date" and _day_first(array),
    )


def _usable(column: pd.Series, rules: Rules) -> Type:
    values = cells.numbers(column, rules=rules)
    return "number" if np.isfinite(values).any() and not isinstance(column.dtype, pd.StringDtype) else "category"


def _day_first(array: pa.Array) -> bool:
    """Whether 03/04/2024 is the third of April: some first number is above 12, or dots stand between them."""
    found = pc.extract_regex(array.drop_null(), pattern=r"^(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})[-/.]\d{4}").drop_null()
    if not len(found):
        return False
    first = found.field("a").cast(pa.int64()).to_numpy(zero_copy_only=False)
    second = found.field("b").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return bool((first > 12).any() or (found.field("s")[0].as_py() == "." and not (second > 12).any()))


def _null(array: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=bool)


def _examples(array: pa.Array) -> tuple[str, ...]:
    return tuple(repr(_short(value)) for value in pc.unique(array).to_pylist()[:3])


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:37] + "..."
