"""Inputs that give the target away: a copy of it, a transformation of it, or a column that alone predicts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.columns import cells, dates
from nnviz.data.columns.column import Column
from nnviz.data.columns.reading_rules import NEWEST, Rules

SAMPLE = 4000
NEIGHBOURS = 5
ERROR_LEFT = 0.05
"""A column predicts near perfectly when at most this share of the plain guess's error is left."""
VARIANCE_LEFT = 0.02
SEEN = 0.3
"""A category is judged by the rows whose value other rows have, too: by this share of the rows at least."""
REPEATED = 10
"""Rows beyond the first of their category that must agree before "one value, one target" is more than chance."""
DATE_PARTS = ("year", "month", "day", "weekday", "hour", "minute", "second")

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Leak:
    """An input that gives the target away, and how, in words."""

    column: str
    how: str

    @property
    def sentence(self) -> str:
        return f"column {self.column!r} {self.how}. Leave it out unless new rows will have it before their target is known."


def leaks(
    frame: pd.DataFrame,
    inputs: Sequence[Column],
    target: str,
    *,
    task: str,
    rules: Rules = NEWEST,
    value_words: Sequence[str] = (),
) -> tuple[str, ...]:
    """One sentence for each input that gives the target away; see `find_leaks`."""
    return tuple(leak.sentence for leak in find_leaks(frame, inputs, target, task=task, rules=rules, value_words=value_words))


def find_leaks(
    frame: pd.DataFrame,
    inputs: Sequence[Column],
    target: str,
    *,
    task: str,
    rules: Rules = NEWEST,
    value_words: Sequence[str] = (),
) -> tuple[Leak, ...]:
    """The inputs that give the target away; none for tables below 20 rows or with one input. `value_words`: words for missing
    that are values of the target."""
    if len(frame) < 20 or len(inputs) < 2:
        return ()
    if len(frame) > SAMPLE:
        frame = frame.iloc[np.sort(np.random.default_rng(0).choice(len(frame), SAMPLE, replace=False))]
    half = np.random.default_rng(1).permutation(len(frame)) % 2 == 0
    is_class = task == "classification"
    y = _codes(frame[target], cells.sparing(rules, value_words)) if is_class else cells.numbers(frame[target], rules=rules)
    leaking = []
    for column in inputs:
        how = _column_leak(frame[column.name], column, y, half, task, cells.sparing(rules, column.spared))
        if how:
            leaking.append(Leak(column.name, how.format(target=repr(target))))
    return tuple(leaking)


def _column_leak(series: pd.Series, column: Column, y: Floats | Codes, half: NDArray[np.bool_], task: str, rules: Rules) -> str:
    if column.type == "number":
        x = cells.numbers(series, rules=rules)
        x = np.where(np.isfinite(x), x, np.nan)
        return _number_leak(x, y, half, task) or _gap_leak(np.isfinite(x), y, half, task)
    if column.type == "date":
        moments = dates.read(series, column.way, day_first=column.day_first, rules=rules)
        x, moments = _seconds(pd.Series(moments.instant)), pd.Series(moments.local)
        return _date_part_leak(moments, y, task) or _number_leak(x, y, half, task) or _gap_leak(np.isfinite(x), y, half, task)
    codes = _codes(series, rules)
    how = _category_leak(codes, y, half, task)
    if not how and column.type == "category":
        # words of numbers, such as a number that was told to be a category or "7 EUR", are compared as numbers, too
        values = _numbers_in(series, rules)
        how = _number_leak(values, y, half, task) if np.isfinite(values).mean() > 0.9 else ""
    return how or _gap_leak(codes >= 0, y, half, task)


def _number_leak(x: Floats, y: Floats | Codes, half: NDArray[np.bool_], task: str) -> str:
    known = np.isfinite(x)
    if known.sum() < max(20, 0.5 * len(x)) or np.unique(x[known]).size < 2:
        return ""
    x, y, half = x[known], y[known], half[known]
    if task == "regression":
        kind = _transformation(x, y.astype(np.float64))
        if kind:
            return kind
        # By ranks, so that a long tail neither hides a leak nor makes one.
        y = _ranks(y.astype(np.float64))
    elif np.unique(x).size == np.unique(y).size and _one_to_one(np.unique(x, return_inverse=True)[1], y):
        return "stands for the target {target} one to one"
    guess = np.concatenate([_neighbours(x[~half], y[~half], x[half], task), _neighbours(x[half], y[half], x[~half], task)])
    return _verdict(guess, np.concatenate([y[half], y[~half]]), task)


def _category_leak(x: Codes, y: Floats | Codes, half: NDArray[np.bool_], task: str) -> str:
    known = x >= 0
    if known.sum() < max(20, 0.5 * len(x)):
        return ""
    x, y, half = x[known], y[known], half[known]
    if task == "classification" and _one_to_one(x, y):
        return "stands for the target {target} one to one"
    if task == "regression":
        numbers = np.unique(y, return_inverse=True)[1]
        if len(x) - np.unique(x).size >= REPEATED and _one_to_one(x, numbers):
            return "stands for the target {target} one to one"
        y = _ranks(y.astype(np.float64))
    guess = np.concatenate([_by_group(x[~half], y[~half], x[half], task), _by_group(x[half], y[half], x[~half], task)])
    y = np.concatenate([y[half], y[~half]])
    # a value of one row alone is no evidence: many of them must not hide what the repeated ones show
    seen = np.concatenate([np.isin(x[half], x[~half]), np.isin(x[~half], x[half])])
    if seen.sum() < max(20, SEEN * len(x)):
        return ""
    return _verdict(guess[seen], y[seen], task)


