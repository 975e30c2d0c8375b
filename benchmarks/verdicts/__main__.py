"""`python -m benchmarks.verdicts [--kept FILE] [--times N]`: trains 2,800 small nets (minutes; what FILE has is not trained
again), draws comparisons from them, and prints the tables of docs/verdicts.md: how many claim a difference where there is none,
and where 1, 2 or 3 points are planted, beside a plain paired t-test on the same draws; and whether "needed" is what drawing
says."""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.verdicts.comparisons import Design, Pairs, needed_by_drawing, shares
from benchmarks.verdicts.trainings import DRAWS, FOLDS, SETTINGS, folds, seeds, train_all
from nnviz.verdict.needed import pairs_needed


def designs(accuracies: dict[str, float]) -> list[Design]:
    """Five seeds; five folds of one setting trained twice; five folds of two settings, less what lies between them on average."""
    table = seeds(accuracies)
    first, again, other = (folds(accuracies, setting) for setting in SETTINGS)
    centred = other - (other - first).mean()

    def of_seeds(rng: np.random.Generator) -> Pairs:
        drawn = rng.choice(table, 2 * FOLDS, replace=False)
        return drawn[:FOLDS], drawn[FOLDS:]

    def of_one(rng: np.random.Generator) -> Pairs:
        draw, swap = rng.integers(DRAWS), rng.random(FOLDS) < 0.5
        return np.where(swap, first[draw], again[draw]), np.where(swap, again[draw], first[draw])

    def of_two(rng: np.random.Generator) -> Pairs:
        draw, swap = rng.integers(DRAWS), rng.random(FOLDS) < 0.5
        return np.where(swap, first[draw], again[draw]), centred[draw]

    return [
        Design("5 seeds, one setting", of_seeds, 0.0, 1 / 171, False),
        Design("5 folds, one setting", of_one, 1 / FOLDS, 1 / 200, True),
        Design("5 folds, two settings that are equal on average", of_two, 1 / FOLDS, 1 / 200, True),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kept", type=Path, help="where trainings are kept; default: a new file")
    parser.add_argument("--times", type=int, default=2000, help="comparisons of each kind")
    options = parser.parse_args()
    accuracies = train_all(options.kept or Path(tempfile.mkdtemp(prefix="nnviz-verdicts-")) / "trainings.jsonl")
    print(f"{len(accuracies):,} trainings, {options.times:,} comparisons of each kind\n")
    print("| drawn from | planted | claimed | claimed by a plain paired t-test |")
    print("|---|---|---|---|")
    for design in designs(accuracies):
        for line in shares(design, times=options.times):
            print(f"| {design.name} | {100 * line.planted:.0f} | {100 * line.claimed:.1f} % | {100 * line.textbook:.1f} % |")
    values = seeds(accuracies)
    print("\n| to see | needed | by drawing | of it |\n|---|---|---|---|")
    for size in (0.005, 0.01, 0.02):
        needed = pairs_needed(std=float(np.sqrt(2) * values.std(ddof=1)), rho=0.0, size=size) or 0
        drawn = needed_by_drawing(values, size=size, times=options.times)
        print(f"| {100 * size:g} points | {needed} | {drawn} | {needed / drawn:.2f} |")


if __name__ == "__main__":
    main()
