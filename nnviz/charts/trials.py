"""The trials of a sweep: scores in their order, against one field, in two goals; which fields matter."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.charts.numbers import axis_format
from nnviz.charts.rate import LINE, MARK
from nnviz.colours import faded
from nnviz.plain_text import plotly

MOST_LETTERS = 24


class BestSoFar(NamedTuple):
    """`numbers` int64 (n,) and `scores` float64 (n,) of finished trials; `best` float64 (n,): the best until then."""

    numbers: np.ndarray
    scores: np.ndarray
    best: np.ndarray


class Slice(NamedTuple):
    """`x` the values of a field, floats or words, `scores` float64 (n,) and the trials' `numbers`. `is_log`: of the axis."""

    x: list[float] | list[str]
    scores: np.ndarray
    numbers: list[int]
    is_log: bool


def best_so_far(numbers: Sequence[int], scores: Sequence[float], *, is_higher: bool) -> BestSoFar:
    """From finished trials in their order."""
    values = np.asarray(scores, dtype=float)
    pick = np.maximum if is_higher else np.minimum
    return BestSoFar(np.asarray(numbers, dtype=np.int64), values, pick.accumulate(values) if len(values) else values)


def best_so_far_figure(curve: BestSoFar, *, title: str, height: int = 220) -> go.Figure:
    """A dot for each finished trial, and the best until then as steps."""
    figure = empty_figure(height=height)
    figure.add_scatter(
        x=curve.numbers,
        y=curve.best,
        mode="lines",
        line={"color": LINE, "width": 2.2, "shape": "hv"},
        hovertemplate="best until trial %{x}: %{y}<extra></extra>",
    )
    figure.add_scatter(
        x=curve.numbers,
        y=curve.scores,
        mode="markers",
        marker={"color": faded(LINE, 0.55), "size": 8, "line": {"color": MARK, "width": 1}},
        hovertemplate="trial %{x}: %{y}<extra></extra>",
    )
    figure.update_xaxes(title="trial", showgrid=False, fixedrange=True, rangemode="tozero")
    figure.update_yaxes(title=plotly(title), fixedrange=True, nticks=5, tickformat=axis_format(curve.scores))
    return figure


def slice_of(values: Sequence[Any], scores: Sequence[float], numbers: Sequence[int], *, is_log: bool) -> Slice:
    """From the values of one field and the scores of the same trials; values that are no numbers become words."""
    are_numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    x = [float(value) for value in values] if are_numbers else [words(value) for value in values]
    return Slice(x, np.asarray(scores, dtype=float), list(numbers), is_log and are_numbers)


def slice_figure(drawing: Slice, *, title: str, goal: str, height: int = 190) -> go.Figure:
    """Score against the value of a field, a dot for each trial."""
    figure = empty_figure(height=height)
    figure.add_scatter(
        x=[plotly(value) if isinstance(value, str) else value for value in drawing.x],
        y=drawing.scores,
        mode="markers",
        marker={"color": faded(LINE, 0.6), "size": 7, "line": {"color": MARK, "width": 1}},
        customdata=drawing.numbers,
        hovertemplate="trial %{customdata}: %{x}, %{y}<extra></extra>",
    )
    log = {"type": "log", "exponentformat": "power", "dtick": 1} if drawing.is_log else {"nticks": 6}
    figure.update_xaxes(title=plotly(title), showgrid=False, fixedrange=True, **log)
    figure.update_yaxes(title=plotly(goal), fixedrange=True, nticks=4, tickformat=axis_format(drawing.scores))
    return figure


def importance_figure(shares: Mapping[str, float], *, height: int | None = None) -> go.Figure:
    """A bar for each field, the largest on top. `shares` of 1 by title."""
    titles, values = [plotly(title) for title in shares], list(shares.values())
    figure = empty_figure(height=height or 60 + 28 * len(titles))
    figure.add_bar(
        x=values,
        y=titles,
        orientation="h",
        marker={"color": LINE},
        text=[f"{value:.0%}" for value in values],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    figure.update_xaxes(showgrid=False, fixedrange=True, visible=False, range=[0, 1.12 * max(values, default=1)])
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    return figure


def front_figure(
    x: Sequence[float], y: Sequence[float], numbers: Sequence[int], on_front: Sequence[bool], *, titles: tuple[str, str]
) -> go.Figure:
    """Two goals of finished trials; those that none beats in both are joined."""
    figure = empty_figure(height=280)
    front = sorted((one, other, number) for one, other, number, is_on in zip(x, y, numbers, on_front, strict=True) if is_on)
    rest = [(one, other, number) for one, other, number, is_on in zip(x, y, numbers, on_front, strict=True) if not is_on]
    for points, mode, alpha, size in ((rest, "markers", 0.35, 7), (front, "lines+markers", 1.0, 10)):
        figure.add_scatter(
            x=[point[0] for point in points],
            y=[point[1] for point in points],
            customdata=[point[2] for point in points],
            mode=mode,
            line={"color": LINE, "width": 1.6, "shape": "linear"},
            marker={"color": faded(LINE, alpha), "size": size, "line": {"color": MARK, "width": 1}},
            hovertemplate="trial %{customdata}: %{x}, %{y}<extra></extra>",
        )
    figure.update_xaxes(title=plotly(titles[0]), fixedrange=True, tickformat=axis_format(x))
    figure.update_yaxes(title=plotly(titles[1]), fixedrange=True, tickformat=axis_format(y))
    return figure


def words(value: Any) -> str:
    """A value of a spec in a few letters: `0.003`, `relu`, `Adam` for an object of that kind."""
    if isinstance(value, float):
        return f"{value:.3g}" if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        value = value.get("kind") or value.get("expression") or dict(value)
    text = str(value)
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "\N{HORIZONTAL ELLIPSIS}"
