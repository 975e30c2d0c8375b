"""Sweeps against Optuna driven by hand with the same budget, and sweeps with pruning against those without.

`python -m benchmarks.sweeps --kept FILE`: for each data set and seed a sweep, one with pruning, and `study.optimize` over the
same values, all in this process. What is done is a line of FILE, so a run that was broken off goes on where it was. Prints the
difference of the best validation accuracies, in points, and what pruning saves, in epochs and in seconds (of use on a quiet
machine only).
"""

import argparse
import json
import math
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nnviz.spec import RunSpec, trial_spec

DATA = ("digits", "breast_cancer", "wine")
SEEDS, TRIALS, EPOCHS = 5, 40, 60
WAYS = ("sweep", "pruned", "optuna")
VARY = {
    "optimizer.learning_rate": {"log": [0.0001, 0.3]},
    "layers[1].units": {"log": [4, 64]},
    "layers[2].rate": {"range": [0, 0.6]},
    "training.batch_size": {"list": [16, 32, 64, 128]},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--data", nargs="*", default=DATA)
    parser.add_argument("--print", action="store_true", help="Only what is done by now.")
    options = parser.parse_args()
    options.kept.parent.mkdir(parents=True, exist_ok=True)
    if not options.print:
        done = {(line["data"], line["seed"], line["way"], line["trials"]) for line in lines(options.kept)}
        for seed in range(options.seeds):
            for data in options.data:
                for way in WAYS:
                    if (data, seed, way, options.trials) not in done:
                        line = {"data": data, "seed": seed, "way": way, "trials": options.trials} | measured(
                            data, seed, way, options.trials
                        )
                        with options.kept.open("a") as file:
                            file.write(json.dumps(line) + "\n")
                        print(line, flush=True)
    report(list(lines(options.kept)))


def lines(file: Path) -> Iterator[dict[str, Any]]:
    if file.exists():
        yield from map(json.loads, file.read_text().splitlines())


def spec_of(data: str, seed: int, trials: int, *, prune: bool) -> RunSpec:
    return RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": data},
            "layers": [
                {"kind": "Flatten"},
                {"kind": "Dense", "units": 16, "activation": "relu"},
                {"kind": "Dropout", "rate": 0.1},
            ],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.001},
            "split": {"validation": 0.3, "test": 0.2, "seed": seed},
            "training": {"epochs": EPOCHS, "batch_size": 32},
            "sweep": {"vary": VARY, "trials": trials, "goal": "val_accuracy", "prune": prune, "seed": seed},
        }
    )


def measured(data: str, seed: int, way: str, trials: int) -> dict[str, Any]:
    """The best score, all epochs that were trained, and the seconds, of one way."""
    spec = spec_of(data, seed, trials, prune=way == "pruned")
    began = time.monotonic()
    best, epochs = by_hand(spec) if way == "optuna" else by_sweep(spec)
    return {"best": best, "epochs": epochs, "seconds": time.monotonic() - began}


def by_sweep(spec: RunSpec) -> tuple[float, float]:
    from nnviz.jobs.sweep.control import create_sweep
    from nnviz.jobs.sweep.here import sweep_here
    from nnviz.jobs.sweep.results import trials_of
    from nnviz.jobs.sweep.trials import best_of
    from nnviz.store import Store

    with tempfile.TemporaryDirectory() as folder:
        os.environ["NNVIZ_HOME"] = folder
        store = Store(f"sqlite:///{folder}/nnviz.db")
        group_id = create_sweep(store, spec, here=True)
        sweep_here(store, group_id, on_change=lambda trials, wanted: None)
        trials = trials_of(store, group_id)
        best = best_of(trials, ["val_accuracy"])
        store.close()
    return (best.scores["val_accuracy"] if best else math.nan), sum(trial.epoch for trial in trials)


def by_hand(spec: RunSpec) -> tuple[float, float]:
    """As somebody would write it who has the engine and Optuna."""
    import optuna

    from nnviz import data, engine
    from nnviz.errors import Diverged

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    assert spec.sweep is not None
    sweep, prepared = spec.sweep, data.load(trial_spec(spec, {}))

    def objective(trial: optuna.Trial) -> float:
        values = {
            "optimizer.learning_rate": trial.suggest_float("rate", 0.0001, 0.3, log=True),
            "layers[1].units": trial.suggest_int("units", 4, 64, log=True),
            "layers[2].rate": trial.suggest_float("dropout", 0, 0.6),
            "training.batch_size": trial.suggest_categorical("batch", [16, 32, 64, 128]),
        }
        result = engine.train(trial_spec(spec, values), prepared, on_progress=lambda progress: None, control=engine.Control)
        return float(result.metrics["val_accuracy"])

    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=sweep.seed))
    study.optimize(objective, n_trials=sweep.trials, catch=(Diverged,))
    return float(study.best_value), float(EPOCHS * sweep.trials)


def report(records: list[dict[str, Any]]) -> None:
    """Medians over data sets and seeds of which all three ways are done."""
    by_key: dict[tuple[str, int, int], dict[str, dict[str, Any]]] = {}
    for line in records:
        by_key.setdefault((line["data"], line["seed"], line["trials"]), {})[line["way"]] = line
    whole = {key: ways for key, ways in by_key.items() if set(WAYS) <= set(ways)}
    if not whole:
        print("nothing is done whole yet")
        return
    print("data            seed  trials  sweep - Optuna  pruned - Optuna  epochs saved to  seconds to")
    for (data, seed, trials), ways in sorted(whole.items()):
        print(
            f"{data:<15} {seed:>4}  {trials:>6}  {_points(ways, 'sweep'):>14.2f}  {_points(ways, 'pruned'):>15.2f}  "
            f"{_ratio(ways, 'epochs'):>15.2f}  {_ratio(ways, 'seconds'):>10.2f}"
        )
    for name, values in (
        ("sweep - Optuna, points", [_points(ways, "sweep") for ways in whole.values()]),
        ("pruned - Optuna, points", [_points(ways, "pruned") for ways in whole.values()]),
        ("epochs with pruning / without", [_ratio(ways, "epochs") for ways in whole.values()]),
        ("seconds with pruning / without", [_ratio(ways, "seconds") for ways in whole.values()]),
    ):
        print(f"median of {len(values)}: {name}: {statistics.median(values):.2f}")


def _points(ways: dict[str, dict[str, Any]], way: str) -> float:
    return 100 * float(ways[way]["best"] - ways["optuna"]["best"])


def _ratio(ways: dict[str, dict[str, Any]], what: str) -> float:
    return float(ways["pruned"][what] / ways["sweep"][what])


if __name__ == "__main__":
    main()
