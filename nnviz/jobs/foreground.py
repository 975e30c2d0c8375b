"""A job done in this very process: what the command line uses."""

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nnviz.errors import RequestError, from_json
from nnviz.spec import FileData, RunSpec
from nnviz.store import Job, Run, Store

LARGEST_BLOB = 1 << 30
LARGEST_PARQUET = 200 << 20
"""A larger one is read from where it lies, a column at a time."""


def adopt(store: Store, spec: RunSpec, *, base: Path) -> RunSpec:
    """The spec with its data file kept in the store's blobs (one over 1 GiB, or Parquet over 200 MiB, stays where it is) and
    every path absolute.

    Relative paths are resolved against `base`, the folder of the spec's own file. Raises RequestError."""
    if not isinstance(spec.data, FileData) or (spec.data.sha256 and store.has_blob(spec.data.sha256)):
        return spec
    record = spec.to_json()
    for field in ("path", "validation_path", "test_path"):
        given = record["data"].get(field)
        if given is None:
            continue
        path = (base / given).absolute()
        if path.is_dir():
            record["data"][field] = str(path)
            if field == "path":
                from nnviz.jobs.worker.folders import keep_folder

                record["data"]["sha256"] = keep_folder(store, path)
            continue
        if not path.is_file():
            raise RequestError(f"there is no file {given!r}", where=f"data.{field}",
                               remedy=f"It was looked for at {path}; a relative path starts at the spec's own folder.")
        record["data"][field] = str(path)
        largest = LARGEST_PARQUET if path.suffix.lower() == ".parquet" else LARGEST_BLOB
        if field == "path" and path.stat().st_size <= largest:
            record["data"]["sha256"] = store.put_file(path)
    return RunSpec.parse(record)


def train_here(store: Store, run_id: str, *, on_change: Callable[[Run], None]) -> Run:
    """Trains a queued run in this process; `on_change` is called some times a second. Ctrl+C stops the run, not the process."""
    from nnviz.jobs.worker.training import Trainer

    done = threading.Event()

    def watch() -> None:
        revision = -1
        while not done.wait(0.1):
            run = store.run(run_id)
            if run.revision != revision:
                revision = run.revision
                on_change(run)

    before = signal.signal(signal.SIGINT, lambda *_: store.set_control(run_id, stop=True))
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        Trainer(store).train(_job("train", run_id, {}))
    finally:
        done.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)
    run = store.run(run_id)
    on_change(run)
    return run


def do_here(store: Store, kind: str, run_id: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A short job (`predict`, `evaluate`) in this process."""
    from nnviz.jobs.worker.answering import Answerer

    answerer = Answerer(store)
    return {"predict": answerer.predict, "evaluate": answerer.evaluate}[kind](_job(kind, run_id, payload))


def raise_error(run: Run) -> None:
    """Raises the error that a run ended with, if it did."""
    if run.error:
        raise from_json(run.error)


def _job(kind: str, run_id: str, payload: dict[str, Any]) -> Job:
    return Job(id=0, kind=kind, run=run_id, payload=payload, key="", status="running", worker=None, result=None,
               created=time.time())


def check_here(store: Store, spec: RunSpec, *, base: Path) -> None:
    """Reads the spec's data and plans its stack on it, in this process. Raises the first thing that is wrong."""
    from nnviz.jobs.worker.answering import Answerer

    Answerer(store).check(spec, base=base)
