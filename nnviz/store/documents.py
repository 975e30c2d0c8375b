"""The values in a run's rows, read and bounded: times, numbers, words, and the JSON documents of runs, groups and events.

Everything that comes out of a row goes through here, be it of this store or of a packed run that somebody gave us: what a
page or a worker takes for granted (`info["shape"]` is a list of whole numbers) is checked here, once. Each function gives
the value or raises ValueError with what is wrong, without the name of its column.

`strict` is for what comes from elsewhere: equal keys and numbers that are none are refused, too, and texts have limits.
"""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

MOST_DEPTH = 64
"""Lists and objects inside one another; a spec of the deepest stack has some 50."""
MOST_LETTERS = 128 << 20
"""Of one document of our own."""
LARGE, SMALL = 4 << 20, 256 << 10
"""Letters of what comes from elsewhere: of specs and what became known of a run, and of what holds some names and numbers."""
ENCODER = 12 << 20
"""Of an encoder; one of 20,000 columns has some 3 million."""
LETTERS_A_VALUE = 12
"""A large document from elsewhere has at least so many letters a value: names and numbers have, and lists of nothing, which
would take much more room than their text, have not."""
WHOLE = 2**53
"""Whole numbers up to this one are the same everywhere: here, in the browser, as float."""
EARLIEST, LATEST = 0.0, 4_102_444_800.0
"""1970 and 2100. A computer's clock may be wrong by years, so what is refused is what could not be shown."""
STATUSES = ("queued", "running", "paused", "finished", "stopped", "failed", "diverged")
PACES = ("step", "watch", "full")
TASKS = ("classification", "regression")
_NEEDS_A_LOOK = re.compile(r"[0-9]{19}|[eE]\+?[0-9]{3}|\\u[dD][89a-fA-F]|Infinity|NaN")
_NUMBERS = re.compile(r"1(?:[ ',]234\.|[ '.]234,)5(?: .{1,40})?")
_DATES = re.compile(r"(?:ymd|dmy|mdy)(?:\+(?:digits|seconds|milliseconds|general))*")
"""How a column's numbers or dates may be written, as nnviz/data says it."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class NotJson(ValueError):
    """The text is no JSON at all."""


def document(text: Any, *, strict: bool = False, odd: bool = False, most: int = SMALL) -> Any:
    """What a JSON text says. `odd`: numbers may be NaN or infinite; `most`: letters, where it is strict."""
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


def words(value: Any, *, most: int = MOST_LETTERS, plain: bool = False) -> str:
    """A text of at most `most` letters, without NUL and halves of letters. `plain`: without line breaks and other control
    characters."""
    if not isinstance(value, str):
        raise ValueError(f"is {_quoted(value)}, no text")
    if len(value) > most:
        raise ValueError(f"has {len(value):,} letters, more than {most:,}")
    if "\0" in value or (plain and _CONTROL.search(value)):
        raise ValueError("holds control characters")
    if not value.isascii():
        _check_letters(value)
    return value


def number(value: Any, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"is {_quoted(value)}, no number")
    if not (math.isfinite(value) if isinstance(value, float) else abs(value) < 2**63) or not least <= value <= most:
        raise ValueError(f"is {_quoted(value)}, out of range")
    return value


def whole(value: Any, *, least: int = 0, most: int = WHOLE) -> int:
    if type(value) is not int:
        raise ValueError(f"is {_quoted(value)}, no whole number")
    if not least <= value <= most:
        raise ValueError(f"is {_quoted(value)}, out of range")
    return value


def moment(value: Any, *, earliest: float = EARLIEST) -> float:
    """A time in seconds since 1970, until 2100."""
    return number(value, least=earliest, most=LATEST)


def one_of(value: Any, allowed: Collection[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"is {_quoted(value)}, not one of {', '.join(allowed)}")
    return value


def spec(text: Any, *, strict: bool = False) -> dict[str, Any]:
    """A spec's JSON with the blocks that every spec has. Whether each field is right is for `RunSpec.parse`."""
    record = _object(document(text, strict=strict, most=LARGE))
    for block in ("data", "cost", "optimizer"):
        _object(record.get(block), block)
    for block in ("split", "training"):
        _object(record.get(block, {}), block)
    for layer in _list(record.get("layers"), "layers"):
        _object(layer, "a layer")
    named("training.epochs", whole, record.get("training", {}).get("epochs", 1), least=1)
    branch = record.get("from")
    if branch is not None:
        named("from.run", words, _object(branch, "from").get("run"))
        named("from.step", whole, branch.get("step"))
    return record


