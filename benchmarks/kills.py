"""Kill -9 of the process that trains, at random moments: does the run end with the weights of one that was never stopped?

    python -m benchmarks.kills [--kills 50] [--net dense]

Each net is trained once whole; then again and again in a process of its own that is killed, and goes on from its last
snapshot, until it finishes. Weights are compared by their checksum. Kills are spread over as few trainings as the time
between two of them allows.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from nnviz.spec import RunSpec
from nnviz.store import Store

NETS: dict[str, dict[str, Any]] = {
    "dense": {
        "data": {"kind": "synthetic", "name": "spirals", "samples": 2000},
        "layers": [
            {"kind": "Dense", "units": 64, "activation": "relu"},
            {"kind": "Dropout", "rate": 0.3},
            {"kind": "Dense", "units": 32, "activation": "tanh"},
        ],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.003},
        "training": {"epochs": 1500, "batch_size": 16, "record_every": 10},
    },
    "cnn": {
        "data": {"kind": "builtin", "name": "digits"},
        "layers": [
            {"kind": "Reshape", "target_shape": [8, 8, 1]},
            {"kind": "RandomTranslation", "height_factor": 0.1, "width_factor": 0.1},
            {"kind": "Conv2D", "filters": 16, "kernel_size": 3, "activation": "relu"},
            {"kind": "BatchNormalization"},
            {"kind": "MaxPooling2D"},
            {"kind": "Flatten"},
            {"kind": "Dropout", "rate": 0.2},
        ],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.001},
        "training": {"epochs": 60, "batch_size": 32, "record_every": 5},
    },
}
_TRAIN = """
import sys
from nnviz.jobs.foreground import train_here
from nnviz.store import Store
train_here(Store(sys.argv[1]), sys.argv[2], on_change=lambda run: None)
"""


def start(url: str, run_id: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", _TRAIN, url, run_id], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def whole(store: Store, spec: RunSpec) -> str:
    """The checksum of the weights of a run that nothing interrupts."""
    run_id = store.runs.create(spec)
    start(store.url, run_id).wait()
    return store.runs.get(run_id).weights or store.runs.get(run_id).status


def killed(store: Store, spec: RunSpec, *, most: int, draw: random.Random) -> tuple[str, int, int]:
    """Of a run killed up to `most` times: its checksum, how often it was killed, and how many steps were done twice."""
    run_id, kills, again = store.runs.create(spec), 0, 0
    while True:
        process = start(store.url, run_id)
        if kills < most:
            while process.poll() is None and store.runs.get(run_id).status != "running":
                time.sleep(0.02)
            # training, and what comes before it, are both times at which a process may die
            end = time.monotonic() + draw.uniform(0.0, 4.0)
            while process.poll() is None and time.monotonic() < end:
                time.sleep(0.01)
        else:
            process.wait()
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
        run = store.runs.get(run_id)
        if run.is_ended:
            return run.weights or run.status, kills, again
        newest = max((snapshot.step for snapshot in store.snapshots.of_run(run_id)), default=0)
        again += run.step - newest
        store.run_control.requeue(run_id)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--net", choices=NETS, default=None)
    options.add_argument("--seed", type=int, default=0)
    args = options.parse_args()
    draw = random.Random(args.seed)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NNVIZ_HOME"] = folder
        store = Store(f"sqlite:///{Path(folder) / 'nnviz.db'}")
        for name in [args.net] if args.net else NETS:
            spec = RunSpec.parse(NETS[name])
            wanted, done, runs, good = whole(store, spec), 0, 0, 0
            while done < args.kills:
                weights, kills, again = killed(store, spec, most=min(10, args.kills - done), draw=draw)
                done, runs, good = done + kills, runs + 1, good + (weights == wanted)
                print(
                    f"{name}: {kills} kills, {again:,} steps done again, weights {'equal' if weights == wanted else weights}",
                    flush=True,
                )
            print(f"{name}: {done} kills in {runs} runs, {good} of {runs} with the weights of the run never stopped", flush=True)
            wrong += runs - good
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
