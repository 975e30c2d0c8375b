"""Whether a remedy helped: the run with it against the one without, on the same rows."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

DRAWS, AT_ONCE = 1_000, 100
TAIL = 0.025
"""A run must be better, or worse, in all but so much of the draws of rows to be called so. Rows are drawn with replacement (the
bootstrap: Efron, 1979), since of a training that went wild a few rows cost a thousand times as much as others, where standard
errors mislead."""
LEAST = 0.02
"""Of what it was: a smaller difference means nothing, however sure it is."""

Kind = Literal["helped", "harmed", "cannot tell"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`before`, `after`: means of `measure` over `rows` rows, without and with the remedy (`before` None: no finite number);
    `low`, `high`: what the change from the one to the other may be by chance of the rows and the epoch, infinite for one row."""

    kind: Kind
    measure: str
    before: float | None
    after: float
    low: float
    high: float
    rows: int

    @property
    def numbers(self) -> str:
        before = "no finite number" if self.before is None else f"{self.before:.3g}"
        return f"{self.measure} {before} → {self.after:.3g}"

    @property
    def text(self) -> str:
        if self.kind == "helped":
            return f"Helped: {self.numbers}"
        if self.kind == "harmed":
            return f"Did not help, it is worse: {self.numbers}"
        if not math.isfinite(self.high - self.low):
            return f"Whether it helped cannot be told from one row: {self.numbers}"
        return (
            f"Did not help beyond chance: {self.numbers}; judged by {self.rows:,} rows, the true change lies between "
            f"{self.low:+.2g} and {self.high:+.2g}"
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "measure": self.measure,
            "before": self.before,
            "after": self.after if math.isfinite(self.after) else None,
            "low": self.low if math.isfinite(self.low) else None,
            "high": self.high if math.isfinite(self.high) else None,
        }


def outcome(measure: str, before: NDArray[np.floating[Any]], after: NDArray[np.floating[Any]], *, swing: float = 0.0) -> Outcome:
    """From what each row (n,) costs without and with the remedy, lower being better, by the paired differences; `swing`: the
    standard deviation by which such a mean goes to and fro from epoch to epoch, of both runs together. Raises ValueError for
    arrays that do not pair."""
    if before.shape != after.shape or before.ndim != 1 or not before.size:
        raise ValueError(f"{before.shape} and {after.shape} are no pairs of rows")
    rows = len(after)
    if not np.isfinite(after).all():
        return Outcome(
            kind="harmed", measure=measure, before=_mean(before), after=math.inf, low=math.inf, high=math.inf, rows=rows
        )
    if not np.isfinite(before).all():
        return Outcome(
            kind="helped", measure=measure, before=None, after=float(after.mean()), low=-math.inf, high=-math.inf, rows=rows
        )
    gain = before.astype(np.float64) - after
    low, high = _range(gain, swing)
    least = LEAST * abs(float(before.mean()))
    kind: Kind = "cannot tell"
    if low > 0 and gain.mean() > least:
        kind = "helped"
    elif high < 0 and gain.mean() < -least:
        kind = "harmed"
    return Outcome(kind=kind, measure=measure, before=_mean(before), after=float(after.mean()), low=-high, high=-low, rows=rows)


def _range(gain: NDArray[np.float64], swing: float) -> tuple[float, float]:
    """From and to what the mean gain is by chance, but for `TAIL` on each side: of rows, and of the epoch at which it ends."""
    rows = len(gain)
    if rows == 1:
        return -math.inf, math.inf
    rng = np.random.default_rng(0)
    draws = [gain[rng.integers(0, rows, (AT_ONCE, rows))].mean(axis=1) for _ in range(DRAWS // AT_ONCE)]
    means = np.concatenate(draws) + swing * rng.standard_normal(DRAWS)
    low, high = np.quantile(means, (TAIL, 1 - TAIL))
    return float(low), float(high)


def _mean(values: NDArray[np.floating[Any]]) -> float | None:
    return float(values.mean()) if np.isfinite(values).all() else None
