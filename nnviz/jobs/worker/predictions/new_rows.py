"""New rows for a trained network, batch by batch: text tables, Parquet files and arrays are read in pieces, so that their
size does not matter."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data import Encoder
from nnviz.data.columns import cells, dates, numbers
from nnviz.data.images import image_zip
from nnviz.data.images.image_folder import pack
from nnviz.data.limits import max_bytes
from nnviz.data.named_columns import with_normalized_names
from nnviz.data.new_rows import wanted_by
from nnviz.data.out_of_core import chunks
from nnviz.data.readers.foreign_errors import OF_TEXT, reading
from nnviz.data.readers.matching_text import Plan, read_more, read_new, typed_number
from nnviz.data.readers.read import read
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import FileData, ReadSpec

PIECE = 8 << 20
"""Bytes of a text table that are read at once."""
ROWS = 8192
BLOCK = 32_768
"""Rows of a Parquet file or an array that are read at once."""
PICTURES = 256


@dataclass(frozen=True)
class Batch:
    """Rows as given, x float32 (n, *shape), y as Encoder.transform_target gives it (None: no labels); `start` is the
    number of the first one, from 0. `notes`: what had to be taken for missing or unknown. `names`: of image files, one a row;
    those that could not be read are not among them, but in the notes. `labels`: of rows that are no table, as they came."""

    start: int
    rows: "pd.DataFrame | NDArray[Any]"
    x: NDArray[np.float32]
    y: NDArray[Any] | None
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    labels: NDArray[Any] | None = None

    def __len__(self) -> int:
        return len(self.x)


def typed(rows: Sequence[Mapping[str, Any]], encoder: Encoder) -> Iterator[Batch]:
    """Rows typed into a form: texts by column; a column left out counts as missing. Raises DataError."""
    if encoder.is_images:
        raise DataError("images cannot be typed", where="rows", remedy="Give a zip of images, or an .npz file with them as x.")
    labelled = all(str(row.get(name) or "").strip() for row in rows for name in encoder.target.names)
    names = (*encoder.inputs, *(encoder.target.names if labelled else ()))
    numbers = {code.name for code in encoder.columns if code.type == "number"}
    numbers.update(() if encoder.target.classes else encoder.target.names)
    form = None if encoder.rules.is_old else encoder.form
    frame = pd.DataFrame(
        {
            name: pd.Series(
                [typed_number(_cell(row.get(name)), form) if name in numbers else _cell(row.get(name)) for row in rows],
                dtype="str",
            )
            for name in names
        }
    )
    yield from _encoded(Table(frame=frame, name="rows"), encoder, 0)


def from_file(path: Path, *, name: str, encoder: Encoder, data: FileData | None = None) -> Iterator[Batch]:
    """`data`: how the training file was read. Raises DataError with the row where reading stopped."""
    file_data = FileData(kind="file", path=name)
    if data is not None:
        file_data = FileData(kind="file", path=name, header=data.header, read=data.read)
    file_data = file_data.model_copy(update={"read": file_data.read.model_copy(update=encoder.rules.read_fields())})
    if image_zip.is_pictures(path):
        yield from _pictures(path, name, encoder)
        return
    start = 0
    for table in _tables(path, name, file_data, encoder):
        for batch in _encoded(with_normalized_names(table, encoder.rules), encoder, start):
            start = batch.start + len(batch)
            yield batch


def _pictures(path: Path, name: str, encoder: Encoder) -> Iterator[Batch]:
    """Image files with the preparation of the training images; folders named like classes are labels."""
    if not encoder.is_images:
        raise DataError(
            "this file holds images, but the network was trained on a table",
            where=name,
            remedy=f"Give a table with the columns {', '.join(encoder.inputs[:8])}.",
        )
    if path.is_dir():
        with tempfile.TemporaryDirectory(prefix="nnviz-") as folder:
            packed = Path(folder) / "images.zip"
            pack(path, packed)
            yield from _pictures(packed, name, encoder)
        return
    left = image_zip.LeftOut()
    held: Batch | None = None
    for images, names, labels in image_zip.batches(
        path,
        name=name,
        shape=encoder.shape,
        divide=encoder.divide,
        classes=encoder.target.classes,
        rows=PICTURES,
        left=left,
        rules=encoder.rules,
        target=encoder.target.names[0],
    ):
        own = None if labels is None else np.array(labels, dtype=object)
        y = None if own is None else encoder.transform_target(own)
        if held is not None:
            yield held
        start = held.start + len(held) if held is not None else 0
        held = Batch(start, images, encoder.transform(images), y, names=tuple(names), labels=own)
    if held is not None:
        # only now is it known what had to be left out
        yield replace(held, notes=tuple(left.words()))


def _tables(path: Path, name: str, file_data: FileData, encoder: Encoder) -> Iterator[Table | Arrays]:
    piece = min(PIECE, max_bytes())
    large = path.stat().st_size > piece
    if chunks.is_npy(path):
        yield from chunks.npy(path, name=name, rows=BLOCK, names=encoder.inputs)
        return
    if large and chunks.is_parquet(path):
        yield from chunks.parquet(path, name=name, rows=BLOCK)
        return
    if large and chunks.is_plain_npz(path):
        yield from chunks.npz(path, name=name, rows=BLOCK)
        return
    if not large or not _can_be_cut(path, name):
        yield read(
            path.read_bytes(),
            name=name,
            data=file_data,
            text=None
            if encoder.rules.is_old
            else lambda content: read_new(content, name=name, wanted=wanted_by(encoder, file_data))[0],
        )
        return
    if not encoder.rules.is_old:
        yield from _by_plan(path, name, file_data, encoder, piece)
        return
    columns: list[str] = []
    rows = 0
    for content in _pieces(path, piece):
        place = f"{name}, after row {rows:,}"
        try:
            table = read(content, name=name, data=file_data)
        except DataError as error:
            raise DataError(error.what, where=place if rows else error.where, remedy=error.remedy) from error
        assert isinstance(table, Table)
        if not columns:
            columns = list(table.frame.columns)
            dialect = table.read
            file_data = FileData(
                kind="file",
                path=name,
                header=False,
                read=ReadSpec(
                    separator=dialect["separator"],
                    decimal=dialect["decimal"],
                    encoding=file_data.read.encoding if content.isascii() else dialect["encoding"],
                    **encoder.rules.read_fields(),
                ),
            )
        elif len(table.frame.columns) != len(columns):
            raise DataError(
                f"{len(table.frame.columns)} columns instead of {len(columns)}",
                where=place,
                remedy="Give every row the same number of cells.",
            )
        else:
            table.frame.columns = pd.Index(columns)
        rows += len(table.frame)
        yield table


def _by_plan(path: Path, name: str, file_data: FileData, encoder: Encoder, piece: int) -> Iterator[Table]:
    """A large text in pieces: the first one tells how the others are read."""
    plan: Plan | None = None
    rows = 0
    for content in _pieces(path, piece):
        place = f"{name}, after row {rows:,}" if plan else name
        with reading("cannot be read as a table", where=place, remedy="Check separators, quotes and encoding.", errors=OF_TEXT):
            if plan is None:
                table, plan = read_new(content, name=name, wanted=wanted_by(encoder, file_data))
            else:
                table = read_more(content, name=place, plan=plan, rules=encoder.rules)
        rows += len(table.frame)
        yield table


def _can_be_cut(path: Path, name: str) -> bool:
    """Whether it is text with lines of single bytes: not Parquet, .npz, JSON or UTF-16."""
    with path.open("rb") as file:
        head = file.read(4096)
    if name.lower().endswith((".json", ".jsonl", ".ndjson")) or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        return False
    return not head.startswith((b"PAR1", b"PK")) and b"\x00" not in head and b"\n" in head


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    """The file in parts of about `size` bytes, each ending with a whole record: a line break in quotes ends none."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(size):
            content = rest + block
            end = content.rfind(b"\n") + 1
            while end and content.count(b'"', 0, end) % 2:
                end = content.rfind(b"\n", 0, content.rfind(b'"', 0, end)) + 1
            rest = content[end:]
            if len(rest) > 8 * size:
                raise DataError("a quote is opened and not closed", where=path.name, remedy="Close it, or remove it.")
            if content[:end].strip():
                yield content[:end]
    if rest.strip():
        yield rest


