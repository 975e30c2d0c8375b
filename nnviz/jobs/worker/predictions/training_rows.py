"""Which labelled rows a network was trained on, and how good it is on those and on the others."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nnviz.data import Prepared
from nnviz.data.columns.encode import TargetCode
from nnviz.jobs.worker.predictions.answer_rows import Outputs
from nnviz.jobs.worker.predictions.scores import Scores

MOST_NUMBERS = 50_000_000
"""Rows times inputs up to which training rows are looked through."""


class TrainingRows:
    """The encoded training rows with their targets, by hashes. Where equal rows were also held back, as many of those asked
    about are among the training rows as were, in their order."""

    def __init__(self, training: Counter[int], held_back: Counter[int]) -> None:
        self._training, self._held_back = training, held_back

    @classmethod
    def of(cls, prepared: Prepared) -> Self | None:
        """None where the rows lie on the disk, or are too many."""
        parts = dict(prepared.parts)
        if not all(isinstance(part.x, np.ndarray) for part in parts.values()):
            return None
        if sum(part.x.size for part in parts.values()) > MOST_NUMBERS:
            return None
        training = parts.pop("train")
        held_back = Counter(key for part in parts.values() for key in _keys(part.x, part.y))
        return cls(Counter(_keys(training.x, training.y)), held_back)

    def among(self, x: NDArray[np.float32], y: NDArray[Any], asked: Counter[int]) -> NDArray[np.bool_]:
        """(n,): whether the network was trained on each of these rows. `asked`: how often each was asked about before; grows."""
        return np.fromiter((self._is_training(key, asked) for key in _keys(x, y)), dtype=bool, count=len(x))

    def _is_training(self, key: int, asked: Counter[int]) -> bool:
        trained_on, held_back = self._training[key], self._held_back[key]
        if not trained_on or not held_back:
            return bool(trained_on)
        asked[key] += 1
        return (asked[key] - 1) % (trained_on + held_back) < trained_on


class ApartScores:
    """The metrics of rows that a network was trained on, and of others; of none without knowing which."""

    def __init__(self, training: TrainingRows | None, target: TargetCode) -> None:
        self.training = training
        self._scores = {True: Scores(target), False: Scores(target)}
        self._asked: Counter[int] = Counter()

    def add(self, outputs: Outputs) -> None:
        y, losses, picked = outputs.batch.y, outputs.losses, outputs.picked
        if self.training is None or y is None or losses is None:
            return
        among = self.training.among(outputs.batch.x, y, self._asked)
        for is_training, scores in self._scores.items():
            mask = among == is_training
            if mask.any():
                scores.add(outputs.values[mask], None if picked is None else picked[mask], y[mask], losses[mask])

    def answer(self) -> dict[str, Any]:
        """`trained_on` and `others`: how many labelled rows (`rows`) and their `metrics`, of none empty."""
        if self.training is None:
            return {}
        return {
            name: {"rows": scores.rows, "metrics": scores.metrics() if scores.rows else {}}
            for name, scores in (("trained_on", self._scores[True]), ("others", self._scores[False]))
        }


def _keys(x: NDArray[Any], y: NDArray[Any]) -> Iterator[int]:
    # 0.0 is added so that there is no -0.0.
    inputs = np.ascontiguousarray(x.reshape(len(x), -1), np.float32) + np.float32(0)
    targets = np.ascontiguousarray(y.reshape(len(y), -1), np.float64) + 0.0
    return (hash(row.tobytes() + target.tobytes()) for row, target in zip(inputs, targets, strict=True))
