"""Files that are not what they are named, too large, or empty: found by their bytes, before any parser sees them."""

import io
import zipfile

from nnviz.data.images.image_zip import holds_images
from nnviz.data.limits import check_size
from nnviz.errors import DataError

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
            raise DataError("this is an Excel workbook (.xlsx), not a table", where=f"{name}, first bytes", remedy=_SAVE_AS)
        if not zipfile.is_zipfile(io.BytesIO(content)):
            raise DataError("the zip is damaged or cut off", where=name, remedy="Zip the files again.")
        if not holds_images(content):
            raise DataError(
                "this is a ZIP archive without images, not a table",
                where=f"{name}, first bytes",
                remedy="Unpack it first, or zip images in one folder for each class.",
            )
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<!--")) or (head.startswith(b"<") and b"<html" in head):
        raise DataError(
            "this is a web page (HTML), not a table",
            where=f"{name}, line 1",
            remedy="Download the data itself: a link to a page was saved instead of the file.",
        )
    if head.startswith((b"<?xml", b"<svg")):
        raise DataError("this is XML, not a table", where=f"{name}, line 1", remedy=_SAVE_AS)


def is_npz(content: bytes) -> bool:
    """Of a zip: whether names of .npy members stand at its beginning or its end."""
    return b".npy" in content[:256] or b".npy" in content[-4096:]
