"""Files that are not what they are named, too large, or empty: found by their bytes, before any parser sees them."""

import io
import os
import zipfile

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

KNOWN = "CSV, TSV, JSON records, Parquet or .npz, or a zip of images by class"
_NOTHING = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"
_SAVE_AS = "Open it where it came from and save the table as CSV."

_IMAGES = "Give a table, or a zip of images in one folder for each class."

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG image", _IMAGES),
    (b"\xff\xd8\xff", "a JPEG image", _IMAGES),
    (b"GIF8", "a GIF image", _IMAGES),
    (b"%PDF", "a PDF document", _SAVE_AS),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", _SAVE_AS),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it first."),
    (b"SQLite format 3", "an SQLite database", _SAVE_AS),
    (b"\x89HDF", "an HDF5 file", _SAVE_AS),
    (b"\x93NUMPY", "a single NumPy array (.npy)", "Save it with its labels: numpy.savez(path, x=..., y=...)."),
    (b"\x80\x02", "a pickle, which is never opened here (it could run code)", "Save the table as CSV or Parquet."),
    (b"\x80\x03", "a pickle, which is never opened here (it could run code)", "Save the table as CSV or Parquet."),
    (b"\x80\x04", "a pickle, which is never opened here (it could run code)", "Save the table as CSV or Parquet."),
    (b"\x80\x05", "a pickle, which is never opened here (it could run code)", "Save the table as CSV or Parquet."),
    (b"\x7fELF", "a program", "Give a table."),
    (b"MZ\x90", "a program", "Give a table."),
    (b"{\\rtf", "an RTF document", _SAVE_AS),
    (b"ARROW1", "an Arrow or Feather file", "Save the table as Parquet or CSV."),
)


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
        raise DataError(f"unpacks to more than a file of {_size_of(size)} should: {_size_of(unpacked)}", where=where,
                        remedy="Give fewer rows or columns, or check how the file was made: it holds hardly anything but "
                               "repetitions.")
    if not is_on_disk and unpacked > max_memory() * TABLE_NUMBER / 8:
        raise DataError(f"unpacks to more than {max_memory() / 2**30:,.1f} GB", where=where,
                        remedy="Give fewer rows or columns.")


def _size_of(size: float) -> str:
    for unit, step in (("GB", 2**30), ("MB", 2**20), ("kB", 2**10)):
        if size >= step:
            return f"{size / step:,.1f} {unit}"
    return f"{size:,.0f} bytes"


def check_content(content: bytes, *, name: str) -> None:
    """Raises DataError for a file that is empty, too large, or of a kind that holds no table."""
    check_size(len(content), name=name)
    if not content[:4096].strip(_NOTHING) and not content.strip(_NOTHING):
        what = "the file is empty" if not content else "the file holds nothing but blanks"
        raise DataError(what, where=name, remedy=f"Give a table as {KNOWN}.")
    for magic, kind, remedy in _MAGIC:
        if content.startswith(magic):
            raise DataError(f"this is {kind}, not a table", where=f"{name}, first bytes", remedy=remedy)
    if content.startswith(b"PK") and not is_npz(content):
        if b"xl/" in content[:4096] or b"xl/workbook" in content[-8192:]:
            raise DataError(
                "this is an Excel workbook (.xlsx), not a table", where=f"{name}, first bytes", remedy=_SAVE_AS
            )
        from nnviz.data.imagezip import holds_images

        if not zipfile.is_zipfile(io.BytesIO(content)):
            raise DataError("the zip is damaged or cut off", where=name, remedy="Zip the files again.")
        if not holds_images(content):
            raise DataError(
                "this is a ZIP archive without images, not a table",
                where=f"{name}, first bytes",
                remedy="Unpack it first, or zip images in one folder for each class.",
            )
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<!--")) or (
        head.startswith(b"<") and b"<html" in head
    ):
        raise DataError(
            "this is a web page (HTML), not a table",
            where=f"{name}, line 1",
            remedy="Download the data itself: a link to a page was saved instead of the file.",
        )
    if head.startswith((b"<?xml", b"<svg")):
        raise DataError("this is XML, not a table", where=f"{name}, line 1", remedy=_SAVE_AS)


def is_npz(content: bytes) -> bool:
    return b".npy" in content[:256] or b".npy" in content[-4096:]
