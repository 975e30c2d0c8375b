"""What one step of a training did, in numbers: the record that `explain` gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.catalog.evaluate_update import EvaluatedLine

MOST_ROWS = 32
MOST_INPUTS = 6


@dataclass(frozen=True, kw_only=True)
class StepStory:
    """What step `step` (from 0) did: batch `batch` of `batches` in epoch `epoch`, all from 0, by `optimizer` and `cost` (kinds of
    the spec). `columns`: names of the inputs, `classes`: of the classes, each empty where the data has none. `rows` (b,) int:
    the numbers of the batch's rows; `inputs` float32 (b, ...); `targets` (b,) class numbers or (b, t) numbers; `answers` the
    same, by the network as it was trained on them (dropout on); `costs` float32 (b,): each row's own, `weighted` by its class;
    `loss` their mean, `penalty` of the regularizers, `accuracy` None for numbers.

    `variable`, `shape`, `index`: which weight; `gradient` of loss and penalty by it, `before` and `after` its value,
    `rate` that was used. `slots`: by symbol, what the optimizer keeps for it, before and after. `update`: which update of
    the optimizer this is, from 1. `lines`: its formula worked out in float64 from the numbers before the step: the last one
    gives `after` to the precision of float32; `average`: those of the moving average. `quantities`: the other ones in the
    lines, by name, with what they are (empty for the optimizer's own parameters)."""

    step: int
    epoch: int
    batch: int
    batches: int
    rows: tuple[int, ...]
    inputs: NDArray[np.float32]
    targets: NDArray[Any]
    answers: NDArray[Any]
    costs: NDArray[np.float32]
    loss: float
    penalty: float
    accuracy: float | None
    weighted: bool
    columns: tuple[str, ...]
    classes: tuple[str, ...]
    cost: str
    optimizer: str
    variable: str
    shape: tuple[int, ...]
    index: tuple[int, ...]
    gradient: float
    before: float
    after: float
    rate: float
    update: int
    slots: dict[str, tuple[float, float]]
    lines: tuple[EvaluatedLine, ...]
    average: tuple[EvaluatedLine, ...]
    quantities: dict[str, tuple[float, str]]

    def to_json(self) -> dict[str, Any]:
        """A few hundred numbers: of a large batch the first 32 rows, of a wide row the first 6 inputs, and how many there are
        (`count`, `width`). What is no finite number is null."""
        first_rows = slice(MOST_ROWS)
        flat = self.inputs.reshape(len(self.costs), -1)
        return {
            **{
                name: getattr(self, name)
                for name in ("step", "epoch", "batch", "batches", "cost", "optimizer", "variable", "update", "weighted")
            },
            **{
                name: _plain(getattr(self, name))
                for name in ("loss", "penalty", "accuracy", "gradient", "before", "after", "rate")
            },
            "count": len(self.costs),
            "width": flat.shape[1],
            "rows": list(self.rows[first_rows]),
            "inputs": _plain(flat[first_rows, :MOST_INPUTS]),
            "targets": _plain(self.targets[first_rows]),
            "answers": _plain(self.answers[first_rows]),
            "costs": _plain(self.costs[first_rows]),
            "columns": list(self.columns[:MOST_INPUTS]),
            "classes": list(self.classes[:1000]),
            "shape": list(self.shape),
            "index": list(self.index),
            "slots": {name: _plain(pair) for name, pair in self.slots.items()},
            "lines": [line._asdict() | {"value": _plain(line.value)} for line in self.lines],
            "average": [line._asdict() | {"value": _plain(line.value)} for line in self.average],
            "given": {name: {"value": _plain(value), "sense": sense} for name, (value, sense) in self.quantities.items()},
        }


def _plain(value: Any) -> Any:
    """As JSON has it: numbers as floats, arrays and pairs as lists."""
    if value is None:
        return None
    array = np.asarray(value)
    if array.ndim:
        return [_plain(inner) for inner in array]
    if array.dtype.kind in "iu":
        return int(array)
    return float(array) if np.isfinite(array) else None
