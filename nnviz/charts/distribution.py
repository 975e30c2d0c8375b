"""How the values of one column are spread: a histogram of numbers, counts of categories."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from nnviz.charts.frame import empty_figure
from nnviz.charts.numbers import one_format
from nnviz.charts.palette import SCALE, faded
from nnviz.plain_text import plotly

BINS = 24
NAMED = 8


class Distribution(NamedTuple):
    """`labels` of the bars and how many rows each stands for; `edges` (bins + 1,) for numbers, else None."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    edges: tuple[float, ...] | None
    missing: int


def numbers(values: Sequence[float] | np.ndarray, *, bins: int = BINS) -> Distribution:
    """A histogram of the finite values; others count as missing."""
    found = np.asarray(values, dtype=float)
    kept = found[np.isfinite(found)]
    if not len(kept):
        return Distribution((), (), None, len(found))
    counts, edges = np.histogram(kept, bins=min(bins, max(1, len(np.unique(kept)))))
    write = one_format(edges.tolist())
    labels = tuple(f"{write(low)} to {write(high)}" for low, high in pairwise(edges))
    return Distribution(
        labels, tuple(int(count) for count in counts), tuple(float(edge) for edge in edges), len(found) - len(kept)
    )


def categories(values: Sequence[Any], *, most: int = NAMED) -> Distribution:
    """Rows a category, the most frequent first; beyond `most` the rest in one bar. None and NaN count as missing."""
    kept = [str(value) for value in values if value is not None and value == value]
    ranked = Counter(kept).most_common()
    shown = ranked if len(ranked) <= most else ranked[: most - 1]
    labels, counts = [label for label, _ in shown], [count for _, count in shown]
    if len(shown) < len(ranked):
        labels.append(f"{len(ranked) - len(shown)} others")
        counts.append(len(kept) - sum(counts))
    return Distribution(tuple(labels), tuple(counts), None, len(values) - len(kept))


def distribution_figure(shown: Distribution, *, height: int = 90) -> go.Figure:
    """Small bars without axes: the shape at a glance, labels and counts at the cursor."""
    figure = empty_figure(height=height, bargap=0.06 if shown.edges else 0.25, margin={"l": 0, "r": 0, "t": 2, "b": 2})
    if shown.edges:
        x: Any = [(low + high) / 2 for low, high in pairwise(shown.edges)]
    else:
        x = list(range(len(shown.labels)))
    figure.add_bar(
        x=x,
        y=shown.counts,
        customdata=[plotly(label) for label in shown.labels],
        marker={"color": faded(SCALE[0], 0.75)},
        hovertemplate="%{customdata}: %{y} rows<extra></extra>",
    )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    return figure
