"""JSON text to the plain mapping that a spec is checked from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnviz.catalog.param import quote
from nnviz.errors import SpecError

MAX_NESTING = 20


def too_deep(record: Any) -> bool:
    places = [(record, 0)]
    while places:
        value, depth = places.pop()
        if depth > 2 * MAX_NESTING + 8:
            return True
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
        places += [(item, depth + 1) for item in inner]
    return False


def read(given: str | Path | bytes, where: str) -> Any:
    where = where or (str(given) if isinstance(given, Path) else "spec")
    try:
        found = given.read_bytes() if isinstance(given, Path) else given
        text = found if isinstance(found, str) else found.decode("utf-8-sig")
    except OSError as error:
        raise SpecError(f"cannot read the spec: {error.strerror}", where=where, remedy="Check the path.") from error
    except UnicodeDecodeError as error:
        raise SpecError(f"the spec is no text in UTF-8 ({error})", where=where,
                        remedy="Give a file of JSON text.") from error
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except RecursionError as error:
        raise SpecError("this is nested too deeply", where=where,
                        remedy=f"At most {MAX_NESTING} Repeats or 15 Parallels may stand inside one another.") from error
    except ValueError as error:
        raise SpecError(f"this is not JSON ({error})", where=where,
                        remedy="Check quotes, commas and brackets.") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {quote(twice)} stands twice in one object")
    return record
