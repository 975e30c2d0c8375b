"""When the doctor looks at a run that trains: soon after its beginning, then ever more rarely; often while somebody watches."""

import time

from nnviz.jobs.launcher import examine
from nnviz.store import Run, Store

FIRST_SECONDS = 1.5
TIMES = 1.5
"""Of the time that it has trained for, from one look to the next: a judgement takes an idle worker about a second, so all of them
together take little of a long run."""

FIRST_WATCHED_SECONDS, WATCHED_SECONDS = 1.0, 1.2
"""To the first look at pace `watch`, and from one to the next: what goes wrong is to be said while it is seen."""
AGAIN_SECONDS = 0.5
"""Where the last look has not been taken yet."""


class Rounds:
    """Called whenever there are new points by epoch, it queues the job `doctor` where one is due and none waits. The job looks at
    recorded states as `probe` does, so the training pays for the row in the store only."""

    def __init__(self, store: Store, run: Run) -> None:
        self.store, self.run = store, run
        self._began = time.monotonic()
        self._next = self._began + FIRST_SECONDS
        self._last = self._began + FIRST_WATCHED_SECONDS - WATCHED_SECONDS
        """When it last looked, or as if it had: the first look at pace `watch` comes early."""

    def __call__(self, *, is_watched: bool = False) -> None:
        now = time.monotonic()
        if now < (min(self._next, self._last + WATCHED_SECONDS) if is_watched else self._next):
            return
        if any(job.run == self.run.id and job.kind == "doctor" for job in self.store.jobs.open_jobs()):
            self._next = now + AGAIN_SECONDS
            return
        self._last = now
        self._next = now + WATCHED_SECONDS if is_watched else self._began + TIMES * (now - self._began)
        examine(self.store, self.run)
