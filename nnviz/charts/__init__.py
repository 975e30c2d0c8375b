"""Figures, two steps each: rows -> a small typed tuple (what is shown, in numbers) -> a plotly Figure (how)."""

from nnviz.charts.activation import Activation, activation, activation_figure
from nnviz.charts.confusion import Confusion, confusion, confusion_figure
from nnviz.charts.curves import Curve, Curves, curves, curves_figure
from nnviz.charts.distribution import Distribution, categories, distribution_figure, numbers
from nnviz.charts.palette import SCALE, colour, faded
from nnviz.charts.scatter import Scatter, scatter, scatter_figure
from nnviz.charts.sparkline import Sparkline, sparkline, sparkline_figure

__all__ = [
    "SCALE",
    "Activation",
    "Confusion",
    "Curve",
    "Curves",
    "Distribution",
    "Scatter",
    "Sparkline",
    "activation",
    "activation_figure",
    "categories",
    "colour",
    "confusion",
    "confusion_figure",
    "curves",
    "curves_figure",
    "distribution_figure",
    "faded",
    "numbers",
    "scatter",
    "scatter_figure",
    "sparkline",
    "sparkline_figure",
]
