"""The job `row_results`: which validation rows a run's network gets right, or by how much it misses each."""

from typing import Any

import numpy as np

from nnviz.engine.views.view_request import rows_of
from nnviz.errors import RequestError
from nnviz.jobs.worker.history.recorded import Past
from nnviz.jobs.worker.predictions.trained import Trained
from nnviz.store import Job

MOST_ROWS = 20_000


class RowResults:
    """Asks trained networks, with the weights that are kept. `past`: what has the rows of runs at hand."""

    def __init__(self, past: Past) -> None:
        self.past = past

    def of_run(self, job: Job) -> dict[str, Any]:
        """Of up to 20,000 validation rows: `rows`, their numbers in the data; `right`, whether the class is, or `errors`, the
        mean distance to the targets in their own unit. Raises RequestError for a run without weights or validation rows."""
        run = self.past.store.runs.get(job.run or "")
        network = Trained.load(self.past.store, run).network
        prepared = self.past.net(run.id).prepared
        name, part = rows_of(prepared)
        if name != "validation":
            raise RequestError("this run has no validation rows", where=run.id)
        x, y = np.asarray(part.x[:MOST_ROWS], np.float32), np.asarray(part.y[:MOST_ROWS])
        raw: Any = network.raw(x)
        answer: dict[str, Any] = {"rows": np.asarray(part.rows[:MOST_ROWS]).tolist()}
        if prepared.task == "classification":
            return answer | {"right": (np.asarray(network.cost.picked(raw)) == y).tolist()}
        outputs = np.asarray(network.outputs_of(raw), np.float64)
        errors = np.abs(outputs - y.astype(np.float64).reshape(outputs.shape)) * prepared.target_scale
        return answer | {"errors": errors.mean(axis=1).tolist()}
