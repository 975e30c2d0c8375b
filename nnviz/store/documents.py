"""The documents in a run's rows, read and bounded: the JSON documents of runs, groups and events.

Everything that comes out of a row goes through here, be it of this store or of a packed run that somebody gave us: what a
page or a worker takes for granted (`info["shape"]` is a list of whole numbers) is checked here, once. Each function gives
the value or raises ValueError with what is wrong, without the name of its column.

`strict` is for what comes from elsewhere: equal keys and numbers that are none are refused, too, and texts have limits.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from nnviz.store.json_text import document
from nnviz.store.values import (
    counts,
    json_list,
    json_object,
    named,
    number,
    numbers,
    one_of,
    quoted,
    real,
    reals,
    texts,
    whole,
    words,
)

LARGE = 4 << 20
"""Letters of what comes from elsewhere: of specs and what became known of a run."""
ENCODER = 12 << 20
"""Of an encoder; one of 20,000 columns has some 3 million."""
STATUSES = ("queued", "running", "paused", "finished", "stopped", "failed", "diverged")
PACES = ("step", "watch", "full")
TASKS = ("classification", "regression")
_NUMBERS = re.compile(r"1(?:[ ',]234\.|[ '.]234,)5(?: .{1,40})?")
_DATES = re.compile(r"(?:ymd|dmy|mdy)(?:\+(?:digits|seconds|milliseconds|general))*")
"""How a column's numbers or dates may be written, as nnviz/data says it."""


def spec(text: Any, *, strict: bool = False) -> dict[str, Any]:
    """A spec's JSON with the blocks that every spec has. Whether each field is right is for `RunSpec.parse`."""
    record = json_object(document(text, strict=strict, most=LARGE))
    for block in ("data", "cost", "optimizer"):
        json_object(record.get(block), block)
    for block in ("split", "training"):
        json_object(record.get(block, {}), block)
    for layer in json_list(record.get("layers"), "layers"):
        json_object(layer, "a layer")
    named("training.epochs", whole, record.get("training", {}).get("epochs", 1), least=1)
    branch = record.get("from")
    if branch is not None:
        named("from.run", words, json_object(branch, "from").get("run"))
        named("from.step", whole, branch.get("step"))
    return record


def metrics(text: Any, *, strict: bool = False) -> dict[str, float]:
    """Numbers by their names; they may be NaN or infinite."""
    record = json_object(document(text, strict=strict, odd=True))
    for name, value in record.items():
        named(quoted(name), real, value)
    return record


def info(text: Any, *, strict: bool = False) -> dict[str, Any]:
    """What became known of a run when its data was read. Keys that nobody relies on may hold anything."""
    record = json_object(document(text, strict=strict, most=LARGE))
    for name, check in _INFO.items():
        if record.get(name) is not None:
            named(name, check, record[name])
    if "shape" in record and any(record.get(name) is None for name in ("outputs", "task", "rows", "columns", "classes")):
        raise ValueError("has a shape without outputs, task, rows, columns and classes")
    return record


def control(text: Any, *, strict: bool = False) -> dict[str, Any]:
    """The fields of a `Control`."""
    record = json_object(document(text, strict=strict))
    for name, value in record.items():
        if name not in _CONTROLS:
            raise ValueError(f"holds {quoted(name)}")
        named(name, _CONTROLS[name], value)
    return record


def tags(text: Any, *, strict: bool = False) -> list[str]:
    labels = texts(document(text, strict=strict))
    if strict and (len(labels) > 1000 or any(len(label) > 60 for label in labels)):
        raise ValueError("holds more than 1,000 tags, or one of more than 60 letters")
    return labels


def error(text: Any, *, strict: bool = False) -> dict[str, str]:
    """An error as `NnvizError.to_json` writes it."""
    record = json_object(document(text, strict=strict))
    texts(list(record.values()))
    return {"error": "RunError", "what": "", "where": "", "remedy": ""} | record


def event_data(text: Any, *, strict: bool = False) -> dict[str, Any]:
    return {} if text == "{}" else json_object(document(text, strict=strict))


