"""Curves of runs and groups of runs: a line each, of a group with a band of one standard deviation."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nnviz.charts.frame import empty_figure
from nnviz.plain_text import plotly

Floats = NDArray[np.float64]
DASHES = ("solid", "dash", "dot")
"""By the round of the colours."""
FAINT = 0.15


class MeanCurve(NamedTuple):
    """`y` (n,) along `x` (n,), called `name`; `deviation` (n,) of a group, None of one run. `place`: in the scale of colours."""

    name: str
    place: int
    x: Floats
    y: Floats
    deviation: Floats | None = None


def mean_curves_figure(curves: Sequence[MeanCurve], *, x: str, y: str, colours: Sequence[str], height: int = 380) -> go.Figure:
    """`x`, `y`: titles of the axes; `colours`: the scale, as `#rrggbb`."""
    figure = empty_figure(height=height, showlegend=True, hovermode="x unified", legend={"orientation": "h", "y": 1.12})
    for curve in curves:
        colour, group = colours[curve.place % len(colours)], str(curve.place)
        if curve.deviation is not None:
            around = {"x": np.concatenate([curve.x, curve.x[::-1]]), "hoverinfo": "skip", "showlegend": False}
            edge = np.concatenate([curve.y + curve.deviation, (curve.y - curve.deviation)[::-1]])
            faint = {"fill": "toself", "fillcolor": colour, "opacity": FAINT, "line": {"width": 0}}
            figure.add_trace(go.Scatter(y=edge, mode="lines", legendgroup=group, **around, **faint))
        line = {"color": colour, "width": 2, "dash": DASHES[curve.place // len(colours) % len(DASHES)]}
        figure.add_trace(go.Scatter(x=curve.x, y=curve.y, mode="lines", name=plotly(curve.name), line=line, legendgroup=group))
    figure.update_xaxes(title=plotly(x), gridcolor="#e5e7eb", zeroline=False)
    figure.update_yaxes(title=plotly(y), gridcolor="#e5e7eb", zeroline=False)
    return figure
