"""Figures, two steps each: rows -> a small typed tuple (what is shown, in numbers) -> a plotly Figure (how)."""

from nnviz.charts.ranks import RankDiagram, rank_diagram, rank_diagram_figure
from nnviz.charts.rate import RateCurve, Sweep, rate_curve, rate_curve_figure, sweep, sweep_figure
from nnviz.charts.scatter import Scatter, scatter, scatter_figure

__all__ = [
    "RankDiagram",
    "RateCurve",
    "Scatter",
    "Sweep",
    "rank_diagram",
    "rank_diagram_figure",
    "rate_curve",
    "rate_curve_figure",
    "scatter",
    "scatter_figure",
    "sweep",
    "sweep_figure",
]
