"""What the runs of a group come to together: mean and standard deviation of each metric."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nnviz.store.records import Run


@dataclass(frozen=True)
class Spread:
    """`values` in the order of the runs; `std` is their standard deviation about `mean` (NumPy's, divided by n)."""

    mean: float
    std: float
    values: tuple[float, ...]


def spreads(metrics: Iterable[Mapping[str, float]]) -> dict[str, Spread]:
    """Mean, deviation and values of each metric over runs, given by their metrics. A value that is missing or not finite
    is left out; a metric without any has no entry."""
    values: dict[str, list[float]] = {}
    for run_metrics in metrics:
        for name, value in run_metrics.items():
            if value is not None and math.isfinite(value):
                values.setdefault(name, []).append(float(value))
    return {name: _spread(known) for name, known in values.items()}


def is_whole(run: Run) -> bool:
    """Whether a run's metrics count for its group: it was trained to its end."""
    return run.status == "finished"


def _spread(values: Sequence[float]) -> Spread:
    mean = math.fsum(values) / len(values)
    variance = math.fsum((value - mean) ** 2 for value in values) / len(values)
    return Spread(mean, math.sqrt(variance), tuple(values))
