"""A metric of several runs over epochs, steps or seconds."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.charts.palette import colour, faded
from nnviz.plain_text import plotly

Axis = Literal["epoch", "step", "time"]
Part = Literal["training", "validation"]
PARTS: tuple[Part, Part] = ("training", "validation")
AXIS_TITLES = {"epoch": "epoch", "step": "step", "time": "seconds"}
SHARES = frozenset({"accuracy"})


class Curve(NamedTuple):
    """One line: `part` is training or validation; `x`, `y` float64 (n,)."""

    run: str
    name: str
    part: Part
    place: int
    x: np.ndarray
    y: np.ndarray


class Curves(NamedTuple):
    metric: str
    axis: str
    lines: tuple[Curve, ...]


def curves(
    histories: Mapping[str, Sequence[Mapping[str, float]]],
    *,
    metric: str = "loss",
    axis: Axis = "epoch",
    names: Mapping[str, str] | None = None,
    smoothing: float = 0.0,
) -> Curves:
    """From `store.history` of each run (in the order of their colours). A run without the metric adds no line; epochs
    without a value are left out. `smoothing`: weight of the moving average, from 0 to below 1."""
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing is {smoothing:g}; allowed: from 0 to below 1")
    lines = []
    for place, (run, history) in enumerate(histories.items()):
        for part, column in zip(PARTS, (metric, f"val_{metric}"), strict=True):
            rows = [row for row in history if row.get(column) is not None]
            if rows:
                lines.append(
                    Curve(
                        run,
                        (names or {}).get(run, run),
                        part,
                        place,
                        np.array([row[axis] for row in rows], dtype=float),
                        smooth(np.array([row[column] for row in rows], dtype=float), smoothing),
                    )
                )
    return Curves(metric, axis, tuple(lines))


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Exponential moving average of (n,) with the start corrected: s_t = sum_i w^(t-i) v_i / sum_i w^(t-i), over the
    finite v_i; others stay as they are. `weight` from 0 to below 1."""
    if weight == 0:
        return values
    total = scale = 0.0
    found = np.array(values, dtype=float)
    for place, value in enumerate(values):
        if np.isfinite(value):
            total, scale = total * weight + value, scale * weight + 1
            found[place] = total / scale
    return found


def curves_figure(shown: Curves, *, height: int = 330, log: bool = False) -> go.Figure:
    """Training thick, validation thin, in the run's colour; the legend above."""
    figure = empty_figure(
        height=height,
        hovermode="x unified",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
    )
    form = ".1%" if shown.metric in SHARES else ",.5~r"
    for line in shown.lines:
        is_training = line.part == "training"
        figure.add_scatter(
            x=line.x,
            y=line.y,
            mode="lines",
            name=plotly(line.name),
            legendgroup=line.run,
            showlegend=is_training
            or not any(other.run == line.run and other.part == "training" for other in shown.lines),
            line={
                "color": colour(line.place) if is_training else faded(colour(line.place), 0.6),
                "width": 2.4 if is_training else 1.4,
            },
            hovertemplate=f"%{{y:{form}}}<extra>{plotly(line.name)} · {line.part}</extra>",
        )
    figure.update_xaxes(title=AXIS_TITLES[shown.axis], showgrid=False, rangemode="tozero")
    figure.update_yaxes(
        type="log" if log else "linear", tickformat=".0%" if shown.metric in SHARES and not log else ",~r"
    )
    return figure
