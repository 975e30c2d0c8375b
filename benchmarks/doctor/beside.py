"""The doctor's rates beside those of published rules, on the same runs."""

from collections import Counter
from collections.abc import Sequence

from benchmarks.doctor.published import SYSTEMS, System
from benchmarks.doctor.tally import Judged, counts


def table(runs: Sequence[Judged]) -> str:
    """A row for each system. A run that a system is not for counts as one of which it says nothing. Without an order of their own
    rules stand in that of their documents, so a right one among all that was said is counted as well."""
    lines = [
        "| rules | faults | something named | right cause first | right among the first two | right among all | sound accused |",
        "|---|---|---|---|---|---|---|",
        _row("nnviz doctor", counts(runs)),
    ]
    lines += [_row(system.name, counts([_judged(system, run) for run in runs])) for system in SYSTEMS]
    return "\n".join(lines)


def firing(runs: Sequence[Judged]) -> str:
    """How often each published rule fired, on faults and on sound runs."""
    lines = ["| system | rule | faults | of these right | sound runs |", "|---|---|---|---|---|"]
    for system in SYSTEMS:
        for rule in system.rules:
            total: Counter[str] = Counter()
            for run in runs:
                if system.is_for(run.evidence) and rule.fires(run.evidence):
                    fault = run.case.fault
                    total.update(faults=int(fault is not None), sound=int(fault is None))
                    total.update(right=int(fault is not None and bool(set(rule.means) & set(fault.rules))))
            lines.append(f"| {system.name} | {rule.name} | {total['faults']} | {total['right']} | {total['sound']} |")
    return "\n".join(lines)


def sources() -> str:
    """Where the published rules are from, and what of them is left out for what reason."""
    lines = []
    for system in SYSTEMS:
        lines.append(f"- {system.name}: {system.source}.")
        lines += [f"  Left out: {what}: {why}." for what, why in system.left_out.items()]
    return "\n".join(lines)


def _judged(system: System, run: Judged) -> Judged:
    """With one of the doctor's names for each rule that fired: a right one where the rule stands for one."""
    right = run.case.fault.rules if run.case.fault is not None else ()
    fired = system.judge(run.evidence) if system.is_for(run.evidence) else []
    return run._replace(rules=tuple(next((name for name in rule.means if name in right), rule.means[0]) for rule in fired))


def _row(name: str, total: Counter[str]) -> str:
    rates = " | ".join(_of(total[key], total["faults"]) for key in ("named", "first", "two", "any"))
    return f"| {name} | {total['faults']} | {rates} | {_of(total['accused'], total['sound'])} |"


def _of(count: int, total: int) -> str:
    return f"{count} ({100 * count / total:.0f} %)" if total else "none"
