"""Files that are written completely or not at all; a path that cannot be written is refused before any work is done."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nnviz.errors import RequestError, RunError


def check_place(path: Path) -> None:
    """Whether a file can be written there, before the work is done. Raises RequestError."""
    try:
        if path.exists() and not path.is_file():
            raise RequestError("a folder or a device is there, so no file can be written", where=str(path), remedy="Name a file.")
        if not path.absolute().parent.is_dir():
            raise RequestError("there is no such folder", where=str(path.absolute().parent), remedy="Make it, or name another.")
        if not os.access(path.absolute().parent, os.W_OK):
            raise RequestError("you may not write into this folder", where=str(path.absolute().parent), remedy="Name another.")
    except OSError as error:
        raise RequestError(
            f"no file can be written there ({error.strerror})",
            where=str(path)[:200],
            remedy="Name a file in a folder that is there.",
        ) from error


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """The path of a draft, which becomes the file once it is complete, or is removed. Raises RequestError
    where no file can be written there, RunError on a full disk."""
    check_place(path)
    draft = path.with_name(f".{secrets.token_hex(3)}.part{path.suffix[:20]}")
    try:
        yield draft
        os.replace(draft, path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RunError(
                "the disk is full, so nothing was written",
                where=str(path),
                remedy="Make room on it, or name a file on another disk.",
            ) from error
        if error.filename is None or error.filename in (str(draft), str(path)):
            raise RequestError(
                f"the file cannot be written ({error.strerror})", where=str(path)[:200], remedy="Name another file."
            ) from error
        raise
    finally:
        draft.unlink(missing_ok=True)
