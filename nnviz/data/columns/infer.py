"""Infers the type of each column of a table, and whether it becomes an input."""

from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.columns import cells, dates, missing_words, numbers, writing
from nnviz.data.columns.cells import is_null
from nnviz.data.columns.column import BY_CHOICE, VALUES, Column, ColumnChoice, Type
from nnviz.data.columns.column_kinds import date_column, examples_of, number_column, typed_column, word_column
from nnviz.data.columns.merged_values import merged
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.columns.writing import PLAIN, Marks

NUMBER_SHARE = 0.8
"""From this share of numbers on, a column of mixed cells is a column of numbers."""
DATE_SHARE = 0.9


def infer_column(
    name: str,
    column: pd.Series,
    *,
    choice: ColumnChoice | None = None,
    first: bool = False,
    rules: Rules = NEWEST,
    file: Marks = PLAIN,
) -> Column:
    """What the cells of a column are. `choice`: what the spec says of it, which overrides what is inferred. `first`: it is the
    leftmost column, where a running number of the rows usually stands. `file`: the decimal mark of the file."""
    inferred = _inferred(name, column, first, rules, file)
    if (
        choice is not None
        and choice.type is not None
        and (choice.type != inferred.type or (inferred.type == "date" and inferred.odd and not rules.is_old))
    ):
        inferred = _as_chosen(name, column, choice.type, inferred, rules, file)
    if choice is not None and choice.use is not None and choice.use != inferred.use and inferred.type != "empty":
        kind: Type = (
            inferred.type
            if inferred.type in ("number", "category", "boolean", "date") or not choice.use
            else _usable(column, rules)
        )
        inferred = Column(**(vars(inferred) | {"use": choice.use, "type": kind, "why": BY_CHOICE}))
    if choice is not None and choice.elapsed:
        inferred = replace(inferred, elapsed=inferred.type == "date")
    return inferred if rules.is_old else _with_words(inferred, column, rules)


def _with_words(inferred: Column, column: pd.Series, rules: Rules) -> Column:
    """The column with its words for missing values counted, and how many different cells became the same value."""
    if inferred.type in VALUES:
        count, examples = merged(column, type=inferred.type, way=inferred.way, rules=rules)
        words = missing_words.missing_words(column, rules=rules)
        return replace(inferred, missing_words=words, merged=count, merged_examples=examples)
    values = missing_words.values_among(column, rules=rules)
    column_rules = cells.sparing(rules, values)
    spared = {word: count for word, count in missing_words.missing_words(column, rules=rules).items() if word.lower() in values}
    return replace(inferred, missing_words=missing_words.missing_words(column, rules=column_rules), value_words=spared)


def _inferred(name: str, column: pd.Series, first: bool, rules: Rules, file: Marks) -> Column:
    if pd.api.types.is_bool_dtype(column.dtype):
        return typed_column(name, "boolean", column, cells.text(column, rules=rules))
    if pd.api.types.is_numeric_dtype(column.dtype):
        if not rules.is_old and may_be_days(column):
            days = _date(name, column, cells.text(column, rules=rules), rules)
            if days is not None:
                return days
        return number_column(name, cells.numbers(column, rules=rules), None, first)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        typed = typed_column(name, "date", column, cells.text(column, rules=rules))
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
        return number_column(name, values, array, first)
    words = pc.unique(pc.utf8_lower(as_words.drop_null())).to_pylist()
    if (
        set(words) <= set(cells.TRUE) | set(cells.FALSE)
        and len(words) == 2
        and (rules.is_old or len(set(words) & set(cells.TRUE)) == 1)
    ):
        return typed_column(name, "boolean", column, as_words)
    if not rules.is_old:
        units = numbers.mixed_units(array)
        inferred = _date(name, column, array, rules) or word_column(name, as_words)
        return (
            replace(inferred, notes=(f"its numbers have different units ({', '.join(units)}), so they are not read as numbers",))
            if units
            else inferred
        )
    looks = cells.looks_like_date(array, rules=rules)
    if known and looks.sum() >= DATE_SHARE * known:
        day_first = _day_first(array)
        moments = cells.dates(column, day_first=day_first, rules=rules)
        read = int(moments.notna().sum())
        if read >= DATE_SHARE * known:
            return date_column(name, array, moments.isna().to_numpy(), int(moments.nunique()), day_first=day_first)
    return word_column(name, as_words)


def may_be_days(column: pd.Series) -> bool:
    """Whether all numbers of a column have eight digits, as 20171201 has."""
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = values[~np.isnan(values)]
    return bool(len(known) and known.min() >= 19000101 and known.max() <= 21001231 and (known == np.round(known)).all())


def _written(
    name: str, column: pd.Series, array: pa.Array, first: bool, rules: Rules, file: Marks, share: float = numbers.NEARLY_ALL
) -> Column | None:
    """A column of formatted numbers (1 234,5 kg); None where it is none, or its numbers are plain."""
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
    written = number_column(name, numbers.read(column, way, rules=rules), array, first)
    return replace(written, way=way, notes=words)


def _date(name: str, column: pd.Series, array: pa.Array, rules: Rules, *, is_declared: bool = False) -> Column | None:
    seen = dates.detect_declared(array) if is_declared else dates.detect(array, name=name)
    if seen is None:
        return None
    missing = seen.moments.missing
    inferred = date_column(
        name, array, missing, len(np.unique(seen.moments.instant[~missing])), day_first=seen.way.startswith("dmy")
    )
    return replace(inferred, way=seen.way, notes=writing.of_dates(seen, is_declared=is_declared))


def _as_chosen(name: str, column: pd.Series, kind: str, inferred: Column, rules: Rules, file: Marks) -> Column:
    if not rules.is_old and inferred.type != "empty":
        seen = None
        if kind == "date" and not pd.api.types.is_datetime64_any_dtype(column.dtype):
            seen = _date(name, column, cells.text(column, rules=rules), rules, is_declared=True)
        elif kind == "number" and not pd.api.types.is_numeric_dtype(column.dtype):
            seen = _written(name, column, cells.text(column, rules=rules), False, rules, file, share=0.5)
        if seen is not None:
            return replace(seen, type=cast(Type, kind), use=True, why=BY_CHOICE, lone=False)
    array = cells.text(column, rules=rules)
    if kind not in VALUES:
        array = cells.text(column, rules=cells.sparing(rules, missing_words.values_among(column, rules=rules)))
    known = ~is_null(array)
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
        use=kind not in ("text", "identifier") and inferred.type != "empty",
        why=BY_CHOICE,
        missing=array.null_count,
        unique=unique,
        infinite=infinite,
        odd=len(strange),
        odd_examples=examples_of(strange),
        day_first=kind == "date" and _day_first(array),
    )


def _usable(column: pd.Series, rules: Rules) -> Type:
    values = cells.numbers(column, rules=rules)
    return "number" if np.isfinite(values).any() and not isinstance(column.dtype, pd.StringDtype) else "category"


def _day_first(array: pa.Array) -> bool:
    """Whether 03/04/2024 is the third of April: some first number is above 12, or dots stand between them."""
    matches = pc.extract_regex(array.drop_null(), pattern=r"^(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})[-/.]\d{4}").drop_null()
    if not len(matches):
        return False
    first = matches.field("a").cast(pa.int64()).to_numpy(zero_copy_only=False)
    second = matches.field("b").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return bool((first > 12).any() or (matches.field("s")[0].as_py() == "." and not (second > 12).any()))
