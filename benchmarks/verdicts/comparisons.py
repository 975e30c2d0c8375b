"""Comparisons drawn from results, and what share of them claims a difference."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.verdict.judge import Results, judge, measure_of
from nnviz.verdict.needed import POWER

PLANTED = (0.0, 0.01, 0.02, 0.03)
ACCURACY = measure_of("val_accuracy", "validation accuracy", percent=True, is_lower_better=False)
Pairs = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Design:
    """How comparisons are drawn: `draw(rng)` gives the results (n,) of two settings without a difference. `rho` and `resolution`
    as in `Results`; `on_folds`, else the pairs are seeds."""

    name: str
    draw: Callable[[np.random.Generator], Pairs]
    rho: float
    resolution: float
    on_folds: bool


@dataclass(frozen=True)
class Share:
    """Of comparisons with `planted` added to one side: how many claim a difference, by the verdict and by a plain paired
    t-test."""

    planted: float
    claimed: float
    textbook: float


def shares(design: Design, *, times: int, seed: int = 0) -> list[Share]:
    """For each planted difference, the same draws."""
    from scipy.stats import ttest_rel

    rng = np.random.default_rng(seed)
    drawn = [design.draw(rng) for _ in range(times)]
    lines = []
    for planted in PLANTED:
        claimed = [_judged(design, first + planted, second) in ("better", "worse") for first, second in drawn]
        columns = [np.stack(side) for side in zip(*drawn, strict=True)]
        with np.errstate(invalid="ignore", divide="ignore"):
            textbook = ttest_rel(columns[0] + planted, columns[1], axis=1).pvalue < 0.05
        lines.append(Share(planted, float(np.mean(claimed)), float(np.mean(textbook))))
    return lines


def needed_by_drawing(values: NDArray[np.float64], *, size: float, times: int, seed: int = 0) -> int:
    """The smallest number of pairs of trainings with which a planted `size` is claimed with the chance POWER by the paired
    t-test, drawing from `values` (n,) with replacement."""
    rng = np.random.default_rng(seed)
    low, high = 1, 2
    while _power(values, high, size, times, rng) < POWER:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(values, middle, size, times, rng) >= POWER else (middle, high)
    return high


def _power(values: NDArray[np.float64], n: int, size: float, times: int, rng: np.random.Generator) -> float:
    from scipy.stats import ttest_rel

    first, second = rng.choice(values, (2, times, n))
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.mean(ttest_rel(first + size, second, axis=1).pvalue < 0.05))


def _judged(design: Design, first: NDArray[np.float64], second: NDArray[np.float64]) -> str:
    n = len(first)
    return judge(
        Results(
            measure=ACCURACY,
            values=np.stack([first, second], axis=1),
            splits=tuple(range(n)) if design.on_folds else (0,) * n,
            labels=("",) * n,
            rho=design.rho,
            resolution=design.resolution,
        )
    ).kind
