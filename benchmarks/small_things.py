"""How long the small things take that a page does at every key press: `python -m benchmarks.small_things`.

Prints one JSON object: medians in milliseconds. What is refused is here because a mistake has to be answered as fast as the rest.
"""

import json
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from nnviz.catalog.expression import parse
from nnviz.errors import NnvizError
from nnviz.spec import RunSpec
from nnviz.stack import plan

REPEATS = 21
LAYERS: list[dict[str, Any]] = [
    {"kind": "Dense", "units": 64, "activation": "relu"},
    {
        "kind": "Repeat",
        "times": 3,
        "layers": [
            {"kind": "Dense", "units": 32, "activation": {"expression": "x * sigmoid(1.7 * x)"}},
            {"kind": "Dropout", "rate": 0.1},
        ],
    },
]
SPEC: dict[str, Any] = {
    "data": {"kind": "file", "path": "penguins.csv", "target": "species"},
    "layers": LAYERS,
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.001},
    "training": {"epochs": 30, "batch_size": 32},
}
HARD_EXPRESSIONS = (
    "(" * 100_000,
    "99999**99999**x",
    "x" + "<x" * 249,
    "9**9**9**9",
    "+".join(["x"] * 10_000),
    "(" * 5_000 + "x" + ")" * 5_000,
    "x" + "**9" * 160,
    "9" * 10_000,
    "1e30**x**1e30",
)


def nested_repeats(depth: int) -> dict[str, Any]:
    """A layer that stands for 100**depth layers."""
    layer: dict[str, Any] = {"kind": "Dense", "units": 1}
    for _ in range(depth):
        layer = {"kind": "Repeat", "times": 100, "layers": [layer]}
    return layer


def evaluate(text: str) -> None:
    parse(text, names=("x",)).evaluate({"x": 3.0})


def median_ms(call: Callable[..., Any], *arguments: Any) -> float:
    """The median of `REPEATS` calls, in milliseconds; an error of ours ends a call as well as an answer does."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        with suppress(NnvizError):
            call(*arguments)
        seconds.append(time.perf_counter() - start)
    return round(1000 * statistics.median(seconds), 3)


def main() -> None:
    too_many = SPEC | {"layers": [nested_repeats(15)]}
    print(
        json.dumps(
            {
                "parse_spec": median_ms(RunSpec.parse, SPEC),
                "refuse_spec_of_too_many_layers": median_ms(RunSpec.parse, too_many),
                "plan_stack": median_ms(plan, LAYERS, (8,)),
                "evaluate_expression": median_ms(evaluate, "x * sigmoid(1.7 * x)"),
                "slowest_hard_expression": max(median_ms(evaluate, text) for text in HARD_EXPRESSIONS),
            }
        )
    )


if __name__ == "__main__":
    main()
