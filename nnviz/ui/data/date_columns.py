"""Columns of dates on the Data page: the time between their dates as one more input, where somebody asks for it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.plain_text import distinct
from nnviz.ui.common.i18n import _

Report = Mapping[str, Any]
Block = dict[str, Any]


def elapsed(block: Block, report: Report, *, key: str) -> Block:
    """The pick of the dates whose elapsed time the network sees, too; gives the block with what was chosen. Dates that were left
    out because no part of them varies can be picked as well."""
    overrides = {name: dict(value) for name, value in (block.get("columns") or {}).items()}
    dates = [
        column
        for column in report["columns"]
        if column["type"] == "date"
        and column["name"] not in report["target"]
        and (column["use"] or overrides.get(column["name"], {}).get("use") is not False)
    ]
    if not dates:
        return block
    names = [column["name"] for column in dates]
    before = [column["name"] for column in dates if column["elapsed"]]
    chosen = st.multiselect(
        _("Elapsed time as an input, too"),
        names,
        before,
        key=f"{key}.elapsed",
        format_func=distinct(names).__getitem__,
        placeholder=_("none"),
        help=_(
            "The days since the earliest training row, beside year, month, day and so on. Useful where something grows with "
            "time; but rows later than those of the training, as with a split along time, lie outside what was seen, and "
            "networks guess badly there."
        ),
    )
    if set(chosen) == set(before):
        return block
    for name in names:
        overrides[name] = {field: value for field, value in overrides.get(name, {}).items() if field != "elapsed"} | (
            {"elapsed": True} if name in chosen else {}
        )
    columns = {name: value for name, value in overrides.items() if value}
    rest = {name: value for name, value in block.items() if name != "columns"}
    return rest | ({"columns": columns} if columns else {})
