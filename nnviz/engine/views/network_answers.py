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


def muted(
    unit: tuple[str, int] | None, key: str, x: NDArray[np.float32], without: NDArray[np.float32] | None
) -> NDArray[np.float32] | None:
    """The outputs x (rows, ..., units) of the layer `key`, with a 0 for the `unit` that is left out (the key of its layer, its
    index); `without`, which may come from a layer before, where it is none of this layer."""
    if unit is None or unit[0] != key or unit[1] >= x.shape[-1]:
        return without
    outputs = np.array(x)
    outputs[..., unit[1]] = 0
    return outputs


def left_out(
    unit: tuple[str, int] | None, cost: CostLayer, y: NDArray[Any], features: NDArray[np.float32] | None
) -> dict[str, Any]:
    """What rows cost on average where a unit is left out, with the `features` (rows, ...) that come to the cost then."""
    if unit is None or features is None:
        return {}
    return {"without": {"key": unit[0], "index": unit[1], "mean": row_costs(cost, y, np.asarray(cost.logits(features)))["mean"]}}
