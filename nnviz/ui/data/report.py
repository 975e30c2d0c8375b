"""The report of a data set: how it was read, its warnings, columns and first rows; and what the user overrules."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.plain_text import LINE, distinct, html
from nnviz.ui.common.boxes import warnings
from nnviz.ui.common.data_summary import columns_text, images
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.data import date_columns, leakage
from nnviz.ui.data.column_table import columns_table
from nnviz.ui.data.pickers import image_size, reading, target_and_task
from nnviz.ui.data.previews import class_bars, first_rows, image_lines, picture

Report = Mapping[str, Any]
Block = dict[str, Any]


def draw(block: Block, contents: Mapping[str, Any], *, key: str, can_change: bool) -> Block:
    """The report of a data set that can be used; gives the block with what the user overruled."""
    report, facts = contents["report"], contents["facts"]
    warnings(report["warnings"])
    changed = leakage.kept_out(block, report, key=key) if can_change else block
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        words = summary(report, inputs=facts["shape"][0], is_file=can_change)
        st.html(f"<div style='font-size:.9rem;opacity:.85'>{html(words, limit=LINE)}</div>")
        if can_change:
            read = reading(block, report["read"], key=key)
            changed = changed if changed != block else read
    by_folder = "size" in report["read"]
    if by_folder:
        image_lines(report["read"]["words"])
        changed = image_size(block, report["read"]["size"], key=key) if can_change else changed
    elif can_change:
        changed = changed if changed != block else target_and_task(block, report, key=key)
    if contents.get("points"):
        left, right = st.columns([1.5, 1])
        with left:
            picture(contents["points"], task=report["task"], names=facts["plane"], classes=report["classes"], key=f"{key}.plane")
        with right:
            class_bars(report)
    else:
        class_bars(report)
    if contents.get("images"):
        images(contents["images"])
    if not report["shape"]:
        edited = columns_table(block, report, key=f"{key}.columns", can_change=can_change)
        changed = changed if changed != block else edited
        if can_change:
            counted_on = date_columns.elapsed(block, report, key=key)
            changed = changed if changed != block else counted_on
        with st.expander(_("First rows")):
            first_rows(report["preview_columns"], report["preview"])
    return changed


def draw_unusable(block: Block, contents: Mapping[str, Any], *, key: str) -> Block:
    """Where a table can be read but not used: its first rows, and the pickers that may help."""
    if "columns" not in contents:
        return (
            {name: value for name, value in block.items() if name in ("kind", "path", "sha256")}
            if set(block) - {"kind", "path", "sha256"}
            and block["kind"] == "file"
            and st.button(_("Read it with the default settings"), key=f"{key}.reset")
            else block
        )
    names = list(contents["columns"])
    labels = distinct(names)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        override = block.get("target")
        target = st.selectbox(
            _("Column to predict"),
            [None, *names],
            key=f"{key}.target",
            format_func=lambda name: _("detect it") if name is None else labels[name],
            index=names.index(override) + 1 if override in names else 0,
        )
        changed = reading(block, contents.get("read", {}), key=key)
    if target != override and target is not None:
        changed = changed | {"target": target}
    first_rows(names, contents.get("preview", ()))
    return changed


def summary(report: Report, *, inputs: int, is_file: bool) -> str:
    """What was read, in one line; `inputs`: how many numbers the network gets of a row of a table."""
    shape = report["shape"]
    parts = [counted("{n} image", "{n} images", report["rows"]) if shape else counted("{n} row", "{n} rows", report["rows"])]
    if report["rows_dropped"]:
        parts.append(counted("{n} row left out", "{n} rows left out", report["rows_dropped"]))
    parts.append(" × ".join(str(side) for side in shape) if shape else columns_text(report, inputs))
    read = report["read"]
    if is_file and read.get("format"):
        parts.append(str(read["format"]))
    if is_file and "separator" in read:
        parts += [
            _("separator {name}").format(name=read.get("separator_name") or read["separator"]),
            _("decimal {mark}").format(mark=_("comma") if read["decimal"] == "," else _("point")),
            _encoding(read),
            _("with a header") if read["header"] else _("no header"),
        ]
    return " · ".join(parts)


def _encoding(read: Mapping[str, Any]) -> str:
    """The encoding's name, and how sure it is where it was not proven."""
    name = str(read.get("encoding_name") or read["encoding"])
    sure = {"likely": _("likely"), "guess": _("a guess")}.get(str(read.get("encoding_sure", "")))
    return name if sure is None else f"{name} ({sure})"
