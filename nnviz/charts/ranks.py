"""Average ranks of several settings, and which of them cannot be told apart: a critical-difference diagram."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.colours import LIGHT
from nnviz.plain_text import plotly

ROW = 30
"""Pixels of height for each setting."""
DOT = "#1d6fd6"
BAR = LIGHT.edge


class RankDiagram(NamedTuple):
    """Settings by average rank, the best first: `names`, `ranks` (k,); `ties`: (first, last) places of settings no two of which
    can be told apart, as far as they reach; `critical_difference` of the ranks."""

    names: tuple[str, ...]
    ranks: tuple[float, ...]
    ties: tuple[tuple[int, int], ...]
    critical_difference: float


def rank_diagram(
    names: Sequence[str], ranks: Sequence[float], is_tied: Callable[[int, int], bool], critical_difference: float
) -> RankDiagram:
    """Of settings with these average ranks; `is_tied(i, j)` for i and j from 0: whether the two cannot be told apart."""
    order = sorted(range(len(names)), key=ranks.__getitem__)
    ties: list[tuple[int, int]] = []
    for first in range(len(order)):
        last = first
        while last + 1 < len(order) and all(is_tied(order[place], order[last + 1]) for place in range(first, last + 1)):
            last += 1
        if last > first and not (ties and ties[-1][1] >= last):
            ties.append((first, last))
    return RankDiagram(
        tuple(names[place] for place in order), tuple(ranks[place] for place in order), tuple(ties), critical_difference
    )


def rank_diagram_figure(diagram: RankDiagram) -> go.Figure:
    """A dot for each setting, the best on top and to the left; a bar on the right beside those that cannot be told apart; above
    them a line as long as the critical difference."""
    k = len(diagram.names)
    figure = empty_figure(height=ROW * (k + 1) + 60)
    figure.add_scatter(
        x=diagram.ranks,
        y=list(range(k)),
        mode="markers+text",
        text=[f"{rank:.2f}" for rank in diagram.ranks],
        textposition="middle right",
        marker={"color": DOT, "size": 11},
        hoverinfo="skip",
        cliponaxis=False,
    )
    right = max(k, 1 + diagram.critical_difference) + 0.45
    for place, (first, last) in enumerate(diagram.ties):
        ends = [right + 0.14 * place] * 2
        figure.add_scatter(x=ends, y=[first - 0.25, last + 0.25], mode="lines", line={"color": BAR, "width": 4}, hoverinfo="skip")
    figure.add_scatter(
        x=[1, 1 + diagram.critical_difference], y=[-1, -1], mode="lines", line={"color": BAR, "width": 2}, hoverinfo="skip"
    )
    names = [plotly(name) for name in diagram.names]
    label = f"critical difference {diagram.critical_difference:.2f}"
    figure.update_yaxes(
        range=[k - 0.5, -1.6], tickvals=list(range(-1, k)), ticktext=[label, *names], showgrid=False, fixedrange=True
    )
    figure.update_xaxes(
        title="average rank (1 is best)",
        range=[0.8, right + 0.14 * len(diagram.ties) + 0.05],
        tickvals=list(range(1, k + 1)),
        fixedrange=True,
    )
    return figure
