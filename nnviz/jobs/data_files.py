"""Which data files a spec may name by path.

What comes from a browser, an address or an imported run names a file by its sha256: the bytes are in the store, and the path
beside it is a name only. By path it may name a file in the folder that the owner gives in NNVIZ_DATA_DIR, or one that this
store's command line opened and that has not changed since. The command line itself may open any regular file, also through a
worker: then the job carries a mark. Only `jobs/warm.py` writes it; what pages ask for goes through `launcher.submit`, which
refuses it, and neither a spec nor an import becomes a job's payload.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nnviz.errors import DataError
from nnviz.spec import FileData
from nnviz.store import Store

FIELDS = (("path", "sha256"), ("validation_path", "validation_sha256"), ("test_path", "test_sha256"))
"""The fields of a data block that name a file, each with the one that names its bytes in the store."""

_OWNERS = "of_command_line"


def owners(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a job that the command line asks of a worker: it may name a file by its `path`, and files are read within
    the command line's limits."""
    return {**payload, _OWNERS: True}


def is_owners(payload: Mapping[str, Any]) -> bool:
    return payload.get(_OWNERS) is True


def data_folder() -> Path | None:
    """The folder whose files anybody who may use the dashboard may train on: $NNVIZ_DATA_DIR, links resolved."""
    named = os.environ.get("NNVIZ_DATA_DIR")
    return Path(named).resolve() if named else None


def by_path(data: Any) -> Iterator[tuple[str, str]]:
    """The fields and paths of a data block that are not in the store."""
    if isinstance(data, FileData):
        for field, sha256 in FIELDS:
            path = getattr(data, field)
            if path is not None and getattr(data, sha256) is None:
                yield field, path


def check(store: Store, data: Any) -> None:
    """Refuses a data block that names a file of this computer that it may not. The words are the same whether or not there
    is such a file. Raises DataError."""
    for field, path in by_path(data):
        if not _may_open(store, path):
            raise DataError(
                "a file of the server cannot be opened by its path from here",
                where=f"data.{field}",
                remedy="Upload the file. Whoever runs this server can train on it from the command line, or put "
                "it into the folder that NNVIZ_DATA_DIR names.",
            )


def place_of(path: str) -> Path:
    """Where a path of a data block lies: a relative one under NNVIZ_DATA_DIR, or else the folder of this process."""
    return (data_folder() or Path.cwd()) / path


def remember(store: Store, data: Any) -> None:
    """Notes the files that a data block names by path as opened by the command line, so that the dashboard may go on with its
    run. Files that are not there are left to whoever reads them."""
    for _field, path in by_path(data):
        try:
            place = place_of(path)
            if stat.S_ISREG(os.stat(place).st_mode):
                store.opened_files.remember(place)
        except (OSError, ValueError):
            continue


def _may_open(store: Store, path: str) -> bool:
    try:
        place, folder = place_of(path), data_folder()
        if folder is not None and place.resolve().is_relative_to(folder):
            return True
        return store.opened_files.has(place)
    except (OSError, ValueError, RuntimeError):
        # a path that no system takes: NUL characters, thousands of letters, links in a circle
        return False
