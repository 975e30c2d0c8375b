"""Which columns of the file a network relies on, what it answers as one of them changes, and one row with other values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.records import ColumnLike, PreparedLike
from nnviz.engine.views.columns.partial_dependence import partial_dependence
from nnviz.engine.views.columns.permutation_importance import REPEATS, Importance, permutation_importance
from nnviz.engine.views.columns.what_if import what_if
from nnviz.engine.views.view_request import ViewRequest, rows_of
from nnviz.errors import RequestError

MOST_ROWS = 500
LEAST_ROWS = 50
MOST_COLUMNS = 60
"""Of more, a first look with few rows says which are worth a longer one."""
LIMIT_COLUMNS = 3000
MOST_WEIGHTS = 20_000_000
MULTIPLICATIONS = 2e9
"""For one view, about: a second of a CPU. Rows are fewer where they would be more."""
SEED = 0
Rows = NDArray[np.float32]


def columns_view(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `columns`.

    choice: `column` (its number in the file's order; at first the most important one), `output` (class or target; at first the
    last of two classes, else the first), `row` (of the part), `values` (see `what_if`).

    {part, rows (a sample) of rows_in_all, repeats, score_name, loss, score, columns: [{index, name, loss, loss_spread, score,
    score_spread}] the largest rise of the loss first, columns_in_all; column, output, outputs: names of the targets; unit: of
    the first one; dependence: see `partial_dependence`, with file_rows: the rows of its curves in the file; what_if: see there,
    with row and file_row, and the row's class number or targets, `truth`}. Scores are None where they are not defined."""
    network, prepared = asked.network, asked.prepared
    columns = prepared.file_columns
    _check(network, columns)
    name, part = rows_of(prepared)
    rows = _sample(len(part.y), network, len(columns))
    x, y = np.asarray(part.x[rows], np.float32), np.asarray(part.y)[rows]
    judged, importance = _importance(asked, x, y, columns)
    ranked = sorted(zip(judged, importance.columns.tolist(), strict=True), key=lambda one: -one[1][0])
    column = asked.index("column", of=len(columns), default=ranked[0][0])
    output = asked.index("output", of=prepared.outputs, default=1 if len(prepared.classes) == 2 else 0)
    dependence = partial_dependence(network, prepared, x, column=columns[column], output=output)
    dependence["file_rows"] = [int(part.rows[rows[place]]) for place in dependence.pop("curve_rows")]
    return {
        "part": name,
        "rows": len(rows),
        "rows_in_all": len(part.y),
        "repeats": REPEATS,
        "score_name": "accuracy" if prepared.task == "classification" else "r2",
        "loss": importance.loss,
        "score": importance.score,
        "columns": [_named(index, columns[index], values) for index, values in ranked],
        "columns_in_all": len(columns),
        "column": column,
        "output": output,
        "outputs": [] if prepared.classes else list(prepared.targets),
        "unit": "" if prepared.classes else prepared.target_unit,
        "dependence": dependence,
        "what_if": _row(asked, part, {index: columns[index] for index, _ in ranked}),
    }


def _importance(asked: ViewRequest, x: Rows, y: NDArray[Any], columns: Sequence[ColumnLike]) -> tuple[list[int], Importance]:
    """The numbers of the columns that are judged, and what each is worth: once a moment, whatever is chosen."""
    memo = asked.memo
    if "importance" not in memo:
        judged = _worth_a_look(asked.network, x, y, columns)
        memo["importance"] = judged, permutation_importance(asked.network, x, y, [columns[index] for index in judged])
    judged, importance = memo["importance"]
    return judged, importance


def _check(network: Network, columns: Sequence[ColumnLike]) -> None:
    if not columns:
        raise RequestError("these rows have no columns of a file, so none can be shuffled")
    if len(columns) > LIMIT_COLUMNS:
        raise RequestError(f"{len(columns):,} columns are too many to look at each, and the limit is {LIMIT_COLUMNS:,}")
    weights = network.count_params()
    if weights > MOST_WEIGHTS:
        raise RequestError(
            f"this network is too large to look at its columns: {weights:,} weights, and the limit is {MOST_WEIGHTS:,}"
        )


def _sample(count: int, network: Network, columns: int) -> NDArray[np.int64]:
    """The places of some rows, drawn by a fixed seed, in their order."""
    answers = REPEATS * min(columns, MOST_COLUMNS) * max(1, network.count_params())
    most = min(count, max(LEAST_ROWS, min(MOST_ROWS, int(MULTIPLICATIONS / answers))))
    if most == count:
        return np.arange(count)
    return np.sort(np.random.default_rng(SEED).choice(count, most, replace=False))


def _worth_a_look(network: Network, x: Rows, y: NDArray[Any], columns: Sequence[ColumnLike]) -> list[int]:
    """The numbers of the columns that are judged: all, or those for which the loss of few rows changes most."""
    if len(columns) <= MOST_COLUMNS:
        return list(range(len(columns)))
    change = permutation_importance(network, x[:LEAST_ROWS], y[:LEAST_ROWS], columns, repeats=1).columns[:, 0]
    return sorted(np.argsort(-np.abs(change), kind="stable")[:MOST_COLUMNS].tolist())


def _named(index: int, column: ColumnLike, values: Sequence[float]) -> dict[str, Any]:
    numbers = dict(zip(("loss", "loss_spread", "score", "score_spread"), values, strict=True))
    return {"index": index, "name": column.name} | {key: value if np.isfinite(value) else None for key, value in numbers.items()}


def _row(asked: ViewRequest, part: Any, columns: dict[int, ColumnLike]) -> dict[str, Any]:
    prepared = asked.prepared
    row = asked.index("row", of=len(part.y))
    x = np.asarray(part.x[row : row + 1], np.float32)
    return {
        "row": row,
        "file_row": int(part.rows[row]),
        "truth": _truth(prepared, part.y[row]),
        **what_if(asked.network, prepared, x, columns, asked.choice.get("values")),
    }


def _truth(prepared: PreparedLike, y: Any) -> int | list[float]:
    if prepared.classes:
        return int(y)
    own: list[float] = (np.asarray(y, np.float64) * prepared.target_scale + prepared.target_mean).tolist()
    return own
