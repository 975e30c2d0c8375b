"""Boxes that say what is wrong, or what to mind. All of their text is shown as plain text."""

from collections.abc import Sequence

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.plain_text import LINE, html, without_folders
from nnviz.ui.common.i18n import counted
from nnviz.ui.common.settings.labels import label_for, page_words

UNFOLDED = 3
_TONES = {"red": "#dc2626", "orange": "#f97316"}


def error_box(error: NnvizError) -> None:
    """What is wrong, where, and what to do: in words, and quietly. Folders of the server are left out."""
    texts = (page_words(error.what), label_for(error.where), page_words(error.remedy))
    what, where, remedy = (html(without_folders(text), limit=2 * LINE) for text in texts)
    head = f"<div style='font-weight:600'>{what[:1].upper()}{what[1:]}</div>"
    where = f"<div style='opacity:.75'>{where}</div>" if where else ""
    remedy = f"<div style='margin-top:.3rem'>{remedy}</div>" if remedy else ""
    st.html(f"<div role='alert' style='{_box('red')}'>{head}{where}{remedy}</div>")


def warnings(messages: Sequence[str]) -> None:
    """The warnings of a report, all in one box; beyond the first three they are folded."""
    if not messages:
        return
    lines = [
        f"<li style='margin:.15rem 0'>{html(text[:1].upper() + text[1:], limit=2 * LINE)}</li>"
        for text in map(page_words, messages)
    ]
    style = "margin:0;padding-left:1.1rem"
    more = (
        ""
        if len(lines) <= UNFOLDED
        else (
            f"<details style='margin-top:.2rem'><summary style='cursor:pointer'>"
            f"{html(counted('{n} more', '{n} more', len(lines) - UNFOLDED))}</summary>"
            f"<ul style='{style}'>{''.join(lines[UNFOLDED:])}</ul></details>"
        )
    )
    st.html(f"<div style='{_box('orange')}'><ul style='{style}'>{''.join(lines[:UNFOLDED])}</ul>{more}</div>")


def _box(tone: str) -> str:
    return (
        f"padding:.6rem .9rem;border-radius:7px;border-left:3px solid {_TONES[tone]};font-size:.9rem;"
        f"background:color-mix(in srgb,{_TONES[tone]} 10%,transparent);overflow-wrap:anywhere"
    )
