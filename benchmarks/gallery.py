"""`python -m benchmarks.gallery [--seeds N] [NAME ...]`: trains each case of the gallery, has it judged, starts the remedy of
the first finding, and prints what the doctor names, how long the training took and what came of the remedy.

`--seeds`: so many more seeds (of data, parts, order and first weights), whose findings and outcomes are counted."""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from nnviz.catalog.gallery import CASES, GalleryCase
from nnviz.jobs import remedies
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Job, Run, Store


class Bench:
    """A store in `folder`, with what a worker does, in this process."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(f"sqlite:///{folder / 'nnviz.db'}")
        self.tasks = Tasks(self.store)

    def trained(self, spec: RunSpec) -> tuple[Run, float]:
        """A run of this spec, and how many seconds it trained, compilation included."""
        run_id = self.store.runs.create(spec)
        began = time.monotonic()
        self.tasks.trainer.train(train_job(run_id))
        return self.store.runs.get(run_id), time.monotonic() - began

    def judged(self, run: Run) -> list[dict[str, Any]]:
        """The doctor's findings."""
        answer = self.tasks.do(Job(**vars(train_job(run.id)) | {"kind": "doctor"}))
        findings: list[dict[str, Any]] = answer["findings"]
        return findings

    def outcome(self, run: Run, finding: dict[str, Any]) -> str:
        """What came of its remedy; empty where it has none."""
        if not finding["remedy"]:
            return ""
        spec, _moment = remedies.remedy_spec(self.store, run, finding["remedy"])
        child = self.store.runs.get(self.store.runs.create(spec))
        remedies.begun(self.store, run, finding["rule"], child)
        self.tasks.trainer.train(train_job(child.id))
        left = [finding["rule"] for finding in self.judged(self.store.runs.get(child.id))]
        texts = [event.text for event in self.store.runs.events(run.id) if event.kind == "outcome"]
        return texts[-1].rpartition(" (in ")[0] + (f"; still named: {', '.join(left)}" if left else "")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gallery", description=__doc__)
    parser.add_argument("--seeds", type=int, default=0, help="how many more seeds")
    parser.add_argument("names", nargs="*", metavar="NAME", help="of cases; without: all")
    args = parser.parse_args()
    bench = Bench(Path(tempfile.mkdtemp(prefix="nnviz-gallery-")))
    print("| case | trouble | the doctor names | seconds | its remedy | other seeds: named, helped |\n|---|---|---|---|---|---|")
    for number, case in enumerate(CASES.values(), 1):
        if not args.names or case.name in args.names:
            print(f"| {number}. {case.title} | {case.rule or 'none'} | {_row(bench, case, args.seeds)} |", flush=True)


def _row(bench: Bench, case: GalleryCase, seeds: int) -> str:
    run, seconds = bench.trained(RunSpec.parse(case.spec))
    findings = bench.judged(run)
    names = ", ".join(_name(finding) for finding in findings) or "nothing"
    spoken_of = {rule for finding in findings for rule in (finding["rule"], *finding["also"])}
    if wrong := spoken_of & {*case.others}:
        names += f"; offered as a wrong answer: {', '.join(wrong)}"
    outcome = bench.outcome(run, findings[0]) if findings else ""
    named = helped = 0
    for seed in range(10, seeds + 10):
        other, _seconds = bench.trained(RunSpec.parse(seeded(case.spec, seed)))
        judged = bench.judged(other)
        is_named = (judged[0]["rule"] if judged else None) == case.rule
        named += is_named
        helped += bool(is_named and judged and bench.outcome(other, judged[0]).startswith("Helped"))
    more = f"{named} of {seeds}" + (f", {helped} of {seeds}" if case.rule else "")
    return f"{names} | {seconds:.1f} | {outcome} | {more}"


def _name(finding: dict[str, Any]) -> str:
    also = f" (explains {', '.join(finding['also'])})" if finding["also"] else ""
    return f"{finding['rule']}{also}"


def seeded(spec: Any, seed: int) -> dict[str, Any]:
    """A spec with another seed everywhere."""
    blocks = {name: spec[name] | {"seed": seed} for name in ("split", "training")}
    if spec["data"]["kind"] == "synthetic":
        blocks["data"] = spec["data"] | {"seed": seed}
    return {**spec, **blocks}


if __name__ == "__main__":
    main()
