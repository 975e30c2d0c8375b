"""What the cells of one column say, whatever type they came as: numbers, labels, truths, dates, or nothing.

Each function takes a column as it was read (text, numbers, dates, Python objects) and answers row by row.
The same functions serve inference, training and prediction, so a typed row means what the training file meant.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.column_names import UNSEEN
from nnviz.data.columns.reading_rules import NEWEST, Rules

MISSING = (
    "",
    "?",
    "-",
    "--",
    ".",
    "na",
    "n/a",
    "#n/a",
    "n.a.",
    "nan",
    "null",
    "none",
    "nil",
    "missing",
    "<na>",
    "#null!",
    "(blank)",
    "nat",
    "#value!",
    "#div/0!",
    "\\n",
    "-nan",
    "1.#qnan",
    "1.#ind",
)
FEW = 100
"""Below so many rows it is not worth while to make each different cell once."""
TRUE = ("true", "yes", "t", "y", "on")
FALSE = ("false", "no", "f", "n", "off")

_PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
_COMMA = r"^[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?$"
_COMMA_PLAIN = r"^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$"
_COMMA_GROUPED = r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$"
_INFINITE = r"^[+-]?(inf|infinity|1\.#inf|∞)$"
_DATE = (
    r"^(\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4})([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$"
)


def text(column: pd.Series, *, rules: Rules = NEWEST) -> pa.Array:
    """The cells as trimmed text; null where a cell is missing by type or by one of the usual marks."""
    if column.dtype == object:
        cells = [None if _is_nothing(cell) else written(cell) for cell in column]
        array = pa.array(cells, type=pa.large_string())
    elif pd.api.types.is_bool_dtype(column.dtype):
        return pa.array(column, from_pandas=True).cast(pa.large_string())
    elif pd.api.types.is_numeric_dtype(column.dtype):
        return _written_numbers(numbers(column, rules=rules))
    elif isinstance(column.dtype, pd.StringDtype):
        array = pa.array(column, from_pandas=True)
        array = (array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array).cast(pa.large_string())
    else:
        array = pa.array([None if pd.isna(cell) else str(cell) for cell in column], type=pa.large_string())
    return present(array, rules=rules)


def missing_words(rules: Rules) -> tuple[str, ...]:
    """The words, in lower case, that count as missing: the empty one always."""
    return MISSING if rules.missing is None else ("", *(word.strip().lower() for word in rules.missing))


def sparing(rules: Rules, values: Sequence[str]) -> Rules:
    """The rules of a column in which some of the usual words for a missing value are values."""
    return replace(rules, missing=tuple(word for word in MISSING if word and word not in values)) if values else rules


def filled(column: pd.Series, *, rules: Rules = NEWEST) -> int:
    """How many cells are not missing."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return int(np.count_nonzero(~np.isnan(numbers(column, rules=rules))))
    array = text(column, rules=rules)
    return len(array) - array.null_count


def present(array: pa.Array, *, rules: Rules = NEWEST) -> pa.Array:
    """Trimmed text, null where it is one of the marks for a missing value."""
    if not rules.is_old:
        array = composed(array)
    trimmed = pc.utf8_trim_whitespace(array)
    is_mark = pc.is_in(pc.utf8_lower(trimmed), value_set=pa.array(missing_words(rules), type=trimmed.type))
    return pc.if_else(is_mark, pa.scalar(None, trimmed.type), trimmed)


def composed(array: pa.Array) -> pa.Array:
    """Texts that look the same made the same: letters and accents as one character (NFC), nothing unseen at the ends."""
    if pc.all(pc.string_is_ascii(array)).as_py() is not False:
        return array
    return pc.utf8_trim(pc.utf8_normalize(pc.utf8_trim_whitespace(array), form="NFC"), characters=UNSEEN)


