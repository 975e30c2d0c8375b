"""The network as cards that are dragged, edited and checked in place: one element of the page (Components v2).

The browser edits, and numbers its edits; Python checks each one (spec) and answers with shapes, parameters and errors
(plan). What the page passes in is the stack to start from: passing something else than last time replaces what the
user has built, passing the same, or what came back, leaves it alone. A field whose text cannot be read keeps its last
value, which the edit holds; the edit says so (`trouble`), and until that text is mended nothing can be trained.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from nnviz.catalog.layers import shape_text
from nnviz.errors import NnvizError, SpecError
from nnviz.plain_text import size_text, visible
from nnviz.spec import BLOCKS, parse_cost, parse_layers
from nnviz.stack import Plan, PlanRow
from nnviz.ui.common.i18n import _, counted, language
from nnviz.ui.common.problem import in_short
from nnviz.ui.common.script import component, messages
from nnviz.ui.train.stack_catalog import Shape, sent

_ENTRY = "stack/stack_editor.js"
_mount = component("nnviz_stack_editor", _ENTRY, "stack/stack_editor.css")
LONGEST_TROUBLE = 1000
"""Letters of what the browser says of a text that cannot be read."""
Planner = Callable[..., Plan]


@dataclass(frozen=True)
class StackEdit:
    """The stack as the user left it. `plan` is None and `error` says why when the last edit could not be read, or a text in one
    of its fields; `layers` and `cost` are then the last ones that could."""

    layers: list[dict[str, Any]]
    cost: dict[str, Any]
    plan: Plan | None = None
    error: SpecError | None = None

    @property
    def problem(self) -> NnvizError | None:
        """Why it cannot be trained, in short: its card says what is wrong. None where it can."""
        error = self.error or (self.plan.error if self.plan is not None else None)
        return None if error is None else in_short(error)


@dataclass(frozen=True)
class _Record:
    """What is kept between two runs of the page. `start` is the stack and cost that the page passed in last; `base` counts
    replacements by the page, `edit` the user's edits; `error` is that of an edit that was refused, `trouble` that of a field
    whose text cannot be read."""

    start: tuple[list[dict[str, Any]], dict[str, Any]]
    layers: list[dict[str, Any]]
    cost: dict[str, Any]
    base: int = 0
    edit: int = 0
    error: SpecError | None = None
    trouble: SpecError | None = None


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
    error = record.error or record.trouble
    return StackEdit(record.layers, record.cost, planned if error is None else None, error)


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
        return replace(record, edit=edit["edit"], error=error, trouble=None)
    trouble = _trouble(edit.get("trouble"))
    return replace(record, layers=layers, cost=cost, edit=edit["edit"], error=None, trouble=trouble)


def _trouble(sent: Any) -> SpecError | None:
    """What the browser says of a field whose text cannot be read."""
    if not isinstance(sent, Mapping):
        return None
    what, where = (str(sent.get(name, ""))[:LONGEST_TROUBLE] for name in ("what", "at"))
    return SpecError(what, where=where)


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
        "trouble": record.trouble is not None,
        "catalog": sent(task, tuple(shape), record.cost["kind"], language()),
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
