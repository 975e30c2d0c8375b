"""The network as cards that are dragged, edited and checked in place: one element of the page (Components v2).

The browser edits, and numbers its edits; Python checks each one (spec) and answers with shapes, parameters and errors
(plan). What the page passes in is the stack to start from: passing something else than last time replaces what the
user has built, passing the same, or what came back, leaves it alone.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from nnviz.catalog import ACTIVATIONS, COSTS, LAYERS, PRESETS
from nnviz.catalog.entry import ActivationEntry, CostEntry
from nnviz.catalog.layers import shape_text
from nnviz.catalog.param import Param
from nnviz.catalog.presets import stack_for
from nnviz.catalog.shared import ANY_COST, ANY_LAYER, CLASS_WEIGHT
from nnviz.errors import SpecError
from nnviz.plain_text import size_text, visible
from nnviz.spec import BLOCKS, parse_cost, parse_layers
from nnviz.stack import Plan, PlanRow
from nnviz.ui.common.i18n import _, counted, language
from nnviz.ui.common.param_fields import is_rare
from nnviz.ui.common.script import component, messages

_ENTRY = "stack/stack_editor.js"
_mount = component("nnviz_stack_editor", _ENTRY, "stack/stack_editor.css")
Shape = tuple[int, ...]
Planner = Callable[..., Plan]


@dataclass(frozen=True)
class StackEdit:
    """The stack as the user left it. `plan` is None and `error` says why when the last edit could not be read; `layers`
    and `cost` are then the last ones that could."""

    layers: list[dict[str, Any]]
    cost: dict[str, Any]
    plan: Plan | None = None
    error: SpecError | None = None


@dataclass(frozen=True)
class _Record:
    """What is kept between two runs of the page. `start` is the stack and cost that the page passed in last; `base` counts
    replacements by the page, `edit` the user's edits."""

    start: tuple[list[dict[str, Any]], dict[str, Any]]
    layers: list[dict[str, Any]]
    cost: dict[str, Any]
    base: int = 0
    edit: int = 0
    error: SpecError | None = None


def stack_editor(
    layers: Sequence[Mapping[str, Any]],
    cost: Mapping[str, Any],
    *,
    shape: Shape,
    outputs: int,
    task: str,
    plan: Planner,
    columns: Sequence[str] = (),
    cost_note: Callable[[Mapping[str, Any]], str] = lambda cost: "",
    key: str = "stack",
) -> StackEdit:
    """Draw the editor. `shape` is one row's input, `outputs` the number of classes or target columns, `plan` is
    `nnviz.stack.plan`, `columns` the names shown on the input card; `cost_note(cost)` what is to be minded of a cost on this
    data, which its card says."""
    start = ([dict(layer) for layer in layers], dict(cost))
    record = _next(st.session_state.get(f"{key}:record"), start, st.session_state.get(key))
    st.session_state[f"{key}:record"] = record
    planned = plan(parse_layers(record.layers), shape, outputs=outputs, cost=parse_cost(record.cost))
    data = _data(record, planned, shape=shape, task=task, columns=columns) | {"cost_note": cost_note(record.cost)}
    _mount(key=key, data=data, on_edit_change=lambda: None)
    return StackEdit(record.layers, record.cost, planned if record.error is None else None, record.error)


def _next(record: _Record | None, start: tuple[Any, Any], state: Any) -> _Record:
    """The record after what the page and the browser have done since the last run."""
    if record is None or start not in (record.start, (record.layers, record.cost)):
        parse_layers(start[0])
        parse_cost(start[1])
        return _Record(start, *start, base=record.base + 1 if record else 1)
    record = replace(record, start=start)
    edit = state.get("edit") if isinstance(state, Mapping) else None
    if not isinstance(edit, Mapping) or edit.get("base") != record.base or not isinstance(edit.get("edit"), int):
        return record
    if edit["edit"] <= record.edit:
        return record
    try:
        layers, cost = _plain(edit.get("layers")), _plain(edit.get("cost"))
        parse_layers(layers)
        parse_cost(cost)
    except SpecError as error:
        return replace(record, edit=edit["edit"], error=error)
    return replace(record, layers=layers, cost=cost, edit=edit["edit"], error=None)


def _plain(value: Any) -> Any:
    """Streamlit's own kinds of dict and list as plain ones."""
    return json.loads(json.dumps(value))


def _data(record: _Record, plan: Plan, *, shape: Shape, task: str, columns: Sequence[str]) -> dict[str, Any]:
    refused = record.error and {"what": record.error.what, "where": record.error.where, "remedy": record.error.remedy}
    return {
        "base": record.base,
        "edit": record.edit,
        "layers": record.layers,
        "cost": record.cost,
        "task": task,
        "input": {"label": _input_label(shape, columns), "shape": _shape(shape)},
        "rows": {row.path: _row(row) for row in plan.walk()},
        "total": _total(plan),
        "refused": refused,
        "catalog": _sent(task, tuple(shape), record.cost["kind"], language()),
        "messages": messages(_ENTRY),
    }


def _input_label(shape: Shape, columns: Sequence[str]) -> str:
    if len(shape) > 1:
        return _("image")
    if not columns:
        return counted("{n} input", "{n} inputs", shape[0])
    return ", ".join(visible(name) for name in columns[:4]) + (", …" if len(columns) > 4 else "")