def numbers(column: pd.Series, *, rules: Rules = NEWEST) -> NDArray[np.float64]:
    """float64 (n,): NaN where a cell is missing or no number. Infinities stay. Thousands may be grouped (1,234.5)."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
        absent = _missing_numbers(rules)
        return np.where(np.isin(values, absent), np.nan, values) if absent else values
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return np.full(len(column), np.nan)
    return text_numbers(text(column, rules=rules), rules=rules)


def text_numbers(array: pa.Array, *, decimal: str = ".", rules: Rules = NEWEST) -> NDArray[np.float64]:
    """The numbers in the texts of `present()`."""
    if decimal == ".":
        try:
            return _floats(array)
        except pa.ArrowInvalid:
            pass
    array = pc.replace_substring(array, pattern="\u2212", replacement="-")
    null = pa.scalar(None, array.type)
    if decimal == ",":
        grouped = pc.match_substring_regex(array, pattern=_COMMA_GROUPED)
        array = pc.if_else(grouped, pc.replace_substring(array, pattern=".", replacement=""), array)
        comma = pc.match_substring_regex(array, pattern=_COMMA)
        array = pc.if_else(comma, pc.replace_substring(array, pattern=",", replacement="."), array)
    else:
        grouped = pc.match_substring_regex(array, pattern=_GROUPED)
        array = pc.if_else(grouped, pc.replace_substring(array, pattern=",", replacement=""), array)
        # A comma that cannot group thousands is a decimal mark: 1,5 as a person types it.
        comma = pc.match_substring_regex(array, pattern=_COMMA)
        array = pc.if_else(comma, pc.replace_substring(array, pattern=",", replacement="."), array)
    infinite = pc.match_substring_regex(pc.utf8_lower(array), pattern=_INFINITE)
    negative = pc.starts_with(array, pattern="-")
    plain = pc.if_else(pc.match_substring_regex(array, pattern=_PLAIN), pc.utf8_ltrim(array, characters="+"), null)
    values = _floats(plain)
    is_infinite = infinite.fill_null(False).to_numpy(zero_copy_only=False)
    values[is_infinite] = np.where(negative.fill_null(False).to_numpy(zero_copy_only=False)[is_infinite], -np.inf, np.inf)
    return values


def settle(array: pa.Array, *, decimal: str = ".", rules: Rules = NEWEST) -> pd.Series:
    """A column of text as numbers where every cell is one, else as text; by the first rules with `.` for the decimal mark. By the
    newest, a number is one that is written plainly, with the file's decimal mark: others are text until their way is known."""
    trimmed = present(array, rules=rules)
    is_plain = rules.is_old or _all_plain(trimmed, decimal)
    values = text_numbers(trimmed, decimal=decimal, rules=rules) if is_plain else np.empty(0)
    known = len(trimmed) - trimmed.null_count
    if is_plain and known and np.count_nonzero(~np.isnan(values)) == known and not _is_code(trimmed, values):
        return pd.Series(values)
    if not rules.is_old:
        # which of the usual words are missing is decided for each column: see missing_words.py
        trimmed = present(array, rules=rules.as_written)
    if decimal == "," and rules.is_old:
        comma = pc.match_substring_regex(trimmed, pattern=r"^[+-]?\d+,\d+$")
        trimmed = pc.if_else(comma, pc.replace_substring(trimmed, pattern=",", replacement="."), trimmed)
    return pd.Series(trimmed.to_pandas(), dtype="str")


def _missing_numbers(rules: Rules) -> list[float]:
    """Those of the words that stand for a missing value which are numbers, such as -999."""
    codes = []
    for word in rules.missing or ():
        with suppress(ValueError):
            codes.append(float(word))
    return [value for value in codes if value == value]


def _all_plain(array: pa.Array, decimal: str) -> bool:
    """Whether every known text is a number without groups, units and the like, with the file's decimal mark."""
    plain = _PLAIN if decimal == "." else _COMMA_PLAIN
    array = pc.replace_substring(array, pattern="\u2212", replacement="-")
    fits = pc.or_(
        pc.match_substring_regex(array, pattern=plain), pc.match_substring_regex(pc.utf8_lower(array), pattern=_INFINITE)
    )
    return bool(pc.all(fits).as_py())


