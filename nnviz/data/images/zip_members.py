"""What lies in a zip of images, read member by member, with limits on files, bytes and pixels that are checked beforehand."""

import zipfile
from typing import Any

from nnviz.data.column_names import short
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.images import image, label_table
from nnviz.data.images.class_folders import LeftOut, Member, is_wanted, path_of
from nnviz.data.limits import BOMB, max_memory
from nnviz.data.readers.foreign_errors import OF_LIBRARIES, reading
from nnviz.errors import DataError

MAX_FILES = 100_000
MAX_TOTAL_PIXELS = 20_000_000_000
PIXELS = 100_000_000
"""Pixels that a zip may hold however small it is."""
PIXELS_A_BYTE = 60
"""Above that so many for each byte of the zip; photographs have less than 20, drawings about as many."""
UNPACKED = 64 << 20
"""Bytes that its files may unpack to however small it is."""
_NO_IMAGE = "no PNG, JPEG, BMP or GIF by its name"
MAX_TABLES = 20


def any_image(source: Any) -> bool:
    """Whether a file is a zip with an image in it, by the names of its members."""
    try:
        with zipfile.ZipFile(source) as archive:
            return any(is_wanted(info) and _is_image(info) for info in archive.infolist())
    except OF_LIBRARIES:
        return False


def open_archive(source: Any, name: str) -> zipfile.ZipFile:
    """Raises DataError for what is no zip, and for more than MAX_FILES members."""
    with reading("the zip is damaged or cut off", where=name, remedy="Zip the folders again."):
        archive = zipfile.ZipFile(source)
    if len(archive.infolist()) > MAX_FILES:
        raise DataError(
            f"holds {len(archive.infolist()):,} files, more than {MAX_FILES:,}", where=name, remedy="Give fewer images."
        )
    return archive


def images_and_tables(
    archive: zipfile.ZipFile, size: int, name: str, left: LeftOut, rules: Rules
) -> tuple[list[zipfile.ZipInfo], list[zipfile.ZipInfo]]:
    """The images, and the tables that may hold their labels, in the order of their names; `size`: bytes of the zip. Raises
    DataError for what no honest zip of images holds."""
    images: list[zipfile.ZipInfo] = []
    tables: list[zipfile.ZipInfo] = []
    total = 0
    for info in archive.infolist():
        parts = path_of(info)
        if parts and (parts[0].endswith((":", "/")) or ".." in parts):
            raise DataError(
                "a path in the zip leads out of it",
                where=f"{name}, {short(info.filename)}",
                remedy="Zip the folders again, with plain names.",
            )
        if not is_wanted(info):
            continue
        if info.flag_bits & 1:
            raise DataError(
                "the zip is locked with a password",
                where=f"{name}, {short(info.filename)}",
                remedy="Zip the folders without a password.",
            )
        is_table = not rules.is_old and info.filename.lower().endswith(label_table.ENDINGS) and len(tables) < MAX_TABLES
        if not is_table and not _is_image(info):
            left.add(info.filename, _NO_IMAGE)
            continue
        total += info.file_size
        if total > max(UNPACKED, BOMB * size):
            raise DataError(
                f"{size / 2**20:,.1f} MB unpack to more than {max(UNPACKED, BOMB * size) / 2**20:,.0f} MB",
                where=f"{name}, {short(info.filename)}",
                remedy="Zip the images themselves, or fewer of them.",
            )
        if total > max_memory():
            raise DataError(
                f"unpacks to more than {max_memory() / 2**30:,.1f} GB",
                where=f"{name}, {short(info.filename)}",
                remedy="Give fewer or smaller images.",
            )
        (tables if is_table else images).append(info)
    return sorted(images, key=lambda info: info.filename), sorted(tables, key=lambda info: info.filename)


def read_tables(archive: zipfile.ZipFile, tables: list[zipfile.ZipInfo], left: LeftOut) -> list[tuple[str, bytes]]:
    """The tables by their names."""
    contents = []
    for info in tables:
        try:
            contents.append((info.filename, read_member(archive, Member(info, ""))))
        except image.Unreadable as error:
            left.add(info.filename, str(error))
    return contents


def _is_image(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith(image.ENDINGS)


def check_pixels(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], size: int, name: str) -> int:
    """How many pixels all images together may have. Raises DataError where their first bytes say that they have more."""
    room = min(MAX_TOTAL_PIXELS, max(PIXELS, PIXELS_A_BYTE * size))
    total = 0
    for info in infos:
        try:
            with archive.open(info) as file:
                declared = image.declared_pixels(file.read(32))
        except OF_LIBRARIES:
            continue
        # a larger one is never unpacked
        total += declared if declared <= image.MAX_PIXELS else 0
        if total > room:
            raise _too_many(room, name)
    return room


def _too_many(room: int, name: str) -> DataError:
    return DataError(
        f"the images have more than {room / 1e6:,.0f} million pixels together",
        where=name,
        remedy="Give fewer images, or smaller ones.",
    )


def read_heads(
    archive: zipfile.ZipFile, members: list[Member], left: LeftOut, name: str, room: int
) -> list[tuple[Member, image.Head]]:
    """The images that can be read, with their sizes; the others go into `left`. Raises DataError where all together have more
    than `room` pixels."""
    heads, room_at_first = [], room
    for member in members:
        try:
            head = image.head(read_member(archive, member), room=room)
        except image.Unreadable as error:
            room -= error.pixels
            if room < 0:
                raise _too_many(room_at_first, name) from error
            left.add(member.name, str(error))
            continue
        room -= head.height * head.width
        heads.append((member, head))
    return heads


def read_member(archive: zipfile.ZipFile, member: Member) -> bytes:
    """Raises Unreadable."""
    try:
        with archive.open(member.info) as file:
            return file.read(member.info.file_size)
    except Exception as error:
        # zipfile, zlib and struct each have errors of their own for a damaged entry
        raise image.Unreadable("is damaged inside the zip") from error
