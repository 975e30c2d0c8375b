"""The metrics of labelled rows, added up batch by batch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data.columns.encode import TargetCode
from nnviz.engine.metrics.whole_set import Quality


class Scores:
    """`loss`: the mean of the rows' own losses; `accuracy` for classes; for numbers `mae`, `rmse` in the target's unit and
    `r2`, over all target columns (r2 over those that vary, left out where none does); and those of
    `nnviz.engine.metrics.whole_set`. Rows without a label count nowhere."""

    def __init__(self, target: TargetCode) -> None:
        self.target = target
        self.rows = 0
        self._loss = self._right = 0.0
        self._absolute: Any = 0.0
        self._squared: Any = 0.0
        self._sum: Any = 0.0
        self._sum_squared: Any = 0.0
        self._least: Any = np.inf
        self._most: Any = -np.inf
        self._quality = Quality(is_classifier=bool(target.classes), outputs=len(target.classes) or len(target.names))

    def add(
        self, values: NDArray[np.float64], picked: NDArray[Any] | None, y: NDArray[Any] | None, losses: NDArray[np.float64] | None
    ) -> None:
        """`values` (n, t) in the target's unit, `picked` class numbers (n,), `y` as the encoder gives it."""
        if y is None or losses is None:
            return
        known = y >= 0 if picked is not None else np.isfinite(y).all(axis=1)
        self.rows += int(known.sum())
        self._loss += float(losses[known].sum())
        if picked is not None:
            self._right += float((picked[known] == y[known]).sum())
            self._quality.add(values[known], y[known], picked=picked[known])
            return
        # Sums of scaled targets: they lie around 0, so that their squares lose no digits.
        scaled = y[known].astype(np.float64)
        own = scaled * np.array(self.target.scale) + np.array(self.target.mean)
        error = values[known] - own
        self._quality.add(values[known], own)
        self._absolute += np.abs(error).sum(axis=0)
        self._squared += (error**2).sum(axis=0)
        self._sum += scaled.sum(axis=0)
        self._sum_squared += (scaled**2).sum(axis=0)
        self._least = np.minimum(self._least, scaled.min(axis=0, initial=np.inf))
        self._most = np.maximum(self._most, scaled.max(axis=0, initial=-np.inf))

    def metrics(self) -> dict[str, float]:
        if self.target.task == "classification":
            return {"accuracy": self._right / self.rows, "loss": self._loss / self.rows} | self._quality.metrics()
        metrics = {
            "loss": self._loss / self.rows,
            "mae": float(np.mean(self._absolute / self.rows)),
            "rmse": float(np.sqrt(np.mean(self._squared / self.rows))),
        }
        spread = (self._sum_squared - self._sum**2 / self.rows) * np.array(self.target.scale) ** 2
        varies = (self._most > self._least) & (spread > 0)
        if varies.any():
            metrics["r2"] = float(np.mean(1 - self._squared[varies] / spread[varies]))
        return metrics | self._quality.metrics()
