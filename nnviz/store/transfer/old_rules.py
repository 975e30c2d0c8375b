"""Upgrades specs from before reading rules had versions: version 1 is written in, so that their runs read files as before.
Class weights of built-in data sets, whose keys could be indices of classes, get the classes' names as keys, and a default of
an optimizer that has changed since is written out with its former value."""

import json
from typing import Any

from nnviz.spec import weights_spelled_out
from nnviz.store.json_text import unique

FIRST_SCHEMA = "0004"
"""The version of the tables from which on every spec is one of today."""

DEFAULTS: dict[str, dict[str, float]] = {
    "SGD": {"learning_rate": 0.1},
    "RMSprop": {"learning_rate": 0.003},
    "Adagrad": {"learning_rate": 0.1},
    "Adadelta": {"learning_rate": 1.0},
    "Adamax": {"learning_rate": 0.01},
    "Ftrl": {"initial_accumulator_value": 0.1},
    "Adafactor": {"learning_rate": 0.1, "epsilon_1": 1e-30},
}
"""Defaults of optimizers before `FIRST_SCHEMA`, where they have changed."""


def with_rules_of_old(text: Any) -> Any:
    """The JSON text of a spec with `data.read.rules` = 1 where its data is a file and it names no rules, and with the optimizer's
    defaults of then. A text that is no spec is returned unchanged: others report it."""
    try:
        record = json.loads(text, object_pairs_hook=unique)
        return json.dumps(record) if _write(record) else text
    except (ValueError, TypeError, RecursionError, MemoryError):
        return text


def with_payload_of_old(text: Any) -> Any:
    """The same for the payload of a job that waits, where it holds a spec."""
    try:
        record = json.loads(text, object_pairs_hook=unique)
        return json.dumps(record) if isinstance(record, dict) and _write(record.get("spec")) else text
    except (ValueError, TypeError, RecursionError, MemoryError):
        return text


def _write(spec: Any) -> bool:
    """Whether anything was written into the spec."""
    if not isinstance(spec, dict):
        return False
    data, optimizer = spec.get("data"), spec.get("optimizer")
    # both: one spec may need more than one of them
    return any(
        [
            _write_defaults(optimizer) if isinstance(optimizer, dict) else False,
            _write_data(spec, data) if isinstance(data, dict) else False,
        ]
    )


def _write_defaults(optimizer: dict[str, Any]) -> bool:
    kind = optimizer.get("kind")
    before = DEFAULTS.get(kind, {}) if isinstance(kind, str) else {}
    missing = {name: value for name, value in before.items() if name not in optimizer}
    optimizer.update(missing)
    return bool(missing)


def _write_data(spec: dict[str, Any], data: dict[str, Any]) -> bool:
    if data.get("kind") != "file":
        cost = spec.get("cost")
        if not isinstance(cost, dict):
            return False
        weights = weights_spelled_out(data, cost.get("class_weight"))
        if weights is None:
            return False
        cost["class_weight"] = weights
        return True
    read = data.setdefault("read", {})
    if not isinstance(read, dict) or "rules" in read:
        return False
    read["rules"] = 1
    return True
