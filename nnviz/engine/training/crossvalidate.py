"""A spec with folds or repeats, trained run by run in this process: what the dashboard spreads over its workers."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from nnviz.engine.loop.session import Session, form
from nnviz.engine.records import PreparedLike, Progress, Result
from nnviz.engine.training.train import train
from nnviz.spec import RunSpec, members


class Spread(NamedTuple):
    """Of one metric over the runs: mean and (population) standard deviation."""

    mean: float
    deviation: float


@dataclass(frozen=True, kw_only=True)
class CrossValidation:
    """`results` by what the runs are called (`fold 2/5`), in order."""

    results: Mapping[str, Result]

    @property
    def metrics(self) -> dict[str, Spread]:
        """Each metric that any run has, over the runs in which it is a finite number."""
        values: dict[str, list[float]] = {}
        for result in self.results.values():
            for name, value in result.metrics.items():
                if math.isfinite(value):
                    values.setdefault(name, []).append(value)
        return {name: _spread(finite) for name, finite in values.items()}


def cross_validate(
    spec: RunSpec, load: Callable[[RunSpec], PreparedLike], *, on_progress: Callable[[str, Progress], None] | None = None
) -> CrossValidation:
    """Train every run that `spec.split` (`folds`, `repeats`, `by`) and `spec.training.repeats` stand for, one after another.

    `load(spec)` gives the rows of one run: `nnviz.data.load`. `on_progress` is called with the run's label. Runs of the same
    form share what is compiled; each run's numbers are those of training it alone.
    Raises what `load` and `train` raise."""
    sessions: dict[str, Session] = {}
    results: dict[str, Result] = {}
    for member in members(spec):
        prepared = load(member.spec)
        key = form(member.spec, prepared)
        if key not in sessions:
            sessions[key] = Session(member.spec, prepared)

        def tell(progress: Progress, label: str = member.label) -> None:
            if on_progress is not None:
                on_progress(label, progress)

        results[member.label] = train(member.spec, prepared, session=sessions[key], on_progress=tell, frames=False)
    return CrossValidation(results=results)


def _spread(values: list[float]) -> Spread:
    mean = math.fsum(values) / len(values)
    return Spread(mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values)))
