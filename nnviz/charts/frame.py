"""What all figures share: no frame, thin margins, colours of text and grid left to the page's theme."""

from typing import Any

import plotly.graph_objects as go


def empty_figure(*, height: int, **layout: Any) -> go.Figure:
    """A figure without traces, `height` in pixels; `layout` as in plotly."""
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"namelength": -1},
    )
    figure.update_xaxes(zeroline=False, automargin=True)
    figure.update_yaxes(zeroline=False, automargin=True)
    figure.update_layout(**layout)
    return figure
