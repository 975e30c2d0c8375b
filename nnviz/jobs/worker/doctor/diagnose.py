"""The job `doctor`: a run's evidence gathered, judged, and the findings kept with it."""

from collections.abc import Callable
from typing import Any

from nnviz.doctor import judge
from nnviz.jobs.worker.doctor.compare import compare
from nnviz.jobs.worker.doctor.gather import from_series, gather
from nnviz.jobs.worker.history.recorded import Past
from nnviz.store import Job


class Doctor:
    """Judges runs that have ended, and those that still train. `past`: what has networks and rows of runs at hand. `between` is
    called between two looks into a network, since somebody may wait for a view meanwhile."""

    def __init__(self, past: Past) -> None:
        self.past = past
        self.between: Callable[[], None] = lambda: None

    def diagnose(self, job: Job) -> dict[str, Any]:
        """Payload: `series_only`: without looking into the network. The answer is that of `nnviz doctor --json`; the findings
        take the place of those of an earlier judgement. Raises SpecError for a run that cannot be read."""
        store = self.past.store
        run = store.runs.get(job.run or "")
        evidence = (
            from_series(store, run) if job.payload.get("series_only") is True else gather(self.past, run, between=self.between)
        )
        findings = [finding.to_json() for finding in judge(evidence)]
        if not store.db.is_read_only:
            store.findings.replace(run.id, findings, step=run.step)
            if run.is_ended:
                compare(self.past, run)
        return {"run": run.id, "healthy": not findings, "findings": findings}
