"""How large a file of data may be, as it is and unpacked."""

import os

from nnviz.errors import DataError

DEFAULT_MAX_MB = 200
MAX_MEMORY_FACTOR = 10
"""How much larger than the size limit a file may become once it is unpacked."""

MAX_COLUMNS = 20_000
FLOOR = 256 << 20
"""Bytes: what unpacks to no more is read, however small the file is."""
BOMB = 60
"""So many times its size a file may unpack to above that; data that shrinks further says next to nothing in all its rows."""
TABLE_NUMBER = 16
"""Bytes that one number of a table takes while it is read, inferred and encoded."""
IMAGE_NUMBER = 8
"""The same of one number of an image."""


def max_bytes() -> int:
    """The size limit: NNVIZ_MAX_UPLOAD_MB (default 200) in bytes."""
    return int(float(os.environ.get("NNVIZ_MAX_UPLOAD_MB", DEFAULT_MAX_MB)) * 1024 * 1024)


def max_memory() -> int:
    """What the contents of a file may take once unpacked, in bytes."""
    return max_bytes() * MAX_MEMORY_FACTOR


def check_size(size: int, *, name: str) -> None:
    """Raises DataError for a file above the limit."""
    limit = max_bytes()
    if size > limit:
        raise DataError(
            f"the file has {size / 2**20:,.1f} MB, more than the limit of {limit / 2**20:,.3g} MB",
            where=name,
            remedy="Give fewer rows or columns, or raise NNVIZ_MAX_UPLOAD_MB.",
        )


def check_unpacked(unpacked: float, size: int, *, where: str, is_on_disk: bool = False) -> None:
    """`unpacked`: bytes that the contents of a packed file will take, known from its headers; `size`: of the file in bytes.
    Raises DataError where that is out of all proportion to the file or, unless it stays on the disk (`is_on_disk`), more
    than memory is meant for."""
    if unpacked > max(FLOOR, BOMB * size):
        raise DataError(
            f"unpacks to more than a file of {_size_of(size)} should: {_size_of(unpacked)}",
            where=where,
            remedy="Give fewer rows or columns, or check how the file was made: it holds hardly anything but repetitions.",
        )
    if not is_on_disk and unpacked > max_memory() * TABLE_NUMBER / 8:
        raise DataError(f"unpacks to more than {max_memory() / 2**30:,.1f} GB", where=where, remedy="Give fewer rows or columns.")


def _size_of(size: float) -> str:
    for unit, step in (("GB", 2**30), ("MB", 2**20), ("kB", 2**10)):
        if size >= step:
            return f"{size / step:,.1f} {unit}"
    return f"{size:,.0f} bytes"
