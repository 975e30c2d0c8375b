"""Which custom components a spec uses."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog import OWN
from nnviz.spec.run import RunSpec


def custom_expressions(spec: RunSpec) -> dict[str, str]:
    """The formula of each custom activation and cost that a spec uses, by its name."""
    formulas = {name: entry.formula for name, entry in (OWN.activations | OWN.costs).items()}  # type: ignore[operator]
    record = spec.to_json()
    return {name: formulas[name] for name in dict.fromkeys(_names([record["layers"], record["cost"]])) if name in formulas}


def _names(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        own = [value[key] for key in ("kind", "activation") if isinstance(value.get(key), str)]
        return own + [name for item in value.values() for name in _names(item)]
    return [name for item in value for name in _names(item)] if isinstance(value, list) else []
