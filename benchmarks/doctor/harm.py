"""Whether a planted fault did harm, and whether a training that is called sound is."""

import numpy as np

from benchmarks.doctor.cases import TWINS, Case
from benchmarks.doctor.healthy import first_seed, sound
from benchmarks.doctor.training import Bench
from nnviz.doctor import Evidence

NEAR = 0.1
"""Of a constant answer's loss, or of R²."""
RISE = 0.05
"""The same, from the best epoch to the last."""
LEAST_SPREAD = 0.02
LEAST_MISSED = 0.1
"""Of the error that counts each class alike."""


class Harm:
    """Measures of what a training came to, against its sound twins: lower is better."""

    def __init__(self, bench: Bench, twins: int = TWINS) -> None:
        self.bench, self.twins = bench, twins
        self._of_twins: dict[tuple[str, int, str], list[float]] = {}

    def of(self, evidence: Evidence, measure: str = "loss") -> float:
        """The validation loss at the end in units of a constant answer's, or 1 - R²; infinite where it diverged."""
        if evidence.status == "diverged":
            return np.inf
        if measure == "r2":
            points = evidence.points("val_r2")
            return np.inf if points is None else 1 - float(np.median(points.value[-3:]))
        points, baseline = evidence.points("val_loss"), evidence.baseline("val_")
        return np.inf if points is None or baseline is None else float(np.median(points.value[-3:])) / baseline

    def of_twins(self, name: str, net: int, measure: str = "loss") -> list[float]:
        key = (name, net, measure)
        if key not in self._of_twins:
            specs = [sound(name, seed=first_seed(name) + turn, net=net) for turn in range(self.twins)]
            if measure == "balanced":
                values = [self.bench.balanced_error(spec) for spec in specs]
            else:
                every = [self.bench.evidence(spec) for spec in specs]
                values = [self.of(evidence, measure) for evidence in every if evidence is not None]
            self._of_twins[key] = values
        return self._of_twins[key]

    def is_done(self, case: Case, evidence: Evidence) -> bool:
        """Whether the fault harmed: worse than all sound twins, by more than they differ among themselves."""
        harm = case.fault.harm if case.fault is not None else "loss"
        if harm == "always":
            return evidence.status == "finished"
        twins = self.of_twins(case.set, case.net, harm)
        least = LEAST_MISSED if harm == "balanced" else LEAST_SPREAD
        reached = self.bench.balanced_error(case.spec) if harm == "balanced" else self.of(evidence, harm)
        return reached > max(twins) + max(max(twins) - min(twins), least)

    def is_fine(self, case: Case, evidence: Evidence) -> bool:
        """Near the best of its set's networks, and not overfit."""
        points, baseline = evidence.points("val_loss"), evidence.baseline("val_")
        if points is None or baseline is None or evidence.status != "finished":
            return False
        is_overfit = self.of(evidence) - float(points.value.min()) / baseline > RISE
        return self.of(evidence) < min(self.of_twins(case.set, 0)) + NEAR and not is_overfit
