"""The table of a data set's columns, in which types and uses are overruled."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from nnviz.plain_text import LINE, visible
from nnviz.ui.common.i18n import _
from nnviz.ui.common.settings.labels import page_words

TYPES = ("number", "category", "boolean", "date", "text", "identifier")
BARS = 20
ROW, WRAPPED, MOST = 38, 66, 560
"""Pixels: a row of one line; one in which texts wrap, as Streamlit does it beyond 64; the table."""
ONE_LINE = {"name": 15, "why": 16, "action": 44}
"""Letters that fit beside each other, by column."""
Report = Mapping[str, Any]
Block = dict[str, Any]


def columns_table(block: Block, report: Report, *, key: str, can_change: bool) -> Block:
    """Every column: how its values are spread, what it was taken for and why, what will be done with it. Its type and
    whether it is used can be changed where `can_change`; gives the block with what was."""
    columns = [_with_reason(column, report) for column in report["columns"]]
    frame = pd.DataFrame(
        {
            "use": [column["use"] for column in columns],
            "name": [visible(column["name"]) for column in columns],
            "values": [_bars(column["distribution"]) for column in columns],
            "type": [column["type"] for column in columns],
            "why": [visible(page_words(column["why"]), limit=LINE) for column in columns],
            "action": [visible(page_words(column["action"]), limit=LINE) for column in columns],
        }
    )
    wraps = any(frame[name].str.len().max() > most for name, most in ONE_LINE.items())
    height = WRAPPED if wraps else ROW
    config = st.column_config
    edited = st.data_editor(
        frame,
        hide_index=True,
        width="stretch",
        key=key,
        row_height=height,
        height=min(MOST, 40 + height * len(frame)),
        disabled=True if not can_change else ["name", "values", "why", "action"],
        column_config={
            "use": config.CheckboxColumn(_("Use"), width=56, help=_("Whether the network sees this column.")),
            "name": config.TextColumn(_("Column"), width=122),
            "values": config.BarChartColumn(
                _("Values"), width=84, y_min=0, help=_("How the values are spread; for words, the most frequent ones.")
            ),
            "type": config.SelectboxColumn(
                _("Type"),
                width=104,
                required=True,
                options=list(dict.fromkeys([*TYPES, *(column["type"] for column in columns)])),
            ),
            "why": config.TextColumn(_("Why"), width=120),
            "action": config.TextColumn(_("What will be done with it"), width=316),
        },
    )
    return _overruled(block, columns, edited) if can_change else block


def _with_reason(column: Mapping[str, Any], report: Report) -> Mapping[str, Any]:
    """A column that was left out since it gives the target away says that, and not that somebody chose it."""
    if column["use"] or all(leak["column"] != column["name"] for leak in report.get("leaks", ())):
        return column
    return {**column, "why": _("gives the target away"), "action": _("left out: gives the target away")}


def _overruled(block: Block, columns: Sequence[Mapping[str, Any]], edited: pd.DataFrame) -> Block:
    overrides = {name: dict(value) for name, value in (block.get("columns") or {}).items()}
    for column, use, kind in zip(columns, edited["use"], edited["type"], strict=True):
        if bool(use) != column["use"]:
            overrides.setdefault(column["name"], {})["use"] = bool(use)
        if kind in TYPES and kind != column["type"]:
            overrides.setdefault(column["name"], {})["type"] = str(kind)
            overrides[column["name"]].pop("use", None)
            overrides[column["name"]].pop("elapsed", None)
    return block | {"columns": overrides} if overrides else block


def _bars(distribution: Mapping[str, Any]) -> list[int]:
    counts = [int(count) for count in distribution.get("counts", ())][:BARS]
    return [*counts, int(distribution["others"])] if distribution.get("others") else counts
