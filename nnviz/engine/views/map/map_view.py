"""What a network answers over two chosen columns of a table with more, or over its rows' first two principal components."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.metrics.evaluate import predict
from nnviz.engine.views.answers import answered
from nnviz.engine.views.columns.permutation_importance import permutation_importance
from nnviz.engine.views.map.planes import OfColumns, OfComponents, Plane, extent_of, grid, typical
from nnviz.engine.views.space.principal_plane import principal_plane
from nnviz.engine.views.view_request import ViewRequest, rows_of
from nnviz.errors import RequestError

SIDE = 48
MOST_ROWS = 500
FEW_ROWS = 60
"""For a first look at which columns matter."""
MOST_CLASSES = 256
MOST_JUDGED = 200
RESTS = ("typical", "row", "components")
Floats = NDArray[np.float64]


def map_view(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `map`.

    choice: `across`, `up` (numbers of columns in the file's order; at first the two whose shuffling raises the loss most),
    `rest`: what all other columns are, `typical` (median, or most frequent value), `row` (those of row `row` of the part) or
    `components` (the axes are the principal components of the rows' inputs instead).

    {part, rows of in_all, unanswered: see `answers.Rows`; columns: [{index, name}] of numbers, across, up, rest, row; plane: as
    in `FrameRenderer`, of `SIDE` x `SIDE` places: values and sure, or values and range; rows on it: x, y float32 (rows,), label:
    float32 (rows,) class or target in its own unit, marked: uint8, 1 for a wrong class; numbers: of the rows in the data; agree:
    for classes the share of the rows for which the map's answer, where they lie, is the one to the whole row, for numbers R2 of
    the map's answers as guesses of those (None where these do not vary); unit}.

    Raises RequestError for a table with fewer than two columns of numbers, for too many classes, for a choice that is none."""
    network, prepared = asked.network, asked.prepared
    if prepared.outputs > MOST_CLASSES and prepared.task == "classification":
        raise RequestError(f"{prepared.outputs:,} classes are too many for a map, and the limit is {MOST_CLASSES}")
    rows = answered(network, prepared, most=MOST_ROWS)
    across, up = _columns(asked)
    rest, row, plane = _plane(asked, rows.x, across, up)
    at = plane.at(rows.x)
    extent = extent_of(at)
    places = np.concatenate([grid(extent, SIDE), np.nan_to_num(at)])
    answers = predict(network, plane.inputs(places), mean=prepared.target_mean, scale=prepared.target_scale)
    is_class = prepared.task == "classification"
    own = rows.outputs if is_class else rows.outputs * prepared.target_scale + prepared.target_mean
    label = rows.y if is_class else np.asarray(rows.y[:, 0], np.float64) * prepared.target_scale[0] + prepared.target_mean[0]
    drawn = _classes if is_class else _values
    return {
        **rows.about,
        "columns": [
            {"index": index, "name": column.name} for index, column in enumerate(prepared.file_columns) if column.kind == "number"
        ],
        "across": across,
        "up": up,
        "rest": rest,
        "row": row,
        "plane": {"shape": [SIDE, SIDE], "extent": list(extent), "axes": list(plane.axes), **drawn(answers[: SIDE**2])},
        "x": at[:, 0].astype("<f4").tobytes(),
        "y": at[:, 1].astype("<f4").tobytes(),
        "label": label.astype("<f4").tobytes(),
        "marked": (rows.picked != rows.y).astype(np.uint8).tobytes() if is_class else b"",
        "numbers": rows.numbers.tolist(),
        "agree": _agree(answers[SIDE**2 :], own, is_class=is_class),
        "unit": prepared.target_unit,
    }


def _columns(asked: ViewRequest) -> tuple[int, int]:
    columns = asked.prepared.file_columns
    numbers = [index for index, column in enumerate(columns) if column.kind == "number"]
    if len(numbers) < 2:
        raise RequestError("a map takes two columns of numbers, and this table has fewer")
    chosen = [asked.index(name, of=len(columns), default=-1) for name in ("across", "up")]
    if any(place != -1 and place not in numbers for place in chosen):
        raise RequestError("both columns of a map hold numbers", where="across")
    if -1 in chosen:
        first = _most_important(asked, numbers)
        chosen = [first[axis] if place == -1 else place for axis, place in enumerate(chosen)]
    if chosen[0] == chosen[1]:
        raise RequestError("both columns of the map are the same", where="up", remedy="Choose another one.")
    return chosen[0], chosen[1]


def _most_important(asked: ViewRequest, numbers: list[int]) -> list[int]:
    """The two columns of numbers whose shuffling raises the loss of few rows most."""
    _, part = rows_of(asked.prepared)
    judged = numbers[:MOST_JUDGED]
    columns = [asked.prepared.file_columns[index] for index in judged]
    x, y = np.asarray(part.x[:FEW_ROWS], np.float32), np.asarray(part.y[:FEW_ROWS])
    rises = permutation_importance(asked.network, x, y, columns, repeats=2).columns[:, 0]
    return [judged[place] for place in np.argsort(-rises, kind="stable")[:2]]


def _plane(asked: ViewRequest, x: NDArray[np.float32], across: int, up: int) -> tuple[str, int, Plane]:
    rest = asked.choice.get("rest", RESTS[0])
    if rest not in RESTS:
        raise RequestError(f"the rest is one of {', '.join(RESTS)}; got {rest!r:.40}", where="rest")
    _, part = rows_of(asked.prepared)
    row = asked.index("row", of=len(part.y))
    columns = asked.prepared.file_columns
    if rest == "components":
        return rest, row, OfComponents(principal_plane(x, x.sum(axis=1)))
    others = np.asarray(part.x[row], np.float32) if rest == "row" else typical(x, columns)
    return rest, row, OfColumns(columns[across], columns[up], others)


def _classes(shares: NDArray[Any]) -> dict[str, Any]:
    """Of the classes' outputs (n, classes)."""
    size = shares.shape[1]
    sure = (np.clip(shares.max(axis=1), 0, 1) - 1 / size) / (1 - 1 / size)
    picked = shares.argmax(axis=1).astype(np.uint8)
    return {"kind": "classes", "classes": size, "values": picked.tobytes(), "sure": _bytes(sure)}


def _values(own: NDArray[Any]) -> dict[str, Any]:
    values = np.nan_to_num(own[:, 0])
    low, high = float(values.min()), float(values.max())
    return {"kind": "values", "range": [low, high], "values": _bytes((values - low) / max(high - low, 1e-12))}


def _bytes(shares: NDArray[Any]) -> bytes:
    return np.round(255 * np.clip(np.nan_to_num(shares), 0, 1)).astype(np.uint8).tobytes()


def _agree(on_map: NDArray[Any], own: NDArray[Any], *, is_class: bool) -> float | None:
    if is_class:
        return float((on_map.argmax(axis=1) == own.argmax(axis=1)).mean())
    spread = float(((own[:, 0] - own[:, 0].mean()) ** 2).sum())
    return 1 - float(((on_map[:, 0] - own[:, 0]) ** 2).sum()) / spread if spread > 0 else None
