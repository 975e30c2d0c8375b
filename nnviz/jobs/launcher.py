"""How a process asks for work: a job row in the store, and one supervisor on this host to see that somebody does it."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Literal

from filelock import FileLock, Timeout

import nnviz
from nnviz.errors import NotFound, RequestError, RunError, from_json
from nnviz.jobs import data_files
from nnviz.jobs.branches import rooted
from nnviz.spec import FileData, RunSpec, tuning_of
from nnviz.store import Control, Run, Store, home
from nnviz.store.opening import parse_url, sqlite_file


def lock_path(url: str) -> Path:
    """Held by the one supervisor that serves `url` from this host. Beside a SQLite file, where processes with another NNVIZ_HOME
    see it, too; of other stores, and where that folder cannot be written, in `home()`."""
    file = sqlite_file(parse_url(url))
    if file is not None and os.access(file.absolute().parent, os.W_OK):
        return file.resolve().with_name(f"{file.name}.supervisor.lock")
    return home() / f"supervisor-{hashlib.sha256(url.encode()).hexdigest()[:12]}.lock"


def log_folder() -> Path:
    folder = home() / "logs"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def has_supervisor(url: str) -> bool:
    """Whether a supervisor of the store at `url` runs on this host: it holds the lock on a file as long as it lives."""
    lock = FileLock(lock_path(url))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def ensure_supervisor(url: str) -> None:
    """Starts the supervisor, detached from this process, where none runs. Returns at once."""
    home().mkdir(parents=True, exist_ok=True)
    if not has_supervisor(url):
        start_module("nnviz.jobs.supervisor", "--store", url, log=log_folder() / "supervisor.log")


def start_module(module: str, *arguments: str, log: Path, pass_fds: Sequence[int] = ()) -> "subprocess.Popen[bytes]":
    """`python -m module` in a session of its own, so that nothing that ends this process ends that one. Flags for XLA that
    the engine chose for this process are not passed on."""
    root = str(Path(nnviz.__file__).parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    environment = os.environ | {"PYTHONPATH": path}
    if "NNVIZ_XLA_FLAGS_GIVEN" in environment:
        environment["XLA_FLAGS"] = environment.pop("NNVIZ_XLA_FLAGS_GIVEN")
    with _opened(log) as file:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            close_fds=True,
            pass_fds=pass_fds,
            env=environment,
        )


def _opened(log: Path) -> BinaryIO:
    """The log of a process; nowhere, where the store can only be read."""
    try:
        return log.open("ab")
    except OSError:
        return open(os.devnull, "ab")


def key_of(spec: RunSpec) -> str:
    """What two specs that can share a prepared network have in common: all but names, seeds, the learning rate, and how long
    to train. Whether they really can is the engine's own check."""
    record = spec.model_dump(mode="json")
    data = {name: value for name, value in record["data"].items() if name not in ("seed", "noise")}
    split = {name: value for name, value in record["split"].items() if name not in ("seed", "test_seed", "fold", "repeats")}
    optimizer = {name: value for name, value in record["optimizer"].items() if name != "learning_rate"}
    same = [data, split, record["layers"], record["cost"], optimizer, record["training"]["batch_size"]]
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:32]


SMALL_BYTES = 4_000_000
"""Of a data file with which a run is small."""


def is_small(store: Store, spec: RunSpec) -> bool:
    """Whether a worker may train a run in turns with others: a small network on little data, of which many find room."""
    if tuning_of(spec) != "quick":
        return False
    if not isinstance(spec.data, FileData):
        return True
    hashes = [spec.data.sha256, *(known for known in (spec.data.validation_sha256, spec.data.test_sha256) if known)]
    sizes = [store.blobs.size(known) if known else None for known in hashes]
    return all(size is not None and size <= SMALL_BYTES for size in sizes)


def start_run(store: Store, spec: RunSpec, *, pace: Literal["step", "watch", "full"] = "full", name: str = "") -> str:
    """Creates a run and queues it; gives its id. Raises SpecError for a branch of a run or snapshot that is not there."""
    spec = rooted(store, spec)
    with store.transaction():
        run_id = store.runs.create(spec, name=name, control=Control(pace=pace, steps_allowed=1 if pace == "step" else None))
        queue_training(store, run_id, spec)
    ensure_supervisor(store.url)
    return run_id


def queue_training(store: Store, run_id: str, spec: RunSpec, *, member: int = 1) -> None:
    """A run in status `queued` is trained by a worker when its turn comes. `member`: its number in a group: only the first waits
    for the worker that has prepared the network, the others shall not queue up behind it."""
    key = key_of(spec) if member == 1 else ""
    store.jobs.add("train", run_id=run_id, payload={"small": is_small(store, spec)}, key=key, needs=tuning_of(spec))


