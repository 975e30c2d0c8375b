"""An optimizer: one of Keras's classes, with its update."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog.entry import Line, OptimizerEntry, Rule
from nnviz.catalog.optimizers.building import MOMENTUM, common, rate


def _update(params: Mapping[str, Any]) -> Rule:
    return Rule(
        [Line("v", "momentum * v - lr * g", "velocity"), Line("w", "w + v", "a step with the velocity")], {"v": "momentums"}
    )


ENTRIES = (
    OptimizerEntry(
        kind="HeavyBall",
        keras="SGD",
        fixed={"nesterov": False},
        update=_update,
        help="A ball that rolls down the loss.",
        reference="Polyak (1964), Some Methods of Speeding up the Convergence of Iteration Methods",
        params=(rate(0.05), MOMENTUM, *common()),
    ),
)
