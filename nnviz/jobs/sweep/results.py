"""What a sweep has come to: its trials, the best of them, and which fields matter."""

import math
from collections.abc import Sequence
from typing import Any

from nnviz.jobs.sweep.suggest import study_of
from nnviz.jobs.sweep.trials import Trial, best_of, front_of, trial_of
from nnviz.spec import RunSpec, sweep_of
from nnviz.store import Store

LEAST_TRIALS = 6
"""Finished trials, without which nothing is said of importance."""


def trials_of(store: Store, group_id: str) -> list[Trial]:
    """The trials of a sweep in their order, deleted ones left out."""
    spec = store.runs.group(group_id).spec
    return [trial_of(run, spec) for run in store.runs.group_runs(group_id)]


def sweep_json(store: Store, group_id: str) -> dict[str, Any]:
    """A sweep as `nnviz sweep --json` prints it."""
    spec = store.runs.group(group_id).spec
    goals, trials = sweep_of(spec).goals, trials_of(store, group_id)
    best = best_of(trials, goals)
    document: dict[str, Any] = {
        "sweep": group_id,
        "trials": [_record(trial, goals) | ({"reason": trial.reason} if trial.reason else {}) for trial in trials],
        "best": None if best is None else {key: value for key, value in _record(best, goals).items() if key != "status"},
    }
    if len(goals) > 1:
        document["front"] = [trial.run for trial in front_of(trials, goals)]
    return document


def importances(spec: RunSpec, trials: Sequence[Trial]) -> dict[str, float]:
    """How much of the scores' differences each field accounts for, shares of 1, the largest first, by PED-ANOVA (Watanabe et al.
    2023); by the first goal. Empty for too few finished trials, or where all scores are the same."""
    import optuna

    goals = sweep_of(spec).goals
    finished = [trial for trial in trials if trial.status == "finished"]
    if len(finished) < LEAST_TRIALS or len({trial.scores[goals[0]] for trial in finished}) < 2:
        return {}
    study = study_of(spec, finished)
    target = (lambda trial: trial.values[0]) if len(goals) > 1 else None
    shares = optuna.importance.get_param_importances(study, target=target)
    return {path: float(share) for path, share in shares.items() if math.isfinite(share)}


def _record(trial: Trial, goals: Sequence[str]) -> dict[str, Any]:
    record = {"run": trial.run, "values": trial.values, "status": trial.status, "score": trial.score(goals)}
    return record | ({"scores": trial.scores} if len(goals) > 1 else {})
