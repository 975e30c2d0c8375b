"""The learning rate: how it moves over the steps of a schedule, and the loss against it in a sweep."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.catalog.rates import rates
from nnviz.charts.frame import empty_figure
from nnviz.colours import LIGHT, faded

POINTS = 400
LINE = "#8a63d2"
"""Of training rows, as they are drawn on light and on dark pages alike."""
MARK = LIGHT.edge


class RateCurve(NamedTuple):
    """`steps`, `rates`, float64 (n,)."""

    steps: np.ndarray
    rates: np.ndarray


class Sweep(NamedTuple):
    """`rates`, `losses`, `smoothed`, float64 (n,); `suggestion` one of the rates, or None."""

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    suggestion: float | None


def rate_curve(kind: str, params: Mapping[str, Any], rate: float, *, total: int) -> RateCurve:
    """A schedule over the first `total` steps, at most 400 of them."""
    steps = np.unique(np.linspace(0, max(total - 1, 1), POINTS).round())
    return RateCurve(steps, rates(kind, params, rate, steps))


def rate_curve_figure(curve: RateCurve, *, height: int = 130) -> go.Figure:
    """The learning rate against the step, from zero up; `height` in pixels."""
    figure = empty_figure(height=height)
    figure.add_scatter(
        x=curve.steps,
        y=curve.rates,
        mode="lines",
        line={"color": LINE, "width": 2},
        hovertemplate="step %{x:,}: %{y:.3~g}<extra></extra>",
    )
    figure.update_xaxes(title="step", showgrid=False, fixedrange=True)
    figure.update_yaxes(fixedrange=True, nticks=4, rangemode="tozero")
    return figure


def sweep(answer: Mapping[str, Any]) -> Sweep:
    """From the answer of the job `find_rate`, or from its reports of progress."""
    swept, losses, smoothed = (np.asarray(answer[name], dtype=float) for name in ("rates", "losses", "smoothed"))
    return Sweep(swept, losses, smoothed, answer["suggestion"])


def sweep_figure(swept: Sweep, *, span: tuple[float, float] | None = None, height: int = 300) -> go.Figure:
    """Loss against rate (log): each batch's thin, the smoothed one thick, the suggestion marked. `span`: the rates that
    the whole sweep goes over."""
    figure = empty_figure(height=height)
    figure.add_scatter(
        x=swept.rates, y=swept.losses, mode="lines", line={"color": faded(LINE, 0.35), "width": 1}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=swept.rates,
        y=swept.smoothed,
        mode="lines",
        line={"color": LINE, "width": 2.4},
        hovertemplate="rate %{x:.3~g}<br>loss %{y:.4~g}<extra></extra>",
    )
    if swept.suggestion is not None:
        place = int(np.argmin(np.abs(swept.rates - swept.suggestion)))
        figure.add_vline(x=swept.suggestion, line={"color": MARK, "width": 1.6, "dash": "dash"})
        figure.add_scatter(
            x=[swept.suggestion],
            y=[swept.smoothed[place]],
            mode="markers",
            marker={"color": LINE, "size": 11, "line": {"color": MARK, "width": 1.6}},
            hovertemplate="suggested: %{x:.3~g}<extra></extra>",
        )
    figure.update_xaxes(
        type="log",
        title="learning rate",
        showgrid=False,
        fixedrange=True,
        exponentformat="power",
        range=None if span is None else [float(np.log10(end)) for end in span],
    )
    figure.update_yaxes(title="loss", fixedrange=True, nticks=5, range=_range(swept))
    return figure


def _range(swept: Sweep) -> list[float] | None:
    """So that an exploding end does not press all the rest flat."""
    if not len(swept.smoothed):
        return None
    low, first = float(swept.smoothed.min()), float(swept.smoothed[0])
    top = max(first, float(np.quantile(swept.smoothed, 0.9))) + 0.5 * abs(first - low)
    room = 0.08 * (top - low) or 0.1
    return [low - room, top + room]
