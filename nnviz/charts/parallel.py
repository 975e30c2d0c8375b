"""Trials as lines through one axis for each field and one for the score."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.charts.rate import LINE, MARK
from nnviz.charts.trials import words
from nnviz.colours import faded
from nnviz.plain_text import plotly

SHADES = (0.12, 0.22, 0.38, 0.6, 0.95)
"""How strong a line is, from the worst fifth of the trials to the best."""


MOST_LETTERS = 10
"""Of a line of a title."""


class Axis(NamedTuple):
    """`places` float64 (n,) of the trials' values, 0 at the foot to 1; `ticks`: places with their words."""

    title: str
    places: np.ndarray
    ticks: list[tuple[float, str]]


class Parallel(NamedTuple):
    """`axes` of all fields, the score's last; `shade` int64 (n,): an index of SHADES; `best`: the best trial's place, or None."""

    axes: list[Axis]
    shade: np.ndarray
    best: int | None


def parallel(
    fields: Sequence[tuple[str, Sequence[Any], bool]], scores: Sequence[float], *, goal: str, is_higher: bool
) -> Parallel:
    """`fields`: title, values of the trials and whether the scale is logarithmic; `scores` of the same trials."""
    values = np.asarray(scores, dtype=float)
    axes = [_axis(title, column, is_log=is_log) for title, column, is_log in fields]
    axes.append(_axis(goal, list(values), is_log=False))
    order = np.argsort(np.argsort(values if is_higher else -values, kind="stable"), kind="stable")
    shade = (len(SHADES) * order) // max(1, len(values))
    best = int(np.argmax(order)) if len(values) else None
    return Parallel(axes, shade.astype(np.int64), best)


def parallel_figure(drawing: Parallel, *, height: int = 300) -> go.Figure:
    """Better trials are drawn stronger, the best one thick."""
    figure = empty_figure(height=height, hovermode=False)
    count = len(drawing.axes)
    lines = np.stack([axis.places for axis in drawing.axes], axis=1)
    for level, alpha in enumerate(SHADES):
        chosen = lines[drawing.shade == level]
        x = np.tile([*range(count), math.nan], len(chosen))
        y = np.concatenate([chosen, np.full((len(chosen), 1), math.nan)], axis=1).ravel()
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": faded(LINE, alpha), "width": 1.4})
    if drawing.best is not None:
        marker = {"color": LINE, "size": 8, "line": {"color": MARK, "width": 1.4}}
        figure.add_scatter(
            x=list(range(count)), y=lines[drawing.best], mode="lines+markers", line={"color": LINE, "width": 3.2}, marker=marker
        )
    for at, axis in enumerate(drawing.axes):
        figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, line={"color": MARK, "width": 1})
        for place, text in axis.ticks:
            figure.add_annotation(
                x=at, y=place, text=plotly(text), showarrow=False, xanchor="right" if at == count - 1 else "left",
                xshift=-5 if at == count - 1 else 5, font={"size": 11}, bgcolor="rgba(128,128,128,.14)", borderpad=1,
            )  # fmt: skip
    ticks = {"tickvals": list(range(count)), "ticktext": ["<br>".join(map(plotly, _lines(axis.title))) for axis in drawing.axes]}
    figure.update_xaxes(**ticks, showgrid=False, fixedrange=True, range=[-0.35, count - 0.65], side="top", tickangle=0)
    figure.update_xaxes(ticklabeloverflow="allow", tickfont={"size": 10})
    figure.update_yaxes(visible=False, fixedrange=True, range=[-0.05, 1.05])
    return figure


def _axis(title: str, values: Sequence[Any], *, is_log: bool) -> Axis:
    if not values or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        names = sorted({words(value) for value in values})
        step = 1 / max(1, len(names) - 1)
        where = {name: step * at if len(names) > 1 else 0.5 for at, name in enumerate(names)}
        return Axis(title, np.array([where[words(value)] for value in values]), [(place, name) for name, place in where.items()])
    numbers = np.asarray(values, dtype=float)
    scaled = np.log(numbers) if is_log and (numbers > 0).all() else numbers
    low, high = float(scaled.min()), float(scaled.max())
    if low == high:
        return Axis(title, np.full(len(numbers), 0.5), [(0.5, words(values[0]))])
    places = (scaled - low) / (high - low)
    ends = [(0.0, words(values[int(scaled.argmin())])), (1.0, words(values[int(scaled.argmax())]))]
    return Axis(title, places, ends)


def _lines(title: str) -> list[str]:
    """As many as a phone needs, beside the titles of other axes."""
    return textwrap.wrap(title, MOST_LETTERS, break_long_words=False) or [title]
