"""The rows that an answer holds: the first predictions, and those with the highest loss."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.jobs.worker.predictions.as_read import own_cells
from nnviz.jobs.worker.predictions.new_rows import Batch
from nnviz.jobs.worker.reading import png

TABLE_ROWS = 1000
"""Rows of predictions that an answer holds; all of them are in the CSV file."""
WORST = 200
INPUTS = 12
"""Columns of the rows as given that an answer holds."""
IMAGES = 100
NOTES = 20


@dataclass(frozen=True)
class Outputs:
    """What the network says of one batch: `values` float64, probabilities (n, classes) or targets in their own unit
    (n, t); `picked` class numbers int32 (n,); `labelled` (n,): where the label is known; `losses` float64 (n,), NaN where
    there is no label."""

    batch: Batch
    values: NDArray[np.float64]
    picked: NDArray[np.int32] | None
    labelled: NDArray[np.bool_] | None
    losses: NDArray[np.float64] | None


class Worst:
    """The rows with the highest loss of their own."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, list[Any]]] = []

    def add(self, lines: list[list[Any]], labels: list[Any] | None, losses: NDArray[np.float64] | None) -> None:
        if labels is None or losses is None:
            return
        known = np.flatnonzero(np.isfinite(losses))
        for index in known[np.argsort(-losses[known], kind="stable")[:WORST]]:
            loss = float(losses[index])
            heapq.heappush(self._heap, (loss, -lines[index][0], [*lines[index], labels[index], loss]))
            if len(self._heap) > WORST:
                heapq.heappop(self._heap)

    def lines(self) -> list[list[Any]]:
        return [line for _, _, line in sorted(self._heap, reverse=True)]


class Collected:
    """What an answer holds of the predictions: the first rows under `columns`, and of each the first of its `inputs`."""

    def __init__(self, columns: list[str], inputs: Sequence[str]) -> None:
        self.columns = columns
        self.first_inputs = list(inputs[:INPUTS])
        self.rows = 0
        self.table: list[list[Any]] = []
        self.inputs: list[list[str]] = []
        self.input_columns: list[str] = []
        self.images: list[str] = []
        self.labels: list[Any] = []
        self.costs: list[float | None] = []
        self.notes: dict[str, None] = {}

    def add(self, outputs: Outputs, lines: list[list[Any]], labels: list[Any] | None) -> None:
        self.rows += len(lines)
        self.notes.update(dict.fromkeys(outputs.batch.notes))
        room = TABLE_ROWS - len(self.table)
        if room <= 0:
            return
        self.table += lines[:room]
        rows = outputs.batch.rows
        if outputs.batch.names:
            self.input_columns = ["file"]
            self.inputs += [[name] for name in outputs.batch.names[:room]]
        if isinstance(rows, pd.DataFrame):
            self.input_columns = self.first_inputs
            cells = [own_cells(rows[name].iloc[:room]) for name in self.input_columns]
            self.inputs += [[str(cell) for cell in row] for row in zip(*cells, strict=True)]
        else:
            self.images += [png(image) for image in outputs.batch.x[: max(0, IMAGES - len(self.images))]]
        if labels is not None and outputs.losses is not None:
            self.labels += labels[:room]
            self.costs += [float(loss) if np.isfinite(loss) else None for loss in outputs.losses[:room]]

    def answer(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "columns": self.columns,
            "table": self.table,
            "notes": list(self.notes)[:NOTES],
            "inputs": {"columns": self.input_columns, "rows": self.inputs},
            "images": self.images,
            "labels": self.labels,
            "costs": self.costs,
        }
