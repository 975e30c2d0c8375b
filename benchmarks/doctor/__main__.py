"""`python -m benchmarks.doctor [--quick] [--folder FOLDER]`: trains runs with planted faults and sound ones, has them judged, and
prints how many faults were named and how many sound runs were accused, apart for the data sets by which thresholds were chosen.

A planted fault counts where it did harm: it diverged, or its validation loss ended above that of all sound twins, by more than
they differ among themselves. A sound training counts where its validation loss is near the best of its set (within a tenth of a
constant answer's) and it is not overfit. `--quick`: one severity, one twin; a kept `--folder` spares what was trained before."""

import argparse
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from benchmarks.doctor.cases import TWINS, Case, healthy, planted
from benchmarks.doctor.healthy import TUNED_ON, sound
from benchmarks.doctor.training import Bench
from nnviz.doctor import Evidence, judge

NEAR = 0.1
"""Of a constant answer's loss."""
WASTE = ("far too many epochs", "few validation rows")
"""Faults that harm no loss: too much work, and numbers that say little."""


class Losses:
    """Validation losses at the end, in units of a constant answer's."""

    def __init__(self, bench: Bench, twins: int) -> None:
        self.bench, self.twins = bench, twins
        self._of_sets: dict[str, list[float]] = {}

    def of(self, evidence: Evidence) -> float:
        points, baseline = evidence.points("val_loss"), evidence.baseline("val_")
        if evidence.status == "diverged" or points is None or baseline is None:
            return np.inf
        return float(np.median(points.value[-3:])) / baseline

    def of_twins(self, name: str) -> list[float]:
        if name not in self._of_sets:
            every = [self.bench.evidence(sound(name, seed=seed)) for seed in range(self.twins)]
            self._of_sets[name] = [self.of(evidence) for evidence in every if evidence is not None]
        return self._of_sets[name]

    def is_harmed(self, case: Case, evidence: Evidence) -> bool:
        twins = self.of_twins(case.set)
        spread = max(max(twins) - min(twins), 0.02)
        return case.name in WASTE or self.of(evidence) > max(twins) + spread

    def is_fine(self, case: Case, evidence: Evidence) -> bool:
        points, baseline = evidence.points("val_loss"), evidence.baseline("val_")
        if points is None or baseline is None or evidence.status != "finished":
            return False
        is_overfit = self.of(evidence) - float(points.value.min()) / baseline > 0.05
        return self.of(evidence) < min(self.of_twins(case.set)) + NEAR and not is_overfit


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doctor", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--folder", type=Path, help="where runs are kept; default: a new one")
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp(prefix="nnviz-doctor-"))
    bench = Bench(folder)
    losses = Losses(bench, 1 if args.quick else TWINS)
    faults: dict[str, dict[str, Counter[str]]] = {"chosen by": defaultdict(Counter), "unseen": defaultdict(Counter)}
    sound_runs: dict[str, Counter[str]] = {"chosen by": Counter(), "unseen": Counter()}
    for case in planted(severities=(1,)) if args.quick else planted():
        evidence = bench.evidence(case.spec)
        if evidence is not None and losses.is_harmed(case, evidence):
            _count(faults[_half(case)][case.name], case, evidence)
    for case in healthy(is_quick=args.quick):
        evidence = bench.evidence(case.spec)
        if evidence is not None and losses.is_fine(case, evidence):
            names = [finding.rule for finding in judge(evidence)]
            sound_runs[_half(case)].update(runs=1, accused=int(bool(names)))
            if names:
                print(f"accused: {case.name} on {case.set}: {', '.join(names)}")
    for half in faults:
        _print(half, faults[half], sound_runs[half])


def _half(case: Case) -> str:
    return "chosen by" if case.set in TUNED_ON else "unseen"


def _count(counter: Counter[str], case: Case, evidence: Evidence) -> None:
    names = [finding.rule for finding in judge(evidence)]
    right = case.fault.rules if case.fault is not None else ()
    counter.update(
        runs=1,
        named=int(bool(names)),
        first=int(bool(names) and names[0] in right),
        two=int(any(name in right for name in names[:2])),
    )
    if not names or names[0] not in right:
        print(f"missed: {case.name} ({case.severity}) on {case.set}: {', '.join(names) or 'nothing'}")


def _print(half: str, faults: dict[str, Counter[str]], sound_runs: Counter[str]) -> None:
    print(
        f"\nData sets {half}\n| fault | runs | something named | right cause first | among the first two |\n|---|---|---|---|---|"
    )
    total: Counter[str] = Counter()
    for name, counter in faults.items():
        total += counter
        print(f"| {name} | {counter['runs']} | {counter['named']} | {counter['first']} | {counter['two']} |")
    print(f"| all | {total['runs']} | {total['named']} | {total['first']} | {total['two']} |")
    print(f"{sound_runs['accused']} of {sound_runs['runs']} sound runs accused")


if __name__ == "__main__":
    main()
