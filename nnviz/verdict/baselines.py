"""Simple models beside a network, on the same rows: what they are called, and whether the network beats them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnviz.store import Run
from nnviz.verdict.entrants import kept_metrics, main_metric, task_of

NAMES = {
    "constant": {"classification": "The commonest class", "regression": "The mean"},
    "linear": {"classification": "Logistic regression", "regression": "Ridge regression"},
    "boosting": {"classification": "Gradient boosting", "regression": "Gradient boosting"},
}
"""What each model is called, by task."""


@dataclass(frozen=True)
class Standing:
    """A network beside the best baseline by `metric` (a validation metric, higher is better): `name` of the baseline, its value
    `best`, and the network's `own`."""

    metric: str
    name: str
    best: float
    own: float

    @property
    def is_beaten(self) -> bool:
        """Whether the network is no better than the baseline."""
        return self.own <= self.best


def standing(run: Run, document: Mapping[str, Any]) -> Standing | None:
    """The run beside the best of the models in `document` (see `jobs.worker.baselines.compute`); None where they share no metric,
    as without validation rows."""
    metric = f"val_{main_metric(task_of(run))}"
    own = kept_metrics(run).get(metric)
    models = [model for model in document.get("models", []) if metric in model["metrics"]]
    if own is None or not models:
        return None
    best = max(models, key=lambda model: float(model["metrics"][metric]))
    return Standing(metric, NAMES[best["name"]][task_of(run)], float(best["metrics"][metric]), own)