def resume_run(
    store: Store,
    run_id: str,
    *,
    pace: Literal["step", "watch", "full"] | None = None,
    epochs: int | None = None,
    steps_allowed: int | None = None,
) -> None:
    """A run that ended, or is paused without a worker, goes on from its last snapshot; with `epochs` until so many are
    done, with `steps_allowed` up to so many steps.

    Raises RequestError for one that is at work, or has nothing left to do."""
    run = store.runs.get(run_id)
    with store.transaction():
        go_on(store, run, pace=pace, epochs=epochs, steps_allowed=steps_allowed)
        queue_training(store, run.id, run.spec)
    ensure_supervisor(store.url)


def go_on(
    store: Store,
    run: Run,
    *,
    pace: Literal["step", "watch", "full"] | None = None,
    epochs: int | None = None,
    steps_allowed: int | None = None,
) -> None:
    """Back into the queue with it; see `resume_run`."""
    planned = epochs or run.control.epochs or run.spec.training.epochs
    if run.status == "finished" and run.epoch >= planned - 1e-9:
        raise RequestError(
            f"all {planned} epochs of this run are done", where=run.id, remedy="Say until which epoch it is to go."
        )
    # one that was killed before its first snapshot begins anew, which gives the same numbers
    if run.step and run.status in ("finished", "stopped", "diverged") and not store.snapshots.of_run(run.id):
        raise RequestError("no snapshot of this run is kept to go on from", where=run.id, remedy="Train it again.")
    settings = {"pace": pace, "epochs": epochs, "steps_allowed": steps_allowed}
    changes: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    store.run_control.requeue(run.id, text=f"Goes on, until epoch {epochs:,}" if epochs else "", **changes)


def start_group(store: Store, spec: RunSpec, *, pace: Literal["step", "watch", "full"] = "full", name: str = "") -> str:
    """Creates and queues the runs that a spec stands for; they train side by side, as far as there are workers for
    them, and runs of no group go between them. Gives the group's id."""
    with store.transaction():
        group_id = store.runs.create_group(spec, name=name, control=Control(pace=pace))
        for run in store.runs.group_runs(group_id):
            queue_training(store, run.id, run.spec, member=run.member)
    ensure_supervisor(store.url)
    return group_id


def stop_group(store: Store, group_id: str) -> None:
    """Stops the runs of a group that have not ended: those that wait at once, those that train with what they learned."""
    for run in reversed(store.runs.group_runs(group_id)):
        if not run.is_ended:
            store.runs.set_control(run.id, stop=True)


def prepare(store: Store, spec: RunSpec) -> int:
    """Asks a worker to build and compile ahead what the user is looking at; what was asked before and not begun is dropped."""
    ensure_supervisor(store.url)
    return store.jobs.add("prepare", payload={"spec": spec.to_json()}, key=key_of(spec), needs=tuning_of(spec))


def submit(store: Store, kind: str, *, run_id: str | None = None, payload: dict[str, Any] | None = None) -> int:
    """Queues a short job (`predict`, `evaluate`, `read`, `find_rate`); gives its id. Raises RequestError for one that is marked
    as the command line's."""
    if data_files.is_owners(payload or {}):
        raise RequestError("only the command line may ask for this", where=kind, remedy="Upload the file.")
    ensure_supervisor(store.url)
    return store.jobs.add(kind, run_id=run_id, payload=payload)


def examine(store: Store, run: Run) -> None:
    """Has the doctor look at a run that a worker has just ended, once nothing else waits there. Of a group it looks at the first
    member; at the others when somebody asks."""
    if run.member <= 1:
        store.jobs.add("doctor", run_id=run.id)


def result(store: Store, job_id: int) -> dict[str, Any] | None:
    """The job's result, or None while it is not done. Raises the error it ended with."""
    job = store.jobs.get(job_id)
    if job is None:
        raise NotFound(f"there is no job {job_id}", remedy="Start it again.")
    if job.status == "cancelled":
        raise RunError("the job was cancelled")
    if job.result is None or "progress" in job.result:
        return None
    if "error" in job.result:
        raise from_json(job.result["error"])
    answer: dict[str, Any] = job.result["result"]
    return answer


def progress(store: Store, job_id: int) -> dict[str, Any] | None:
    """What a job last reported on its way, also after it was cancelled; None if nothing yet."""
    job = store.jobs.get(job_id)
    latest: dict[str, Any] | None = job.result.get("progress") if job is not None and job.result else None
    return latest


def cancel(store: Store, job_id: int) -> None:
    """Takes back a job that has not ended."""
    store.jobs.cancel(job_id)


def wait(store: Store, job_id: int, *, timeout: float = 60.0) -> dict[str, Any]:
    """Waits for a job's result. Raises the error it ended with, or RunError after `timeout` seconds."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        answer = result(store, job_id)
        if answer is not None:
            return answer
        time.sleep(0.015)
    raise RunError(f"no answer within {timeout:g} s", remedy="The workers may still be starting or busy: try again.")
