"""The short jobs: what a file holds, what a trained network says of new rows, and how good it is on labelled ones."""

import contextlib
import filecmp
import math
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnviz.errors import NnvizError, RequestError
from nnviz.jobs import data_files
from nnviz.jobs.branches import check_fits, parent_of
from nnviz.jobs.worker import dataset, reader
from nnviz.jobs.worker.about_data import about
from nnviz.spec import FileData, RunSpec, check_class_weight, check_cost, parse_cost
from nnviz.store import Job, Run, Store

if TYPE_CHECKING:
    from nnviz.jobs.worker.predictions.new_rows import Batch
    from nnviz.jobs.worker.predictions.trained import Trained
    from nnviz.jobs.worker.predictions.training_rows import TrainingRows

LOOK_SECONDS = 0.3
MAX_LOADED = 4
"""Trained networks that are kept loaded."""


class Answerer:
    """Answers jobs: each method takes one and gives a JSON-able answer. Raises RequestError for what can be mended.
    `opens_paths`: whether a job may name files of this computer, as in the command line's own process; one that is marked as
    the command line's (`data_files.is_owners`) may name the rows to read."""

    def __init__(self, store: Store, *, opens_paths: bool = False) -> None:
        self.store = store
        self.opens_paths = opens_paths
        self._trained: OrderedDict[str, Trained] = OrderedDict()
        self._last_rows: tuple[str, TrainingRows | None] | None = None

    def read(self, job: Job) -> dict[str, Any]:
        """Payload `data` (a data block; a file's bytes by its sha256) and `split`; see `reading.report`."""
        return dataset.report(self.store, job.payload, tick=self._while_wanted(job))

    def predict(self, job: Job) -> dict[str, Any]:
        """Payload: `rows` (typed: a list of {column: text}), or a file as `path`, or as `sha256` and `name`; `out`: the
        CSV file to write, `safe`: so that no spreadsheet runs a text of it; else it goes into the blobs as `csv`, and, where
        that differs, as `csv_safe`; `cost`: another one to calculate. See `Trained.predict`."""
        trained = self.trained(job.run or "")
        with self._batches(trained, job) as batches:
            if "rows" in job.payload:
                return trained.predict(batches, cost=_cost(job.payload))
            out = job.payload.get("out")
            if out:
                if job.payload.get("safe"):
                    return trained.predict(batches, safe=Path(out), cost=_cost(job.payload))
                return trained.predict(batches, out=Path(out), cost=_cost(job.payload))
            with tempfile.TemporaryDirectory(prefix="nnviz-") as folder:
                path, safe = Path(folder) / "predictions.csv", Path(folder) / "safe.csv"
                training = self._training_rows(trained, job)
                answer = trained.predict(batches, out=path, safe=safe, cost=_cost(job.payload), training=training)
                differs = not filecmp.cmp(path, safe, shallow=False)
                return (
                    _for_asker(job, answer)
                    | {"csv": self.store.blobs.put_file(path)}
                    | ({"csv_safe": self.store.blobs.put_file(safe)} if differs else {})
                )

    def evaluate(self, job: Job) -> dict[str, Any]:
        """Payload: a file as for `predict`, and `cost`. Raises DataError where the rows have no labels."""
        trained = self.trained(job.run or "")
        with self._batches(trained, job) as batches:
            return _for_asker(job, trained.evaluate(batches, name=_name(job.payload), cost=_cost(job.payload)))

    def check(self, spec: RunSpec, *, base: Path) -> dict[str, Any]:
        """Reads the spec's data and plans its stack and its memory on it; of a branch also whether its parent is there and
        has its form. Gives what was read, see `about_data.about`. Raises the first thing that is wrong."""
        from nnviz import memory
        from nnviz.stack import plan

        prepared = dataset.load(self.store, spec, base=base)
        check_cost(spec.cost.kind, task=prepared.task, outputs=prepared.outputs)
        check_class_weight(spec.cost.class_weight, task=prepared.task, classes=prepared.classes, data=spec.data)
        memory.check(spec, prepared)
        stack = plan(spec.layers, prepared.shape, outputs=prepared.outputs, cost=spec.cost)
        if stack.error is not None:
            raise stack.error
        parent = parent_of(self.store, spec)
        if parent is not None:
            check_fits(parent, prepared)
        return about(prepared)

    def trained(self, run_id: str) -> "Trained":
        """The run's network with the weights it ended with; the last few stay loaded. Raises RequestError without any."""
        from nnviz.jobs.worker.predictions.trained import Trained

        run = self.store.runs.get(run_id)
        key = f"{run.id} {run.weights}"
        if key not in self._trained:
            self._trained[key] = Trained.load(self.store, run)
            if len(self._trained) > MAX_LOADED:
                self._trained.popitem(last=False)
        self._trained.move_to_end(key)
        return self._trained[key]

    def _training_rows(self, trained: "Trained", job: Job) -> "TrainingRows | None":
        """The rows that a run was trained on, for a page, which tells them apart; None where they are too many or gone."""
        run = trained.run
        if data_files.is_owners(job.payload):
            return None
        if self._last_rows is None or self._last_rows[0] != run.id:
            self._last_rows = run.id, self._read_rows(run, job)
        return self._last_rows[1]

    def _read_rows(self, run: Run, job: Job) -> "TrainingRows | None":
        from nnviz.jobs.worker.predictions.training_rows import MOST_NUMBERS, TrainingRows

        if sum(run.info.get("rows", {}).values()) * math.prod(run.info.get("shape", ())) > MOST_NUMBERS:
            return None
        try:
            return TrainingRows.of(dataset.load(self.store, run.spec, tick=self._while_wanted(job)))
        except reader.Cancelled:
            raise
        except NnvizError:
            return None

    @contextlib.contextmanager
    def _batches(self, trained: "Trained", job: Job) -> "Iterator[Iterator[Batch]]":
        from nnviz.jobs.worker.predictions import new_rows

        payload = job.payload
        forbidden = set() if self.opens_paths else {"out"} if data_files.is_owners(payload) else {"path", "out"}
        if not forbidden.isdisjoint(payload):
            raise RequestError(
                "a file of the server cannot be named from here",
                where=job.kind,
                remedy="Upload the rows; the answer can be downloaded.",
            )
        if "rows" in payload:
            yield new_rows.typed(payload["rows"], trained.encoder)
            return
        file_data = trained.run.spec.data if isinstance(trained.run.spec.data, FileData) else None
        name = _name(payload)
        tick = self._while_wanted(job)
        if "path" in payload:
            path = Path(payload["path"])
            yield _until_cancelled(tick, dataset.rows(path, name=name, encoder=trained.encoder, file_data=file_data, tick=tick))
            return
        with tempfile.TemporaryDirectory(prefix="nnviz-") as folder:
            path = Path(folder) / "rows"
            with path.open("wb") as file:
                for part in self.store.blobs.parts(payload["sha256"]):
                    file.write(part)
            yield _until_cancelled(tick, dataset.rows(path, name=name, encoder=trained.encoder, file_data=file_data, tick=tick))

    def _while_wanted(self, job: Job) -> Callable[[], None] | None:
        """Ends what is being read for a job once somebody has cancelled it. A job of the command line has no row."""
        if not job.id:
            return None

        def look() -> None:
            now = self.store.jobs.get(job.id)
            if now is None or now.status == "cancelled":
                raise reader.Cancelled("the job was cancelled")

        return look


def _for_asker(job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """The part of an answer that the command line uses, for its own jobs; pages get rows and pictures, too."""
    if not data_files.is_owners(job.payload):
        return answer
    return {name: answer[name] for name in ("rows", "metrics", "notes", "unlabelled") if name in answer}


def _until_cancelled(tick: Callable[[], None] | None, batches: "Iterator[Batch]") -> "Iterator[Batch]":
    """The batches for as long as they are wanted: where they are read faster than predicted, nobody waits for them."""
    last = time.monotonic()
    for batch in batches:
        if tick is not None and time.monotonic() - last >= LOOK_SECONDS:
            last = time.monotonic()
            tick()
        yield batch


def _name(payload: Mapping[str, Any]) -> str:
    return str(payload.get("name") or Path(str(payload.get("path", "rows"))).name)


def _cost(payload: Mapping[str, Any]) -> Any:
    cost = payload.get("cost")
    if not cost:
        return None
    if isinstance(cost, str) and cost == "Expression":
        raise RequestError(
            "a typed cost needs its expression", where="cost", remedy='Give it as {"kind": "Expression", "expression": "..."}.'
        )
    return parse_cost({"kind": cost} if isinstance(cost, str) else cost)
