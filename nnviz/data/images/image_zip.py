"""A zip of images -> arrays. Nothing is unpacked to the disk, sizes are checked beforehand.

Names of folders are the classes (`class_folders`), or a table beside the images says their labels (`label_table`)."""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data.column_names import canonical, count_of, short
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.data.images import class_folders, image, label_table, summary
from nnviz.data.images.class_folders import LeftOut, Member
from nnviz.data.images.zip_members import (
    any_image,
    check_pixels,
    images_and_tables,
    open_archive,
    read_heads,
    read_member,
    read_tables,
)
from nnviz.data.limits import max_memory
from nnviz.data.readers.open_file import is_folder, open_regular, read_regular
from nnviz.data.tables import Arrays
from nnviz.errors import DataError
from nnviz.spec import FileData

LARGEST = 64
"""The longer side, where no size was asked for."""
HOW = "Put the images of each class into a folder named like it, and zip those folders."
HOW_BY_TABLE = "Or put a table beside them, with a column of files' names and one of labels."


def holds_images(content: bytes) -> bool:
    """Whether it is a zip with at least one image in it."""
    return any_image(io.BytesIO(content))


def read_images(
    content: bytes,
    *,
    name: str,
    size: tuple[int, int] | None = None,
    shape: tuple[int, ...] | None = None,
    data: FileData | None = None,
) -> Arrays:
    """x uint8 (n, height, width, 1 or 3), y the class names, or the numbers that a table says. `size`: (height, width) to
    bring them to, else the most common one, at most 64 x 64; `shape`: (height, width, channels) exactly; `data`: by which
    rules, and which column of a table holds the labels.

    Images that cannot be read are left out, counted and named. Raises DataError with the file and a remedy."""
    options = data or FileData(kind="file", path=name)
    rules = Rules.of(options)
    with open_archive(io.BytesIO(content), name) as archive:
        left = LeftOut()
        infos, tables = images_and_tables(archive, len(content), name, left, rules)
        room = check_pixels(archive, infos, len(content), name)
        members, by_table = label_table.labelled(infos, read_tables(archive, tables, left), options, left, name)
        if not members:
            raise DataError(
                "no image lies in a folder that names its class" + summary.left_out_clause(left),
                where=name,
                remedy=HOW if rules.is_old else f"{HOW} {HOW_BY_TABLE}",
            )
        heads = read_heads(archive, members, left, name, room)
        if not heads:
            raise DataError(
                f"none of {count_of(len(members), 'image')} can be read" + summary.left_out_clause(left),
                where=name,
                remedy="Save them again as PNG or JPEG.",
            )
        sizes = Counter((head.height, head.width) for _, head in heads)
        height, width = shape[:2] if shape else size or _fitting(sizes.most_common(1)[0][0])
        channels = shape[2] if shape else 1 if all(head.grey for _, head in heads) else 3
        _check_memory(len(heads) * height * width * channels, name)
        x = np.empty((len(heads), height, width, channels), dtype=np.uint8)
        readable: list[Member] = []
        coloured = False
        for member, _ in heads:
            try:
                pixels = image.pixels(read_member(archive, member), height=height, width=width, channels=channels)
            except image.Unreadable as error:
                left.add(member.name, str(error))
                continue
            coloured = coloured or (channels == 3 and image.is_coloured(pixels))
            x[len(readable)] = pixels
            readable.append(member)
    x = x[: len(readable)]
    if channels == 3 and not coloured and shape is None:
        x = image.grey_of(x)
    is_number = by_table is not None and by_table.is_number
    labels = np.array(
        [by_table.of[member.name] if by_table else member.label for member in readable], dtype=np.float64 if is_number else object
    )
    if shape is None and len(set(labels)) < 2:
        only = (
            "no image can be read"
            if not len(readable)
            else (
                f"only one folder holds images, {short(str(labels[0]))!r}"
                if by_table is None
                else f"every image has the same label, {short(str(labels[0]))!r}"
            )
        )
        raise DataError(only + summary.left_out_clause(left), where=name, remedy=f"Two classes or more are needed. {HOW}")
    parts = np.array([member.part for member in readable], dtype=object)
    why = by_table.words if by_table else "the names of the folders"
    words = [summary.of_labels(labels, why), *summary.of_sizes(sizes, x.shape[1:], chosen=size is not None)]
    words += [] if rules.is_old or by_table else class_folders.notes_on_ignored_folders(readable)
    read: dict[str, Any] = {"format": "images by folder", "size": [height, width], "words": words, "left_out": left.count}
    if by_table:
        read |= {
            "format": "images with a table of labels",
            "labels": {"table": by_table.table, "files": by_table.file_column, "column": by_table.column},
        }
    return Arrays(
        x=x,
        y=labels,
        name=name,
        divide=255.0,
        target=by_table.column if by_table else "class",
        classes_why="" if is_number else why,
        is_by_folder=by_table is None,
        target_why=why,
        read=read,
        notes=(*left.words(), *(by_table.notes if by_table else ())),
        parts=parts if all(parts) else None,
    )


