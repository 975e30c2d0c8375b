"""Columns that give the target away, on the Data page: left out unless somebody has said that they stay."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.plain_text import LINE, markdown, visible
from nnviz.ui.common.i18n import _

Report = Mapping[str, Any]
Block = dict[str, Any]


def without_leaks(block: Block, report: Report) -> Block:
    """The block with every column unticked that gives the target away and of which it says nothing yet. The last inputs that
    are left stay, whatever they give away."""
    overrides = dict(block.get("columns") or {})
    named = {leak["column"] for leak in report.get("leaks", ()) if leak["used"]}
    others = [
        column["name"]
        for column in report["columns"]
        if column["use"] and column["name"] not in named and column["name"] not in report["target"]
    ]
    new = [name for name in named if "use" not in (overrides.get(name) or {})]
    if not new or not others:
        return block
    return block | {"columns": overrides | {name: dict(overrides.get(name) or {}) | {"use": False} for name in sorted(new)}}


def kept_out(block: Block, report: Report, *, key: str) -> Block:
    """Says which columns are left out because they give the target away, with a click to keep each; gives the block with
    what was chosen."""
    for number, leak in enumerate(leak for leak in report.get("leaks", ()) if not leak["used"]):
        name = leak["column"]
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.text(
                _("Left out: column {name} {said}. Keep it only if new rows will have it before their target is known.").format(
                    name=repr(visible(name)), said=visible(leak["said"], limit=LINE)
                )
            )
            if st.button(_("Keep {name}").format(name=markdown(name)), key=f"{key}.keep.{number}"):
                columns = dict(block.get("columns") or {})
                return block | {"columns": columns | {name: dict(columns.get(name) or {}) | {"use": True}}}
    return block


def forgotten(block: Block, report: Report) -> Block:
    """The block without what was said of columns that gave the target away: for another target they may be inputs."""
    named = {leak["column"] for leak in report.get("leaks", ())}
    columns = {
        name: {field: value for field, value in override.items() if field != "use" or name not in named}
        for name, override in (block.get("columns") or {}).items()
    }
    columns = {name: override for name, override in columns.items() if override}
    rest = {name: value for name, value in block.items() if name != "columns"}
    return rest | ({"columns": columns} if columns else {})