def encoder(text: Any, *, strict: bool = False) -> dict[str, Any]:
    """A fitted encoder's JSON: rows of a table (`columns`) or images of one `shape`, and the `target`."""
    record = json_object(document(text, strict=strict, most=ENCODER))
    target = json_object(record.get("target"), "target")
    named("target.task", one_of, target.get("task"), allowed=TASKS)
    for name in ("names", "classes", "value_words"):
        named(f"target.{name}", texts, target.get(name, []))
    for way in json_list(target.get("ways", []), "target.ways"):
        named("target.ways", _way, way, form=_NUMBERS)
    named("version", whole, record.get("version", 1), least=1)
    named("missing", texts, record.get("missing") or [])
    for name in ("mean", "scale"):
        named(f"target.{name}", numbers, target.get(name, []))
    if len(target.get("names", [])) < 1 or (target["task"] == "classification" and len(target.get("classes", [])) < 1):
        raise ValueError("names no target, or none of its classes")
    named("shape", _sides, record.get("shape"))
    named("divide", number, record.get("divide"))
    for column in json_list(record.get("columns"), "columns"):
        _column(json_object(column, "a column"))
    return record


def _column(column: Mapping[str, Any]) -> None:
    named("a column's name", words, column.get("name"))
    kind = named("a column's type", one_of, column.get("type"), allowed=("number", "category", "boolean", "date"))
    for name in ("fill", "centre", "scale"):
        named(f"a column's {name}", numbers, column.get(name, []))
    for name in ("categories", "parts", "value_words"):
        named(f"a column's {name}", texts, column.get(name, []))
    named("a column's way", _way, column.get("way", ""), form=_DATES if kind == "date" else _NUMBERS)
    named("a column's start", number, column.get("start", 0.0))
    count = {"number": 1, "date": len(column.get("parts", []))}.get(kind, 0)
    if any(len(column.get(name, [])) != count for name in ("fill", "centre", "scale")) and count:
        raise ValueError(f"the column {quoted(column['name'])} lacks numbers")


def _way(value: Any, *, form: re.Pattern[str]) -> str:
    """How numbers or dates are written; "" is any plain way."""
    if value != "" and not form.fullmatch(words(value)):
        raise ValueError("is no way to write numbers or dates")
    return str(value)


def _sides(value: Any) -> list[int]:
    return [whole(side) for side in json_list(value)]


def _formulas(value: Any) -> dict[str, str]:
    return {name: words(text) for name, text in json_object(value).items()}


def _calendar(value: Any) -> list[Any]:
    for part in json_list(value):
        if len(numbers(part)) != 3:
            raise ValueError("holds a part that is no three numbers")
    return list(value)


def _pair(value: Any) -> list[str]:
    if len(texts(value)) != 2:
        raise ValueError("is no pair of names")
    return list(value)


def _retries(value: Any) -> list[int]:
    count, at = json_list(value) if len(json_list(value)) == 2 else (None, None)
    return [whole(count), whole(at, least=-1)]


def _sample(value: Any) -> list[int]:
    if len(json_list(value)) != 2:
        raise ValueError("is no pair of numbers")
    return [whole(count, least=1) for count in value]


def _weights(value: Any) -> dict[str, tuple[float, int]]:
    """By name a value and the number of a control."""
    record = json_object(value)
    for name, entry in record.items():
        pair = json_list(entry, quoted(name))
        if len(pair) != 2:
            raise ValueError(f"{quoted(name)} is no value and number")
        named(quoted(name), number, pair[0])
        named(quoted(name), whole, pair[1])
    return record


def _live(value: Any) -> dict[str, float]:
    return {name: number(item) for name, item in json_object(value).items()}


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {quoted(value)}")
    return value


def _maybe(value: Any) -> int | None:
    return None if value is None else whole(value)


_INFO: dict[str, Callable[[Any], Any]] = {
    "network": words,
    "task": lambda value: one_of(value, TASKS),
    "shape": _sides,
    "outputs": lambda value: whole(value, least=1),
    "classes": texts,
    "columns": texts,
    "plane": _pair,
    "rows": counts,
    "target_mean": reals,
    "target_scale": reals,
    "calendar": _calendar,
    "parameters": whole,
    "steps_per_second": real,
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
    "weights": _weights,
    "epochs": lambda value: None if value is None else whole(value, least=1),
    "number": whole,
    "play": lambda value: one_of(value, PACES[1:]),
}


def or_empty(check: Callable[[Any], dict[str, Any]], text: Any) -> dict[str, Any]:
    """A document that is about to be written anew: what cannot be read of it is gone."""
    try:
        return check(text)
    except ValueError:
        return {}
