"""Rows that are no observations like the others: totals that stand among the rows, and single rows that rule a column's scale.

Nothing is left out for it: the report warns, with the row's number (from 1, as the rows of the file), its values and a remedy.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.catalog.domain import figure
from nnviz.data.column_names import short
from nnviz.data.columns import cells
from nnviz.data.columns.column import Column
from nnviz.data.columns.reading_rules import NEWEST, Rules

MOST_CELLS = 20_000_000
"""Of larger tables nobody adds a line of totals by hand; their columns are not read once more."""
FEWEST = 10
RULED = 0.9
"""A row rules a column where it holds so much of the squared distances from the median."""
MOST_RULERS = 3
"""So many rows together may rule a column: a few slips of the keyboard, no tail."""
GAP = 10.0
"""How many times farther off than the next row they are."""
NAMED = 3
_TOTAL = re.compile(
    r"((grand|sub|overall|running) ?)?(total|sum)(s|e|es)?( (general|générale?|geral|generale))?"
    r"|total(es|s)?|totaux|sous total|(sum|add)ed up"
    r"|(zwischen|gesamt|end)?summen?|gesamt(summe|wert|zahl|ergebnis)?|insgesamt|zwischensumme"
    r"|somme|ensemble|suma( total)?|subtotal(es)?|totale|somma|soma|totaal|totalt|suma ogólna|razem|ogółem|celkem|összesen|toplam"
    r"|итого|всего|сумма|合计|总计|小计|合計|総計|小計|합계|총계"
    r"|(overall )?(average|mean|avg)s?|(gesamt)?(durchschnitt|mittelwert|mittel)|moyenne|promedio|media|gemiddelde|среднее|平均",
    re.IGNORECASE,
)

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def odd_rows(frame: pd.DataFrame, columns: Sequence[Column], rows: Rows, *, rules: Rules = NEWEST) -> tuple[str, ...]:
    """A sentence for lines of totals, and one for each row that rules columns. `columns`: those that train, the target among
    them; `rows`: the number of each row in its file, from 0. Tables below 10 rows, on the disk or very large are not judged."""
    if not isinstance(frame, pd.DataFrame) or len(frame) < FEWEST or frame.size > MOST_CELLS:
        return ()
    numbers = [column for column in columns if column.type == "number"]
    if not numbers:
        return ()
    values = np.stack([cells.numbers(frame[column.name], rules=rules) for column in numbers])
    values[~np.isfinite(values)] = np.nan
    names = [column.name for column in numbers]
    # sums and squares of the largest numbers there are become infinite, and prove nothing
    with np.errstate(all="ignore"):
        totals = _totals(frame, values, set(names), rules)
        sentences = [_totals_sentence(totals, values, names, rows)] if totals else []
        return (*sentences, *_rulers(values, names, rows, {place for place, _ in totals}))


def _totals(frame: pd.DataFrame, values: Floats, numeric: set[str], rules: Rules) -> list[tuple[int, str]]:
    """The places of rows of totals, each with the word that says so (empty: only its numbers do)."""
    count = len(frame)
    by_words = _named(frame, numeric, rules)
    totals = {
        place: word
        for place, word in by_words.items()
        if _stands_out(values, place) or (place in (0, count - 1) and _TOTAL.fullmatch(_plain(word)))
    }
    if len(by_words) > 0.2 * count or len(totals) < 0.5 * len(by_words):
        # a word that stands in many rows, or in rows like the others, is a value
        totals = {}
    for place in (count - 1, 0):
        if place not in totals and _adds_up(values, place):
            totals[place] = by_words.get(place, "")
    return sorted(totals.items())


def _named(frame: pd.DataFrame, numeric: set[str], rules: Rules) -> dict[int, str]:
    totals: dict[int, str] = {}
    for name in frame.columns:
        if name in numeric or pd.api.types.is_numeric_dtype(frame[name].dtype):
            continue
        array = cells.text(frame[name], rules=rules)
        coded = array.dictionary_encode()
        words = [word if word and len(word) <= 60 and _is_total(word) else None for word in coded.dictionary.to_pylist()]
        if not any(words):
            continue
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for code, word in enumerate(words):
            if word is not None:
                totals |= {int(place): word for place in np.flatnonzero(codes == code)[:1000] if int(place) not in totals}
    return totals


def _is_total(word: str) -> bool:
    """`Total`, `Gesamtsumme:`, `Total 2023`, `North total`: the word itself, with a few more before or behind it."""
    parts = _plain(word).split()
    if not parts or len(parts) > 4:
        return False
    return any(_TOTAL.fullmatch(" ".join(part)) for part in (parts, parts[:1], parts[-1:], parts[:2], parts[-2:]))


def _plain(word: str) -> str:
    return re.sub(r"[\s:;.,()*=_-]+", " ", word).strip()


def _stands_out(values: Floats, place: int) -> bool:
    """Whether most of the row's numbers are beyond those of nearly all other rows."""
    row = values[:, place]
    known = np.isfinite(row)
    if not known.any():
        return False
    high = np.nanpercentile(np.abs(values), 90, axis=1)
    return bool((np.abs(row[known]) > high[known]).mean() > 0.5)