def labels(column: pd.Series, *, rules: Rules = NEWEST) -> NDArray[np.object_]:
    """The cells as labels (str, whole numbers without `.0`), None where missing."""
    array = text(column, rules=rules)
    if len(array) < FEW:
        return np.asarray(array.to_pylist(), dtype=object).reshape(len(column))
    # each different text is made once: millions of rows have few labels
    coded = array.dictionary_encode()
    texts = np.array([*coded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(texts[coded.indices.fill_null(len(texts) - 1).to_numpy(zero_copy_only=False)])


def truths(column: pd.Series, *, rules: Rules = NEWEST) -> NDArray[np.float64]:
    """1 for true, yes, y, on and 1, 0 for false, no, n, off and 0; NaN otherwise."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    words = pc.utf8_lower(text(column, rules=rules))
    true = pc.is_in(words, value_set=pa.array((*TRUE, "1"), type=words.type)).to_numpy(zero_copy_only=False)
    false = pc.is_in(words, value_set=pa.array((*FALSE, "0"), type=words.type)).to_numpy(zero_copy_only=False)
    return np.where(true, 1.0, np.where(false, 0.0, np.nan))


def dates(column: pd.Series, *, day_first: bool = False, rules: Rules = NEWEST) -> pd.Series:
    """datetime64 without a time zone (that of the file), NaT where a cell is missing or no date."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column.dt.tz_localize(None) if column.dt.tz is not None else column
    cells = text(column, rules=rules)
    looks = pc.match_substring_regex(cells, pattern=_DATE)
    cells = pc.if_else(looks, cells, pa.scalar(None, cells.type))
    # One offset a row may differ (summer time): cut off, so that the hour is the local one.
    cells = pc.replace_substring_regex(cells, pattern=r"(:\d{2}(\.\d+)?)\s*(Z|[+-]\d{2}:?\d{2})$", replacement=r"\1")
    series = pd.Series(cells.to_pandas().array, index=column.index, dtype="str")
    parsed = pd.to_datetime(series, format="ISO8601", errors="coerce")
    rest = parsed.isna() & series.notna()
    if rest.any():
        other = pd.to_datetime(series[rest], format="mixed", dayfirst=day_first, errors="coerce")
        parsed = parsed.astype("datetime64[us]")
        parsed[rest] = other.astype("datetime64[us]")
    return parsed


def looks_like_date(array: pa.Array, *, rules: Rules = NEWEST) -> NDArray[np.bool_]:
    """Whether each text (n,) has the form of a date, without a look at whether there is such a day."""
    return as_mask(pc.match_substring_regex(array, pattern=_DATE))


def is_null(array: pa.Array) -> NDArray[np.bool_]:
    """Whether each cell (n,) is missing."""
    return np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=bool)


def as_mask(array: pa.Array) -> NDArray[np.bool_]:
    """Booleans (n,) of Arrow as NumPy's, False where they are null."""
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


def _floats(array: pa.Array) -> NDArray[np.float64]:
    return np.array(array.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _written_numbers(values: NDArray[np.float64]) -> pa.Array:
    """As `written`, null for NaN."""
    coded = None if len(values) < FEW else pa.array(values).dictionary_encode()
    numbers = values if coded is None else coded.dictionary.to_numpy()
    texts = pa.array([None if value != value else written(value) for value in numbers.tolist()], type=pa.large_string())
    return texts if coded is None else texts.take(coded.indices)


def _is_nothing(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell))


def written(cell: object) -> str:
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, float | np.floating):
        value = float(cell)
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(cell)


def _is_code(array: pa.Array, values: NDArray[np.float64]) -> bool:
    """Figures that would lose something as numbers: leading zeros, or more digits than a number holds."""
    with np.errstate(invalid="ignore"):
        if np.nanmax(np.abs(values), initial=0.0) >= 2**53:
            whole = pc.match_substring_regex(array, pattern=r"^\d{16,}$")
            if pc.any(whole).as_py():
                return True
    return bool(pc.any(pc.match_substring_regex(array, pattern=r"^\s*0\d+\s*$")).as_py())
