"""Which of the usual words for a missing value are values in a column of words, and which cells counted as missing.

Some words are never a value (NaN, NULL, #N/A). Others may be one: None is a disorder that somebody has not, NA is Namibia, and
- stands beside +. In a column of words such a word is a value where it fills much of the column (`MUCH` of the cells that hold
anything) or stands there as often as the other words do (their median). Else, in every column of numbers or dates, and in one
that holds nothing but such words, it is a missing value."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nnviz.data.column_names import short
from nnviz.data.columns import cells
from nnviz.data.columns.reading_rules import Rules

DOUBTFUL = ("?", "-", "--", ".", "na", "n/a", "n.a.", "none", "nil", "missing")
"""Those of the usual words that people also mean as values."""
MUCH = 0.05
MOST_SHOWN = 3


def values_among(column: pd.Series, *, rules: Rules) -> tuple[str, ...]:
    """The usual words for a missing value, in lower case, that are values in this column, if it is one of words. None where
    the rules are old or say themselves what is missing."""
    if rules.is_old or rules.missing is not None or not _holds_texts(column):
        return ()
    words = pc.utf8_lower(cells.text(column, rules=rules.as_written)).drop_null()
    doubtful = pc.is_in(words, value_set=pa.array(DOUBTFUL, type=words.type))
    if not pc.any(doubtful).as_py():
        return ()
    counts = {str(word): int(count) for word, count in _counts(words)}
    others = [count for word, count in counts.items() if word not in cells.MISSING]
    if not others:
        return ()
    usual = float(np.median(others))
    return tuple(
        sorted(
            word
            for word, count in counts.items()
            if word in DOUBTFUL and count > 1 and (count >= MUCH * len(words) or count >= usual)
        )
    )


def missing_words(column: pd.Series, *, rules: Rules) -> dict[str, int]:
    """How many cells hold each word that counts as missing, as it is written there, the most frequent first; the empty cell
    is none of them."""
    if rules.is_old or not _holds_texts(column):
        return {}
    return counted(cells.text(column, rules=rules.as_written), rules=rules)


def counted(array: pa.Array, *, rules: Rules) -> dict[str, int]:
    """The same of texts."""
    array = pc.utf8_trim_whitespace(array)
    words = pa.array([word for word in cells.missing_words(rules) if word], type=array.type)
    strange = pc.filter(array, pc.is_in(pc.utf8_lower(array), value_set=words))
    return {str(word): int(count) for word, count in sorted(_counts(strange), key=lambda pair: -pair[1])}


def joined(*counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of the same words, put together."""
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total.most_common())


def sentences(name: str, words: Mapping[str, int], values: Sequence[tuple[str, int]] = ()) -> list[str]:
    """Both in words, a sentence each."""
    notes = []
    if words:
        notes.append(f"column {short(name)!r}: {_listed(list(words.items()))} counted as missing")
    if values:
        notes.append(
            f"column {short(name)!r}: {_listed(values)} counted as a value, not as missing; data.read.missing names the "
            "words that are missing"
        )
    return notes


def _listed(words: Sequence[tuple[str, int]]) -> str:
    quoted = [f"{short(word)!r} ({count:,} cell{'' if count == 1 else 's'})" for word, count in words[:MOST_SHOWN]]
    more = len(words) - MOST_SHOWN
    return ", ".join(quoted) + (f" and {more} more such word{'' if more == 1 else 's'}" if more > 0 else "")


def _counts(array: pa.Array) -> list[tuple[object, int]]:
    pairs = pc.value_counts(array)
    return list(zip(pairs.field("values").to_pylist(), pairs.field("counts").to_pylist(), strict=True))


def _holds_texts(column: pd.Series) -> bool:
    return column.dtype == object or isinstance(column.dtype, pd.StringDtype)
