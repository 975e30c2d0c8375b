"""The learning rate: how it moves over the steps of a schedule, and the loss against it in a sweep."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.catalog.rates import rates
from nnviz.charts.frame import empty_figure
from nnviz.charts.palette import SCALE, faded

POINTS = 400


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


def rate_curve_figure(shown: RateCurve, *, height: int = 130) -> go.Figure:
    figure = empty_figure(height=height)
    figure.add_scatter(
        x=shown.steps,
        y=shown.rates,
        mode="lines",
        line={"color": SCALE[0], "width": 2},
        hovertemplate="step %{x:,}: %{y:.3~g}<extra></extra>",
    )
    figure.update_xaxes(title="step", showgrid=False, fixedrange=True)
    figure.update_yaxes(fixedrange=True, nticks=4, rangemode="tozero")
    return figure


def sweep(found: Mapping[str, Any]) -> Sweep:
    """From the answer of the job `find_rate`, or what it reports on its way."""
    swept, losses, smoothed = (np.asarray(found[name], dtype=float) for name in ("rates", "losses", "smoothed"))
    return Sweep(swept, losses, smoothed, found["suggestion"])


def sweep_figure(shown: Sweep, *, span: tuple[float, float] | None = None, height: int = 300) -> go.Figure:
    """Loss against rate (log): each batch's faint, the smoothed one thick, the suggestion marked. `span`: the rates that
    the whole sweep goes over."""
    figure = empty_figure(height=height)
    figure.add_scatter(
        x=shown.rates, y=shown.losses, mode="lines", line={"color": faded(SCALE[0], 0.35), "width": 1}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=shown.rates,
        y=shown.smoothed,
        mode="lines",
        line={"color": SCALE[0], "width": 2.4},
        hovertemplate="rate %{x:.3~g}<br>loss %{y:.4~g}<extra></extra>",
    )
    if shown.suggestion is not None:
        place = int(np.argmin(np.abs(shown.rates - shown.suggestion)))
        figure.add_vline(x=shown.suggestion, line={"color": SCALE[1], "width": 1.6, "dash": "dash"})
        figure.add_scatter(
            x=[shown.suggestion],
            y=[shown.smoothed[place]],
            mode="markers",
            marker={"color": SCALE[1], "size": 11},
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
    figure.update_yaxes(title="loss", fixedrange=True, nticks=5, range=_range(shown))
    return figure


def _range(shown: Sweep) -> list[float] | None:
    """So that an exploding end does not press all the rest flat."""
    if not len(shown.smoothed):
        return None
    low, first = float(shown.smoothed.min()), float(shown.smoothed[0])
    top = max(first, float(np.quantile(shown.smoothed, 0.9))) + 0.5 * abs(first - low)
    room = 0.08 * (top - low) or 0.1
    return [low - room, top + room]
