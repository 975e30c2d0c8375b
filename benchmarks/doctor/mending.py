"""Whether remedies help: each is trained just as the page does it, and compared with the run that it is to mend; a branch with a
second branch from the same moment without the change, too."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.doctor.cases import Case
from benchmarks.doctor.tally import Judged
from benchmarks.doctor.training import Bench, key_of
from nnviz.doctor import Finding, judge
from nnviz.errors import NnvizError
from nnviz.jobs import remedies
from nnviz.jobs.worker.doctor.compare import outcome_of
from nnviz.store import Run

KINDS = ("helped", "cannot tell", "harmed", "other rows")
"""What came of a remedy; the last: it changes by which rows runs are judged, so losses do not compare."""
SEEDS = (101, 102, 103)
SAMPLE = 20


class Mended(NamedTuple):
    """`page`: what the page says of the remedy for `rule`; `kind`: the same against a run without the change of as many steps,
    which for a new run is the first one. `is_gone`: whether the finding is not said of the remedy's run. `before`, `after`: what
    was compared."""

    case: Case
    rule: str
    page: str
    kind: str
    is_branch: bool
    is_gone: bool
    before: float | None
    after: float | None
    remedy: dict[str, Any]


def mended(bench: Bench, runs: Sequence[Judged]) -> Iterator[Mended]:
    """Of every fault whose first finding has a remedy."""
    for run in runs:
        finding = next(iter(judge(run.evidence)), None) if run.case.fault is not None else None
        if finding is not None and finding.remedy is not None:
            yield _mended(bench, run.case, finding)


def _mended(bench: Bench, case: Case, finding: Finding) -> Mended:
    remedy = finding.to_json()["remedy"]
    place = bench.folder / "kept" / f"{key_of([case.spec, remedy])}.mended"
    if not place.exists():
        place.write_text(json.dumps(_trained(bench, bench.run(case.spec), remedy, case.label, finding.rule)))
    return Mended(case, finding.rule, remedy=remedy, **json.loads(place.read_text()))


def _trained(bench: Bench, parent: Run, remedy: dict[str, Any], label: str, rule: str) -> dict[str, Any]:
    child, is_branch = _child(bench, parent, remedy, f"{rule} mended: {label}")
    evidence = bench.gathered(child)
    is_gone = evidence is not None and rule not in {finding.rule for finding in judge(evidence)}
    page = _outcome(bench, parent, child)
    if is_branch:
        # the same moment, nothing changed: as many steps as the remedy's run
        control, _ = _child(bench, parent, remedy | {"set": {}}, f"without that: {label}")
        beside = _outcome(bench, control, child)
    else:
        beside = page
    return {
        "page": page["kind"],
        "kind": beside["kind"],
        "is_branch": is_branch,
        "is_gone": is_gone,
        "before": beside["before"],
        "after": beside["after"],
    }


def _child(bench: Bench, parent: Run, remedy: dict[str, Any], label: str) -> tuple[Run, bool]:
    """The run with a remedy, kept as others are, and whether it is a branch."""
    spec, moment = remedies.remedy_spec(bench.store, parent, remedy)
    place = bench.folder / "kept" / f"{key_of([parent.id, remedy])}.run"
    if not place.exists():
        place.write_text(bench.trained(spec, label).id)
    return bench.store.runs.get(place.read_text()), moment is not None


def _outcome(bench: Bench, parent: Run, child: Run) -> dict[str, Any]:
    try:
        return outcome_of(bench.tasks.past, parent, child).to_json()
    except NnvizError:
        return {"kind": "other rows", "before": None, "after": None}


def seeds_in_favour(bench: Bench, one: Mended) -> int:
    """In how many of three other seeds the remedy's run ends with the lower mean cost."""
    place = bench.folder / "kept" / f"{key_of([one.case.spec, one.remedy])}.seeds"
    if not place.exists():
        better = 0
        for seed in SEEDS:
            parent = bench.trained(bench.run(one.case.spec).spec.with_("training.seed", seed), "another seed")
            child, _ = _child(bench, parent, one.remedy, "its remedy")
            result = _outcome(bench, parent, child)
            better += int(result["after"] is not None and (result["before"] is None or result["after"] < result["before"]))
        place.write_text(str(better))
    return int(place.read_text())


def table(every: Sequence[Mended]) -> str:
    """A row for each rule whose remedy was trained, and one for all faults that harm a loss."""
    lines = [
        "| remedy for | trained | helped | cannot tell | harmed | other rows | finding gone |",
        "|---|---|---|---|---|---|---|",
    ]
    by_rule: dict[str, list[Mended]] = defaultdict(list)
    for one in every:
        by_rule[one.rule].append(one)
    lines += [_row(rule, by_rule[rule]) for rule in sorted(by_rule)]
    lines.append(_row("all that harm a loss", [one for one in every if _harms_a_loss(one)]))
    return "\n".join(lines)


def without_help(every: Sequence[Mended]) -> list[str]:
    return [
        f"{one.kind}: {one.rule} for {one.case.label}, {_short(one.before)} -> {_short(one.after)}: {json.dumps(one.remedy)}"
        for one in every
        if one.kind != "helped"
    ]


def by_seeds(bench: Bench, every: Sequence[Mended]) -> str:
    """What the page says against three other seeds of both, of a sample spread evenly over all."""
    compared = [one for one in every if one.page != "other rows" and _harms_a_loss(one)]
    step = max(1, len(compared) // SAMPLE)
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for one in compared[::step][:SAMPLE]:
        counts[one.page][seeds_in_favour(bench, one)] += 1
    lines = ["| the page says | runs | better in 3 of 3 seeds | 2 | 1 | 0 |", "|---|---|---|---|---|---|"]
    for kind, counter in counts.items():
        lines.append(f"| {kind} | {counter.total()} | {counter[3]} | {counter[2]} | {counter[1]} | {counter[0]} |")
    return "\n".join(lines)


def _harms_a_loss(one: Mended) -> bool:
    return one.case.fault is not None and one.case.fault.harm != "always"


def _row(name: str, every: Sequence[Mended]) -> str:
    kinds = Counter(one.kind for one in every)
    gone = sum(one.is_gone for one in every)
    return f"| {name} | {len(every)} | {' | '.join(str(kinds[kind]) for kind in KINDS)} | {gone} |"


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"
