"""Counts of what a doctor said of planted faults and of sound runs, as tables."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.doctor.cases import Case
from nnviz.doctor import Evidence

HALVES = ("chosen by", "unseen")


class Judged(NamedTuple):
    """A run of the bench with the rules of what was said, the likeliest first. Of those with a fault only such that did harm, of
    sound ones only such that are near the best are here."""

    case: Case
    evidence: Evidence
    rules: tuple[str, ...]

    @property
    def place(self) -> int | None:
        """Of the first right rule; None where none is."""
        right = self.case.fault.rules if self.case.fault is not None else ()
        return next((place for place, rule in enumerate(self.rules) if rule in right), None)


def counts(runs: Iterable[Judged]) -> Counter[str]:
    """How many faults were named at all, rightly, and how many sound runs were accused."""
    total: Counter[str] = Counter()
    for run in runs:
        if run.case.fault is None:
            total.update(sound=1, accused=int(bool(run.rules)))
        else:
            place = run.place
            total.update(
                faults=1, named=int(bool(run.rules)), first=int(place == 0), two=int(place in (0, 1)), any=int(place is not None)
            )
    return total


def by_fault(runs: Sequence[Judged]) -> str:
    """A row for each kind of fault, and one for all."""
    lines = ["| fault | runs | something named | right cause first | among the first two |", "|---|---|---|---|---|"]
    names = dict.fromkeys(run.case.name for run in runs if run.case.fault is not None)
    for name in names:
        lines.append(_row(name, counts(run for run in runs if run.case.name == name)))
    lines.append(_row("all", counts(runs)))
    return "\n".join(lines)


def by_half(runs: Sequence[Judged]) -> str:
    lines = [
        "| data sets | faults that did harm | something named | right cause first | among the first two | sound runs accused |",
        "|---|---|---|---|---|---|",
    ]
    for half in HALVES:
        total = counts(run for run in runs if run.case.half == half)
        lines.append(f"{_row(half, total)} {total['accused']} of {total['sound']} |")
    return "\n".join(lines)


def confusion(runs: Sequence[Judged]) -> str:
    """Planted kinds by first finding: how often, the most frequent first."""
    firsts: dict[str, Counter[str]] = defaultdict(Counter)
    for run in runs:
        firsts[run.case.name if run.case.fault is not None else "sound"][run.rules[0] if run.rules else "nothing"] += 1
    lines = ["| planted | first finding |", "|---|---|"]
    lines += [f"| {name} | {', '.join(f'{rule} {n}' for rule, n in row.most_common())} |" for name, row in firsts.items()]
    return "\n".join(lines)


def mistakes(runs: Sequence[Judged]) -> list[str]:
    """Lines of what was missed, named otherwise or accused."""
    lines = []
    for case, _, rules in runs:
        right = case.fault.rules if case.fault is not None else ()
        if case.fault is not None and (not rules or rules[0] not in right):
            lines.append(f"missed: {case.label}: {', '.join(rules) or 'nothing'}")
        if case.fault is None and rules:
            lines.append(f"accused: {case.label}: {', '.join(rules)}")
    return lines


def _row(name: str, total: Counter[str]) -> str:
    return f"| {name} | {total['faults']} | {total['named']} | {total['first']} | {total['two']} |"
