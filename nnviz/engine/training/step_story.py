"""What one step of a training did, in numbers: the record that `explain` gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.catalog.evaluate_update import EvaluatedLine


@dataclass(frozen=True, kw_only=True)
class StepStory:
    """What step `step` (from 0) did: batch `batch` of `batches` in epoch `epoch`, all from 0, by `optimizer` and `cost` (kinds of
    the spec). `rows` (b,) int: the numbers of the batch's rows; `inputs` float32 (b, ...); `targets` (b,) class numbers or (b, t)
    numbers; `answers` the same, by the network as it was trained on them (dropout on); `costs` float32 (b,): each row's own,
    `weighted` by its class; `loss` their mean, `penalty` of the regularizers, `accuracy` None for numbers.

    `variable`, `index`: which weight; `gradient` of loss and penalty by it, `before` and `after` its value,
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
    cost: str
    optimizer: str
    variable: str
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
        """What the optimizer made of the gradient, for a page; `given` are the `quantities`. What is no finite number is null."""
        return {
            **{name: getattr(self, name) for name in ("epoch", "batch", "batches", "optimizer")},
            **{name: _plain(getattr(self, name)) for name in ("loss", "before", "after")},
            "slots": {name: _plain(pair) for name, pair in self.slots.items()},
            "lines": [line._asdict() | {"value": _plain(line.value)} for line in self.lines],
            "average": [line._asdict() | {"value": _plain(line.value)} for line in self.average],
            "given": {name: {"value": _plain(value), "sense": sense} for name, (value, sense) in self.quantities.items()},
        }


def _plain(value: Any) -> Any:
    """As JSON has it: numbers as floats, pairs as lists."""
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return float(value) if np.isfinite(value) else None
