"""The table of a data set's columns, in which types and uses are overruled."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from nnviz.plain_text import LINE, visible
from nnviz.ui.common.i18n import _

TYPES = ("number", "category", "boolean", "date", "text", "identifier")
BARS = 20
Report = Mapping[str, Any]
Block = dict[str, Any]


def columns_table(block: Block, report: Report, *, key: str, can_change: bool) -> Block:
    """Every column: how its values are spread, what it was taken for and why, what will be done with it. Its type and
    whether it is used can be changed where `can_change`; gives the block with what was."""
    columns = report["columns"]
    frame = pd.DataFrame(
        {
            "use": [column["use"] for column in columns],
            "name": [visible(column["name"]) for column in columns],
            "values": [_bars(column["distribution"]) for column in columns],
            "type": [column["type"] for column in columns],
            "why": [visible(column["why"], limit=LINE) for column in columns],
            "action": [visible(column["action"], limit=LINE) for column in columns],
            "missing": [column["missing"] / max(1, report["rows"]) for column in columns],
            "unique": [column["unique"] for column in columns],
            "examples": [visible(", ".join(column["examples"]), limit=LINE) for column in columns],
        }
    )
    config = st.column_config
    edited = st.data_editor(
        frame,
        hide_index=True,
        width="stretch",
        key=key,
        row_height=38,
        height=min(560, 40 + 38 * len(frame)),
        disabled=True if not can_change else ["name", "values", "why", "action", "missing", "unique", "examples"],
        column_config={
            "use": config.CheckboxColumn(_("Use"), width=66, help=_("Whether the network sees this column.")),
            "name": config.TextColumn(_("Column"), width="medium"),
            "values": config.BarChartColumn(
                _("Values"), width=130, y_min=0, help=_("How the values are spread; for words, the most frequent ones.")
            ),
            "type": config.SelectboxColumn(
                _("Type"),
                width=105,
                required=True,
                options=list(dict.fromkeys([*TYPES, *(column["type"] for column in columns)])),
            ),
            "why": config.TextColumn(_("Why"), width=210),
            "action": config.TextColumn(_("What will be done with it"), width="large"),
            "missing": config.NumberColumn(_("Missing"), width=75, format="percent"),
            "unique": config.NumberColumn(_("Distinct"), width=80, help=_("How many different values it has.")),
            "examples": config.TextColumn(_("Examples"), width="medium"),
        },
    )
    return _overruled(block, columns, edited) if can_change else block


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
