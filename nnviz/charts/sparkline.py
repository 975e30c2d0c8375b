"""A curve small enough for one row of a table."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.charts.palette import SCALE

POINTS = 40


class Sparkline(NamedTuple):
    """`values`, at most 40 of them, the last one kept; also what `st.column_config.LineChartColumn` takes as a list."""

    metric: str
    values: tuple[float, ...]


def sparkline(history: Sequence[Mapping[str, float]], *, metric: str = "val_loss", points: int = POINTS) -> Sparkline:
    """From `store.history`; falls back to the training value where the run has no validation rows. Values that are not
    finite are left out."""
    name = metric if any(metric in row for row in history) else metric.removeprefix("val_")
    found = [float(row[name]) for row in history if row.get(name) is not None and np.isfinite(row[name])]
    if len(found) > points:
        places = np.linspace(0, len(found) - 1, points).round().astype(int)
        found = [found[place] for place in places]
    return Sparkline(name, tuple(found))


def sparkline_figure(shown: Sparkline, *, height: int = 36, place: int = 0) -> go.Figure:
    """A line without axes in the colour of `place`."""
    figure = empty_figure(height=height, margin={"l": 0, "r": 0, "t": 2, "b": 2})
    figure.add_scatter(
        y=shown.values, mode="lines", line={"color": SCALE[place % len(SCALE)], "width": 1.6}, hoverinfo="skip"
    )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    return figure
