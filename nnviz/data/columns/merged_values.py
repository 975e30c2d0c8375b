"""Cells that differ and yet became the same number, date or truth: 007 and 7, or two numbers of more digits than are kept.

Another spelling of the same value (1.0 and 1.00, 1,000 and 1000, Yes and yes) is no such cell."""

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.columns import cells, dates, numbers
from nnviz.data.columns.reading_rules import Rules

_ZEROS_BEFORE_A_MARK = re.compile(r"^\D*0+(?=[.,]\d)")
_NO_DIGIT = re.compile(r"\D")


def merged(column: pd.Series, *, type: str, way: str = "", rules: Rules) -> tuple[int, tuple[str, ...]]:
    """How many different cells of a column read as `type` (number, date, boolean) have the value of another, and two of
    them. Columns that were no texts have none: they came as such values."""
    if not (column.dtype == object or isinstance(column.dtype, pd.StringDtype)):
        return 0, ()
    texts = cells.text(column, rules=rules).drop_null().unique()
    different = pd.Series(texts.to_pandas(), dtype="str")
    if type == "number":
        values = numbers.read(different, way, rules=rules)
    elif type == "boolean":
        values = cells.truths(different, rules=rules)
    else:
        moments = dates.read(different, way or "mdy", rules=rules)
        values = np.where(moments.missing, np.nan, moments.local.astype(np.float64))
    alike = _alike(values)
    count = 0
    examples: tuple[str, ...] = ()
    for place in alike:
        forms: dict[str, str] = {}
        for text in different.iloc[place]:
            forms.setdefault(_form(text, type), text)
        if "" in forms and len(forms) > 1:
            del forms[""]
        if len(forms) > 1:
            count += len(forms) - 1
            examples = examples or tuple(forms.values())[:2]
    return count, examples


def _alike(values: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """The places of each value that stands more than once."""
    known = np.flatnonzero(~np.isnan(values))
    _, group, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    repeated = counts[group] > 1
    if not repeated.any():
        return []
    order = np.argsort(group[repeated], kind="stable")
    places, groups = known[repeated][order], group[repeated][order]
    return np.split(places, np.flatnonzero(np.diff(groups)) + 1)


def _form(text: str, type: str) -> str:
    """What two spellings of the same value have in common."""
    text = text.lower()
    if type == "boolean":
        return text
    if type == "date":
        # the parts may stand in another order, and a month by its name
        return "" if re.search(r"[a-z]{3}", text) else "".join(sorted(_NO_DIGIT.sub("", text)))
    if "e" in text:
        # with a power of ten the digits say little: it counts as another spelling
        return ""
    return _NO_DIGIT.sub("", _ZEROS_BEFORE_A_MARK.sub("", text)).rstrip("0")
