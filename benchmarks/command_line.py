"""The command line beside a dashboard with warm workers, and in the foreground.

    python -m benchmarks.command_line [--rounds 7]

Starts a supervisor and its workers in a folder of its own, waits until they are warm, and calls `python -m nnviz` one after
another: `train` of the default net, `predict` and `evaluate` of 1,000 rows, each beside the workers and with `--here`. Prints the
seconds from the start of the process to the first epoch that is reported (the record in the store that its bar of progress is
drawn from) and to its end: all of them, medians, and how many times longer the foreground takes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from nnviz.catalog import PRESETS
from nnviz.store import Store
from tests.serving import jobs_of

SPEC: dict[str, Any] = {
    "data": {"kind": "synthetic", "name": "spirals"},
    "layers": list(PRESETS["spirals"].layers),
    "cost": {"kind": "CrossEntropy"},
    "optimizer": dict(PRESETS["spirals"].optimizer),
    "training": dict(PRESETS["spirals"].training),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ |= {"NNVIZ_HOME": folder, "PYTHONPATH": str(Path(__file__).parent.parent)}
        os.environ.pop("NNVIZ_STORE", None)
        (home / "spec.json").write_text(json.dumps(SPEC))
        rows = np.random.default_rng(0).normal(size=(1000, 2))
        (home / "rows.csv").write_text(
            "\n".join(["x1,x2,label", *(f"{x1},{x2},{number % 2}" for number, (x1, x2) in enumerate(rows))])
        )
        store = Store(f"sqlite:///{home / 'nnviz.db'}")
        supervisor = subprocess.Popen([sys.executable, "-m", "nnviz.jobs.supervisor", "--store", store.url], cwd=home)
        try:
            wait_until_warm(store)
            compare(store, home, rounds)
        finally:
            store.close()
            for process in jobs_of(f"sqlite:///{home / 'nnviz.db'}"):
                process.kill()
            supervisor.wait()


def wait_until_warm(store: Store) -> None:
    """Until every worker has loaded TensorFlow: one that still does takes a core."""
    began = time.monotonic()
    while not (workers := store.workers.list_workers()) or any(worker.state != "idle" for worker in workers):
        time.sleep(0.1)
    print(json.dumps({"workers": len(workers), "warm_after_seconds": round(time.monotonic() - began, 1)}), flush=True)


def compare(store: Store, home: Path, rounds: int) -> None:
    for where in ("--worker", "--here"):
        call(home, "train", "spec.json", where)  # what the system reads from the disk once
    run_id = store.runs.list_runs()[0].id
    commands = {
        "train": ["train", "spec.json"],
        "predict": ["predict", run_id, "rows.csv", "-o", "out.csv"],
        "evaluate": ["evaluate", run_id, "rows.csv"],
    }
    for name, arguments in commands.items():
        took: dict[str, list[float]] = {}
        for _ in range(rounds):
            for where in ("", "--here"):
                first, whole = call(home, *arguments, *([where] if where else []), store=store if name == "train" else None)
                key = "foreground" if where else "warm"
                took.setdefault(f"{key}_seconds", []).append(round(whole, 2))
                if first is not None:
                    took.setdefault(f"{key}_first_epoch_seconds", []).append(round(first, 2))
        medians = {key: statistics.median(values) for key, values in took.items()}
        ratios = {
            key.replace("warm", "times"): round(medians[key.replace("warm", "foreground")] / medians[key], 2)
            for key in medians
            if key.startswith("warm")
        }
        print(json.dumps({"command": name, **took}), flush=True)
        print(json.dumps({"command": name, "median": medians, **ratios}), flush=True)


def call(home: Path, *arguments: str, store: Store | None = None) -> tuple[float | None, float]:
    """Seconds from the start of the process to the first epoch of the run that it makes, and to its end."""
    before = {run.id for run in store.runs.list_runs()} if store else set()
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "nnviz", *arguments], cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    first = None
    while store is not None and first is None and process.poll() is None:
        if any(run.epoch >= 1 for run in store.runs.list_runs(limit=1) if run.id not in before):
            first = time.monotonic() - began
        time.sleep(0.01)
    assert process.wait() == 0, f"{' '.join(arguments)} ended with {process.returncode}"
    return first, time.monotonic() - began


if __name__ == "__main__":
    main()
