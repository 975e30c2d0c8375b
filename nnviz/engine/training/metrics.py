"""The metrics of a training, from the sums its loop gives and from passes over whole parts."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnviz.engine.loop.loop import Chunk
from nnviz.engine.loop.session import Session
from nnviz.engine.metrics import streaming
from nnviz.engine.metrics.evaluate import final
from nnviz.engine.network import regularization
from nnviz.engine.records import EpochRecord, PreparedLike


class TrainingMetrics:
    """Of the network of a session, named as they are recorded."""

    def __init__(self, session: Session, prepared: PreparedLike) -> None:
        self.session, self.prepared = session, prepared
        self._penalized = regularization.has_any(session.network)

    def of_epochs(
        self, chunk: Chunk, ended: Sequence[int], first: int, stop: int, *, now: float, took: float
    ) -> list[EpochRecord]:
        """The records of the epochs `ended` by a call that did the steps from `first` to `stop`, in `took` seconds up to
        second `now`."""
        if not ended:
            return []
        if not self.session.inner:
            return [EpochRecord(ended[-1], stop, now, self.now("train", "validation", sampled=True) | _rate(chunk, stop - first))]
        records = []
        for epoch, sums in zip(ended, chunk.sums.astype(np.float64), strict=True):
            step = self.session.loop.calendar.step(epoch)
            share = (stop - step) / (stop - first)
            records.append(EpochRecord(epoch, step, max(0.0, now - share * took), self._of(sums) | _rate(chunk, step - first)))
        return records

    def exact(self, record: EpochRecord) -> EpochRecord:
        """A record of the weights as they are, with those of the training rows taken from all of them."""
        return record if self.session.sample is None else record._replace(metrics={**record.metrics, **self.now("train")})

    def now(self, *parts: str, sampled: bool = False) -> dict[str, float]:
        """Those of whole parts, by the weights as they are; `sampled`: those of the training rows as after an epoch."""
        metrics: dict[str, float] = {}
        for name in parts:
            part = self.prepared.parts.get(name)
            if part is None or not len(part.y):
                continue
            rows = self.session.sample if sampled and name == "train" else None
            metrics |= streaming.prefixed(self.session.scorer(part.x, part.y, scale=self.prepared.target_scale, rows=rows), name)
        if self._penalized and "train" in parts:
            metrics["penalty"] = float(regularization.penalty(self.session.network))
        return metrics

    def final(self) -> dict[str, float]:
        """Those that are computed once, when a run has ended: of the test rows, and more of the validation rows."""
        metrics = self.now("test")
        for name in ("validation", "test"):
            if (part := self.prepared.parts.get(name)) is not None and len(part.y):
                metrics |= streaming.prefixed(
                    final(
                        self.session.network,
                        part.x,
                        part.y,
                        scale=self.prepared.target_scale,
                        batch_size=self.session.scorer.batch_size,
                    ),
                    name,
                )
        return metrics

    def _of(self, sums: Any) -> dict[str, float]:
        metrics: dict[str, float] = {}
        width = streaming.width(self.session.network)
        for index, part in enumerate(self.session.parts):
            y = self.prepared.parts[part].y
            if part == "train" and self.session.sample is not None:
                y = y[self.session.sample]
            scores = streaming.metrics(
                sums[index * width : (index + 1) * width],
                y,
                scale=self.prepared.target_scale,
                classification=self.prepared.task == "classification",
            )
            metrics |= streaming.prefixed(scores, part)
        if self._penalized:
            metrics["penalty"] = float(sums[-1])
        return metrics


def _rate(chunk: Chunk, steps: int) -> dict[str, float]:
    """The learning rate of the last of so many steps, as it is recorded: where a schedule changes it."""
    return {} if chunk.rate is None else {"learning_rate": float(chunk.rate[steps - 1])}
