"""Many processes that write into one store at once: rows lost, errors, and how long a write took.

    python benchmarks/writers.py [--writers 64] [--writes 20] [--store URL]

Each process opens the store itself, all at once, and plays the worker of a run of its own: every write is points by step and
by epoch, as training sends them. Afterwards every row is counted and compared. One JSON line.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from nnviz.spec import RunSpec
from nnviz.store import Store

STEPS = 50
"""Steps a write."""
SPEC = {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}}


def write(url: str, number: int, writes: int, start, answers) -> None:
    """One writer: its run's id, what went wrong, and the seconds of each write."""
    start.wait()
    run_id, failures, seconds = "", [], []
    try:
        store = Store(url)
        run_id = store.runs.create(RunSpec.parse(SPEC), name=f"writer {number}")
        attempt = store.runs.claim(run_id, pid=1)
        for turn in range(writes):
            began = time.perf_counter()
            store.series.append(
                run_id,
                attempt,
                step=(turn + 1) * STEPS,
                epoch=turn + 1,
                seconds=turn + 1,
                first_step=turn * STEPS,
                steps_={"loss": values(number, turn)},
                epochs_=[(turn + 1, (turn + 1) * STEPS, turn + 1, {"loss": number + turn / 100})],
            )
            seconds.append(time.perf_counter() - began)
        store.runs.finish(run_id, attempt, "finished")
        store.close()
    except Exception as error:
        failures.append(f"{type(error).__name__}: {error}"[:300])
    answers.put((number, run_id, failures, seconds))


def values(number: int, turn: int) -> np.ndarray:
    return np.arange(STEPS, dtype=np.float32) + 1000 * number + 10 * turn


def measure(url: str, *, writers: int, writes: int) -> dict[str, object]:
    """Figures of `writers` processes with `writes` writes each."""
    forked = multiprocessing.get_context("fork")
    start, answers = forked.Barrier(writers), forked.Queue()
    processes = [forked.Process(target=write, args=(url, number, writes, start, answers)) for number in range(writers)]
    began = time.perf_counter()
    for process in processes:
        process.start()
    answered = [answers.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    whole = time.perf_counter() - began
    store, lost = Store(url), 0
    for number, run_id, _failures, _seconds in answered:
        wanted = np.concatenate([values(number, turn) for turn in range(writes)])
        steps = store.series.curve(run_id, "loss").value if run_id else np.empty(0)
        epochs = store.series.history(run_id) if run_id else []
        lost += len(wanted) - int(np.isin(wanted, steps).sum())
        lost += writes - sum(row["loss"] == number + turn / 100 for turn, row in enumerate(epochs))
    times = sorted(second for _number, _run_id, _failures, seconds in answered for second in seconds)
    errors = [text for _number, _run_id, failures, _seconds in answered for text in failures]
    return {
        "writers": writers,
        "writes": len(times),
        "rows": writers * writes * (STEPS + 1),
        "lost": lost,
        "errors": len(errors),
        "first_error": errors[0] if errors else None,
        "seconds": round(whole, 2),
        "write_ms_median": round(1000 * statistics.median(times or [0]), 1),
        "write_ms_worst": round(1000 * max(times, default=0), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=64)
    parser.add_argument("--writes", type=int, default=20)
    parser.add_argument("--store", help="the URL of an empty store; default: a temporary SQLite file")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        summary = measure(args.store or f"sqlite:///{folder}/nnviz.db", writers=args.writers, writes=args.writes)
    print(json.dumps(summary))
    sys.exit(1 if summary["lost"] or summary["errors"] else 0)


if __name__ == "__main__":
    main()
