"""A zip of images, one folder for each class -> arrays. Nothing is unpacked to the disk, sizes are checked beforehand.

Names of folders are the classes. One folder around all of them is looked through; folders named train, validation and
test around them say which part an image belongs to."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data import cells, picture, split
from nnviz.data.border import OF_LIBRARIES, reading
from nnviz.data.names import canonical, count_of, listed, short
from nnviz.data.open_file import is_folder, open_regular, read_regular
from nnviz.data.refuse import BOMB, max_memory
from nnviz.data.tables import Arrays
from nnviz.errors import DataError

MAX_FILES = 100_000
MAX_TOTAL_PIXELS = 20_000_000_000
PIXELS = 100_000_000
"""Pixels that a zip may hold however small it is."""
PIXELS_A_BYTE = 60
"""Above that so many for each byte of the zip; photographs have less than 20, drawings about as many."""
UNPACKED = 64 << 20
"""Bytes that its files may unpack to however small it is."""
LARGEST = 64
"""The longer side, where no size was asked for."""
NAMED = 5
HOW = "Put the images of each class into a folder named like it, and zip those folders."
_LINK = 0o120000


@dataclass(frozen=True)
class Member:
    """One image in a zip: `label` the class that its folder names ("": none), `part` where folders say it."""

    info: zipfile.ZipInfo
    label: str
    part: str = ""

    @property
    def name(self) -> str:
        return self.info.filename


@dataclass
class LeftOut:
    """What was left out and why, counted, the first few by name."""

    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, why: str) -> None:
        self.names.setdefault(why, []).append(name)

    @property
    def count(self) -> int:
        return sum(len(names) for names in self.names.values())

    def words(self) -> list[str]:
        found = []
        for why, names in self.names.items():
            shown = ", ".join(short(name) for name in names[:NAMED])
            more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
            found.append(f"{count_of(len(names), 'file')} left out: {shown}{more} ({why})")
        return found


def holds_images(content: bytes) -> bool:
    """Whether it is a zip with at least one image in it."""
    return _any_image(io.BytesIO(content))


def read_images(content: bytes, *, name: str, size: tuple[int, int] | None = None,
                shape: tuple[int, ...] | None = None) -> Arrays:
    """x uint8 (n, height, width, 1 or 3), y the class names. `size`: (height, width) to bring them to, else the most common
    one, at most 64 x 64; `shape`: (height, width, channels) exactly.

    Images that cannot be read are left out, counted and named. Raises DataError with the file and a remedy."""
    with _archive(io.BytesIO(content), name) as archive:
        left = LeftOut()
        infos = _members(archive, len(content), name, left)
        room = _check_pixels(archive, infos, len(content), name)
        members = _labelled(infos, left)
        if not members:
            raise DataError("no image lies in a folder that names its class" + _why(left), where=name, remedy=HOW)
        heads = _heads(archive, members, left, name, room)
        if not heads:
            raise DataError(f"none of {count_of(len(members), 'image')} can be read" + _why(left), where=name,
                            remedy="Save them again as PNG or JPEG.")
        sizes = Counter((head.height, head.width) for _, head in heads)
        height, width = shape[:2] if shape else size or _fitting(sizes.most_common(1)[0][0])
        channels = shape[2] if shape else 1 if all(head.grey for _, head in heads) else 3
        _check_memory(len(heads) * height * width * channels, name)
        x = np.empty((len(heads), height, width, channels), dtype=np.uint8)
        kept: list[Member] = []
        coloured = False
        for member, _ in heads:
            try:
                found = picture.pixels(_bytes(archive, member), height=height, width=width, channels=channels)
            except picture.Unreadable as error:
                left.add(member.name, str(error))
                continue
            coloured = coloured or (channels == 3 and picture.is_coloured(found))
            x[len(kept)] = found
            kept.append(member)
    x = x[:len(kept)]
    if channels == 3 and not coloured and shape is None:
        x = picture.grey_of(x)
    labels = np.array([member.label for member in kept], dtype=object)
    if shape is None and len(set(labels)) < 2:
        only = f"only one folder holds images, {short(labels[0])!r}" if len(kept) else "no image can be read"
        raise DataError(only + _why(left), where=name, remedy=f"Two classes or more are needed. {HOW}")
    parts = np.array([member.part for member in kept], dtype=object)
    words = _said(labels, sizes, x.shape[1:], chosen=size is not None)
    return Arrays(
        x=x, y=labels, name=name, divide=255.0, target="class", classes_why="the names of the folders",
        read={"format": "images by folder", "size": [height, width], "words": words, "left_out": left.count},
        notes=tuple(left.words()), parts=parts if all(parts) else None)


def is_pictures(path: Path) -> bool:
    """Whether it is a folder, a zip with images in it, or a single image."""
    if is_folder(path):
        return True
    with open_regular(path) as file:
        start = file.read(16)
    if not start.startswith(b"PK"):
        return picture.is_image(start)
    with open_regular(path) as file:
        return _any_image(file)


def batches(path: Path, *, name: str, shape: tuple[int, ...], divide: float, classes: Sequence[str], rows: int,
            left: LeftOut) -> Iterator[tuple[NDArray[Any], list[str], list[str] | None]]:
    """The images of a zip, or a single one, for a network trained on images of `shape` in the unit that it divides by
    `divide`: pixels (n, *shape), their files' names, and the names of their folders where any of them is one of the
    `classes`. At most `rows` at once; what cannot be read goes into `left`. Raises DataError where no image can be."""
    if len(shape) != 3 or shape[2] not in (1, 3):
        raise DataError(f"the network was trained on arrays of shape {shape}, which is no image", where=name,
                        remedy="Give an .npz file with such arrays as x.")
    height, width, channels = shape
    with open_regular(path) as file:
        is_one = picture.is_image(file.read(16))
        size = file.seek(0, io.SEEK_END)
    if is_one:
        try:
            found = picture.pixels(read_regular(path), height=height, width=width, channels=channels)
        except picture.Unreadable as error:
            raise DataError(f"the image {error}", where=name, remedy="Save it again as PNG or JPEG.") from error
        yield picture.stretched(found[None], divide), [name], None
        return
    with open_regular(path) as file, _archive(file, name) as archive:
        infos = _members(archive, size, name, left)
        _check_pixels(archive, infos, size, name)
        members = _with_folders(infos)
        labelled = any(not {member.label, canonical(member.label)}.isdisjoint(classes) for member in members)
        any_read = False
        images: list[NDArray[np.uint8]] = []
        taken: list[Member] = []
        for place, member in enumerate(members):
            try:
                images.append(picture.pixels(_bytes(archive, member), height=height, width=width, channels=channels))
                taken.append(member)
            except picture.Unreadable as error:
                left.add(member.name, str(error))
            if images and (len(images) == rows or place == len(members) - 1):
                any_read = True
                yield (picture.stretched(np.stack(images), divide), [one.name for one in taken],
                       [one.label for one in taken] if labelled else None)
                images, taken = [], []
        if not any_read:
            raise DataError("holds no image that can be read" + _why(left), where=name,
                            remedy="Give PNG, JPEG, BMP or GIF images.")


def _any_image(source: Any) -> bool:
    try:
        with zipfile.ZipFile(source) as archive:
            return any(_is_wanted(info) and _is_image(info) for info in archive.infolist())
    except OF_LIBRARIES:
        return False


def _archive(source: Any, name: str) -> zipfile.ZipFile:
    with reading("the zip is damaged or cut off", where=name, remedy="Zip the folders again."):
        archive = zipfile.ZipFile(source)
    if len(archive.infolist()) > MAX_FILES:
        raise DataError(f"holds {len(archive.infolist()):,} files, more than {MAX_FILES:,}", where=name,
                        remedy="Give fewer images.")
    return archive


def _members(archive: zipfile.ZipFile, size: int, name: str, left: LeftOut) -> list[zipfile.ZipInfo]:
    """The images in the order of their names; `size`: bytes of the zip. Raises DataError for what no honest zip of images
    holds."""
    found, total = [], 0
    for info in archive.infolist():
        parts = _parts(info)
        if parts and (parts[0].endswith((":", "/")) or ".." in parts):
            raise DataError("a path in the zip leads out of it", where=f"{name}, {short(info.filename)}",
                            remedy="Zip the folders again, with plain names.")
        if not _is_wanted(info):
            continue
        if info.flag_bits & 1:
            raise DataError("the zip is locked with a password", where=f"{name}, {short(info.filename)}",
                            remedy="Zip the folders without a password.")
        if not _is_image(info):
            left.add(info.filename, "no PNG, JPEG, BMP or GIF by its name")
            continue
        total += info.file_size
        if total > max(UNPACKED, BOMB * size):
            raise DataError(f"{size / 2**20:,.1f} MB unpack to more than {max(UNPACKED, BOMB * size) / 2**20:,.0f} MB",
                            where=f"{name}, {short(info.filename)}", remedy="Zip the images themselves, or fewer of them.")
        if total > max_memory():
            raise DataError(f"unpacks to more than {max_memory() / 2**30:,.1f} GB", where=f"{name}, {short(info.filename)}",
                            remedy="Give fewer or smaller images.")
        found.append(info)
    return sorted(found, key=lambda info: info.filename)


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Not a folder, a link, or what systems leave behind."""
    parts = _parts(info)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    is_link = (info.external_attr >> 16) & 0o170000 == _LINK
    return bool(parts) and not (info.is_dir() or hidden or is_link or parts[-1].lower() in ("thumbs.db", "desktop.ini"))


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """The folders and the name; some systems write backslashes."""
    return PurePosixPath(info.filename.replace("\\", "/")).parts


