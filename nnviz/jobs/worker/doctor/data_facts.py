"""What the doctor has to know of a run's rows, in a few numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data import Prepared
from nnviz.doctor import DataFacts
from nnviz.engine.network.cost import CostLayer

ROWS = 2_000
"""Of each part, evenly spread: enough for a mean, and read in milliseconds."""
_CONSTANT = 1e-12


def data_facts(prepared: Prepared, cost: CostLayer) -> DataFacts:
    """Of prepared data under the network's cost, which says what a constant answer costs."""
    rows = {name: _sample(part.x, part.y) for name, part in prepared.parts.items() if len(part.y)}
    inputs = {name: _columns(x, is_image=len(prepared.shape) > 1) for name, (x, _) in rows.items()}
    train = inputs["train"]
    targets = np.asarray(rows["train"][1], np.float64).reshape(len(rows["train"][1]), -1)
    is_classes = prepared.task == "classification"
    return DataFacts(
        task=prepared.task,
        shape=tuple(prepared.shape),
        outputs=prepared.outputs,
        rows={name: len(part.y) for name, part in prepared.parts.items()},
        class_shares={
            name: np.bincount(np.asarray(part.y[:], np.int64), minlength=prepared.outputs) / len(part.y)
            for name, part in prepared.parts.items()
            if is_classes and len(part.y)
        },
        baseline_loss=_baseline(rows, cost),
        shift=_shift(train, inputs["validation"]) if "validation" in inputs else np.empty(0),
        target_mean=np.empty(0) if is_classes else targets.mean(axis=0),
        target_scale=np.empty(0) if is_classes else targets.std(axis=0),
        copies=_copies(prepared),
        leaks=tuple(str(leak["column"]) for leak in prepared.report.leaks if leak["used"]),
    )


def _sample(x: Any, y: Any) -> tuple[NDArray[np.float32], NDArray[Any]]:
    picked = np.unique(np.linspace(0, len(y) - 1, min(ROWS, len(y))).astype(np.int64))
    return np.asarray(x[picked], np.float32), np.asarray(y[picked])


def _columns(x: NDArray[np.float32], *, is_image: bool) -> NDArray[np.float64]:
    return x.reshape(-1, 1 if is_image else x.shape[-1]).astype(np.float64)


def _baseline(rows: dict[str, tuple[NDArray[np.float32], NDArray[Any]]], cost: CostLayer) -> dict[str, float]:
    targets = {name: np.asarray(cost.targets(y), np.float32) for name, (_, y) in rows.items()}
    answer = targets["train"].mean(axis=0)
    losses = {}
    for name, (_, y) in rows.items():
        answers = np.broadcast_to(answer, targets[name].shape).astype(np.float32)
        losses[name] = float(cost.calculate(y, answers, from_logits=False))
    return {name: loss for name, loss in losses.items() if np.isfinite(loss)}


def _shift(train: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Welch's t of each column: the difference of both means in its own standard errors."""
    error = np.sqrt(train.var(axis=0) / len(train) + other.var(axis=0) / len(other))
    difference = train.mean(axis=0) - other.mean(axis=0)
    return np.where(error > _CONSTANT, difference / np.maximum(error, _CONSTANT), 0.0)


def _copies(prepared: Prepared) -> dict[str, float]:
    """Of each part but training, the share of rows that also train, less what chance makes."""
    record = prepared.report.copies
    expected = record.get("expected", {})
    return {
        name: max(0.0, count - expected.get(name, 0.0)) / max(1, len(prepared.parts[name].y))
        for name, count in record.get("crossing", {}).items()
        if name in prepared.parts
    }
