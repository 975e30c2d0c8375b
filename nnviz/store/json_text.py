"""JSON texts of a store's rows, read and bounded: their depth, their length, and which numbers and letters they may hold."""

import json
import math
import re
from typing import Any

from nnviz.store.values import MOST_LETTERS, check_letters

MOST_DEPTH = 64
"""Lists and objects inside one another; a spec of the deepest stack has some 50."""
SMALL = 256 << 10
"""Letters of a document from elsewhere that holds some names and numbers."""
LETTERS_A_VALUE = 12
"""A large document from elsewhere has at least so many letters a value: names and numbers have, and lists of nothing, which
would take much more room than their text, have not."""
_NEEDS_A_LOOK = re.compile(r"[0-9]{19}|[eE]\+?[0-9]{3}|\\u[dD][89a-fA-F]|Infinity|NaN")


class NotJson(ValueError):
    """The text is no JSON at all."""


def document(text: Any, *, strict: bool = False, odd: bool = False, most: int = SMALL) -> Any:
    """The value of a JSON text. `odd`: numbers may be NaN or infinite; `most`: letters, where it is strict."""
    if not isinstance(text, str):
        raise ValueError("is no text")
    if strict and len(text) > SMALL and text.count(",") > len(text) // LETTERS_A_VALUE:
        raise ValueError("holds too many values")
    if len(text) > (most if strict else MOST_LETTERS):
        raise ValueError(f"is a text of {len(text):,} letters")
    try:
        value = json.loads(text, object_pairs_hook=unique if strict else None)
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    except ValueError as error:
        raise NotJson(f"is not JSON ({str(error)[:120]})") from error
    if text.count("[") + text.count("{") > MOST_DEPTH or _NEEDS_A_LOOK.search(text):
        _check_values(value, odd=odd or not strict)
    return value


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text. Raises ValueError for equal keys."""
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("it holds a key twice")
    return record


def _check_values(value: Any, *, odd: bool) -> None:
    level = [value]
    for _ in range(MOST_DEPTH + 1):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                for key in item:
                    check_letters(key)
                inner += item.values()
            elif isinstance(item, list):
                inner += item
            elif isinstance(item, str):
                check_letters(item)
            elif isinstance(item, float) and not odd and not math.isfinite(item):
                raise ValueError(f"holds {item}, no number")
            elif type(item) is int and not -(2**63) <= item < 2**63:
                raise ValueError("holds a number of too many digits")
        level = inner
    if level:
        raise ValueError("is nested too deeply")
