"""How good a network's answers are, class by class, at any threshold; and whether its probabilities can be believed."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.metrics.ranking import areas, ranking
from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.engine.views.answers import Floats, Rows, answered, gives_probabilities

MOST_CLASSES = 40
MOST_POINTS = 150
"""Of a curve; of all classes together about 30 as many."""
THRESHOLDS = 101
BINS = 10


def class_results(network: Network, prepared: PreparedLike) -> dict[str, Any]:
    """The body of the frame `results`.

    part, rows, in_all, unanswered: which rows (see `answers.Rows`); right: how many of them are. classes: up to 40 of
    `classes_in_all`, those with the most rows, by number: {class, name, rows, called, right} (rows that are of the class, that
    were called so, both); `curve`: uint16 pairs (true, false), from no row to all, of rows of the class and of others that
    have at least some score, with their exact areas `auc` and `ap` (no curve where one side has no rows); `at`: the same counts
    for 101 thresholds from low to high of `range`, evenly. scores: `probability`, or `score` for costs whose outputs are none.
    For probabilities also `calibration` of each class, and of the whole that of the answers: bins (10 of equal width: float32
    rows, mean probability, share that was right), confidence and frequency (both over
    all rows), `error`: the expected calibration error."""
    rows = answered(network, prepared)
    has_probabilities = gives_probabilities(network)
    sizes = np.bincount(rows.y, minlength=prepared.outputs)
    chosen = np.sort(np.argsort(-sizes, kind="stable")[:MOST_CLASSES])
    points = min(MOST_POINTS, 30 * MOST_POINTS // len(chosen))
    limits = (0.0, 1.0) if has_probabilities else (float(rows.outputs.min()), float(rows.outputs.max()))
    body: dict[str, Any] = rows.about | {
        "right": int((rows.picked == rows.y).sum()),
        "classes_in_all": prepared.outputs,
        "scores": "probability" if has_probabilities else "score",
        "range": list(limits),
        "classes": [_class(int(number), rows, prepared, limits, points, has_probabilities) for number in chosen],
    }
    if has_probabilities:
        sure = rows.outputs[np.arange(len(rows.y)), rows.picked]
        body["calibration"] = calibration(sure, rows.picked == rows.y)
    return body


def calibration(confidence: Floats, true: NDArray[np.bool_]) -> dict[str, Any]:
    """Probabilities (n,) from 0 to 1, and whether each came true, in 10 bins; the error, the mean distance of confidence and
    frequency in a bin weighted by its rows, is equation 3 of Guo et al. 2017 (https://arxiv.org/abs/1706.04599)."""
    places = np.clip((confidence * BINS).astype(np.int64), 0, BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    mean, frequency = (
        np.bincount(places, weights=values, minlength=BINS) / np.maximum(counts, 1)
        for values in (confidence, true.astype(np.float64))
    )
    return {
        "bins": np.stack([counts, mean, frequency], axis=1).astype("<f4").tobytes(),
        "error": float(np.sum(counts * np.abs(mean - frequency)) / max(1, len(confidence))),
        "confidence": float(confidence.mean()),
        "frequency": float(true.mean()),
    }


def _class(
    number: int, rows: Rows, prepared: PreparedLike, limits: tuple[float, float], points: int, has_probabilities: bool
) -> dict[str, Any]:
    own, scores = rows.y == number, rows.outputs[:, number]
    called = rows.picked == number
    body: dict[str, Any] = {
        "class": number,
        "name": prepared.classes[number] if number < len(prepared.classes) else str(number),
        "rows": int(own.sum()),
        "called": int(called.sum()),
        "right": int((own & called).sum()),
    }
    thresholds = np.linspace(*limits, THRESHOLDS)
    at = [len(part) - np.searchsorted(np.sort(part), thresholds, side="left") for part in (scores[own], scores[~own])]
    body["at"] = _pairs(*at)
    if 0 < body["rows"] < len(own):
        _, true, false = ranking(scores, own)
        body["auc"], body["ap"] = areas(true, false)
        drawn = _thinned(true, false, points)
        body["curve"] = _pairs(np.append(0, true[drawn]), np.append(0, false[drawn]))
    if has_probabilities:
        body["calibration"] = calibration(scores, own)
    return body


def _thinned(true: NDArray[np.int64], false: NDArray[np.int64], points: int) -> NDArray[np.int64]:
    """Which points of a curve are drawn: all, or of too many some that lie evenly along it, the last among them."""
    if len(true) <= points:
        return np.arange(len(true))
    along = true / true[-1] + false / false[-1]
    return np.unique(np.searchsorted(along, np.linspace(along[0], along[-1], points)))


def _pairs(true: NDArray[Any], false: NDArray[Any]) -> bytes:
    return np.stack([true, false], axis=1).astype("<u2").tobytes()