def _adds_up(values: Floats, place: int) -> bool:
    """Whether a row's numbers are the sums of all other rows, to the digits they are written with: in two columns or more, and
    in half of those that it has numbers in."""
    row = values[:, place]
    rest = np.delete(values, place, axis=1)
    known = np.isfinite(row) & (np.nansum(np.abs(rest), axis=1) > 0)
    if known.sum() < 2:
        return False
    sums = np.nansum(rest, axis=1)
    # each summand may have been rounded to the digits that are shown
    close = np.abs(row - sums) <= 1e-6 * np.abs(sums) + _last_digit(rest) * np.sqrt(rest.shape[1])
    # a sum of one value in many zeros proves nothing
    telling = (np.nan_to_num(rest) != 0).sum(axis=1) >= 3
    added = known & telling & close & (np.abs(row) > 0)
    return bool(added.sum() >= 2 and added.sum() >= 0.5 * (known & telling).sum())


def _last_digit(rest: Floats) -> Floats:
    """Half of the last decimal that a column's numbers are written with, at most a hundredth of their spread."""
    tolerances = np.zeros(len(rest))
    for index, column in enumerate(rest):
        known = column[np.isfinite(column)][:1000]
        digits = next((digits for digits in range(7) if np.allclose(known, np.round(known, digits), rtol=0, atol=1e-9)), 7)
        tolerances[index] = min(0.5 * 10.0**-digits if digits else 0.0, 0.01 * float(np.std(known)) if len(known) else 0.0)
    return tolerances


def _totals_sentence(totals: list[tuple[int, str]], values: Floats, names: Sequence[str], rows: Rows) -> str:
    lines = ", ".join(f"row {rows[place] + 1:,}{f' ({short(word)!r})' if word else ''}" for place, word in totals[:NAMED])
    more = f" and {len(totals) - NAMED} more" if len(totals) > NAMED else ""
    place = totals[-1][0]
    example = ", ".join(
        f"{short(name)} {figure(value)}" for name, value in zip(names, values[:, place], strict=True) if np.isfinite(value)
    )
    one = len(totals) == 1
    return (
        f"{lines}{more} {'seems to be a line of totals, no row' if one else 'seem to be lines of totals, no rows'} of data: "
        f"{_cut(example)}. Remove {'it' if one else 'them'} from the file: trained or validated on, "
        f"{'it outweighs' if one else 'they outweigh'} the other rows"
    )


def _rulers(values: Floats, names: Sequence[str], rows: Rows, done: set[int]) -> list[str]:
    """By row, the columns whose scale it rules."""
    ruled: dict[int, list[Any]] = {}
    for name, column in zip(names, values, strict=True):
        known = np.flatnonzero(np.isfinite(column))
        others = column[known]
        if len(known) < 2 * FEWEST or np.unique(others).size <= 3:
            continue
        far = np.abs(others - np.median(others))
        largest = float(far.max())
        shares = np.square(far / largest) if largest > 0 else np.zeros(len(far))
        top = np.argsort(-shares, kind="stable")[: MOST_RULERS + 1]
        for count in range(1, MOST_RULERS + 1):
            if shares[top[count - 1]] <= GAP**2 * shares[top[count]]:
                continue
            if shares[top[:count]].sum() > RULED * shares.sum():
                rest = np.delete(others, top[:count])
                for place in known[top[:count]]:
                    ruled.setdefault(int(place), []).append((name, float(column[place]), float(rest.min()), float(rest.max())))
                break
    return [_ruler_sentence(int(rows[place]) + 1, columns) for place, columns in sorted(ruled.items()) if place not in done]


def _ruler_sentence(number: int, columns: Sequence[tuple[str, float, float, float]]) -> str:
    examples = "; ".join(
        f"{short(name)!r} is {figure(value)} where the others lie between {figure(low)} and {figure(high)}"
        for name, value, low, high in columns[:NAMED]
    )
    more = f"; and {len(columns) - NAMED} more columns" if len(columns) > NAMED else ""
    return (
        f"row {number:,} rules the scale of {'a column' if len(columns) == 1 else f'{len(columns)} columns'}: {examples}{more}. "
        "Correct or remove the row if it is a slip: beside it the other rows are nearly equal"
    )


def _cut(text: str) -> str:
    return text if len(text) <= 200 else text[:197] + "..."
