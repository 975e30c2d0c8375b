"""The table "What differs": the fields of the specs in which runs differ, and no others."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from nnviz.plain_text import visible
from nnviz.spec import RunSpec, differences
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import ABSENT
from nnviz.ui.compare.results import Cell, Row

LONGEST = 120
LONGEST_STACK = 2000


def differing_rows(specs: Sequence[RunSpec]) -> list[Row]:
    """One row a field in which specs differ; a cell is odd where it is not what most runs have (without a majority: not
    what the first has). Stacks of other kinds of layers are one row, in words; of the same kinds, a row a field."""
    if len(specs) < 2:
        return []
    fields = differences(specs)
    written = set().union(*(_paths(spec.to_json()) for spec in specs))
    # an Adam has defaults that an SGD has not: that they differ says no more than their kinds do
    fields = {path: values for path, values in fields.items() if path in written or None not in values}
    rows = []
    if len({_kinds(spec.to_json()["layers"]) for spec in specs}) > 1:
        fields = {path: values for path, values in fields.items() if not path.startswith("layers")}
        rows.append(_row("layers", [_stack(spec.to_json()["layers"]) for spec in specs]))
    order = ("data", "split", "layers", "cost", "optimizer", "training")
    rows += [_row(path, [value_text(value) for value in values]) for path, values in fields.items()]
    return sorted(
        rows, key=lambda row: next((place for place, block in enumerate(order) if row.label.startswith(block)), len(order))
    )


def value_text(value: Any) -> str:
    """A field's value as a person writes it."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        text = value
    elif isinstance(value, list | tuple) and all(isinstance(item, int | float | str) for item in value):
        text = (
            " \N{MULTIPLICATION SIGN} ".join(map(str, value))
            if value and isinstance(value[0], int)
            else ", ".join(map(str, value))
        )
    else:
        text = json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _row(label: str, texts: Sequence[str]) -> Row:
    counts = Counter(texts).most_common()
    usual = counts[0][0] if len(counts) == 1 or counts[0][1] > counts[1][1] else texts[0]
    return Row(visible(label), tuple(Cell(visible(text, limit=LONGEST_STACK), is_odd=text != usual) for text in texts))


def _stack(layers: Sequence[Mapping[str, Any]]) -> str:
    words = []
    for layer in layers:
        if layer["kind"] == "Repeat":
            words.append(f"{layer['times']} \N{MULTIPLICATION SIGN} ({_stack(layer['layers'])})")
        elif layer["kind"] == "Residual":
            words.append(f"x + ({_stack(layer['layers'])})")
        elif layer["kind"] == "Parallel":
            words.append(f"{layer.get('join', 'concatenate')} ({' | '.join(_stack(branch) for branch in layer['branches'])})")
        else:
            size = next((layer[name] for name in ("units", "filters", "rate", "pool_size") if name in layer), None)
            activation = layer.get("activation")
            name = activation.get("expression", "") if isinstance(activation, Mapping) else activation
            words.append(" ".join(str(part) for part in (layer["kind"], _short(size), name) if part not in (None, "")))
    return ", ".join(words) if words else _("none")


def _short(size: Any) -> Any:
    return size.get("each") if isinstance(size, Mapping) else size


def _kinds(layers: Sequence[Mapping[str, Any]]) -> str:
    return repr(
        [(layer["kind"], [_kinds(inner) for inner in layer.get("branches", [layer.get("layers", [])])]) for layer in layers]
    )


def _paths(value: Any, path: str = "") -> set[str]:
    if isinstance(value, Mapping):
        return set().union(*(_paths(item, f"{path}.{key}" if path else str(key)) for key, item in value.items()), {path})
    if isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
        return set().union(*(_paths(item, f"{path}[{place}]") for place, item in enumerate(value)), {path})
    return {path}
