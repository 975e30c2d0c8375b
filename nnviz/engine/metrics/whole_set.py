"""Metrics that need all rows of a part together, from predictions that come in batches: taken once training is over.

Definitions as in scikit-learn: balanced accuracy (mean recall of the classes that occur), macro F1 (over classes that occur
or are predicted), ROC AUC and average precision (one class against the rest, the mean over classes that have rows on both
sides; for two classes that of the second), top-k accuracy (of equal scores the class with the higher number comes first),
median absolute error. NumPy only.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.metrics.ranking import areas, ranking

MOST = 20_000_000
"""Values that are kept to be ranked; beyond it what needs a rank is left out, so that memory stays bounded."""
TOP = (3, 5)


class Quality:
    """`add` batches, then `metrics`. `outputs`: classes or target columns."""

    def __init__(self, *, is_classifier: bool, outputs: int, most: int = MOST) -> None:
        self.is_classifier, self.outputs, self.most = is_classifier, outputs, most
        self._confusion = np.zeros((outputs, outputs), np.int64) if is_classifier else None
        self._in_top = dict.fromkeys((k for k in TOP if is_classifier and k < outputs), 0)
        self._scores: list[NDArray[np.float32]] = []
        self._labels: list[NDArray[Any]] = []
        self._values = 0

    def add(self, values: NDArray[Any], y: NDArray[Any], *, picked: NDArray[Any] | None = None) -> None:
        """For classes `values` are scores or probabilities (n, outputs), `picked` and `y` class numbers (n,); for numbers
        `values` and `y` are (n, outputs) in one unit. Every row has a label."""
        if self._confusion is None:
            self._keep(np.abs(np.asarray(values, np.float64) - y).astype(np.float32))
            return
        assert picked is not None
        np.add.at(self._confusion, (y, picked), 1)
        own = np.take_along_axis(np.asarray(values), np.asarray(y, np.int64)[:, None], axis=1)
        later = np.arange(self.outputs) > np.asarray(y)[:, None]
        # what is no number is ahead of everything: a row of such scores is no hit
        higher = (~(values <= own) | ((values == own) & later)).sum(axis=1)
        for k in self._in_top:
            self._in_top[k] += int((higher < k).sum())
        self._keep(np.asarray(values, np.float32), y)

    def metrics(self) -> dict[str, float]:
        """`balanced_accuracy`, `f1`, `top3`, `top5` (with more classes than that), `roc_auc`, `pr_auc`; or `medae`.

        What the rows do not settle (one class only) is left out."""
        scores = np.concatenate(self._scores) if self._scores and self._values <= self.most else None
        if self._confusion is None:
            return {} if scores is None else {"medae": float(np.mean(np.median(scores, axis=0)))}
        right = np.diag(self._confusion).astype(float)
        actual, chosen = self._confusion.sum(axis=1), self._confusion.sum(axis=0)
        rows = int(actual.sum())
        if not rows:
            return {}
        occurs = actual > 0
        seen = actual + chosen > 0
        metrics = {
            "balanced_accuracy": float(np.mean(right[occurs] / actual[occurs])),
            "f1": float(np.mean(2 * right[seen] / (actual + chosen)[seen])),
        }
        metrics |= {f"top{k}": count / rows for k, count in self._in_top.items()}
        if scores is None:
            return metrics
        labels = np.concatenate(self._labels)
        ranked = [number for number in ([1] if self.outputs == 2 else range(self.outputs)) if 0 < actual[number] < rows]
        pairs = np.array([areas(*ranking(scores[:, number], labels == number)[1:]) for number in ranked])
        if len(pairs):
            metrics |= {"roc_auc": float(pairs[:, 0].mean()), "pr_auc": float(pairs[:, 1].mean())}
        return metrics

    def _keep(self, values: NDArray[np.float32], labels: NDArray[Any] | None = None) -> None:
        self._values += values.size
        if self._values > self.most:
            self._scores, self._labels = [], []
            return
        self._scores.append(values)
        if labels is not None:
            self._labels.append(np.asarray(labels))
