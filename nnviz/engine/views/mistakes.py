"""The rows that a network gets wrong: the most confident ones at a moment, and those that it learned last, forgot or never got
over the moments before."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.training.live_views import is_picture, pixels
from nnviz.engine.views.answers import Rows, answered, gives_probabilities
from nnviz.engine.views.nearest_rows import nearest_classes
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.spec import layer_kinds

MOST_ROWS = 1000
MOST_SURE, MOST_OTHERS = 16, 10
MOST_CLASSES = 30
"""More would not be told apart in a table of counts."""
FIRM = 0.9
"""A probability from which on a wrong answer is spoken of as firm."""
MOST_MOMENTS, LEAST_MOMENTS = 24, 4
MOST_WORK = 500_000_000
"""Rows x parameters x moments that are asked: of large networks fewer moments, or none."""


def mistakes(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `mistakes`, of up to 1,000 rows.

    part, rows, in_all, unanswered: which rows (see `answers.Rows`); wrong: how many of them are; firm: how many of these with a
    probability of 0.9 or more; names: of the classes. scores: `probability`, or `score` for costs whose outputs are none.
    moments: how many recorded ones were asked, 0 where that would take long. counts: of rows by true and by predicted class, for
    up to 30 classes; cell {truth, guess, rows}: the one that is chosen, of so many rows.

    Lists of rows: `sure`, up to 16 that are wrong, the highest output of the wrong class first; `in_cell`, likewise, of the
    chosen count; of the moments, up to 10 each: `never`, wrong and right at none, `forgotten`, wrong now and right at most
    moments, `late`, right now and the last to become so for good. A row: {row (number in the data), truth, guess (numbers of
    classes), probability (of the guess), right (of the truth), values (of a table's first columns, as people write them), image
    and shape; near ([class, how many] of its 5 nearest training rows, not where inputs are codes of words); missed (moments
    that got it wrong), since (the step of the first moment from which on it is right; None where it is wrong)}. columns: the
    names of `values`, of columns_in_all."""
    rows = answered(asked.network, asked.prepared, most=MOST_ROWS)
    is_wrong = rows.picked != rows.y
    wrong = np.flatnonzero(is_wrong)
    sure = wrong[np.argsort(-rows.outputs[wrong, rows.picked[wrong]], kind="stable")][:MOST_SURE]
    way = list(_way(asked, len(rows.y)))
    answers = _wrong_then(asked, rows, way, is_wrong)
    cell, in_cell = _cell(asked, rows)
    lists = {"sure": sure, "in_cell": in_cell} | ({} if answers is None else _over_moments(answers))
    listed = _Listed(asked, rows, np.unique(np.concatenate([*map(np.asarray, lists.values())]).astype(np.int64)))
    return (
        rows.about
        | _counts(rows, len(asked.prepared.classes))
        | cell
        | {
            "wrong": len(wrong),
            "firm": int((rows.outputs[wrong, rows.picked[wrong]] >= FIRM).sum()),
            "names": [str(name) for name in asked.prepared.classes],
            "scores": "probability" if gives_probabilities(asked.network) else "score",
            "moments": 0 if answers is None else len(answers),
            **{name: [listed.row(int(at)) | _history(answers, way, int(at)) for at in places] for name, places in lists.items()},
            **listed.columns,
        }
    )


def _counts(rows: Rows, classes: int) -> dict[str, Any]:
    if classes > MOST_CLASSES:
        return {}
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (rows.y, rows.picked), 1)
    return {"counts": counts.tolist()}


def _cell(asked: ViewRequest, rows: Rows) -> tuple[dict[str, Any], NDArray[np.int64]]:
    """Of which true and predicted class rows are chosen, and the places of the first of them; empty where none is."""
    if "truth" not in asked.choice:
        return {}, np.zeros(0, np.int64)
    classes = len(asked.prepared.classes)
    truth, guess = asked.index("truth", of=classes), asked.index("guess", of=classes)
    places = np.flatnonzero((rows.y == truth) & (rows.picked == guess))
    sure = places[np.argsort(-rows.outputs[places, guess], kind="stable")][:MOST_SURE]
    return {"cell": {"truth": truth, "guess": guess, "rows": len(places)}}, sure


