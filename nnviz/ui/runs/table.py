"""The table of runs: what a tracker's table shows, with names, tags and notes edited in their cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from nnviz.store import Store
from nnviz.ui.common.run_format import ABSENT
from nnviz.ui.runs.columns import INNER, UNFOLD, column_config, is_chosen, table_frame
from nnviz.ui.runs.rows import RunRow

ROW_HEIGHT = 36
MAX_HEIGHT = 560
EDITED = ("name", "tags", "note")
_STATE = "runs.table"


@dataclass
class TableState:
    """What the session keeps of the table. `version` grows when the widget shall forget its edits; `applied` are the
    edits that are in the store already."""

    chosen: set[str] = field(default_factory=set)
    version: int = 0
    order: tuple[str, ...] = ()
    applied: dict[int, dict[str, Any]] = field(default_factory=dict)
    base: frozenset[str] = frozenset()
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The runs of the rows that are groups."""
    unfolded: set[str] = field(default_factory=set)
    """Groups whose runs stand below their row, by the group's id."""


def table_state() -> TableState:
    """The session's one."""
    state: TableState = st.session_state.setdefault(_STATE, TableState())
    return state


def chosen_ids() -> set[str]:
    """The chosen runs, those that are not on this page among them."""
    return set(table_state().chosen)


def choose(run_ids: Sequence[str]) -> None:
    """Chooses exactly these runs."""
    state = table_state()
    state.chosen = set(run_ids)
    state.version += 1
    state.order = ()


def run_table(rows: Sequence[RunRow], tasks: Mapping[str, str], *, store: Store) -> None:
    """Draw the table, put what was edited in its cells into the store, and see which runs are chosen; those that are not
    among `rows` stay as they are. `tasks`: the task of each run, by id. A group's row stands for its runs; what is written into
    its cells is that of the group, tags and note that of each of its runs."""
    state = table_state()
    order = tuple(row.id for row in rows)
    if order != state.order:
        # the widget forgets its edits with the rows they belong to; what is chosen goes on as data
        _take_edits(state, store)
        state.version += bool(state.order)
        state.order, state.applied = order, {}
        state.base = frozenset(state.chosen)
        state.members = {row.id: row.members for row in rows if row.members}
    key = f"{_STATE}.{state.version}"
    frame = table_frame(rows, tasks, chosen=state.base)
    edited = st.data_editor(
        frame,
        key=key,
        hide_index=True,
        placeholder=ABSENT,
        num_rows="fixed",
        row_height=ROW_HEIGHT,
        height=min(MAX_HEIGHT, ROW_HEIGHT * len(rows) + 34),
        disabled=[name for name in frame if name not in ("chosen", *EDITED)],
        column_config=column_config(frame, rows, lambda: _fold([row.group if row.members else "" for row in rows])),
    )
    edits = st.session_state.get(key, {}).get("edited_rows", {})
    _write(new_edits(edits, state.applied, order), state, store)
    before = {row.id for row in rows if is_chosen(row, state.chosen)}
    state.applied = {int(place): dict(change) for place, change in edits.items()}
    now = set(edited.index[edited["chosen"]])
    _choose_changed(rows, before, now, state)


def _choose_changed(rows: Sequence[RunRow], before: set[str], now: set[str], state: TableState) -> None:
    """Where a group's row or one below it was ticked, the others follow: the table is drawn anew for them."""
    changed = [row for row in rows if (row.id in before) != (row.id in now)]
    for row in changed:
        (state.chosen.update if row.id in now else state.chosen.difference_update)(row.runs)
    if any(row.members or row.is_inner for row in changed):
        choose(sorted(state.chosen))
        st.rerun()


def _write(changes: Mapping[str, Mapping[str, Any]], state: TableState, store: Store) -> None:
    for row, change in changes.items():
        if row in state.members:
            store.group_edits.edit(state.members[row], **change)
        else:
            store.runs.edit(row, **change)


def _fold(groups: Sequence[str]) -> None:
    """The button of a row was pressed: a group's runs are shown below it, or no longer."""
    row = st.session_state[UNFOLD]["row"]
    if row < len(groups) and groups[row]:
        table_state().unfolded ^= {groups[row]}


def _take_edits(state: TableState, store: Store) -> None:
    """What was edited last in the table whose rows make way for others."""
    if not state.order:
        return
    edits = st.session_state.get(f"{_STATE}.{state.version}", {}).get("edited_rows", {})
    _write(new_edits(edits, state.applied, state.order), state, store)
    for place, change in edits.items():
        if "chosen" in change and int(place) < len(state.order):
            row = state.order[int(place)]
            (state.chosen.update if change["chosen"] else state.chosen.difference_update)(state.members.get(row, (row,)))


def new_edits(
    edits: Mapping[Any, Mapping[str, Any]], applied: Mapping[int, Mapping[str, Any]], order: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """What changed in the cells since `applied`, by run: arguments for `Store.edit_run`. A name made empty stays."""
    changes: dict[str, dict[str, Any]] = {}
    for place, change in edits.items():
        before = applied.get(int(place), {})
        fresh = {name: value for name, value in change.items() if name in EDITED and before.get(name, _MISSING) != value}
        if "name" in fresh:
            fresh["name"] = str(fresh["name"] or "").removeprefix(INNER)
            if not fresh["name"].strip():
                del fresh["name"]
        if "tags" in fresh:
            fresh["tags"] = list(fresh["tags"] or [])
        if "note" in fresh:
            fresh["note"] = fresh["note"] or ""
        if fresh and int(place) < len(order):
            changes[order[int(place)]] = fresh
    return changes


_MISSING = object()