def _row(row: PlanRow) -> dict[str, Any]:
    """What a card says besides its own words."""
    error = row.error and {
        "what": row.error.what,
        "remedy": row.error.remedy,
        "fix": row.error.fix,
        "with": row.error.fix_with,
        "at": row.path,
    }
    return {"shape": "" if row.shape is None else _shape(row.shape), "params": _parameters_text(row), "error": error}


def _shape(shape: Shape) -> str:
    return shape_text(shape).replace("x", "\N{MULTIPLICATION SIGN}")


def _parameters_text(row: PlanRow) -> str:
    if row.total == 0:
        return "–" if row.shape is not None else ""
    if row.kind in BLOCKS or row.copies == 1 or row.total != row.params * row.copies:
        return counted("{n} param", "{n} params", row.total)
    return _("{n} each").format(n=f"{row.params:,}")


def _total(plan: Plan) -> dict[str, Any]:
    words = counted("{n} parameter", "{n} parameters", plan.parameters)
    wrong = next((row for row in plan.walk() if row.error), None)
    message = _("{kind} does not fit").format(kind=wrong.kind) if wrong else plan.error.what if plan.error else ""
    return {"text": f"{words} · {size_text(plan.memory_bytes)}", "trouble": message}


def catalog(task: str, shape: Shape, chosen: str = "") -> dict[str, Any]:
    """What can be picked for this task and input, and the `chosen` cost, in the words of the user's language."""
    titles = {
        "core": _("Core"),
        "convolution": _("Convolution"),
        "pooling": _("Pooling"),
        "regularization": _("Regularization"),
        "normalization": _("Normalization"),
        "shape": _("Shape"),
        "structure": _("Structure"),
        "sequence": _("Sequences"),
        "augmentation": _("Image augmentation"),
    }
    costs = {kind: entry for kind, entry in COSTS.items() if task in entry.tasks or kind == chosen}
    extra = [param for param in ANY_COST if task == "classification" or param is not CLASS_WEIGHT]
    return {
        "groups": [list(group) for group in titles.items()],
        "layers": {
            kind: {
                "group": entry.group,
                "help": _(entry.help),
                "start": _required(entry.params) | dict(entry.start),
                "params": [_param(param) for param in (*entry.params, *ANY_LAYER)],
            }
            for kind, entry in LAYERS.items()
        },
        "costs": {
            kind: {
                "help": _help(entry),
                "formula": entry.formula,
                "sigmoid_formula": entry.sigmoid_formula,
                "columns": entry.columns,
                "target_scaling": entry.target_scaling,
                "least_outputs": entry.least_outputs,
                "transform": entry.transform.get(task, "identity"),
                "start": _required(entry.params),
                "params": [_param(param) for param in (*entry.params, *extra)],
            }
            for kind, entry in costs.items()
        },
        "activations": {name: {"formula": entry.formula, "help": _help(entry)} for name, entry in ACTIVATIONS.items()},
        "presets": [
            {"title": _(preset.title), "help": _(preset.help), "layers": list(stack_for(name, shape))}
            for name, preset in PRESETS.items()
            if preset.fits == "any" or len(shape) == 3
        ],
    }


@lru_cache(maxsize=16)
def _sent(task: str, shape: Shape, chosen: str, language: str) -> dict[str, Any]:
    """Made once: it is the same at every edit, and takes longer than all the rest of the editor."""
    return packed(catalog(task, shape, chosen))


def _help(entry: ActivationEntry | CostEntry) -> str:
    """The entry's help; of a custom one with the file that defines it."""
    text = _(entry.help)
    return f"{text} {_('Your own, from {file}.').format(file=Path(entry.source).name)}" if entry.source else text


def packed(entries: Mapping[str, Any]) -> dict[str, Any]:
    """A catalog as it is sent: most parameters stand in many layers, so each is written once, in `shared`, and layers and
    costs say which by number; what is empty is left out."""
    numbers: dict[str, int] = {}

    def number(param: Mapping[str, Any]) -> int:
        return numbers.setdefault(json.dumps(_filled(param)), len(numbers))

    kinds = {
        group: {
            kind: dict(entry) | {"params": [number(param) for param in entry["params"]]} for kind, entry in entries[group].items()
        }
        for group in ("layers", "costs")
    }
    return {**entries, **kinds, "shared": [json.loads(text) for text in numbers]}


def _filled(param: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter without what is empty."""
    filled = {
        name: value
        for name, value in param.items()
        if value not in (None, "", [], {}) and (value is not False or name == "default")
    }
    if "parts" in filled:
        filled["parts"] = {kind: [_filled(inner) for inner in inside] for kind, inside in filled["parts"].items()}
    return filled


def _required(params: Sequence[Param]) -> dict[str, Any]:
    return {param.name: param.default for param in params if param.required}


def _param(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "type": param.type,
        "default": param.default,
        "required": param.required,
        "optional": param.optional,
        "minimum": param.minimum,
        "above": param.above,
        "maximum": param.maximum,
        "below": param.below,
        "choices": list(param.choices),
        "names": list(param.names),
        "step": param.step,
        "label": _(param.label),
        "help": _(param.help),
        "allowed": param.allowed.removesuffix(" or null"),
        "parts": {kind: [_param(inner) for inner in inside] for kind, inside in param.parts.items()},
        "rare": is_rare(param),
        "shown": param.required or param.on_card,
    }
