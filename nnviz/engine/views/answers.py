"""What a network answers to the rows that views look at: those of validation, of training where there are none."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.engine.views.view_request import rows_of
from nnviz.errors import RequestError

MOST_ROWS = 5000
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of a part, with the network's outputs. `x`, `y`, `numbers` (n from 0, in the data) as in the part, without rows whose
    outputs are no numbers: there are `unanswered` of these. `outputs` float64 (n, outputs): probabilities or scores of the
    classes, or predictions scaled as in training; `picked` (n,): the predicted class, 0 for numbers. `in_all`: of the
    part."""

    part: Literal["validation", "train"]
    in_all: int
    x: NDArray[np.float32]
    y: NDArray[Any]
    numbers: NDArray[np.int64]
    outputs: Floats
    picked: NDArray[np.int64]
    unanswered: int

    @property
    def about(self) -> dict[str, Any]:
        """What every body says of them."""
        return {"part": self.part, "rows": len(self.y), "in_all": self.in_all, "unanswered": self.unanswered}


def answered(network: Network, prepared: PreparedLike, *, most: int = MOST_ROWS) -> Rows:
    """The first rows. Raises RequestError where not one answer is a number."""
    name, part = rows_of(prepared)
    x, y, numbers = np.asarray(part.x[:most]), np.asarray(part.y[:most]), np.asarray(part.rows[:most])
    raw = tf.constant(network.raw(x))
    outputs = np.asarray(network.outputs_of(raw), np.float64)
    is_class = prepared.task == "classification"
    picked = np.asarray(network.cost.picked(raw)) if is_class else np.zeros(len(y))
    fine = np.isfinite(outputs).all(axis=1)
    if not fine.any():
        raise RequestError("not one answer is a number at this moment: by then the training had diverged")
    return Rows(
        part=name,
        in_all=len(part.y),
        x=x[fine],
        y=y[fine],
        numbers=numbers[fine],
        outputs=outputs[fine],
        picked=picked[fine].astype(np.int64),
        unanswered=int((~fine).sum()),
    )


def gives_probabilities(network: Network) -> bool:
    """Whether the outputs for classes are probabilities, and no mere scores."""
    return network.cost.transform_name in ("softmax", "sigmoid")