def _is_image(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith(picture.ENDINGS)


def _with_folders(infos: list[zipfile.ZipInfo]) -> list[Member]:
    """Each image with its class by the folder it lies in."""
    paths = [_parts(info)[:-1] for info in infos]
    tops = {path[0] for path in paths if path}
    while len(tops) == 1 and any(len(path) > 1 for path in paths):
        paths = [path[1:] for path in paths]
        tops = {path[0] for path in paths if path}
    parts = {top: split.SAYS.get(top.casefold(), "") for top in tops}
    if "train" in parts.values() and all(parts.values()) and any(len(path) > 1 for path in paths):
        return [Member(info, _label(path[1]) if len(path) > 1 else "", parts[path[0]] if path else "")
                for info, path in zip(infos, paths, strict=True)]
    return [Member(info, _label(path[0]) if path else "") for info, path in zip(infos, paths, strict=True)]


def _label(folder: str) -> str:
    """A folder's name as a class; one that a table would take for a missing value is made to differ from it."""
    name = folder.strip()
    return f"folder {name}" if name.casefold() in cells.MISSING else name


def _labelled(infos: list[zipfile.ZipInfo], left: LeftOut) -> list[Member]:
    found = _with_folders(infos)
    for member in found:
        if not member.label:
            left.add(member.name, "in no folder that names a class")
    return [member for member in found if member.label]


def _check_pixels(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], size: int, name: str) -> int:
    """How many pixels all images together may have. Raises DataError where their first bytes say that they have more."""
    room = min(MAX_TOTAL_PIXELS, max(PIXELS, PIXELS_A_BYTE * size))
    total = 0
    for info in infos:
        try:
            with archive.open(info) as file:
                said = picture.pixels_said(file.read(32))
        except OF_LIBRARIES:
            continue
        # a larger one is never unpacked
        total += said if said <= picture.MAX_PIXELS else 0
        if total > room:
            raise _too_many(room, name)
    return room