def _encoded(table: Table | Arrays, encoder: Encoder, start: int) -> Iterator[Batch]:
    if isinstance(table, Arrays):
        if not encoder.is_images:
            raise DataError(
                "this file holds images, but the network was trained on a table",
                where=table.name,
                remedy=f"Give a table with the columns {', '.join(encoder.inputs[:8])}.",
            )
        for at in range(0, len(table.x), ROWS):
            images = table.x[at : at + ROWS]
            own = table.y[at : at + ROWS] if table.y is not None else None
            y = encoder.transform_target(own) if own is not None else None
            yield Batch(start + at, images, encoder.transform(images), y, labels=own)
        return
    if encoder.is_images:
        raise DataError(
            "this is a table, but the network was trained on images",
            where=table.name,
            remedy=f"Give an .npz file whose x has the shape (rows, {', '.join(map(str, encoder.shape))}).",
        )
    for at in range(0, len(table.frame), ROWS):
        frame = table.frame.iloc[at : at + ROWS].reset_index(drop=True)
        x, y = encoder.transform(frame), encoder.transform_target(frame)
        # of the file as a whole, told with its first rows; in old runs nothing was told
        about_file = () if at or encoder.rules.is_old else table.notes
        yield Batch(start + at, frame, x, y, (*about_file, *_notes(frame, encoder)))


def _notes(frame: pd.DataFrame, encoder: Encoder) -> Iterator[str]:
    """Cells that mean nothing to the network, by column."""
    for column in encoder.columns:
        is_number = column.type == "number" and not pd.api.types.is_numeric_dtype(frame[column.name].dtype)
        is_date = column.type == "date" and bool(column.way)
        if column.type != "category" and not is_number and not is_date:
            continue
        labels = cells.labels(frame[column.name], rules=cells.sparing(encoder.rules, column.value_words))
        known = np.array([label is not None for label in labels], dtype=bool)
        if column.type == "category":
            strange = known & ~np.isin(np.where(known, labels, ""), np.array(column.categories))
            problem = "a value that training did not see, counted as no category"
        elif is_date:
            strange = known & dates.read(frame[column.name], column.way, rules=encoder.rules).missing
            problem = "a value that is no date, counted as missing"
        else:
            strange = known & np.isnan(numbers.read(frame[column.name], column.way, rules=encoder.rules))
            problem = "a value that is no number, counted as missing"
        if strange.any():
            yield f"column {column.name!r} has {problem}: {labels[strange][0][:40]!r}"
    target = encoder.target
    if target.task == "classification" and target.names[0] in frame.columns:
        labels = cells.labels(frame[target.names[0]], rules=cells.sparing(encoder.rules, target.value_words))
        strange = np.array([label is not None and label not in target.classes for label in labels], dtype=bool)
        if strange.any():
            yield (
                f"column {target.names[0]!r} has a class that training did not see, left out of the metrics: "
                f"{labels[strange][0][:40]!r}"
            )


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
