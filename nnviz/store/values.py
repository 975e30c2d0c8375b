"""Single values of a store's rows, and lists of them, read and bounded: times, numbers, words.

Each function returns the value or raises ValueError with what is wrong, without the name of its column.
"""

import math
import re
from collections.abc import Callable, Collection
from typing import Any

MOST_LETTERS = 128 << 20
"""Of one document of our own."""
WHOLE = 2**53
"""Whole numbers up to this one are the same everywhere: here, in the browser, as float."""
EARLIEST, LATEST = 0.0, 4_102_444_800.0
"""1970 and 2100. A computer's clock may be wrong by years, so what is refused is what could not be shown."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def words(value: Any, *, most: int = MOST_LETTERS, plain: bool = False) -> str:
    """A text of at most `most` letters, without NUL and halves of letters. `plain`: without line breaks and other control
    characters."""
    if not isinstance(value, str):
        raise ValueError(f"is {quoted(value)}, no text")
    if len(value) > most:
        raise ValueError(f"has {len(value):,} letters, more than {most:,}")
    if "\0" in value or (plain and _CONTROL.search(value)):
        raise ValueError("holds control characters")
    if not value.isascii():
        check_letters(value)
    return value


def number(value: Any, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"is {quoted(value)}, no number")
    if not (math.isfinite(value) if isinstance(value, float) else abs(value) < 2**63) or not least <= value <= most:
        raise ValueError(f"is {quoted(value)}, out of range")
    return value


def whole(value: Any, *, least: int = 0, most: int = WHOLE) -> int:
    if type(value) is not int:
        raise ValueError(f"is {quoted(value)}, no whole number")
    if not least <= value <= most:
        raise ValueError(f"is {quoted(value)}, out of range")
    return value


def moment(value: Any, *, earliest: float = EARLIEST) -> float:
    """A time in seconds since 1970, until 2100."""
    return number(value, least=earliest, most=LATEST)


def one_of(value: Any, allowed: Collection[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"is {quoted(value)}, not one of {', '.join(allowed)}")
    return value


def named(name: str, check: Callable[..., Any], value: Any, **limits: Any) -> Any:
    """What a check gives; what it raises names the value."""
    try:
        return check(value, **limits)
    except ValueError as wrong:
        raise type(wrong)(f"{name} {wrong}") from None


def json_object(value: Any, name: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no JSON object".strip())
    return value


def json_list(value: Any, name: str = "") -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list".strip())
    return value


def real(value: Any) -> float:
    """It may be NaN or infinite."""
    return value if isinstance(value, float) else number(value)


def reals(value: Any) -> list[float]:
    return [real(item) for item in json_list(value)]


def numbers(value: Any) -> list[float]:
    return [number(item) for item in json_list(value)]


def texts(value: Any) -> list[str]:
    return [words(item) for item in json_list(value)]


def counts(value: Any) -> dict[str, int]:
    return {name: whole(count) for name, count in json_object(value).items()}


def check_letters(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds half a letter (a lone surrogate)") from error


def quoted(value: Any) -> str:
    try:
        return repr(value)[:40].encode("ascii", "backslashreplace").decode()
    except ValueError:  # a number of too many digits to be written out
        return "a very long number"
