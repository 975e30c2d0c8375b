"""Trains runs of the bench in one process, and gathers their evidence as the doctor's job does; kept beside, by spec, since
judging again after a change of a rule is to take seconds."""

import hashlib
import json
import pickle
import time
from dataclasses import fields
from pathlib import Path

from benchmarks.doctor.healthy import Spec
from nnviz.doctor import Evidence
from nnviz.errors import NnvizError
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker.doctor.gather import gather
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Store


class Bench:
    """A store with the runs of a bench, in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.store = Store(f"sqlite:///{folder / 'nnviz.db'}")
        self.tasks = Tasks(self.store)

    def evidence(self, spec: Spec) -> Evidence | None:
        """Of a training of this spec, trained now unless that was done before; None where it failed."""
        key = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:24]
        place = self.folder / f"{key}.pickle"
        if place.exists():
            # written by this module alone, in a folder of its own
            kept_fields = pickle.loads(place.read_bytes())
            return None if kept_fields is None else Evidence(spec=RunSpec.parse(spec), **kept_fields)
        began = time.monotonic()
        run_id = self.store.runs.create(RunSpec.parse(spec))
        self.tasks.trainer.train(train_job(run_id))
        run = self.store.runs.get(run_id)
        trained = time.monotonic()
        try:
            evidence = gather(self.tasks.past, run) if run.status in ("finished", "diverged") else None
        except NnvizError:
            evidence = None
        print(f"{run.status}: trained {trained - began:.1f} s, gathered {time.monotonic() - trained:.1f} s", flush=True)
        self.store.snapshots.remove(run_id)
        # the classes of specs are made at run time: they cannot be pickled, and need not be
        names = [field.name for field in fields(Evidence) if field.name != "spec"]
        place.write_bytes(pickle.dumps(evidence and {name: getattr(evidence, name) for name in names}))
        return evidence