def _date_part_leak(moments: pd.Series, y: Floats | Codes, task: str) -> str:
    """Whether the target is a part of the date: its month, its weekday. That a part alone predicts much is no leak: a date is
    known beforehand."""
    known = moments.notna().to_numpy()
    if known.sum() < max(20, 0.5 * len(known)):
        return ""
    numbers = np.unique(y[known], return_inverse=True)[1]
    for part in DATE_PARTS:
        values = getattr(moments[known].dt, {"weekday": "day_of_week"}.get(part, part)).to_numpy(dtype=np.int64)
        # two values agree by chance too easily
        if np.unique(values).size > 2 and _one_to_one(np.unique(values, return_inverse=True)[1], numbers):
            return f"gives the target {{target}} away: its {part} stands for it one to one"
    return ""


def _gap_leak(known: NDArray[np.bool_], y: Floats | Codes, half: NDArray[np.bool_], task: str) -> str:
    """Whether the rows that miss a value are those of one class: it is filled in once the target is known."""
    if task != "classification" or min(known.sum(), (~known).sum()) < REPEATED:
        return ""
    x = known.astype(np.int64)
    guess = np.concatenate([_by_group(x[~half], y[~half], x[half], task), _by_group(x[half], y[half], x[~half], task)])
    how = _verdict(guess, np.concatenate([y[half], y[~half]]), task)
    return how and "gives the target {target} away by where it is missing: " + how.replace("the target {target}", "it")


def _transformation(x: Floats, y: Floats) -> str:
    if np.array_equal(x, y):
        return "is a copy of the target {target}"
    if np.unique(y).size < 3 or np.ptp(y) == 0:
        return ""
    with np.errstate(all="ignore"):
        if abs(np.corrcoef(x, y)[0, 1]) > 1 - 1e-9:
            return "is the target {target} in another unit (a straight line leads from one to the other)"
        rank = abs(np.corrcoef(_ranks(x), _ranks(y))[0, 1])
    if rank > 0.9999 and np.unique(x).size > 10:
        return "is a transformation of the target {target}: they rise and fall together"
    return ""


def _verdict(guess: Floats | Codes, y: Floats | Codes, task: str) -> str:
    if task == "classification":
        share = np.bincount(y.astype(np.int64)).max() / len(y)
        right = float(np.mean(guess == y))
        if share < 1 and 1 - right <= ERROR_LEFT * (1 - share):
            return f"alone predicts the target {{target}} in {right:.1%} of the rows"
        return ""
    spread = float(np.var(y))
    left = float(np.mean((guess - y) ** 2)) / spread if spread > 0 else 1.0
    return f"alone explains {1 - left:.1%} of the target {{target}}" if left <= VARIANCE_LEFT else ""


def _neighbours(x: Floats, y: Floats | Codes, asked: Floats, task: str) -> Floats | Codes:
    """What the nearest known values of one column say: their majority, or their mean."""
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    middle = (np.searchsorted(x, asked, side="left") + np.searchsorted(x, asked, side="right")) // 2
    near = y[np.clip(middle[:, None] + np.arange(NEIGHBOURS) - NEIGHBOURS // 2, 0, len(x) - 1)]
    if task == "regression":
        return np.asarray(near.mean(axis=1))
    votes = (near[:, :, None] == near[:, None, :]).sum(axis=2)
    return np.asarray(near[np.arange(len(near)), votes.argmax(axis=1)])


def _by_group(x: Codes, y: Floats | Codes, asked: Codes, task: str) -> Floats | Codes:
    size = int(max(x.max(initial=0), asked.max(initial=0))) + 1
    if task == "regression":
        counts = np.bincount(x, minlength=size)
        means = np.bincount(x, weights=y, minlength=size) / np.maximum(counts, 1)
        return np.asarray(np.where(counts[asked] > 0, means[asked], y.mean()))
    guess = np.full(size, -1, dtype=np.int64)
    pairs, counts = np.unique(np.stack([x, y.astype(np.int64)], axis=1), axis=0, return_counts=True)
    order = np.argsort(counts, kind="stable")
    guess[pairs[order, 0]] = pairs[order, 1]
    return guess[asked]


def _one_to_one(x: Codes, y: Floats | Codes) -> bool:
    pairs = np.unique(np.stack([x, y.astype(np.int64)], axis=1), axis=0)
    return len(pairs) == np.unique(x).size == np.unique(y).size > 1


def _ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[inverse])


def _codes(column: pd.Series, rules: Rules) -> Codes:
    """Whole numbers for the labels, -1 where missing."""
    return np.asarray(pd.factorize(pd.Series(cells.labels(column, rules=rules), dtype=object))[0], dtype=np.int64)


def _numbers_in(column: pd.Series, rules: Rules) -> Floats:
    """The one number that stands in each label, NaN where there is none or more than one."""
    labels: Any = pd.Series(cells.labels(column, rules=rules), dtype="str")
    digits = labels.str.extract(r"^\D*?(-?\d+(?:\.\d+)?)\D*$")[0]
    return np.asarray(pd.to_numeric(digits, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan))


def _seconds(moments: pd.Series) -> Floats:
    seconds = moments.astype("datetime64[s]").astype(np.int64).to_numpy(dtype=np.float64)
    return np.where(moments.isna().to_numpy(), np.nan, seconds)
