"""The one way in which files of data are opened: regular files only, never a device, a FIFO or a socket, which could keep a
reader waiting or give bytes without end."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from nnviz.data.column_names import short
from nnviz.data.limits import check_size
from nnviz.errors import DataError

LONGEST_PATH = 4096
"""Bytes of a path; systems take no more."""
BLOCK = 1 << 20
_OTHERS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_regular(path: Path, *, name: str = "") -> BinaryIO:
    """The file, open for reading. `name`: what messages call it. Raises DataError for what is
    no regular file, what is missing or forbidden, and for a path that cannot be one."""
    where = short(name or str(path))
    _check_path(path, where)
    try:
        # without O_NONBLOCK opening a FIFO would wait for somebody who writes
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except OSError as error:
        raise _refused(error, where) from error
    try:
        kind = os.fstat(handle).st_mode
        if not stat.S_ISREG(kind):
            raise _no_file(kind, where)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path, *, name: str = "") -> bytes:
    """All bytes of a regular file. Raises DataError as `open_regular` does, and for one above the size limit, however large
    it says it is."""
    where = short(name or str(path))
    with open_regular(path, name=name) as file:
        check_size(os.fstat(file.fileno()).st_size, name=where)
        pieces, total = [], 0
        try:
            while piece := file.read(BLOCK):
                total += len(piece)
                check_size(total, name=where)
                pieces.append(piece)
        except OSError as error:
            raise _refused(error, where) from error
    return b"".join(pieces)


def is_folder(path: Path, *, name: str = "") -> bool:
    """Raises DataError for a path that cannot be one; what is missing or forbidden is no folder."""
    _check_path(path, short(name or str(path)))
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except OSError:
        return False


def is_regular(path: Path, *, name: str = "") -> bool:
    """As `is_folder`, of a regular file."""
    _check_path(path, short(name or str(path)))
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False


def _check_path(path: Path, where: str) -> None:
    text = str(path)
    try:
        size = len(os.fsencode(text))
    except UnicodeError as error:
        raise DataError(
            "this path holds letters that no path can have", where=ascii(where)[1:-1], remedy="Check the path."
        ) from error
    if "\x00" in text:
        raise DataError("this path holds a NUL character", where=where.replace("\x00", "\\x00"), remedy="Check the path.")
    if size > LONGEST_PATH or any(len(os.fsencode(part)) > 255 for part in path.parts):
        raise DataError(f"this path is too long ({len(text):,} letters)", where=where, remedy="Check the path.")


def _refused(error: OSError, where: str) -> DataError:
    return DataError(
        f"cannot read this file ({error.strerror or 'the system refuses it'})",
        where=where,
        remedy="Check the path and the permissions.",
    )


def _no_file(kind: int, where: str) -> DataError:
    what = next((words for is_kind, words in _OTHERS if is_kind(kind)), "no file")
    return DataError(
        f"this is {what}, not a file",
        where=where,
        remedy="Give a file, or a folder that holds one folder of images for each class.",
    )
