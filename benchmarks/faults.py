"""What is lost when processes die, people contradict each other, the clock is set, or the disk is full.

    python -m benchmarks.faults [processes|commands|clock|disk ...] [--kills 20] [--commands 1000]

processes: kill -9 of web process and supervisor in turns at random moments while runs train, the last time of everything at
once; every run has to end with the weights of one that was left alone, and a socket has to show it again soon.
commands: four processes steer one run at the same time, each time exactly one may win.
clock: set by an hour, forwards and back, while a worker whose supervisor died trains; the living goes on, the dead is noticed.
disk: one of 128 MB that gets full while a run trains (as root: it is mounted). One JSON line each.
"""

import argparse
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgpack
import psutil
from websockets.sync.client import connect

from nnviz import jobs
from nnviz.errors import Conflict
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.serving import Server, jobs_of

SPEC = RunSpec.parse(
    {
        "data": {"kind": "synthetic", "name": "spirals", "samples": 2000},
        "layers": [
            {"kind": "Dense", "units": 64, "activation": "relu"},
            {"kind": "Dropout", "rate": 0.3},
            {"kind": "Dense", "units": 32, "activation": "tanh"},
        ],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.003},
        "training": {"epochs": 1000, "batch_size": 16, "record_every": 10},
    }
)
PEOPLE = 4


def tell(**figures: Any) -> None:
    print(json.dumps(figures), flush=True)


def until(condition: Callable[[], Any], *, seconds: float = 300.0) -> float:
    """Waits for it; gives how long that took. Raises TimeoutError."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() > began + seconds:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic() - began


def ended(store: Store, run_id: str) -> str:
    """The checksum of a run's weights once it has ended; its status where it has none."""
    until(lambda: store.runs.get(run_id).is_ended)
    run = store.runs.get(run_id)
    return run.weights if run.status == "finished" and run.weights else run.status


def is_shown(server: Server, run_id: str) -> bool:
    """Whether a page that is opened now lists the run."""
    with (
        suppress(OSError, TimeoutError),
        connect(f"ws://127.0.0.1:{server.port}/nnviz/stream?runs={run_id}", max_size=None, open_timeout=1) as socket,
    ):
        return bool(msgpack.unpackb(bytes(socket.recv(timeout=5)))["type"] == "hello")
    return False


def kill(server: Server, kind: str) -> None:
    for process in jobs_of(server.store_url, kind):
        with suppress(psutil.Error):
            process.send_signal(signal.SIGKILL)


def processes(folder: Path, *, kills: int, draw: random.Random) -> bool:
    server = Server(folder).start()
    try:
        store = Store(server.store_url)
        wanted = ended(store, jobs.start_run(store, SPEC))
        runs: list[str] = []
        delays: list[float] = []
        for number in range(kills):
            while sum(not store.runs.get(run_id).is_ended for run_id in runs) < 2:
                runs.append(jobs.start_run(store, SPEC, name=f"run {len(runs)}"))
            until(lambda: any(store.runs.get(run_id).status == "running" for run_id in runs))
            time.sleep(draw.uniform(0.0, 4.0))
            began, is_last = time.monotonic(), number == kills - 1
            if number % 2 or is_last:
                kill(server, "nnviz.jobs.supervisor")
            if is_last:
                kill(server, "nnviz.jobs.worker")
            if number % 2 == 0 or is_last:
                server.kill()
                began = time.monotonic()
                server.start()
            until(lambda: is_shown(server, runs[-1]))
            delays.append(time.monotonic() - began)
        weights = [ended(store, run_id) for run_id in runs]
        attempts = [store.runs.get(run_id).attempt for run_id in runs]
        left = len(store.jobs.open_jobs())
        time.sleep(3.0)
        extra = len(jobs_of(server.store_url, "nnviz.jobs.worker"))
        tell(
            fault="processes",
            kills=kills,
            runs=len(runs),
            lost=sum(one != wanted for one in weights),
            resumed=sum(attempts) - len(runs),
            shown_again_s=[round(each, 1) for each in sorted(delays)],
            open_jobs_left=left,
            workers_at_the_end=extra,
        )
        return all(one == wanted for one in weights)
    finally:
        server.stop()


def steer(url: str, run_id: str, rounds: int, start: Any, answers: Any) -> None:
    store, won = Store(url), []
    for number in range(rounds):
        start.wait()
        try:
            store.runs.set_control(run_id, expect=number, pace="watch")
            won.append(number)
        except Conflict:
            pass
    answers.put(won)


