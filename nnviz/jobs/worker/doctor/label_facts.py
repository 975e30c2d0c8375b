"""What a network and their neighbours say of the classes that rows have."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnviz.data import Prepared
from nnviz.doctor import LabelFacts
from nnviz.engine import State
from nnviz.engine.views.answers import gives_probabilities
from nnviz.jobs.worker.doctor.row_work import row_work
from nnviz.jobs.worker.history.recorded import Net
from nnviz.spec import layer_kinds

MOST_ROWS, LEAST_ROWS = 3_000, 60
MOST_CLASSES = 100
MOST_WORK = 8e9
"""Multiplications for all answers together, and likewise for all distances: each takes less than a second."""
NEIGHBOURS, ALL_NEIGHBOURS = 10, 25
"""Of which a row's likely class is told, and how much they agree."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def label_facts(net: Net, states: Sequence[State]) -> LabelFacts | None:
    """At some moments of a training; None for numbers, words, too many classes, and where it would take long."""
    prepared, network = net.prepared, net.session.network
    is_known = prepared.task == "classification" and 2 <= prepared.outputs <= MOST_CLASSES and gives_probabilities(network)
    if not states or not is_known or "Embedding" in layer_kinds(net.spec.layers):
        return None
    size = int(np.prod(prepared.shape))
    most = int(min(MOST_ROWS, MOST_WORK / row_work(network) / len(states), (MOST_WORK / size) ** 0.5))
    x, label, rows, in_all = _labelled(prepared, most)
    if len(label) < LEAST_ROWS:
        return None
    answers = np.array([net.put(state).network.predict(x) for state in states], np.float64).mean(axis=0)
    if not np.isfinite(answers).all():
        return None
    usual = np.array([answers[label == one, one].mean() if (label == one).any() else np.nan for one in range(prepared.outputs)])
    guess = _other_class(answers, label, usual)
    every_near, distance = _nearest(x.reshape(len(x), -1))
    near = label[every_near[:, :NEIGHBOURS]]
    sure_wrong, unsure_wrong = _contradicted(label[every_near], label, distance, prepared.outputs)
    every = np.arange(len(label))
    return LabelFacts(
        rows=rows,
        in_all=in_all,
        label=label,
        own=answers[every, label],
        guess=guess,
        other=answers[every, guess],
        usual=usual,
        near_own=(near == label[:, None]).mean(axis=1),
        near_guess=(near == guess[:, None]).mean(axis=1),
        sure_wrong=sure_wrong,
        unsure_wrong=unsure_wrong,
        classes=tuple(str(name) for name in prepared.classes),
    )


def _labelled(prepared: Prepared, most: int) -> tuple[NDArray[np.float32], Ints, Ints, int]:
    """Rows of training and validation as the network sees them, their classes and numbers, evenly spread; how many there are."""
    parts = [prepared.parts[name] for name in ("train", "validation") if name in prepared.parts]
    in_all = sum(len(part.y) for part in parts)
    picked = [np.unique(np.linspace(0, len(p.y) - 1, min(len(p.y), most * len(p.y) // in_all)).astype(np.int64)) for p in parts]
    x = np.concatenate([np.asarray(part.x[at], np.float32) for part, at in zip(parts, picked, strict=True)])
    label, rows = (
        np.concatenate([np.asarray(getattr(part, name)[at], np.int64) for part, at in zip(parts, picked, strict=True)])
        for name in ("y", "rows")
    )
    return x, label, rows, in_all


def _other_class(answers: Floats, label: Ints, usual: Floats) -> Ints:
    """The likeliest class but a row's own of those that it has at least as much as their own rows usually have; where there is
    none, of all."""
    others = answers.copy()
    others[np.arange(len(label)), label] = -1.0
    above = np.where(answers >= np.nan_to_num(usual, nan=np.inf), others, others - 1.0)
    guess: Ints = above.argmax(axis=1)
    return guess


def _nearest(x: NDArray[np.float32]) -> tuple[Ints, Floats]:
    """The places (n, 25) of the rows nearest to each of `x` (n, d) by Euclidean distance, without itself, the nearest first, and
    their mean squared distance (n,)."""
    centred = x - x.mean(axis=0)
    squares = (centred**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * centred @ centred.T
    np.fill_diagonal(distances, np.inf)
    count = min(ALL_NEIGHBOURS, len(x) - 1)
    nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
    apart = np.take_along_axis(distances, nearest, axis=1)
    order = np.argsort(apart, axis=1, kind="stable")
    return np.take_along_axis(nearest, order, axis=1), apart.mean(axis=1, dtype=np.float64)


def _contradicted(near: Ints, label: Ints, distance: Floats, classes: int) -> tuple[float, float]:
    """The share of rows whose class is not the commonest among those of their neighbours, `near` (n, k), in the first and the
    third quarter by how much these agree; of equals the nearer first."""
    votes = np.stack([(near == one).sum(axis=1) for one in range(classes)], axis=1)
    first_two = np.sort(votes, axis=1)[:, -2:]
    order = np.lexsort((distance, first_two[:, 0] - first_two[:, 1]))
    wrong = (votes.argmax(axis=1) != label)[order]
    quarter = len(wrong) // 4
    return float(wrong[:quarter].mean()), float(wrong[2 * quarter : 3 * quarter].mean())
