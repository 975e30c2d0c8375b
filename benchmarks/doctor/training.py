"""Trains runs of the bench in one process, and gathers their evidence as the doctor's job does. What was gathered is kept by
spec, since judging again after a change of a rule is to take seconds; the runs are kept as well, so that evidence of another
form can be gathered of them without training again."""

import hashlib
import json
import pickle
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.doctor import tables
from benchmarks.doctor.healthy import Spec
from nnviz.doctor import DataFacts, Evidence, LabelFacts, LayerFacts, Moment
from nnviz.engine.views.view_request import rows_of
from nnviz.errors import NnvizError
from nnviz.jobs.foreground import adopt
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker.doctor.gather import gather
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Run, Snapshot, Store

FORM = hashlib.sha256(
    " ".join(field.name for kind in (Evidence, DataFacts, LabelFacts, LayerFacts, Moment) for field in fields(kind)).encode()
).hexdigest()[:8]
"""Of evidence: what was gathered in another one is gathered anew."""


class Bench:
    """A store with the runs of a bench, in `folder`."""

    def __init__(self, folder: Path) -> None:
        (folder / "kept").mkdir(parents=True, exist_ok=True)
        (folder / "tables").mkdir(exist_ok=True)
        self.folder = folder
        self.store = Store(f"sqlite:///{folder / 'nnviz.db'}")
        self.tasks = Tasks(self.store)

    def spec(self, spec: Spec) -> RunSpec:
        """With a table of the bench's own as a file in the store."""
        if spec["data"]["kind"] != "table":
            return RunSpec.parse(spec)
        options = {name: value for name, value in spec["data"].items() if name not in ("kind", "name", "dates")}
        path = self.folder / "tables" / f"{spec['data']['name']}-{key_of(options)}.csv"
        if not path.exists():
            tables.make(spec["data"]["name"], **options).to_csv(path, index=False)
        is_number = spec["data"]["name"] in tables.NUMBERS
        task = "regression" if is_number else "classification"
        data: Spec = {"kind": "file", "path": str(path), "target": tables.TARGET, "task": task}
        if options.get("drift"):
            data["columns"] = {"day": {"type": "date", "use": False}}
        return adopt(self.store, RunSpec.parse(spec | {"data": data}), base=self.folder)

    def run(self, spec: Spec, label: str = "") -> Run:
        """Trained now unless that was done before; `label`: what is printed of it."""
        place = self.folder / "kept" / f"{key_of(spec)}.run"
        if place.exists():
            return self.store.runs.get(place.read_text())
        run = self.trained(self.spec(spec), label)
        place.write_text(run.id)
        return run

    def trained(self, spec: RunSpec, label: str = "") -> Run:
        """A new run of this spec, which may be a branch."""
        began = time.monotonic()
        run_id = self.store.runs.create(spec)
        self.tasks.trainer.train(train_job(run_id))
        run = self.store.runs.get(run_id)
        what = (run.error or {}).get("what", "")
        print(f"{label}: {run.status} in {time.monotonic() - began:.1f} s, {run.step} steps {what}", flush=True)
        return run

    def evidence(self, spec: Spec, label: str = "") -> Evidence | None:
        """Of a training of this spec; None where it failed."""
        place = self.folder / "kept" / f"{key_of(spec)}.{FORM}.pickle"
        if place.exists():
            # written by this module alone, in a folder of its own
            kept_fields = pickle.loads(place.read_bytes())
            return None if kept_fields is None else Evidence(spec=self.spec(spec), **kept_fields)
        evidence = self.gathered(self.run(spec, label))
        # the classes of specs are made at run time: they cannot be pickled, and need not be
        names = [field.name for field in fields(Evidence) if field.name != "spec"]
        place.write_bytes(pickle.dumps(evidence and {name: getattr(evidence, name) for name in names}))
        return evidence

    def gathered(self, run: Run) -> Evidence | None:
        """None where it failed."""
        if run.status not in ("finished", "diverged"):
            return None
        try:
            return gather(self.tasks.past, run)
        except NnvizError:
            return None

    def balanced_error(self, spec: Spec) -> float:
        """The mean over classes of the share of wrong validation rows at the end, 0 to 1; kept as evidence is."""
        place = self.folder / "kept" / f"{key_of(spec)}.balanced"
        if not place.exists():
            place.write_text(str(self._balanced_error(self.run(spec))))
        return float(place.read_text())

    def _balanced_error(self, run: Run) -> float:
        past: Any = self.tasks.past
        net = past.net(run.id)
        newest: Snapshot | None = self.store.snapshots.newest(run.id)
        network = net.put(past.state(net, newest.step if newest else 0)).network
        rows = net.prepared.parts[rows_of(net.prepared)[0]]
        y = np.asarray(rows.y[:])
        wrong = np.asarray(network.cost.picked(network.raw(np.asarray(rows.x[:], np.float32)))) != y
        return float(np.mean([wrong[y == label].mean() for label in np.unique(y)]))


def key_of(spec: Any) -> str:
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:24]
