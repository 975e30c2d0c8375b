"""A trial of a sweep, read from its run: one truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nnviz.jobs.endings import end_words
from nnviz.spec import RunSpec, is_better_higher, sweep_of, value_at
from nnviz.store import PRUNED, Run

TrialStatus = Literal["waiting", "running", "finished", "pruned", "stopped", "failed"]


@dataclass(frozen=True)
class Trial:
    """`values` by path, `scores` by goal, as far as there are any: of a finished trial those of the weights that it keeps,
    else the last. `reason`: why it was pruned or failed. `epoch`: how far it is."""

    number: int
    run: str
    values: dict[str, Any]
    status: TrialStatus
    scores: dict[str, float]
    reason: str = ""
    epoch: float = 0.0
    is_diverged: bool = False

    @property
    def is_ended(self) -> bool:
        """Whether it is over."""
        return self.status not in ("waiting", "running")

    def score(self, goals: Sequence[str]) -> float | None:
        """By the first of the goals."""
        return self.scores.get(goals[0])


def trial_of(run: Run, spec: RunSpec) -> Trial:
    """The trial that a run is, in the sweep of `spec`."""
    sweep = sweep_of(spec)
    scores = {goal: float(run.metrics[goal]) for goal in sweep.goals if run.metrics.get(goal) is not None}
    status, reason = _status(run), ""
    if status in ("pruned", "failed"):
        reason = str(run.info.get("pruned") or "") if status == "pruned" else end_words(run)
    if status == "finished" and len(scores) < len(sweep.goals):
        missing = next(goal for goal in sweep.goals if goal not in scores)
        status, reason = "failed", f"Its runs have no {missing}: choose another goal"
    return Trial(
        number=run.member,
        run=run.id,
        values={path: value_at(run.spec_json, path) for path in sweep.vary},
        status=status,
        scores=scores,
        reason=reason,
        epoch=run.epoch,
        is_diverged=run.status == "diverged",
    )


def best_of(trials: Sequence[Trial], goals: Sequence[str]) -> Trial | None:
    """The finished trial with the best score by the first goal, of equal ones the first."""
    finished = [trial for trial in trials if trial.status == "finished"]
    sign = -1 if is_better_higher(goals[0]) else 1
    return min(finished, key=lambda trial: sign * trial.scores[goals[0]], default=None)


def front_of(trials: Sequence[Trial], goals: Sequence[str]) -> list[Trial]:
    """The finished trials that no other one beats in one goal without being behind in another (the Pareto front)."""
    signs = {goal: 1 if is_better_higher(goal) else -1 for goal in goals}
    finished = [(trial, [signs[goal] * trial.scores[goal] for goal in goals]) for trial in trials if trial.status == "finished"]
    return [trial for trial, mine in finished if not any(_beats(other, mine) for _, other in finished)]


def _beats(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True)) and any(a > b for a, b in zip(one, other, strict=True))


def _status(run: Run) -> TrialStatus:
    if run.outcome == PRUNED:
        return "pruned"
    if run.broken or run.status in ("failed", "diverged"):
        return "failed"
    if run.status == "queued":
        return "waiting"
    return "finished" if run.status == "finished" else "stopped" if run.status == "stopped" else "running"