def _too_many(room: int, name: str) -> DataError:
    return DataError(f"the images have more than {room / 1e6:,.0f} million pixels together", where=name,
                     remedy="Give fewer images, or smaller ones.")


def _heads(archive: zipfile.ZipFile, members: list[Member], left: LeftOut, name: str,
           room: int) -> list[tuple[Member, picture.Head]]:
    found, room_at_first = [], room
    for member in members:
        try:
            head = picture.head(_bytes(archive, member), room=room)
        except picture.Unreadable as error:
            room -= error.pixels
            if room < 0:
                raise _too_many(room_at_first, name) from error
            left.add(member.name, str(error))
            continue
        room -= head.height * head.width
        found.append((member, head))
    return found


def _bytes(archive: zipfile.ZipFile, member: Member) -> bytes:
    try:
        with archive.open(member.info) as file:
            return file.read(member.info.file_size)
    except Exception as error:
        # zipfile, zlib and struct each have errors of their own for a damaged entry
        raise picture.Unreadable("is damaged inside the zip") from error


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """That size, scaled down to at most 64 x 64."""
    scale = min(1.0, LARGEST / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _check_memory(values: int, name: str) -> None:
    if 4 * values > max_memory():
        raise DataError(f"these images would take {4 * values / 2**30:,.1f} GB of memory, more than "
                        f"{max_memory() / 2**30:,.1f} GB", where=name,
                        remedy="Choose a smaller image_size, or give fewer images.")


def _said(labels: NDArray[np.object_], sizes: Counter[tuple[int, int]], shape: tuple[int, ...], *,
          chosen: bool) -> list[str]:
    """What was found, in plain words."""
    counts = Counter(labels.tolist())
    classes = listed(f"{label} ({count:,})" for label, count in sorted(counts.items()))
    (height, width), most = sizes.most_common(1)[0]
    target = f"{shape[0]} x {shape[1]}"
    if len(sizes) == 1:
        said = f"Every image is {height} x {width} (height x width)"
    else:
        said = f"Images of {len(sizes)} sizes, {most:,} of {sizes.total():,} are {height} x {width} (height x width)"
    if len(sizes) > 1 or (height, width) != shape[:2]:
        said += f"; they are stretched to {target}" + (", as you chose" if chosen else "")
    colour = "Grey: no image has colour" if shape[2] == 1 else "In colour: red, green and blue are three channels"
    return [f"{count_of(len(counts), 'class').replace('classs', 'classes')} by the names of the folders: {classes}",
            f"{said}.", f"{colour}."]


def _why(left: LeftOut) -> str:
    return f" ({'; '.join(left.words())})" if left.count else ""