def metrics(text: Any, *, strict: bool = False) -> dict[str, float]:
    """Numbers by their names; they may be NaN or infinite."""
    record = _object(document(text, strict=strict, odd=True))
    for name, value in record.items():
        named(_quoted(name), _real, value)
    return record


def info(text: Any, *, strict: bool = False) -> dict[str, Any]:
    """What became known of a run when its data was read. Keys that nobody relies on may hold anything."""
    record = _object(document(text, strict=strict, most=LARGE))
    for name, check in _INFO.items():
        if record.get(name) is not None:
            named(name, check, record[name])
    if "shape" in record and any(record.get(name) is None for name in ("outputs", "task", "rows", "columns", "classes")):
        raise ValueError("has a shape without outputs, task, rows, columns and classes")
    return record


def control(text: Any, *, strict: bool = False) -> dict[str, Any]:
    """The fields of a `Control`."""
    record = _object(document(text, strict=strict))
    for name, value in record.items():
        if name not in _CONTROLS:
            raise ValueError(f"holds {_quoted(name)}")
        named(name, _CONTROLS[name], value)
    return record


def tags(text: Any, *, strict: bool = False) -> list[str]:
    texts: list[str] = _texts(document(text, strict=strict))
    if strict and (len(texts) > 1000 or any(len(tag) > 60 for tag in texts)):
        raise ValueError("holds more than 1,000 tags, or one of more than 60 letters")
    return texts


def error(text: Any, *, strict: bool = False) -> dict[str, str]:
    """An error as `NnvizError.to_json` writes it."""
    record = _object(document(text, strict=strict))
    _texts(list(record.values()))
    return {"error": "RunError", "what": "", "where": "", "remedy": ""} | record


def event_data(text: Any, *, strict: bool = False) -> dict[str, Any]:
    return {} if text == "{}" else _object(document(text, strict=strict))


def encoder(text: Any, *, strict: bool = False) -> dict[str, Any]:
    """A fitted encoder's JSON: rows of a table (`columns`) or images of one `shape`, and the `target`."""
    record = _object(document(text, strict=strict, most=ENCODER))
    target = _object(record.get("target"), "target")
    named("target.task", one_of, target.get("task"), allowed=TASKS)
    for name in ("names", "classes", "value_words"):
        named(f"target.{name}", _texts, target.get(name, []))
    for way in _list(target.get("ways", []), "target.ways"):
        named("target.ways", _way, way, form=_NUMBERS)
    named("version", whole, record.get("version", 1), least=1)
    named("missing", _texts, record.get("missing") or [])
    for name in ("mean", "scale"):
        named(f"target.{name}", _numbers, target.get(name, []))
    if len(target.get("names", [])) < 1 or (target["task"] == "classification" and len(target.get("classes", [])) < 1):
        raise ValueError("names no target, or none of its classes")
    named("shape", _sides, record.get("shape"))
    named("divide", number, record.get("divide"))
    for column in _list(record.get("columns"), "columns"):
        _column(_object(column, "a column"))
    return record


def _column(column: Mapping[str, Any]) -> None:
    named("a column's name", words, column.get("name"))
    kind = named("a column's type", one_of, column.get("type"), allowed=("number", "category", "boolean", "date"))
    for name in ("fill", "centre", "scale"):
        named(f"a column's {name}", _numbers, column.get(name, []))
    for name in ("categories", "parts", "value_words"):
        named(f"a column's {name}", _texts, column.get(name, []))
    named("a column's way", _way, column.get("way", ""), form=_DATES if kind == "date" else _NUMBERS)
    named("a column's start", number, column.get("start", 0.0))
    count = {"number": 1, "date": len(column.get("parts", []))}.get(kind, 0)
    if any(len(column.get(name, [])) != count for name in ("fill", "centre", "scale")) and count:
        raise ValueError(f"the column {_quoted(column['name'])} lacks numbers")


