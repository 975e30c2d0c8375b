"""A spec in short, and what differs between several."""

from collections.abc import Mapping, Sequence
from typing import Any

from nnviz.spec.components import Layer
from nnviz.spec.run import RunSpec


def summary(spec: RunSpec) -> str:
    """The network in short: `64-32x3-CE`; `16-(32-16)+-CE` with a Residual, `(16|8)-CE` with two branches."""
    short = {"CrossEntropy": "CE", "MeanSquaredError": "MSE", "MeanAbsoluteError": "MAE"}
    return "-".join([*_short(spec.layers), short.get(spec.cost.kind, spec.cost.kind)])


def _short(layers: Sequence[Layer]) -> list[str]:
    words = []
    for layer in layers:
        if layer.kind == "Repeat":
            inner = _short(layer.layers)
            if inner:
                words.append(f"{inner[0]}x{layer.times}" if len(inner) == 1 else f"({'-'.join(inner)})x{layer.times}")
        elif layer.kind == "Residual":
            words += [f"({'-'.join(inner)})+" for inner in (_short(layer.layers),) if inner]
        elif layer.kind == "Parallel":
            words.append(f"({'|'.join('-'.join(_short(branch)) for branch in layer.branches)})")
        elif layer.kind == "Dense":
            words.append(_size(layer.units))
        elif layer.kind.startswith("Conv"):
            words.append(f"c{_size(layer.filters)}")
    return words


def _size(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return "/".join(str(size) for size in value["each"]) if isinstance(value["each"], list) else f"[{value['each']}]"


def differences(specs: Sequence[RunSpec]) -> dict[str, list[Any]]:
    """The fields (dotted path -> one value a spec, None where a spec has no such field) in which specs differ."""
    flats = [_flat(spec.model_dump(mode="json")) for spec in specs]
    paths = dict.fromkeys(path for flat in flats for path in flat)
    rows = {path: [flat.get(path) for flat in flats] for path in paths if path != "name"}
    return {path: values for path, values in rows.items() if any(value != values[0] for value in values)}


def changes(parent: RunSpec, spec: RunSpec) -> dict[str, list[Any]]:
    """How a branch differs from the run it resumes, as `differences` has it, except for the number of epochs and where either
    of them began."""
    return {
        path: values
        for path, values in differences([parent, spec]).items()
        if path != "training.epochs" and path.split(".")[0] != "from"
    }


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, Mapping):
        flat: dict[str, Any] = {}
        for key, item in value.items():
            flat |= _flat(item, f"{path}.{key}" if path else str(key))
        return flat
    if isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
        flat = {}
        for index, item in enumerate(value):
            flat |= _flat(item, f"{path}[{index}]")
        return flat
    return {path: value}
