"""What a network makes of rows in the end: what each costs, and its answer for one picture."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.cost import CostLayer
from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.engine.views.unit_pictures import bars


def row_costs(cost: CostLayer, y: NDArray[Any], logits: NDArray[np.float32]) -> dict[str, Any]:
    """The distribution of what rows with targets `y` and raw outputs `logits` (n, columns) cost: {bars, low, high, mean}."""
    costs = np.asarray(cost.calculate(y, logits, reduction="none"))
    low, high = float(costs.min()), float(costs.max())
    return {"bars": bars(costs, low, high), "low": low, "high": high, "mean": float(costs.mean())}


def picture_answer(
    network: Network, prepared: PreparedLike, y: NDArray[Any], row: int, features: NDArray[np.float32]
) -> dict[str, Any]:
    """{row, of, label, answer, share} of the picture at `row` of a part with targets `y`, whose `features` (1, ...) come to the
    cost: of classes by number, with the answer's probability, or the target's values in their own unit."""
    outputs = np.asarray(network.outputs_of(network.cost.logits(features)))[0]
    about = {"row": row, "of": len(y)}
    if prepared.task == "classification":
        answer = int(outputs.argmax())
        return about | {"label": int(y[row]), "answer": answer, "share": float(outputs[answer])}
    label, answers = (values * prepared.target_scale + prepared.target_mean for values in (y[row], outputs))
    return about | {"label": label.tolist(), "answer": answers.tolist(), "share": None}
