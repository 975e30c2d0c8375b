"""A table beside images that says the label of each: one column of files' names, one of labels."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from nnviz.data.column_names import count_of, listed, short
from nnviz.data.columns import cells
from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.images import class_folders
from nnviz.data.images.class_folders import LeftOut, Member, path_of
from nnviz.data.images.name_index import NameIndex
from nnviz.data.readers.foreign_errors import OF_TEXT, reading
from nnviz.data.readers.text import read_text
from nnviz.data.splitting import parts as split
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.spec import FileData

ENDINGS = (".csv", ".tsv")
LEAST_SHARE = 0.5
"""A column names images where at least this share of its cells, or of the images, has a match in the other."""
_FILES = ("file", "filename", "file name", "image", "image id", "image name", "img", "path", "id", "name", "photo", "picture")
_LABELS = (
    "label",
    "class",
    "target",
    "category",
    "breed",
    "species",
    "diagnosis",
    "y",
    "type",
    "kind",
    "tag",
    "score",
    "grade",
    "age",
    "value",
)
ONE_HOT = "class"
"""What columns of 0 and 1, one for each class, are called together."""
_NAMED = 3


@dataclass(frozen=True)
class Labels:
    """`of`: by an image's name in the zip its label, a text or (`is_number`) a float. `table`, `file_column`, `column`: where
    they stand. `notes`: rows without an image, images with two labels."""

    table: str
    file_column: str
    column: str
    of: dict[str, Any]
    is_number: bool
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return f"the column {short(self.column)!r} of {short(self.table)}"


def labelled(
    infos: Sequence[zipfile.ZipInfo], tables: Sequence[tuple[str, bytes]], options: FileData, left: LeftOut, where: str
) -> tuple[list[Member], Labels | None]:
    """The images that have a label, and the table that says it; None: their folders do. Raises DataError as
    `find_labels` does."""
    rules = Rules.of(options)
    members = class_folders.members(infos, rules)
    if rules.is_old:
        return class_folders.labelled(members, left), None
    folders = {member.label for member in members}
    # train and test beside each other name no classes
    has_classes = len(folders) > 1 and all(folder and folder.casefold() not in split.SAYS for folder in folders)
    by_table, unused = find_labels(tables, _without_copies(members), options=options, has_classes=has_classes, where=where)
    for table, why in unused.items():
        left.add(table, why)
    if by_table is None:
        return class_folders.without_copies(class_folders.labelled(members, left), left), None
    for member in members:
        if member.name not in by_table.of:
            left.add(member.name, f"no label in {short(by_table.table)}")
    return [member for member in members if member.name in by_table.of], by_table


def of_new_images(
    infos: Sequence[zipfile.ZipInfo],
    tables: Sequence[tuple[str, bytes]],
    rules: Rules,
    target: str | None,
    left: LeftOut,
    where: str,
) -> Labels | None:
    """As a trained network wants them: the column `target` of a table; None where it is not plain which is meant."""
    options = FileData(kind="file", path=where, target=target)
    labels, unused = find_labels(
        tables, _without_copies(class_folders.members(infos, rules)), options=options, has_classes=True, where=where
    )
    for table, why in unused.items():
        left.add(table, why)
    return labels


def _without_copies(members: Sequence[Member]) -> list[zipfile.ZipInfo]:
    """Without copies of one file within a part, which a table calls by one name."""
    by_part = [
        replace(member, label=next((folder for folder in path_of(member.info) if folder.casefold() in split.SAYS), ""))
        for member in members
    ]
    return [member.info for member in class_folders.without_copies(by_part, LeftOut())]


def find_labels(
    tables: Sequence[tuple[str, bytes]], infos: Sequence[zipfile.ZipInfo], *, options: FileData, has_classes: bool, where: str
) -> tuple[Labels | None, dict[str, str]]:
    """The labels that the one fitting table says, or None; and for each other table why it is not used. `options`: how it is
    read, and with `target` which column holds the labels. `has_classes`: whether folders name classes too; then a table counts
    only where its column is named like labels.

    Raises DataError where two tables, or two columns of the only one, could be meant and no folders name classes."""
    index = NameIndex(infos)
    candidates: list[Labels] = []
    unused: dict[str, str] = {}
    doubts: list[DataError] = []
    for name, content in tables:
        try:
            with reading(
                "cannot be read as a table", where=name, remedy="Check separators, quotes and encoding.", errors=OF_TEXT
            ):
                table = read_text(content, name=name, data=FileData(kind="file", path=name, read=options.read))
            labels = _labels(name, table, index, options, has_classes=has_classes)
        except DataError as error:
            unused[name] = error.what
            doubts += [error] if error.where.startswith(f"{name}, columns") else []
            continue
        if labels is None:
            unused[name] = "a table that does not name images with their labels"
        else:
            candidates.append(labels)
    if len(candidates) == 1:
        return candidates[0], unused
    if has_classes:
        why = f"one of {len(candidates)} tables of labels, so the folders say the classes"
        return None, unused | {labels.table: why for labels in candidates}
    if candidates:
        raise DataError(
            f"{len(candidates)} tables say the labels of the images: {listed(labels.table for labels in candidates)}",
            where=where,
            remedy="Leave in the one that is meant.",
        )
    if doubts:
        raise doubts[0]
    return None, unused


def _labels(name: str, table: Table, index: "NameIndex", options: FileData, *, has_classes: bool) -> Labels | None:
    frame, rules = table.frame, Rules.of(options)
    matches = {column: index.matched(cells.labels(frame[column], rules=rules), name) for column in frame.columns}
    counts = {column: len(set(match) - {None}) for column, match in matches.items()}
    file_column = max(counts, key=lambda column: (counts[column], -_rank(column, _FILES)))
    match = matches[file_column]
    known = sum(label is not None for label in cells.labels(frame[file_column], rules=rules))
    if counts[file_column] < LEAST_SHARE * min(max(1, known), index.count) or not counts[file_column]:
        return None
    # another column of the same files' names is none of labels
    others = [
        column
        for column in frame.columns
        if column != file_column
        and LEAST_SHARE * len(frame)
        > sum(one is not None and one == other for one, other in zip(matches[column], match, strict=True))
    ]
    chosen = _label_column(name, frame, others, options.target, has_classes=has_classes)
    if chosen is None:
        return None
    column, values = chosen
    is_number = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    # a word such as none is a class where it fills much of the column
    spared = infer_column(column, values, rules=rules).spared
    texts = cells.labels(values, rules=cells.sparing(rules, spared))
    of: dict[str, Any] = {}
    twice: set[str] = set()
    for image, text in zip(match, texts, strict=True):
        if image is not None and text is not None and of.setdefault(image, text) != text:
            twice.add(image)
    for image in twice:
        del of[image]
    if len(set(of.values())) < 2:
        return None
    absent = [
        cell
        for cell, image in zip(cells.labels(frame[file_column], rules=rules), match, strict=True)
        if image is None and cell is not None
    ]
    notes = (
        [
            f"{count_of(len(absent), 'row')} of {short(name)} name{'s' if len(absent) == 1 else ''} no image that is there "
            f"({', '.join(map(short, absent[:_NAMED]))}{', ...' if len(absent) > _NAMED else ''})"
        ]
        if absent
        else []
    )
    if twice:
        notes.append(
            f"{count_of(len(twice), 'image')} with two different labels in {short(name)} left out: {listed(sorted(twice))}"
        )
    return Labels(
        table=name,
        file_column=str(file_column),
        column=column,
        is_number=is_number,
        notes=tuple(notes),
        of={image: float(text) for image, text in of.items()} if is_number else of,
    )


def _label_column(
    name: str, frame: pd.DataFrame, others: list[str], target: Any, *, has_classes: bool
) -> tuple[str, pd.Series] | None:
    """The column of labels among the `others`; columns of 0 and 1 with one 1 in each row are one of classes."""
    if isinstance(target, int) and -len(frame.columns) <= target < len(frame.columns):
        target = frame.columns[target]
    if target in others:
        return str(target), frame[target]
    if target not in (None, ONE_HOT):
        raise DataError(
            f"there is no column {target!r} of labels",
            where=f"{name}, columns",
            remedy=f"Its columns are: {listed(frame.columns)}.",
        )
    varied = [column for column in others if frame[column].nunique() > 1]
    named = [column for column in varied if _rank(column, _LABELS) < len(_LABELS)]
    whole = [column for column in named if _words(column) in _LABELS]
    for few in (whole, named, [] if has_classes else varied):
        if len(few) == 1:
            return few[0], frame[few[0]]
        if len(few) > 1:
            # beside a class's number its name is what is meant
            texts = [column for column in few if not pd.api.types.is_numeric_dtype(frame[column].dtype)]
            if len(texts) == 1 and few is not varied:
                return texts[0], frame[texts[0]]
            break
    if len(varied) > 1 and not has_classes:
        if all(pd.api.types.is_numeric_dtype(frame[column].dtype) for column in varied):
            marks = frame[varied].to_numpy(dtype=np.float64, na_value=np.nan)
            if bool(np.isin(marks, (0, 1)).all()) and bool((marks.sum(axis=1) == 1).all()):
                return ONE_HOT, pd.Series(np.array(varied, dtype=object)[marks.argmax(axis=1)], dtype="str")
        raise DataError(
            f"several columns could say the labels of the images: {listed(varied)}",
            where=f"{name}, columns",
            remedy="Name the one that does in data.target.",
        )
    return None


def _words(name: Any) -> str:
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name)))).casefold()


def _rank(name: Any, known: Sequence[str]) -> int:
    """The place of a column's name, or of one of its words, among the known ones; their number where it is none."""
    words = _words(name)
    if words in known:
        return known.index(words)
    return min((known.index(word) for word in words.split() if word in known), default=len(known))
