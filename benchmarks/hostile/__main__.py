"""The command: see the package's docstring."""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.hostile.outcome import Tally

SHARES = {"tables": 0.5, "images": 0.1, "packed": 0.08, "specs": 0.17, "wire": 0.15}
ROOT = Path(__file__).parents[2]


def run(cases: int, *, seed: int = 0, only: tuple[str, ...] = tuple(SHARES)) -> Tally:
    """Tries so many cases, shared out among the groups; the same ones for the same numbers."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="nnviz-hostile-") as place:
        folder = Path(place)
        (folder / "tmp").mkdir()
        before = {name: os.environ.get(name) for name in ("NNVIZ_HOME", "NNVIZ_STORE", "TMPDIR")}
        os.environ.update(
            NNVIZ_HOME=str(folder / "home"), NNVIZ_STORE=f"sqlite:///{folder}/home/nnviz.db", TMPDIR=str(folder / "tmp")
        )
        (folder / "home").mkdir()
        tempfile.tempdir = None
        files = _files()
        try:
            _groups(folder, cases, seed, only, tally)
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
            tempfile.tempdir = None
        written = [str(path) for path in _files() - files]
        written += [str(path) for path in folder.rglob("canary")]
        if written:
            tally.failures.append(f"files written outside: {', '.join(written[:5])}")
    return tally


def _groups(folder: Path, cases: int, seed: int, only: tuple[str, ...], tally: Tally) -> None:
    # imported with the environment of this run
    from benchmarks.hostile import files, packed, specs, tables, wire
    from nnviz.jobs.worker.reader import client
    from nnviz.store import Store

    client._mine = None
    store = Store()
    for group, share in SHARES.items():
        if group not in only:
            continue
        count, rng, began = max(1, round(cases * share)), random.Random(f"{seed} {group}"), time.monotonic()
        if group in ("tables", "images"):
            tables.run(store, files.tables() if group == "tables" else files.images(), count, rng, tally, group)
        elif group == "specs":
            specs.run(count, rng, tally)
        else:
            {"packed": packed, "wire": wire}[group].run(folder, count, rng, tally)
        print(f"{group}: {count} cases in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    store.close()
    client._mine = None


def _files() -> set[Path]:
    """Files where a case might write one by a relative path, or a path that leads out of its folder."""
    places = {Path.cwd(), ROOT, Path(tempfile.gettempdir()).parent, Path("/tmp")}
    return {path for place in places for path in place.glob("*") if "canary" in path.name or path.name == "passwd"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=int, nargs="?", default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default=",".join(SHARES))
    args = parser.parse_args()
    began = time.monotonic()
    tally = run(args.cases, seed=args.seed, only=tuple(args.only.split(",")))
    print(tally.words())
    print(f"{sum(tally.tried.values()):,} cases in {time.monotonic() - began:.0f} s")
    sys.exit(bool(tally.failures))


if __name__ == "__main__":
    main()