def _way(asked: ViewRequest, rows: int) -> Iterator[Recorded]:
    """The moments to ask: not the one before the first step, whose answers are chance."""
    most = min(MOST_MOMENTS, MOST_WORK // max(1, rows * asked.network.count_params()))
    return (moment for moment in (asked.way(most) if most >= LEAST_MOMENTS else ()) if moment.step > 0)


def _wrong_then(asked: ViewRequest, rows: Rows, way: list[Recorded], is_wrong: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Which rows were wrong at each moment (moments, rows), the last of which is now; None for too few moments."""
    if len(way) < LEAST_MOMENTS:
        return None
    network = asked.network
    memo = f"wrong of {hash(rows.numbers.tobytes())}"
    for moment in way[:-1]:
        if memo not in moment.memo:
            network.values = moment.weights
            raw = network.raw(rows.x)
            picked = np.asarray(network.cost.picked(tf.constant(raw)))
            moment.memo[memo] = (picked != rows.y) | ~np.isfinite(raw).all(axis=1)
    network.values = asked.state.weights
    return np.array([*(moment.memo[memo] for moment in way[:-1]), is_wrong])


def _over_moments(wrong: NDArray[np.bool_]) -> dict[str, NDArray[np.int64]]:
    """The rows of each list, of which were wrong at each moment (moments, rows)."""
    missed, since = wrong.sum(axis=0), _since(wrong)
    is_wrong = wrong[-1]
    forgotten = np.flatnonzero(is_wrong & (missed <= len(wrong) // 2))
    late = np.flatnonzero(~is_wrong & (since > 0))
    return {
        "never": np.flatnonzero(missed == len(wrong))[:MOST_OTHERS],
        "forgotten": forgotten[np.argsort(missed[forgotten], kind="stable")][:MOST_OTHERS],
        "late": late[np.lexsort((-missed[late], -since[late]))][:MOST_OTHERS],
    }


def _since(wrong: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The place of the moment from which on each row is right; the number of moments where it is wrong at the last one."""
    places = np.arange(1, len(wrong) + 1)[:, None]
    since: NDArray[np.int64] = (wrong * places).max(axis=0)
    return since


def _history(answers: NDArray[np.bool_] | None, way: list[Recorded], at: int) -> dict[str, Any]:
    if answers is None:
        return {}
    since = int(_since(answers[:, [at]])[0])
    return {"missed": int(answers[:, at].sum()), "since": way[since].step if since < len(way) else None}


class _Listed:
    """Rows as they are listed."""

    def __init__(self, asked: ViewRequest, rows: Rows, places: NDArray[np.int64]) -> None:
        """`places`: of all that are to be listed."""
        self.rows = rows
        self.read = getattr(asked.prepared, "first_columns", None)
        self.has_probabilities = gives_probabilities(asked.network)
        self.columns: dict[str, Any] = {}
        self.near: dict[int, list[list[int]]] = {}
        if len(places) and "Embedding" not in layer_kinds(asked.spec.layers):
            near = asked.of_data.setdefault("nearest", {})
            missing = np.array([at for at in places if int(rows.numbers[at]) not in near], np.int64)
            if missing.size:
                numbers = rows.numbers[missing]
                near |= zip(map(int, numbers), nearest_classes(asked.prepared, rows.x[missing], numbers), strict=True)
            self.near = {int(at): near[int(rows.numbers[at])] for at in places}

    def row(self, at: int) -> dict[str, Any]:
        """The row at a place among `rows`."""
        rows = self.rows
        truth, guess = int(rows.y[at]), int(rows.picked[at])
        item: dict[str, Any] = {
            "row": int(rows.numbers[at]),
            "truth": truth,
            "guess": guess,
            "probability": float(rows.outputs[at, guess]),
        }
        if self.has_probabilities:
            item["right"] = float(rows.outputs[at, truth])
        if at in self.near:
            item["near"] = self.near[at]
        x = rows.x[at]
        if is_picture(x):
            item |= {"shape": list(x.shape), "image": pixels(x)}
        elif self.read is not None:
            columns, values, in_all = self.read(x[None])
            if columns:
                self.columns = {"columns": columns, "columns_in_all": in_all}
                item["values"] = values[0]
        return item
