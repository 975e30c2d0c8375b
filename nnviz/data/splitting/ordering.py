"""What the column `split.by` says of each row: its group, or its moment where the rows are cut along time."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.cleaned import Cleaned
from nnviz.data.column_names import count_of, short
from nnviz.data.columns import cells, dates
from nnviz.data.columns.column import Column
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.errors import DataError

Rows = NDArray[np.int64]
_TIME_NAMES = frozenset(
    (
        "time",
        "times",
        "date",
        "dates",
        "datetime",
        "timestamp",
        "timestamps",
        "ts",
        "recorded",
        "created",
        "updated",
        "modified",
        "measured",
        "observed",
        "occurred",
        "started",
        "ended",
        "sent",
        "received",
        "ordered",
        "moment",
        "when",
        "zeit",
        "zeitpunkt",
        "zeitstempel",
        "datum",
        "uhrzeit",
        "fecha",
        "hora",
        "heure",
        "horodatage",
        "data_ora",
        "日期",
        "时间",
        "日時",
    )
)
_WORDS = re.compile(r"[^\W\d_]+")
_MONTH = (
    r"(jan(uary|uar)?|feb(ruary|ruar)?|mar(ch)?|märz|apr(il)?|may|mai|june?|juni|july?|juli|aug(ust)?|sept?(ember)?"
    r"|o[ck]t(ober)?|nov(ember)?|de[cz](ember)?)\b"
)
_TIME = (
    r"(?i)\b\d{1,2}[:h]\d{2}\b|^\D{0,12}\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}($|[^.\d])"
    rf"|\b\d{{1,2}}\.?[- /]?{_MONTH}|\b{_MONTH}\.?[- /]?\d{{1,4}}\b"
)
_NAMED = 3


@dataclass(frozen=True)
class Order:
    """`groups` (n,): a number for each group of rows. `moments` (n,): times as numbers, in microseconds. At most one of the
    two is there. `notes`: warnings about them."""

    groups: Rows | None = None
    moments: Rows | None = None
    notes: tuple[str, ...] = ()


def order(cleaned: Cleaned, *, type_said: str | None = None) -> Order:
    """`type_said`: what the spec takes the column for. A column that looks like times, is not read as such and is not said to
    be anything else is refused; by the first version of the reading rules its groups stay together.

    Raises DataError where a cell is missing, or where times cannot be read."""
    by, rules = cleaned.by, cleaned.rules
    if by is None:
        return Order()
    column = cleaned.frame[by.name]
    if not rules.is_old and by.type != "date" and type_said in (None, "date"):
        _check_no_time(by, column, rules)
    if by.type == "date":
        moments = dates.read(column, by.way, day_first=by.day_first, rules=rules)
        missing = moments.missing
    else:
        rules = cells.sparing(rules, by.spared)
        labels = cells.labels(column, rules=rules)
        missing = np.array([value is None for value in labels])
    if missing.any():
        raise _missing(by.name, cells.text(column, rules=rules), missing, "date" if by.type == "date" else "group")
    if by.type == "date":
        return Order(moments=moments.instant.astype(np.int64))
    groups = np.unique(labels.astype(str), return_inverse=True)[1].astype(np.int64)
    notes: tuple[str, ...] = ()
    if len(groups) > 1 and int(groups.max()) + 1 == len(groups):
        notes = (
            f"every row has its own value in column {short(by.name)!r}: split.by then divides the rows at random. Name a "
            "column whose values rows share, or one of dates",
        )
    return Order(groups=groups, notes=notes)


def looks_like_time(name: str, column: pd.Series, *, is_number: bool = False, rules: Rules = NEWEST) -> bool:
    """Whether a column is about times: by its name, if most of its cells have figures, or by most of its cells, if they are no
    numbers."""
    array = cells.text(column, rules=rules).drop_null()
    if not len(array):
        return False
    words = {word.casefold() for word in _WORDS.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))}
    if words & _TIME_NAMES and _share(pc.match_substring_regex(array, pattern=r"\d")) > 0.5:
        return True
    return not is_number and (
        float(np.mean(cells.looks_like_date(array, rules=rules))) > 0.5
        or _share(pc.match_substring_regex(array, pattern=_TIME)) > 0.5
    )


def _check_no_time(by: Column, column: pd.Series, rules: Rules) -> None:
    is_number = by.type == "number" or pd.api.types.is_numeric_dtype(column.dtype)
    if not looks_like_time(by.name, column, is_number=is_number, rules=rules):
        return
    array = cells.text(column, rules=rules)
    known = array.is_valid().to_numpy(zero_copy_only=False)
    unread = known & dates.detect_declared(array).moments.missing
    chosen = array.filter(unread) if unread.any() and not is_number else array.drop_null()
    examples = ", ".join(repr(short(cell)) for cell in pc.unique(chosen).to_pylist()[:_NAMED])
    if is_number:
        reason = f"its cells are numbers ({examples})"
    elif unread.any():
        reason = f"{int(unread.sum()):,} of {count_of(int(known.sum()), 'cell')} cannot be read as a date ({examples})"
    else:
        reason = f"its cells are taken for words ({examples})"
    name = short(by.name)
    raise DataError(
        f"column {name!r} looks like times and is not read as such: {reason}",
        where="split.by",
        remedy=f'Write its cells like 2024-03-31 14:05, or say what they are in data.columns: {{"{name}": '
        '{"type": "date"}} cuts along time, "category" keeps rows with the same cell in one part.',
    )


def _missing(name: str, array: Any, missing: NDArray[np.bool_], noun: str) -> DataError:
    count = int(missing.sum())
    examples = ", ".join(repr(short(cell)) for cell in pc.unique(array.filter(missing).drop_null()).to_pylist()[:_NAMED])
    return DataError(
        f"row {int(np.flatnonzero(missing)[0]) + 1} has no {noun} ({count} rows have none{': ' + examples if examples else ''})",
        where=f"column {name!r}",
        remedy="Fill it in or remove these rows: the split goes by this column.",
    )


def _share(matches: Any) -> float:
    return float(pc.mean(matches.cast("int8")).as_py() or 0.0)
