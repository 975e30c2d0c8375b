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
NEIGHBOURS = 10

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
    near = label[_nearest(x.reshape(len(x), -1))]
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
        neighbours=near.shape[1],
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


def _nearest(x: NDArray[np.float32]) -> Ints:
    """The places (n, 10) of the rows nearest to each of `x` (n, d) by Euclidean distance, without itself."""
    centred = x - x.mean(axis=0)
    squares = (centred**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * centred @ centred.T
    np.fill_diagonal(distances, np.inf)
    count = min(NEIGHBOURS, len(x) - 1)
    nearest: Ints = np.argpartition(distances, count - 1, axis=1)[:, :count]
    return nearest
