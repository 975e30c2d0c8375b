"""What a data set holds, read only: its title, classes, first rows, points and images."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nnviz.charts.scatter import scatter, scatter_figure
from nnviz.colours import class_colour
from nnviz.plain_text import LINE, distinct, html, visible
from nnviz.ui.common import theme
from nnviz.ui.common.i18n import counted

MOST_CLASSES = 12
_ELLIPSIS = "overflow:hidden;text-overflow:ellipsis;white-space:nowrap"


def title(text: str) -> str:
    """A heading that holds a user's text, as HTML."""
    return f"<h3 style='margin:0;padding:0;font-size:1.3rem;{_ELLIPSIS}'>{html(text)}</h3>"


def note(text: str) -> str:
    """A small line under a widget, as HTML; empty without a text."""
    return f"<div style='font-size:.82rem;opacity:.72;margin-top:-.5rem'>{html(text, limit=LINE)}</div>" if text else ""


def class_bars(report: Mapping[str, Any]) -> None:
    """How many rows each class has."""
    counts = list(zip(report["classes"], report["class_counts"], strict=True))
    if not counts:
        return
    most = max(count for _name, count in counts)
    rows = [
        f"<div style='{_ELLIPSIS}' title='{html(name, limit=LINE)}'>{html(name)}</div>"
        f"<div style='display:flex;align-items:center;gap:.5rem'><div style='height:.6rem;border-radius:3px;"
        f"background:{class_colour(number)};width:{max(1.0, 80 * count / most):.1f}%'></div><span>{count:,}</span></div>"
        for number, (name, count) in enumerate(counts[:MOST_CLASSES])
    ]
    rest = len(counts) - MOST_CLASSES
    more = note(counted("and {n} class more", "and {n} classes more", rest)) if rest > 0 else ""
    st.html(
        "<div style='display:grid;grid-template-columns:minmax(4rem,9rem) 1fr;gap:.2rem .8rem;align-items:center;"
        f"font-variant-numeric:tabular-nums;font-size:.87rem'>{''.join(rows)}</div>{more}"
    )


def first_rows(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The first rows as they stand in the file."""
    if rows:
        frame = pd.DataFrame(
            [[visible(cell, limit=LINE) if isinstance(cell, str) else cell for cell in row] for row in rows],
            columns=list(distinct(map(str, names)).values()),
        )
        st.dataframe(frame, hide_index=True, width="stretch", height="content" if len(frame) <= 8 else 300)


def picture(points: Sequence[Sequence[float]], *, task: str, names: Sequence[str], classes: Sequence[str], key: str) -> None:
    """Rows with two inputs, as points."""
    plane = scatter(
        np.array([point[:2] for point in points]),
        np.array([point[2] for point in points]),
        task="regression" if task == "regression" else "classification",
        names=names,
        classes=classes,
    )
    theme.show(scatter_figure(plane, height=360, ticks=True), key=key)


def image_lines(words: Sequence[str]) -> None:
    """What was found in a zip of images, one line each."""
    style = "font-size:.9rem;margin:.1rem 0;overflow-wrap:anywhere"
    st.html("".join(f"<div style='{style}'>{html(line, limit=LINE)}</div>" for line in words))
