"""An activation function and its derivative."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.charts.palette import SCALE

STEP = 1e-5


class Activation(NamedTuple):
    """`x`, `y` and `slope` dy/dx, float64 (n,); NaN where the function gives no finite number."""

    x: np.ndarray
    y: np.ndarray
    slope: np.ndarray


def activation(
    function: Callable[[np.ndarray], np.ndarray], *, low: float = -4, high: float = 4, points: int = 201
) -> Activation:
    """Evaluates an elementwise `function` from `low` to `high`; the slope by central differences,
    (f(x + h) - f(x - h)) / 2h with h = 1e-5."""
    x = np.linspace(low, high, points)
    with np.errstate(all="ignore"):
        y, after, before = (_finite(function(at), at) for at in (x, x + STEP, x - STEP))
        return Activation(x, y, (after - before) / (2 * STEP))


def activation_figure(shown: Activation, *, height: int = 170) -> go.Figure:
    """The function thick, its derivative thin and dashed."""
    figure = empty_figure(
        height=height,
        hovermode="x unified",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
    )
    for name, values, line in (
        ("f(x)", shown.y, {"color": SCALE[0], "width": 2.6}),
        ("f′(x)", shown.slope, {"color": SCALE[1], "width": 1.6, "dash": "dash"}),
    ):
        figure.add_scatter(x=shown.x, y=values, mode="lines", name=name, line=line, hovertemplate="%{y:.3~g}")
    figure.update_xaxes(showgrid=False, fixedrange=True)
    figure.update_yaxes(fixedrange=True, nticks=5)
    return figure


def _finite(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    # a constant such as "0.5" gives a number, not an array
    found = np.broadcast_to(np.asarray(values, dtype=float), like.shape)
    return np.where(np.isfinite(found), found, np.nan)