def _way(value: Any, *, form: re.Pattern[str]) -> str:
    """How numbers or dates are written; "" is any plain way."""
    if value != "" and not form.fullmatch(words(value)):
        raise ValueError("is no way to write numbers or dates")
    return str(value)


def _sides(value: Any) -> list[int]:
    return [whole(side) for side in _list(value)]


def _numbers(value: Any) -> list[float]:
    return [number(item) for item in _list(value)]


def _real(value: Any) -> float:
    """It may be NaN or infinite."""
    return value if isinstance(value, float) else number(value)


def _reals(value: Any) -> list[float]:
    return [_real(item) for item in _list(value)]


def _texts(value: Any) -> list[str]:
    return [words(item) for item in _list(value)]


def _counts(value: Any) -> dict[str, int]:
    return {name: whole(count) for name, count in _object(value).items()}


def _formulas(value: Any) -> dict[str, str]:
    return {name: words(text) for name, text in _object(value).items()}


def _calendar(value: Any) -> list[Any]:
    for part in _list(value):
        if len(_numbers(part)) != 3:
            raise ValueError("holds a part that is no three numbers")
    return list(value)


def _pair(value: Any) -> list[str]:
    if len(_texts(value)) != 2:
        raise ValueError("is no pair of names")
    return list(value)


def _retries(value: Any) -> list[int]:
    count, at = _list(value) if len(_list(value)) == 2 else (None, None)
    return [whole(count), whole(at, least=-1)]


def _sample(value: Any) -> list[int]:
    if len(_list(value)) != 2:
        raise ValueError("is no pair of numbers")
    return [whole(count, least=1) for count in value]


def _live(value: Any) -> dict[str, float]:
    return {name: number(item) for name, item in _object(value).items()}


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {_quoted(value)}")
    return value


def _maybe(value: Any) -> int | None:
    return None if value is None else whole(value)


_INFO: dict[str, Callable[[Any], Any]] = {
    "network": words,
    "task": lambda value: one_of(value, TASKS),
    "shape": _sides,
    "outputs": lambda value: whole(value, least=1),
    "classes": _texts,
    "columns": _texts,
    "plane": _pair,
    "rows": _counts,
    "target_mean": _reals,
    "target_scale": _reals,
    "calendar": _calendar,
    "parameters": whole,
    "steps_per_second": _real,
    "steps_per_epoch": number,
    "own": _formulas,
    "retries": _retries,
    "sample": _sample,
}
_CONTROLS: dict[str, Callable[[Any], Any]] = {
    "stop": _flag,
    "pace": lambda value: one_of(value, PACES),
    "steps_allowed": _maybe,
    "live": _live,
    "epochs": lambda value: None if value is None else whole(value, least=1),
    "number": whole,
    "play": lambda value: one_of(value, PACES[1:]),
}


def named(name: str, check: Callable[..., Any], value: Any, **limits: Any) -> Any:
    """What a check gives; what it raises names the value."""
    try:
        return check(value, **limits)
    except ValueError as wrong:
        raise type(wrong)(f"{name} {wrong}") from None


def _object(value: Any, name: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no JSON object".strip())
    return value


def _list(value: Any, name: str = "") -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list".strip())
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
                    _check_letters(key)
                inner += item.values()
            elif isinstance(item, list):
                inner += item
            elif isinstance(item, str):
                _check_letters(item)
            elif isinstance(item, float) and not odd and not math.isfinite(item):
                raise ValueError(f"holds {item}, no number")
            elif type(item) is int and not -(2**63) <= item < 2**63:
                raise ValueError("holds a number of too many digits")
        level = inner
    if level:
        raise ValueError("is nested too deeply")


def _check_letters(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds half a letter (a lone surrogate)") from error


def _quoted(value: Any) -> str:
    try:
        return repr(value)[:40].encode("ascii", "backslashreplace").decode()
    except ValueError:  # a number of too many digits to be written out
        return "a very long number"