def commands(folder: Path, *, rounds: int) -> bool:
    url = f"sqlite:///{folder}/nnviz.db"
    run_id = Store(url).runs.create(SPEC)
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(PEOPLE), context.Queue()
    people = [context.Process(target=steer, args=(url, run_id, rounds, start, answers)) for _ in range(PEOPLE)]
    for person in people:
        person.start()
    won = [answers.get(timeout=1200) for _ in people]
    for person in people:
        person.join()
    winners = [sum(number in winner_set for winner_set in map(set, won)) for number in range(rounds)]
    tell(fault="commands", rounds=rounds, people=PEOPLE, with_one_winner=winners.count(1), won=[len(numbers) for numbers in won])
    return winners == [1] * rounds


def clock(folder: Path) -> bool:
    """Setting the clock forwards is the same as making all that the store has seen older."""
    server = Server(folder).start()
    try:
        store = Store(server.store_url)
        wanted, good = ended(store, jobs.start_run(store, SPEC)), True
        for jump in (3600, -3600):
            run_id = jobs.start_run(store, SPEC.with_("training.epochs", 20_000))
            until(lambda run_id=run_id: store.runs.get(run_id).step > 0)
            attempt = store.runs.get(run_id).attempt
            kill(server, "nnviz.jobs.supervisor")
            with store.db.write() as connection:
                for table, column in (("workers", "heartbeat"), ("presence", "heartbeat"), ("jobs", "created")):
                    connection.exec_driver_sql(f"UPDATE {table} SET {column} = {column} - ({jump})")
            until(lambda: jobs.has_supervisor(store.url))
            time.sleep(15)
            lives = (store.runs.get(run_id).status, store.runs.get(run_id).attempt) == ("running", attempt)
            pid = store.runs.get(run_id).pid
            if pid:
                os.kill(pid, signal.SIGKILL)
            noticed = until(lambda run_id=run_id, attempt=attempt: store.runs.get(run_id).attempt > attempt)
            store.runs.set_control(run_id, stop=True)
            ended(store, run_id)
            after = ended(store, jobs.start_run(store, SPEC))
            tell(
                fault="clock",
                jump_s=jump,
                living_worker_kept=lives,
                dead_one_replaced_after_s=round(noticed, 1),
                next_run_equal=after == wanted,
            )
            good = good and lives and after == wanted
        return good
    finally:
        server.stop()


def committed(store: Store, run_id: str) -> set[tuple[str, int]]:
    """What the store has of a run: steps, rows by epoch, and snapshots whose bytes are those that were written."""
    return (
        {("step", int(step)) for step in store.series.curve(run_id, "batch_loss").step}
        | {("epoch", int(row["step"])) for row in store.series.history(run_id)}
        | {
            ("snapshot", snapshot.step)
            for snapshot in store.snapshots.of_run(run_id)
            if store.snapshots.get(run_id, snapshot.step)
        }
    )


def disk(folder: Path) -> bool:
    place = folder / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(place)], check=True)
    server = Server(place)
    try:
        server.start()
        store = Store(server.store_url)
        wanted, run_id = ended(store, jobs.start_run(store, SPEC)), jobs.start_run(store, SPEC)
        until(lambda: len(store.snapshots.of_run(run_id)) > 20)
        with suppress(OSError), (place / "others").open("wb", buffering=0) as others:
            while True:
                others.write(b"x" * 4096)
        before = committed(store, run_id)
        time.sleep(10)
        is_there = is_shown(server, run_id)
        (place / "others").unlink()
        seconds = until(lambda: store.runs.get(run_id).is_ended)
        run = store.runs.get(run_id)
        lost = len(before - committed(store, run_id))
        if run.status == "failed":
            jobs.resume_run(store, run_id)
        weights = ended(store, run_id)
        tell(
            fault="disk",
            committed=len(before),
            lost=lost,
            page_while_full=is_there,
            status=run.status,
            words=(run.error or {}).get("what"),
            said_after_room_s=round(seconds, 1),
            equal=weights == wanted,
        )
        return weights == wanted and lost == 0
    finally:
        server.stop()
        subprocess.run(["umount", "-l", str(place)], check=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("faults", nargs="*", metavar="FAULT", help="processes, commands, clock, disk; default: all")
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--commands", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    args = options.parse_args()
    tests: dict[str, Callable[[Path], bool]] = {
        "processes": lambda folder: processes(folder, kills=args.kills, draw=random.Random(args.seed)),
        "commands": lambda folder: commands(folder, rounds=args.commands),
        "clock": clock,
        "disk": disk,
    }
    good = True
    for name in args.faults or tests:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["NNVIZ_HOME"] = folder if name != "disk" else f"{folder}/disk"
            good = tests[name](Path(folder)) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
