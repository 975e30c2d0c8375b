"""What the doctor costs a training, and how soon it speaks: `python -m benchmarks.doctor_cost [--pairs 20] [--steps 300000]`.

First, pairs of the same run at full speed, with and without the doctor's looks, in random order: steps a second by the run's own
clock, and the median of the ratios. Two workers, as a laptop has: one trains, the other one judges. Then how long a judgement of
a finished run of 100,000 steps takes in a worker that has its network loaded, and in one that has not. Last, at pace "watch", how
long it takes from the step since which a finding holds, by its own words, until it is in the store. `--pairs 0` leaves the first
part out.
"""

import argparse
import multiprocessing
import os
import random
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.steering import NETS
from nnviz import jobs
from nnviz.spec import RunSpec
from nnviz.store import Job, Store

WITHOUT = "without"
WORKERS = 2


def work(url: str, name: str, parent: int) -> None:
    """A worker in which runs of a certain name train as if there were no doctor."""
    os.setsid()
    from nnviz.jobs.worker.loop import WorkerLoop

    store = Store(url)
    loop = WorkerLoop(store, name, training_at_once=1, parent=parent)
    train = loop.tasks.trainer.train

    def named(job: Job) -> dict[str, Any]:
        loop.tasks.trainer.has_rounds = store.runs.get(job.run or "").name != WITHOUT
        return train(job)

    loop.tasks._by_kind["train"] = named
    loop.run()


def trained(store: Store, spec: RunSpec, *, name: str = "", pace: Any = "full") -> str:
    """The id of a run of this spec, once it has ended and been judged."""
    run_id = jobs.start_run(store, RunSpec.parse(spec.to_json() | {"name": name}), pace=pace)
    while not store.runs.get(run_id).is_ended or any(job.run == run_id for job in store.jobs.open_jobs()):
        time.sleep(0.1)
    return run_id


def default(steps: int, **changes: Any) -> RunSpec:
    """The default net, for about so many steps."""
    record = NETS["default"] | changes
    each = -(-int(300 * 0.8) // record["training"]["batch_size"])
    return RunSpec.parse(record | {"training": record["training"] | {"epochs": max(1, steps // each)}})


def ratios(store: Store, spec: RunSpec, pairs: int) -> None:
    for name in (WITHOUT, "with"):
        trained(store, spec.with_("training.epochs", 500), name=name)
    of_pairs: list[float] = []
    speeds: dict[str, list[float]] = {WITHOUT: [], "with": []}
    for _ in range(pairs):
        speed = {}
        for name in random.sample([WITHOUT, "with"], 2):
            speed[name] = float(store.runs.get(trained(store, spec, name=name)).info["steps_per_second"])
            speeds[name].append(speed[name])
        of_pairs.append(speed["with"] / speed[WITHOUT])
    print(
        f"with the doctor {statistics.median(speeds['with']):,.0f} steps/s, without {statistics.median(speeds[WITHOUT]):,.0f}; "
        f"ratio {statistics.median(of_pairs):.3f} (median of {pairs}; {min(of_pairs):.2f} to {max(of_pairs):.2f})",
        flush=True,
    )


def judged(store: Store, run_id: str) -> float:
    """Seconds that a judgement took, from the question to the answer."""
    began = time.monotonic()
    job = store.jobs.add("doctor", run_id=run_id)
    while jobs.result(store, job) is None:
        time.sleep(0.005)
    return time.monotonic() - began


def delay(store: Store, spec: RunSpec) -> tuple[str, float]:
    """What a watched run was accused of first, and how many seconds after the step since which that holds."""
    run_id = jobs.start_run(store, spec, pace="watch")
    reached: list[tuple[int, float]] = []
    while not (run := store.runs.get(run_id)).findings and not run.is_ended:
        reached.append((run.step, time.monotonic()))
        time.sleep(0.02)
    spoken = time.monotonic()
    store.runs.set_control(run_id, stop=True)
    if not run.findings:
        return "nothing", float("nan")
    since = run.findings[0]["since"]["step"]
    return run.findings[0]["rule"], spoken - next((at for step, at in reached if step >= max(1, since)), spoken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--steps", type=int, default=300_000)
    parser.add_argument("--times", type=int, default=5, help="judgements, and watched runs")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["NNVIZ_HOME"] = folder
        url = f"sqlite:///{Path(folder) / 'nnviz.db'}"
        store = Store(url)
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=work, args=(url, f"worker {n}", os.getpid()), daemon=True) for n in range(WORKERS)]
        for worker in workers:
            worker.start()
        try:
            if args.pairs:
                ratios(store, default(args.steps), args.pairs)
            run_id = trained(store, default(100_000))
            times = [judged(store, run_id) for _ in range(args.times + WORKERS)]
            print(
                f"{store.runs.get(run_id).step:,} steps judged in {statistics.median(times):.2f} s ({max(times):.2f} the slowest)"
            )
            wild = default(30_000, optimizer={"kind": "Adam", "learning_rate": 10.0})
            dead = {"kind": "Dense", "units": 16, "activation": "relu", "bias_initializer": {"kind": "Constant", "value": -6.0}}
            for spec in args.times * [wild, default(30_000, layers=[dead, dead])]:
                name, seconds = delay(store, spec)
                print(f"at pace watch {name} was in the store {seconds:.2f} s after the step since which it holds", flush=True)
        finally:
            for worker in workers:
                with suppress(OSError):
                    worker.kill()
            store.close()


if __name__ == "__main__":
    main()
