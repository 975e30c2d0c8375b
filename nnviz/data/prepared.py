"""Data ready to be trained on: arrays by part, the encoder that made them, and the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data import decode
from nnviz.data.columns.column_code import Floats
from nnviz.data.columns.encode import Encoder, Task
from nnviz.data.columns.report import Report
from nnviz.data.file_columns import FileColumn, file_columns
from nnviz.errors import DataError


@dataclass(frozen=True, kw_only=True)
class Part:
    """The rows of one part. `x` float32 (n, *shape); `y` int32 (n,) class numbers or float32 (n, t) scaled targets; `rows`:
    numbers (from 0) of the rows in the file they came from; `raw` float64 (n, 2): the two inputs in their own unit, where the
    data is a plane."""

    x: Floats
    y: NDArray[np.int32] | Floats
    rows: NDArray[np.int64]
    raw: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Data ready to be trained on. `task`: "classification" or "regression". `shape`: of one row of input. `outputs`: number of
    classes, or of target columns, whose names are the `targets`. `columns`: names of the network's inputs (none for images).
    `parts`: train, and validation and test where asked for. `target_mean` float64 (t,), `target_scale` float32 (t,): own unit =
    scaled * scale + mean; 0 and 1 when unscaled, and for classes (t = 1). `encoder`: what made the arrays, fitted on the
    training rows, and encodes new ones. `report`: what the data holds. `plane`: the names of the two inputs when they are
    numbers and all there is; then `extent` is the range (x0, x1, y0, y1) to draw, in their own unit."""

    task: Task
    shape: tuple[int, ...]
    outputs: int
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    parts: Mapping[str, Part]
    target_mean: NDArray[np.float64]
    target_scale: Floats
    targets: tuple[str, ...]
    encoder: Encoder
    report: Report
    plane: tuple[str, str] | None = None
    extent: tuple[float, float, float, float] | None = field(default=None)

    @property
    def target_unit(self) -> str:
        """The unit that the file writes behind the first target's numbers; empty for none, and for classes."""
        return next(iter(self.target_units), "")

    @property
    def target_units(self) -> tuple[str, ...]:
        """Of each target, empty for none; no units at all for classes."""
        return tuple(decode.unit_of(way) for way in self.encoder.target.ways)

    @property
    def file_columns(self) -> Sequence[FileColumn]:
        """Of a table, the columns that became inputs; none of images."""
        return file_columns(self.encoder)

    def first_columns(self, x: Floats) -> tuple[list[str], list[list[str]], int]:
        """What stands in encoded rows `x` (n, inputs) of a table, as people write it: names of the first columns, their values
        row by row, and how many columns there are. Images have none."""
        if self.encoder.is_images or x.ndim != 2:
            return [], [], 0
        names, rows = decode.first_columns(self.encoder.columns, x)
        return names, rows, len(self.encoder.columns)

    def plane_grid(self, resolution: int) -> Floats:
        """Encoded inputs of a grid over `extent`, float32 (resolution**2, 2); row by row from the lowest second input,
        the first input running fastest: `reshape(resolution, resolution)[j, i]` lies at (x[i], y[j])."""
        if self.plane is None or self.extent is None:
            raise DataError("this data is not a plane", where="plane", remedy="It takes exactly two inputs that are numbers.")
        x0, x1, y0, y1 = self.extent
        across, up = np.meshgrid(np.linspace(x0, x1, resolution), np.linspace(y0, y1, resolution))
        return self.encoder.transform(pd.DataFrame({self.plane[0]: across.ravel(), self.plane[1]: up.ravel()}))


def assembled(
    encoder: Encoder,
    by_part: dict[str, Part],
    report: Report,
    *,
    plane: tuple[str, str] | None = None,
    extent: tuple[float, float, float, float] | None = None,
) -> Prepared:
    """What was prepared by `encoder`, with the shapes and names that it knows. `by_part`: the arrays of each part."""
    target = encoder.target
    return Prepared(
        task=target.task,
        shape=encoder.row_shape,
        outputs=len(target.classes) or len(target.names),
        classes=target.classes,
        columns=encoder.features,
        parts=by_part,
        targets=target.names,
        encoder=encoder,
        report=report,
        plane=plane,
        extent=extent,
        target_mean=np.array(target.mean or (0.0,), dtype=np.float64),
        target_scale=np.array(target.scale or (1.0,), dtype=np.float32),
    )
