"""The verdict on two settings, or on many: from paired results to what may be claimed."""

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnviz.verdict.needed import MOST, pairs_needed
from nnviz.verdict.paired import LEVEL, Paired, Probabilities, corrected_t, probabilities
from nnviz.verdict.ranks import Ranked, holm, ranked

Kind = Literal["better", "worse", "equivalent", "undecided"]
REGION = 0.01
"""Differences up to this are practically none: one point of a share, or one hundredth of what a loss or an error is."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """The metric that is compared. `unit`: `points` (a share of rows, shown in percent), `score` (a number up to 1), `relative`
    (a loss, whose differences mean something as shares of it only), `target` (an error in the target's unit)."""

    name: str
    title: str
    unit: Literal["points", "score", "relative", "target"]
    is_lower_better: bool


@dataclass(frozen=True, kw_only=True)
class Results:
    """Paired results: `values` (n, k) of k settings on n folds or seeds, `splits` (n,) which split of the rows each has, by
    number; `rho` of `paired.overlap`, 0 for one split; `resolution`: what one row makes of a value, 0 where that has no bound.
    `labels` (n,) are what the pairs are called. `is_same` (k, k): settings whose runs agree in every metric to the last digit."""

    measure: Measure
    values: NDArray[np.float64]
    splits: tuple[int, ...]
    labels: tuple[str, ...]
    rho: float = 0.0
    resolution: float = 0.0
    is_same: NDArray[np.bool_] | None = None

    @property
    def level(self) -> float:
        """What the metric is like, of all settings together: differences of losses and errors are measured by it."""
        return float(np.abs(self.values).mean())

    @property
    def region(self) -> float:
        """Half the width of the region of practical equivalence, in the metric's own unit."""
        return REGION if self.measure.unit in ("points", "score") else REGION * self.level

    @property
    def on_folds(self) -> bool:
        """Whether the rows are split more than once; else the pairs are seeds."""
        return len(set(self.splits)) > 1

    @property
    def by_split(self) -> NDArray[np.float64]:
        """(n, k): what is compared. Where a split was trained several times its mean: these trainings share all their rows, so
        they are no evidence of their own about rows. With one split alone each training counts."""
        if not self.on_folds:
            return self.values
        splits = np.asarray(self.splits)
        return np.stack([self.values[splits == split].mean(axis=0) for split in dict.fromkeys(self.splits)])

    @property
    def oriented(self) -> NDArray[np.float64]:
        """`by_split`, higher being better."""
        return -self.by_split if self.measure.is_lower_better else self.by_split


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The first setting against the second. `paired` is of the differences first less second, None with fewer than two pairs
    (then `difference` alone is known); `chances` that the first is lower, equal, higher; `needed`: how many more folds or seeds
    would show a difference of `region`: 0 where those at hand would have, above `MOST` for more than that, None where no number
    does (`needs_rows`) or none is wanted. `p`: of the test, adjusted where several pairs are judged at once (`of_many`)."""

    kind: Kind
    measure: Measure
    difference: float
    n: int
    on_folds: bool
    region: float
    level: float
    paired: Paired | None = None
    chances: Probabilities | None = None
    needed: int | None = None
    needs_rows: bool = False
    p: float | None = None
    of_many: int = 1
    is_same: bool = False

    @property
    def is_better(self) -> bool | None:
        """Whether the first is better than the second; None where neither is."""
        return {"better": True, "worse": False}.get(self.kind)


@dataclass(frozen=True, kw_only=True)
class ManyVerdict:
    """k >= 3 settings: their ranks (None with fewer than two pairs), and the verdict on each pair (i, j), i < j, by p-values that
    Holm's method adjusts."""

    ranked: Ranked | None
    pairs: dict[tuple[int, int], Verdict]

    @property
    def best(self) -> int | None:
        """The setting that is better than each of the others; None where there is none."""
        places = {place for pair in self.pairs for place in pair}
        return next((place for place in sorted(places) if len(self.beats(place)) == len(places) - 1), None)

    def tied(self, one: int) -> list[int]:
        """The settings that cannot be told apart from this one."""
        return [other for other in self._others(one) if self.between(one, other) is None]

    def beats(self, one: int) -> list[int]:
        """The settings that this one is better than."""
        return [other for other in self._others(one) if self.between(one, other)]

    def between(self, one: int, other: int) -> bool | None:
        """Whether the one is better than the other; None where neither is."""
        better = self.pairs[min(one, other), max(one, other)].is_better
        return better if better is None or one < other else not better

    def _others(self, one: int) -> list[int]:
        return sorted({place for pair in self.pairs for place in pair} - {one})


def judge(results: Results, first: int = 0, second: int = 1) -> Verdict:
    """The verdict on two settings of the results. The corrected t interval decides which is better; where it leaves out nothing,
    the Bayesian test says whether they are practically equal."""
    values = results.by_split
    differences = values[:, first] - values[:, second]
    n, is_same = len(values), results.is_same is not None and bool(results.is_same[first, second])
    plain = Verdict(
        kind="undecided",
        measure=results.measure,
        difference=float(differences.mean()),
        n=n,
        on_folds=results.on_folds,
        region=results.region,
        level=float(np.abs(values[:, [first, second]]).mean()),
        is_same=is_same,
    )
    if n < 2:
        return plain
    paired = corrected_t(differences.tolist(), rho=results.rho, resolution=0.0 if is_same else results.resolution)
    chances = probabilities(paired, plain.region) if plain.region > 0 else None
    return _decided(replace(plain, paired=paired, chances=chances, p=paired.p))


def judge_many(results: Results) -> ManyVerdict:
    """The verdict on three settings or more: all pairs as `judge` has them, but claimed by Holm's adjusted p-values, so that with
    many pairs no more than one comparison in twenty claims anything where nothing is."""
    k = results.values.shape[1]
    pairs = {pair: judge(results, *pair) for pair in combinations(range(k), 2)}
    known = [pair for pair, verdict in pairs.items() if verdict.p is not None]
    adjusted = holm([pairs[pair].p or 0.0 for pair in known])
    for pair, p in zip(known, adjusted, strict=True):
        pairs[pair] = _decided(replace(pairs[pair], p=p, of_many=len(known)))
    values = results.oriented
    return ManyVerdict(ranked=ranked(values) if len(values) > 1 else None, pairs=pairs)


def _decided(verdict: Verdict) -> Verdict:
    """With its kind, by its p-value, and what is needed where nothing is decided."""
    paired, chances = verdict.paired, verdict.chances
    if paired is None or verdict.p is None:
        return verdict
    if verdict.p < 1 - LEVEL:
        is_better = (paired.mean < 0) == verdict.measure.is_lower_better
        return replace(verdict, kind="better" if is_better else "worse", needed=None, needs_rows=False)
    if chances is not None and chances.equal >= LEVEL:
        return replace(verdict, kind="equivalent", needed=None, needs_rows=False)
    if verdict.region <= 0:
        return replace(verdict, kind="undecided")
    std = paired.scale / math.sqrt(1 / paired.n + paired.rho / (1 - paired.rho))
    pairs = pairs_needed(std=std, rho=paired.rho, size=verdict.region)
    more = None if pairs is None else pairs if pairs > MOST else max(0, pairs - paired.n)
    return replace(verdict, kind="undecided", needed=more, needs_rows=pairs is None)


def measure_of(name: str, title: str, *, percent: bool, is_lower_better: bool) -> Measure:
    """The measure of a metric by its name (`val_accuracy`), its title, and what the catalog says of it."""
    bare = name.removeprefix("val_")
    if percent:
        unit: Literal["points", "score", "relative", "target"] = "points"
    elif bare == "loss":
        unit = "relative"
    else:
        unit = "target" if is_lower_better else "score"
    return Measure(name=name, title=title, unit=unit, is_lower_better=is_lower_better)
