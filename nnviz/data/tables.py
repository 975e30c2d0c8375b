"""What reading gives, before anything is inferred: a table, or arrays of images."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.errors import DataError


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns as read: numbers where every cell is one, else text. `read`: how (format, separator, ...), `notes`: what
    had to be mended. `parts` names the part of each row where the file or files say it; `rows` numbers each row within
    its own file. `targets`: the columns that the format itself marks as target."""

    frame: pd.DataFrame
    name: str
    read: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    parts: NDArray[np.object_] | None = None
    rows: NDArray[np.int64] | None = None
    targets: tuple[str, ...] = ()
    preview: tuple[tuple[str, ...], ...] | None = None
    words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Of columns that were read as numbers: the words that counted as missing, and in how many cells."""

    def with_parts(self, extra: "Mapping[str, Table | Arrays]") -> "Table":
        """This table (its rows: training) and those of files that hold the validation or test rows."""
        frames, parts, rows = ([self.frame], [np.full(len(self.frame), "train", dtype=object)], [np.arange(len(self.frame))])
        notes = list(self.notes)
        for part, table in extra.items():
            if isinstance(table, Arrays):
                raise DataError("holds images, but the training rows are a table", where=table.name)
            absent = [name for name in self.frame.columns if name not in table.frame.columns]
            if absent:
                raise DataError(
                    f"missing column{'s' if len(absent) > 1 else ''} {', '.join(map(repr, absent[:8]))}",
                    where=table.name,
                    remedy=f"It needs the columns of {self.name}.",
                )
            frames.append(table.frame[list(self.frame.columns)])
            parts.append(np.full(len(table.frame), part, dtype=object))
            rows.append(np.arange(len(table.frame)))
            notes.extend(f"{table.name}: {note}" for note in table.notes)
        joined = {name: _joined([frame[name] for frame in frames]) for name in self.frame.columns}
        return replace(
            self, frame=pd.DataFrame(joined), notes=tuple(notes), parts=np.concatenate(parts), rows=np.concatenate(rows)
        )


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """Images x (n, height, width, channels) and y (n,) or (n, t); y is None where only rows to predict are held.
    `divide` brings x into 0..1; 0: to be found from the training rows. `classes_why`: where y can be nothing but classes,
    what says so. `target_why`: where y stands, where that is not plain. `is_by_folder`: y holds names of folders."""

    x: NDArray[Any]
    y: NDArray[Any] | None
    name: str
    divide: float = 0.0
    target: str = "y"
    classes_why: str = ""
    is_by_folder: bool = False
    target_why: str = ""
    read: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    parts: NDArray[np.object_] | None = None

    def with_parts(self, extra: "Mapping[str, Table | Arrays]") -> "Arrays":
        """These images (training) and those of files of validation or test rows. Raises DataError for another shape."""
        xs, ys, parts = [self.x], [self.y], [np.full(len(self.x), "train", dtype=object)]
        for part, arrays in extra.items():
            if not isinstance(arrays, Arrays) or arrays.x.shape[1:] != self.x.shape[1:]:
                raise DataError(
                    "does not hold images of the same shape as the training rows",
                    where=arrays.name,
                    remedy=f"Expected x of shape (rows, {', '.join(map(str, self.x.shape[1:]))}).",
                )
            xs.append(arrays.x)
            ys.append(arrays.y)
            parts.append(np.full(len(arrays.x), part, dtype=object))
        labelled = [y for y in ys if y is not None]
        if len(labelled) < len(ys):
            raise DataError("a file has no y", where=self.name, remedy="Give x and y in every file.")
        return replace(self, x=np.concatenate(xs), y=np.concatenate(labelled), parts=np.concatenate(parts))


def _joined(columns: list[pd.Series]) -> pd.Series:
    if len({str(column.dtype) for column in columns}) > 1:
        columns = [column.astype(object) for column in columns]
    return pd.concat(columns, ignore_index=True)
