"""Which classes are taken for which."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.charts.palette import SCALE
from nnviz.plain_text import plotly

NAMED = 16


class Confusion(NamedTuple):
    """`counts` int64 (k, k): rows of true class i that were taken for class j; `shares` of each true class, float64."""

    classes: tuple[str, ...]
    counts: np.ndarray
    shares: np.ndarray
    accuracy: float


def confusion(
    true: Sequence[int] | np.ndarray, predicted: Sequence[int] | np.ndarray, *, classes: Sequence[str]
) -> Confusion:
    """From class numbers (n,) and (n,). A class without rows has shares of 0; without any rows the accuracy is NaN."""
    size = len(classes)
    truth, guess = np.asarray(true, dtype=np.int64), np.asarray(predicted, dtype=np.int64)
    if truth.shape != guess.shape:
        raise ValueError(f"true classes have the shape {truth.shape}, predicted ones {guess.shape}; they must be equal")
    if len(truth) and not (min(truth.min(), guess.min()) >= 0 and max(truth.max(), guess.max()) < size):
        raise ValueError(f"a class number is outside 0 to {size - 1}")
    counts = np.bincount(truth * size + guess, minlength=size * size).reshape(size, size)
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    return Confusion(
        tuple(classes), counts, shares, float(np.trace(counts) / len(truth)) if len(truth) else float("nan")
    )


def confusion_figure(shown: Confusion, *, height: int = 330) -> go.Figure:
    """True classes by row from above, predicted by column; shade: the share of the true class."""
    size = len(shown.classes)
    names = [plotly(name, limit=18) for name in shown.classes]
    figure = empty_figure(height=height)
    figure.add_heatmap(
        z=shown.shares,
        zmin=0,
        zmax=1,
        colorscale=[[0, "#e9effc"], [1, SCALE[0]]],
        showscale=False,
        xgap=2,
        ygap=2,
        customdata=shown.counts,
        text=shown.counts if size <= NAMED else None,
        texttemplate="%{text}" if size <= NAMED else None,
        hovertemplate="true class %{y}, predicted %{x}: %{customdata} rows, %{z:.1%}<extra></extra>",
    )
    places = list(range(size)) if size <= NAMED else []
    figure.update_xaxes(title="predicted", tickvals=places, ticktext=[names[place] for place in places], showgrid=False)
    figure.update_yaxes(
        title="true", tickvals=places, ticktext=[names[place] for place in places], autorange="reversed", showgrid=False
    )
    return figure
