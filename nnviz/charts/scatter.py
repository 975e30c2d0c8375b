"""The rows of data with two inputs, as points."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.charts.numbers import axis_format
from nnviz.colours import LIGHT, OUTLINE, faded
from nnviz.plain_text import plotly

MOST = 2000
"""Points that are drawn; of more, every n-th."""


class Scatter(NamedTuple):
    """`x`, `y` float64 (n,); `target` int64 (n,) classes or float64 (n,) values; `classes` their names, () for values;
    `extent` x0, x1, y0, y1."""

    x: np.ndarray
    y: np.ndarray
    target: np.ndarray
    classes: tuple[str, ...]
    names: tuple[str, str]
    extent: tuple[float, float, float, float]


def scatter(
    x: np.ndarray,
    y: np.ndarray,
    *,
    task: Literal["classification", "regression"] = "classification",
    names: Sequence[str] = ("x1", "x2"),
    classes: Sequence[str] = (),
    most: int = MOST,
) -> Scatter:
    """From inputs `x` (n, 2) and targets `y` (n,). Class numbers without a name are named by number. `extent` leaves 8
    % of room around all rows. Raises ValueError where `x` has another shape."""
    inputs = np.asarray(x, dtype=float)
    if inputs.ndim != 2 or inputs.shape[1] != 2:
        raise ValueError(f"inputs have the shape {inputs.shape}; two columns are needed: (n, 2)")
    goal = np.asarray(y)
    named: tuple[str, ...] = ()
    if task == "classification":
        goal = goal.astype(np.int64)
        size = max(len(classes), int(goal.max()) + 1 if len(goal) else 0)
        named = (*classes, *(str(number) for number in range(len(classes), size)))
    sides: list[float] = []
    for column in inputs.T:
        low, high = (float(column.min()), float(column.max())) if len(column) else (0.0, 1.0)
        room = 0.08 * ((high - low) or 1.0)
        sides += [low - room, high + room]
    every = max(1, -(-len(inputs) // most))
    return Scatter(
        inputs[::every, 0],
        inputs[::every, 1],
        goal[::every],
        named,
        (names[0], names[1]),
        (sides[0], sides[1], sides[2], sides[3]),
    )


def scatter_figure(points: Scatter, *, height: int = 220, ticks: bool = False) -> go.Figure:
    """Points in their class's colour, or for values on the diverging scale around their mean. The colours are the page's own
    (`.streamlit/config.toml`), so they follow its theme."""
    figure = empty_figure(height=height)
    across, up = (plotly(name, limit=24) for name in points.names)
    size = 5 if len(points.x) <= 600 else 3.5
    forms = [axis_format(values.tolist()) for values in (points.x, points.y)]
    hover = f"{across} %{{x:{forms[0]}}}<br>{up} %{{y:{forms[1]}}}"
    for number, name in enumerate(points.classes):
        mine = points.target == number
        figure.add_scatter(
            x=points.x[mine],
            y=points.y[mine],
            mode="markers",
            name=plotly(name),
            hovertemplate=hover,
            marker={"size": size, "line": {"width": 0.7, "color": faded(LIGHT.outline, OUTLINE)}},
        )
    if not points.classes:
        away = points.target - _mean(points.target)
        reach = float(np.nanmax(np.abs(away), initial=0.0)) or 1.0
        figure.add_scatter(
            x=points.x,
            y=points.y,
            mode="markers",
            name="",
            customdata=points.target,
            hovertemplate=hover + f"<br>target %{{customdata:{axis_format(points.target.tolist())}}}",
            marker={
                "size": size,
                "color": away,
                "cmin": -reach,
                "cmax": reach,
                "autocolorscale": True,
                "line": {"width": 0.7, "color": LIGHT.edge},
            },
        )
    x0, x1, y0, y1 = points.extent
    figure.update_xaxes(
        range=[x0, x1], visible=ticks, showgrid=False, fixedrange=True, tickformat=forms[0], title=across if ticks else None
    )
    figure.update_yaxes(
        range=[y0, y1], visible=ticks, showgrid=False, fixedrange=True, tickformat=forms[1], title=up if ticks else None
    )
    return figure


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0
