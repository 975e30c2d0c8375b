"""When the doctor looks at a run that trains: soon after its beginning, then ever more rarely."""

import time

from nnviz.jobs.launcher import examine
from nnviz.store import Run, Store

FIRST_SECONDS = 1.5
TIMES = 2.0
"""Of the time that it has trained for, from one look to the next: a judgement takes an idle worker about a second, so all of them
together take little of a long run."""


class Rounds:
    """Called whenever there are new points by epoch, it queues the job `doctor` where one is due and none waits. The job looks at
    recorded states as `probe` does, so the training pays for the row in the store only."""

    def __init__(self, store: Store, run: Run) -> None:
        self.store, self.run = store, run
        self._began = time.monotonic()
        self._next = self._began + FIRST_SECONDS

    def __call__(self) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = self._began + TIMES * (now - self._began)
        if not any(job.run == self.run.id and job.kind == "doctor" for job in self.store.jobs.open_jobs()):
            examine(self.store, self.run)
