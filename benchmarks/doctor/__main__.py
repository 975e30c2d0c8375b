"""`python -m benchmarks.doctor [--quick] [--folder FOLDER] [--half HALF] [--remedies] [--seeds]`: trains runs with planted faults
and sound ones, has them judged, and prints how many faults were named, how many sound runs were accused, what was taken for
what, and what published rules would have said.

A planted fault counts where it did harm (`harm.py`), a sound training where its validation loss is near the best of its set and
it is not overfit. `--quick`: one severity, one twin; a kept `--folder` spares what was trained before; `--half`: the data sets
by which thresholds are chosen, or the others, alone; `--remedies`: trains what the first findings say, and whether that helped;
`--seeds`: for twenty of these with three other seeds."""

import argparse
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.doctor import beside, mending, tally
from benchmarks.doctor.cases import TWINS, Case, healthy, in_order, planted
from benchmarks.doctor.harm import Harm
from benchmarks.doctor.tally import Judged
from benchmarks.doctor.training import Bench
from nnviz.doctor import judge


def judged(bench: Bench, cases: Iterable[Case], *, twins: int = TWINS) -> Iterator[Judged]:
    """Every case that counts, with what the doctor says of it; each fault is held against so many sound twins."""
    harm = Harm(bench, twins)
    for case in cases:
        evidence = bench.evidence(case.spec, case.label)
        if evidence is None:
            print(f"failed: {case.label}")
        elif harm.is_fine(case, evidence) if case.fault is None else harm.is_done(case, evidence):
            yield Judged(case, evidence, tuple(finding.rule for finding in judge(evidence)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doctor", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--folder", type=Path, help="where runs are kept; default: a new one")
    parser.add_argument("--half", choices=tally.HALVES)
    parser.add_argument("--remedies", action="store_true")
    parser.add_argument("--seeds", action="store_true")
    args = parser.parse_args()
    bench = Bench(args.folder or Path(tempfile.mkdtemp(prefix="nnviz-doctor-")))
    every = [*healthy(is_quick=args.quick), *planted(is_quick=args.quick)]
    cases = in_order(case for case in every if args.half in (None, case.half))
    runs = list(judged(bench, cases, twins=1 if args.quick else TWINS))
    print("\n".join(tally.mistakes(runs)))
    for half in tally.HALVES:
        part = [run for run in runs if run.case.half == half]
        print(f"\nData sets {half}\n{tally.by_fault(part)}\n\n{tally.confusion(part)}")
    print(f"\n{tally.by_half(runs)}\n\n{beside.table(runs)}\n\n{beside.firing(runs)}\n{beside.sources()}")
    if args.remedies or args.seeds:
        outcomes = list(mending.mended(bench, runs))
        print("\n".join(mending.without_help(outcomes)))
        print(f"\n{mending.table(outcomes)}")
        if args.seeds:
            print(f"\n{mending.by_seeds(bench, outcomes)}")


if __name__ == "__main__":
    main()
