"""A job done in this very process: what the command line uses."""

import signal
import stat
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nnviz.errors import RequestError, from_json
from nnviz.jobs import data_files
from nnviz.jobs.shares import shared, train_job
from nnviz.spec import FileData, RunSpec
from nnviz.store import Run, Store

LARGEST_BLOB = 1 << 30
LARGEST_PARQUET = 200 << 20
"""A larger one, as a larger .npz, is read from where it lies, a part at a time."""


def adopt(store: Store, spec: RunSpec, *, base: Path) -> RunSpec:
    """The spec with its data files kept in the store's blobs (one over 1 GiB, or Parquet or .npz over 200 MiB, stays there) and
    every path absolute.

    Relative paths are resolved against `base`, the folder of the spec's own file. Raises RequestError."""
    if not isinstance(spec.data, FileData):
        return spec
    record = spec.to_json()
    for field in ("path", "validation_path", "test_path"):
        location, digest_field = record["data"].get(field), field.replace("path", "sha256")
        known = record["data"].get(digest_field)
        if location is None or (known and store.blobs.has(known)):
            continue
        path = (base / location).absolute()
        _check_kind(path, location, where=f"data.{field}")
        if path.is_dir():
            record["data"][field] = str(path)
            if field == "path":
                from nnviz.jobs.worker.folders import keep_folder

                record["data"]["sha256"] = keep_folder(store, path)
            continue
        record["data"][field] = str(path)
        largest = LARGEST_PARQUET if path.suffix.lower() in (".parquet", ".npz") else LARGEST_BLOB
        if path.stat().st_size <= largest:
            record["data"][digest_field] = store.blobs.put_file(path)
    adopted = RunSpec.parse(record)
    data_files.remember(store, adopted.data)
    return adopted


def _check_kind(path: Path, named: str, *, where: str) -> None:
    """Raises RequestError for what is neither a regular file nor a folder: reading a device or a pipe may never end."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise RequestError(
            f"there is no file {named[:200]!r}",
            where=where,
            remedy=f"It was looked for at {str(path)[:300]!r}; a relative path starts at the spec's own folder.",
        ) from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise RequestError(
            f"{named!r} is a device, a pipe or a socket, and no file", where=where, remedy="Save its contents to a file first."
        )


def train_here(store: Store, run_id: str, *, on_change: Callable[[Run], None]) -> Run:
    """Trains a queued run in this process; `on_change` is called some times a second. Ctrl+C stops the run, not the process."""
    return _train(store, [run_id], on_change)[0]


def train_group_here(store: Store, group_id: str, *, on_change: Callable[[Run], None]) -> list[Run]:
    """Trains the queued runs of a group, the first in this process and the rest, where that takes long, with the help of
    others; `on_change` gets each run that trains, some times a second. Ctrl+C stops those and the ones that wait. What
    fails does not keep the others from training."""
    waiting = [run.id for run in store.runs.group_runs(group_id) if run.status == "queued"]
    if waiting:
        _train(store, waiting, on_change)
    return store.runs.group_runs(group_id)


def _train(store: Store, run_ids: Sequence[str], on_change: Callable[[Run], None]) -> list[Run]:
    _start_reading(store, run_ids)
    from nnviz.jobs.worker.training.train import Trainer

    done = threading.Event()
    seen: dict[str, int] = {}

    def tell() -> None:
        for run in store.runs.list_runs(ids=run_ids):
            if run.status != "queued" and seen.get(run.id) != run.revision:
                seen[run.id] = run.revision
                on_change(run)

    def watch() -> None:
        while not done.wait(0.1):
            tell()

    def stop(*_: object) -> None:
        for run_id in reversed(run_ids):
            store.runs.set_control(run_id, stop=True)

    before = signal.signal(signal.SIGINT, stop)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        trainer, began = Trainer(store), time.monotonic()
        trainer.train(train_job(run_ids[0]))
        with shared(store, run_ids[1:], seconds=time.monotonic() - began) as mine:
            for run_id in mine:
                trainer.train(train_job(run_id))
        for run in store.runs.list_runs(ids=run_ids):
            if run.status == "queued":
                trainer.train(train_job(run.id))
    finally:
        done.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)
    tell()
    return store.runs.list_runs(ids=run_ids)


def _start_reading(store: Store, run_ids: Sequence[str]) -> None:
    """Before TensorFlow is loaded: the process that reads files gets ready meanwhile. What is done here is the owner's word, so
    the data files of these runs are noted as opened by the command line."""
    from nnviz.jobs.worker import reader

    reader.use_limits(reader.for_command_line)
    reader.reader()
    for run in store.runs.list_runs(ids=run_ids):
        data_files.remember(store, run.spec.data)


def do_here(store: Store, kind: str, run_id: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A short job (`predict`, `evaluate`, `export`, `doctor`, `row_results`) in this process."""
    _start_reading(store, [run_id])
    from nnviz.jobs.worker.answering import Answerer
    from nnviz.jobs.worker.doctor.diagnose import Doctor
    from nnviz.jobs.worker.exporting import Exporter
    from nnviz.jobs.worker.history.recorded import Past
    from nnviz.jobs.worker.history.row_results import RowResults
    from nnviz.jobs.worker.training.stock import Stock

    answerer = Answerer(store, opens_paths=True)
    past = Past(store, Stock(store).data)
    jobs = {
        "predict": answerer.predict,
        "evaluate": answerer.evaluate,
        "export": Exporter(store).export,
        "doctor": Doctor(past).diagnose,
        "row_results": RowResults(past).of_run,
    }
    return jobs[kind](replace(train_job(run_id), kind=kind, payload=payload))


def raise_error(run: Run) -> None:
    """Raises the error that a run ended with, if it did."""
    if run.error:
        raise from_json(run.error)


def check_here(store: Store, spec: RunSpec, *, base: Path) -> dict[str, Any]:
    """Reads the spec's data and plans its stack on it, in this process. Gives what was read, see `about_data.about`. Raises the
    first thing that is wrong."""
    _start_reading(store, [])
    from nnviz.jobs.worker.answering import Answerer

    return Answerer(store).check(spec, base=base)
