"""Planes through the space of a table's inputs: two of its columns, or the rows' first two principal components."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.records import ColumnLike
from nnviz.engine.views.space.principal_plane import PrincipalPlane

EDGES = (1.0, 99.0)
"""Percentiles between which a plane is drawn: beyond them few rows say anything."""
ROOM = 0.04
Floats = NDArray[np.float64]
Inputs = NDArray[np.float32]
Extent = tuple[float, float, float, float]


class Plane(Protocol):
    """`axes`: what both are called. `at`: where encoded rows (n, inputs) lie on it, (n, 2), in the axes' own units. `inputs`: of
    places (n, 2), encoded."""

    @property
    def axes(self) -> tuple[str, str]: ...
    def at(self, x: Inputs) -> Floats: ...
    def inputs(self, places: Floats) -> Inputs: ...


class OfColumns:
    """Two columns of numbers; all others are as in the encoded row `rest` (inputs,)."""

    def __init__(self, across: ColumnLike, up: ColumnLike, rest: Inputs) -> None:
        self.both, self.rest = (across, up), rest

    @property
    def axes(self) -> tuple[str, str]:
        first, second = (column.name + (f" ({column.unit})" if column.unit else "") for column in self.both)
        return first, second

    def at(self, x: Inputs) -> Floats:
        return np.stack([column.numbers(x) for column in self.both], axis=1)

    def inputs(self, places: Floats) -> Inputs:
        x = np.tile(self.rest, (len(places), 1))
        for column, values in zip(self.both, places.T, strict=True):
            x[:, column.first : column.end] = column.of_numbers(values)
        return x


class OfComponents:
    """The rows' first two principal components; what lies beside them is as in the rows' mean."""

    axes = ("first principal component", "second principal component")

    def __init__(self, plane: PrincipalPlane) -> None:
        self.plane = plane

    def at(self, x: Inputs) -> Floats:
        return self.plane.coordinates(x)

    def inputs(self, places: Floats) -> Inputs:
        return (self.plane.mean + places @ self.plane.directions).astype(np.float32)


def typical(x: Inputs, columns: Sequence[ColumnLike]) -> Inputs:
    """A row with each column's median, or its most frequent value where it holds no numbers: encoded, (inputs,)."""
    row = np.zeros(x.shape[1], np.float32)
    for column in columns:
        block = x[:, column.first : column.end]
        if column.kind == "number":
            row[column.first : column.end] = np.median(block, axis=0)
        else:
            each, counts = np.unique(block, axis=0, return_counts=True)
            row[column.first : column.end] = each[counts.argmax()]
    return row


def extent_of(at: Floats) -> Extent:
    """Where most of the rows lie, with some room; an axis on which all are in one place has a width, too."""
    ends: list[float] = []
    for values in at.T:
        known: NDArray[Any] = values[np.isfinite(values)]
        low, high = np.percentile(known, EDGES) if len(known) else (0.0, 0.0)
        room = ROOM * (high - low) or 1.0
        ends += [float(low - room), float(high + room)]
    return ends[0], ends[1], ends[2], ends[3]


def grid(extent: Extent, side: int) -> Floats:
    """side x side places, (side * side, 2): row by row from the lowest, the first axis running fastest."""
    x0, x1, y0, y1 = extent
    across, up = np.meshgrid(np.linspace(x0, x1, side), np.linspace(y0, y1, side))
    return np.stack([across.ravel(), up.ravel()], axis=1)
