"""Whether a remedy helped: the run with it against the one without, on the same rows."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ERRORS = 2.0
"""Standard errors of the mean difference by which a run must be better, or worse, to be called so: 95 % of what chance makes."""
LEAST = 0.02
"""Of what it was: a smaller difference means nothing, however sure it is."""

Kind = Literal["helped", "harmed", "cannot tell"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`before`, `after`: means of `measure` over `rows` rows, without and with the remedy (`before` None: no finite number);
    `error`: the standard error of their difference, by pairs of rows."""

    kind: Kind
    measure: str
    before: float | None
    after: float
    error: float
    rows: int

    @property
    def text(self) -> str:
        before = "no finite number" if self.before is None else f"{self.before:.3g}"
        numbers = f"{self.measure} {before} → {self.after:.3g}"
        if self.kind == "helped":
            return f"Helped: {numbers}"
        if self.kind == "harmed":
            return f"Did not help, it is worse: {numbers}"
        return f"Did not help beyond chance: {numbers}; {self.rows:,} rows leave ±{ERRORS * self.error:.2g} of that open"

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "measure": self.measure,
            "before": self.before,
            "after": self.after if math.isfinite(self.after) else None,
            "error": self.error,
        }


def outcome(measure: str, before: NDArray[np.floating[Any]], after: NDArray[np.floating[Any]], *, swing: float = 0.0) -> Outcome:
    """From what each row (n,) costs without and with the remedy, lower being better, by the paired differences; `swing`: the
    standard deviation by which such a mean goes to and fro from epoch to epoch, of both runs together. Raises ValueError for
    arrays that do not pair."""
    if before.shape != after.shape or before.ndim != 1 or not before.size:
        raise ValueError(f"{before.shape} and {after.shape} are no pairs of rows")
    rows = len(after)
    if not np.isfinite(after).all():
        return Outcome(kind="harmed", measure=measure, before=_mean(before), after=float("inf"), error=0.0, rows=rows)
    if not np.isfinite(before).all():
        return Outcome(kind="helped", measure=measure, before=None, after=float(after.mean()), error=0.0, rows=rows)
    gain = before.astype(np.float64) - after
    error = float(np.hypot(gain.std(ddof=1) / np.sqrt(rows) if rows > 1 else np.inf, swing))
    least = max(ERRORS * error, LEAST * abs(float(before.mean())))
    kind: Kind = "helped" if gain.mean() > least else "harmed" if gain.mean() < -least else "cannot tell"
    return Outcome(kind=kind, measure=measure, before=_mean(before), after=float(after.mean()), error=error, rows=rows)


def _mean(values: NDArray[np.floating[Any]]) -> float | None:
    return float(values.mean()) if np.isfinite(values).all() else None