def is_pictures(path: Path) -> bool:
    """Whether it is a folder, a zip with images in it, or a single image."""
    if is_folder(path):
        return True
    with open_regular(path) as file:
        start = file.read(16)
    if not start.startswith(b"PK"):
        return image.is_image(start)
    with open_regular(path) as file:
        return any_image(file)


def batches(
    path: Path,
    *,
    name: str,
    shape: tuple[int, ...],
    divide: float,
    classes: Sequence[str],
    rows: int,
    left: LeftOut,
    rules: Rules = NEWEST,
    target: str | None = None,
) -> Iterator[tuple[NDArray[Any], list[str], list[Any] | None]]:
    """The images of a zip, or a single one, for a network trained on images of `shape` in the unit that it divides by
    `divide`: pixels (n, *shape), their files' names, and their labels: those in the column `target` of a table in the zip
    (None where it has none), or the names of their folders where any of them is one of the `classes`. At most `rows` at once;
    what cannot be read goes into `left`. Raises DataError where no image can be."""
    if len(shape) != 3 or shape[2] not in (1, 3):
        raise DataError(
            f"the network was trained on arrays of shape {shape}, which is no image",
            where=name,
            remedy="Give an .npz file with such arrays as x.",
        )
    height, width, channels = shape
    with open_regular(path) as file:
        is_one = image.is_image(file.read(16))
        size = file.seek(0, io.SEEK_END)
    if is_one:
        try:
            pixels = image.pixels(read_regular(path), height=height, width=width, channels=channels)
        except image.Unreadable as error:
            raise DataError(f"the image {error}", where=name, remedy="Save it again as PNG or JPEG.") from error
        yield image.stretched(pixels[None], divide), [name], None
        return
    with open_regular(path) as file, open_archive(file, name) as archive:
        infos, tables = images_and_tables(archive, size, name, left, rules)
        check_pixels(archive, infos, size, name)
        members = class_folders.members(infos, rules)
        by_table = label_table.of_new_images(infos, read_tables(archive, tables, left), rules, target, left, name)
        labels: dict[str, Any] = dict(by_table.of) if by_table else {member.name: member.label for member in members}
        labelled = by_table is not None or any(
            not {member.label, canonical(member.label)}.isdisjoint(classes) for member in members
        )
        any_read = False
        images: list[NDArray[np.uint8]] = []
        taken: list[Member] = []
        for place, member in enumerate(members):
            try:
                images.append(image.pixels(read_member(archive, member), height=height, width=width, channels=channels))
                taken.append(member)
            except image.Unreadable as error:
                left.add(member.name, str(error))
            if images and (len(images) == rows or place == len(members) - 1):
                any_read = True
                yield (
                    image.stretched(np.stack(images), divide),
                    [one.name for one in taken],
                    [labels.get(one.name) for one in taken] if labelled else None,
                )
                images, taken = [], []
        if not any_read:
            raise DataError(
                "holds no image that can be read" + summary.left_out_clause(left),
                where=name,
                remedy="Give PNG, JPEG, BMP or GIF images.",
            )


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """That size, scaled down to at most 64 x 64."""
    scale = min(1.0, LARGEST / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _check_memory(values: int, name: str) -> None:
    if 4 * values > max_memory():
        raise DataError(
            f"these images would take {4 * values / 2**30:,.1f} GB of memory, more than {max_memory() / 2**30:,.1f} GB",
            where=name,
            remedy="Choose a smaller image_size, or give fewer images.",
        )
