"""Specs, as `check` and the pages take them: parsed, planned, and their memory estimated."""

import json
import random
import time
from typing import Any

from benchmarks.hostile.mutate import damaged, odd_json
from benchmarks.hostile.outcome import Tally
from nnviz.errors import NnvizError
from nnviz.spec import RunSpec, is_group, members
from nnviz.stack import plan

GOOD: dict[str, Any] = {
    "version": 1,
    "name": "good",
    "data": {
        "kind": "file",
        "path": "rows.csv",
        "target": "kind",
        "read": {"separator": ";"},
        "columns": {"a": {"type": "number"}},
    },
    "split": {"validation": 0.2, "test": 0.2, "seed": 0, "folds": 3, "repeats": 2},
    "layers": [
        {"kind": "Dense", "units": 8, "activation": {"expression": "x * sigmoid(a * x)", "constants": {"a": 1}}},
        {
            "kind": "Repeat",
            "times": 2,
            "layers": [{"kind": "Dense", "units": {"each": "16 / 2**i"}}, {"kind": "Dropout", "rate": 0.1}],
        },
        {"kind": "Residual", "layers": [{"kind": "Dense", "units": 8}]},
    ],
    "cost": {"kind": "Expression", "expression": "(y_true - y_pred)**2", "class_weight": {"a": 2}},
    "optimizer": {
        "kind": "Adam",
        "learning_rate": 0.01,
        "schedule": {"kind": "CosineDecay", "decay_steps": 100},
        "clipnorm": 1.0,
    },
    "training": {"epochs": 3, "batch_size": 16, "early_stopping": {"patience": 5}},
}


def run(cases: int, rng: random.Random, tally: Tally) -> None:
    text = json.dumps(GOOD).encode()
    for number in range(cases):
        if rng.random() < 0.3:
            content, kind = damaged(rng, text)
        else:
            words, kind = odd_json(rng, GOOD)
            content = words.encode("utf-8", "surrogatepass")
        case = f"case {number}, {kind}"
        began = time.monotonic()
        try:
            spec = RunSpec.parse(content)
            if is_group(spec):
                members(spec)
            planned = plan(spec.layers, (4,), outputs=2, cost=spec.cost)
            tally.add("specs", "accepted" if planned.error is None else "refused")
        except NnvizError:
            tally.add("specs", "refused")
        except Exception as error:
            tally.fail("specs", case, f"{type(error).__name__}: {str(error)[:200]}")
        tally.measured("specs", case, seconds=time.monotonic() - began, peak=0)
