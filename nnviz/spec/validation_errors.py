"""From a ValidationError of pydantic to one error of ours: the path of the field, its value, and what is allowed."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nnviz.catalog.missing import own_hint
from nnviz.catalog.param import quote
from nnviz.errors import RequestError, SpecError

ALIASES = {
    "lr": "learning_rate",
    "rate": "learning_rate",
    "epoch": "epochs",
    "batch": "batch_size",
    "neurons": "units",
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "ce": "CrossEntropy",
    "categoricalcrossentropy": "CrossEntropy",
    "binarycrossentropy": "CrossEntropy",
    "batchnorm": "BatchNormalization",
    "linear": "Dense",
    "skip": "Residual",
    "resnet": "Residual",
    "branch": "Parallel",
    "split": "Parallel",
}
"""Common other names of kinds and fields, in lower case, and what they are called here."""


def explain(error: ValidationError, record: Any, *, where: str, fields: Mapping[str, Sequence[str]]) -> RequestError:
    """The first mistake in `record`, whose own path is `where`; `fields` lists what each kind or block may hold."""
    first = error.errors(include_url=False)[0]
    path, block, parent = _locate(first["loc"], record, where)
    path = path or "spec"
    received = first.get("input")
    match first["type"]:
        case "extra_forbidden":
            return _unknown_field(str(first["loc"][-1]), path, block, parent, fields)
        case "missing":
            return SpecError("this field is required and missing", where=path, remedy="Add it.")
        case "union_tag_invalid" | "union_tag_not_found":
            return _unknown_kind(first, path)
        case "value_error":
            return SpecError(str(first["msg"]).removeprefix("Value error, "), where=path)
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            return SpecError(f"this must be an object with named fields; got {quote(received)}", where=path)
        case "list_type" | "tuple_type":
            return SpecError(f"this must be a list; got {quote(received)}", where=path)
        case "string_type":
            return SpecError(f"this must be a text; got {quote(received)}", where=path)
        case "bool_type":
            return SpecError(f"this must be true or false; got {quote(received)}", where=path)
        case "literal_error":
            expected = str(first.get("ctx", {}).get("expected", ""))
            return SpecError(f"this must be {expected}; got {quote(received)}", where=path)
        case "too_short":
            return SpecError("this list must not be empty", where=path)
        case _:
            return SpecError(f"{first['msg']}; got {quote(received)}", where=path)


def _locate(place: Sequence[int | str], record: Any, where: str) -> tuple[str, str, Any]:
    """The path in the user's document; the block it stands in; and the mapping that holds its last key.

    The tags of unions stand in pydantic's location, but not in the document: walking the document tells them apart."""
    path, block, parent, value = where, where or "spec", record, record
    tagged = False
    for depth, key in enumerate(place):
        if isinstance(key, int):
            path += f"[{key}]"
            parent, value = value, value[key] if isinstance(value, Sequence) and key < len(value) else None
            tagged = False
            continue
        is_last = depth == len(place) - 1
        if not isinstance(value, Mapping) or (not tagged and value.get("kind") == key and not is_last):
            tagged = True
            continue
        path += f".{key}" if path else key
        if isinstance(value.get(key), Mapping) and not is_last and block != "columns":
            block = key
        parent, value, tagged = value, value.get(key), False
    return path, block, parent


def _unknown_field(name: str, path: str, block: str, parent: Any, fields: Mapping[str, Sequence[str]]) -> RequestError:
    kind = parent.get("kind") if isinstance(parent, Mapping) else None
    allowed = fields.get(kind if isinstance(kind, str) and kind in fields else block, ())
    home = next((home for home in ("training", "split") if name in fields[home]), "")
    hint = f"It belongs in {home}. " if home and block == "spec" else _hint(name, allowed)
    return SpecError(
        f"unknown field {quote(name)}",
        where=path,
        remedy=f"{hint}Allowed here: {', '.join(allowed)}." if allowed else "Leave it out.",
    )


def _unknown_kind(error: ErrorDetails, path: str) -> SpecError:
    received = error.get("input")
    tags = [tag.strip().strip("'") for tag in str(error.get("ctx", {}).get("expected_tags", "")).split(",")]
    tags = [tag for tag in tags if tag]
    remedy = f"Allowed: {', '.join(tags)}." if tags else 'Give it as {"kind": "..."}.'
    if not isinstance(received, Mapping):
        return SpecError(f"this must be an object with a kind; got {quote(received)}", where=path, remedy=remedy)
    if "kind" not in received:
        return SpecError("this field is required and missing", where=f"{path}.kind", remedy=remedy)
    kind = received["kind"]
    lost = f" {own_hint(str(kind))}" if "CrossEntropy" in tags else ""
    return SpecError(f"unknown kind {quote(kind)}", where=f"{path}.kind", remedy=_hint(str(kind), tags) + remedy + lost)


def _hint(typed: str, allowed: Sequence[str]) -> str:
    lowered = {name.lower(): name for name in allowed}
    alias = ALIASES.get(typed.lower(), "")
    close = [alias] if alias in allowed else difflib.get_close_matches(typed.lower(), lowered, n=1, cutoff=0.5)
    return f"Did you mean {lowered.get(close[0], close[0])}? " if close else ""
