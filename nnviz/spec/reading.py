"""JSON text to the plain mapping that a spec is checked from."""

import errno
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from nnviz.catalog.param import quote
from nnviz.errors import SpecError

MAX_NESTING = 20
MAX_BYTES = 16 << 20
"""Of the text of a spec: a stack of 10,000 layers has some 500,000."""


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def too_deep(record: Any) -> bool:
    places = [(record, 0)]
    while places:
        value, depth = places.pop()
        if depth > 2 * MAX_NESTING + 8:
            return True
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
        places += [(item, depth + 1) for item in inner]
    return False


def open_regular(path: Path) -> IO[bytes]:
    """A file to be read from its beginning. Raises OSError for what is no regular file: a folder, or a device or a pipe, which
    would never come to an end."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        os.close(handle)
        raise OSError(errno.EINVAL, "it is a folder" if is_folder else "it is a device or a pipe, no regular file")
    return os.fdopen(handle, "rb")


def read(source: str | Path | bytes, where: str) -> Any:
    where = where or (str(source) if isinstance(source, Path) else "spec")
    try:
        content: str | bytes
        if isinstance(source, Path):
            with open_regular(source) as file:
                content = file.read(MAX_BYTES + 1)
        else:
            content = source
        if len(content) > MAX_BYTES:
            raise SpecError(
                f"the spec is larger than {MAX_BYTES >> 20} MB",
                where=where,
                remedy="A spec only names its data: is this the data file?",
            )
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except OSError as error:
        raise SpecError(f"cannot read the spec: {error.strerror}", where=where[:200], remedy="Check the path.") from error
    except UnicodeDecodeError as error:
        raise SpecError(f"the spec is no text in UTF-8 ({error})", where=where, remedy="Give a file of JSON text.") from error
    try:
        record = json.loads(text, object_pairs_hook=_unique)
        _check_letters(text)
        return record
    except RecursionError as error:
        raise SpecError(
            "this is nested too deeply",
            where=where,
            remedy=f"At most {MAX_NESTING} Repeats or 15 Parallels may stand inside one another.",
        ) from error
    except ValueError as error:
        raise SpecError(f"this is not JSON ({error})", where=where, remedy="Check quotes, commas and brackets.") from error


def _check_letters(text: str) -> None:
    """Raises ValueError where a text, written out or as \\ud83d, holds half a letter: no file and no database takes one."""
    if not text.isascii() or _HALF.search(text):
        json.dumps(json.loads(text), ensure_ascii=False).encode()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {quote(twice)} stands twice in one object")
    return record
