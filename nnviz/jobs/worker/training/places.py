"""The place of one run among those that a worker trains in turns."""

import time
from collections.abc import Callable

from nnviz.engine.loop.turns import Turn

LOOK_SECONDS = 1.0
BUSY = 0.5
"""Share of the time from which on a run that is to rest uses the processor."""


class Place(Turn):
    """A run's own view of the worker's `turn`. `tell` is called with whether the run rests, each time that changes:
    whether it has the turn less than half of the time. `rests`: what is thought of it at first."""

    def __init__(self, turn: Turn, tell: Callable[[bool], object], *, rests: bool) -> None:
        super().__init__()
        self._turn, self._tell, self._rests = turn, tell, rests
        self._since = self._from = time.monotonic()
        self._had = 0.0

    @property
    def is_wanted(self) -> bool:
        return self._turn.is_wanted

    def take(self) -> None:
        self._turn.take()
        self._from = time.monotonic()

    def give(self) -> None:
        self._count()
        self._turn.give()
        self._look()

    def pass_on(self) -> None:
        super().pass_on()
        self._count()
        self._look()

    def _count(self) -> None:
        now = time.monotonic()
        self._had, self._from = self._had + now - self._from, now

    def _look(self) -> None:
        passed = time.monotonic() - self._since
        if passed < LOOK_SECONDS:
            return
        rests = self._had < BUSY * passed
        self._since, self._had = time.monotonic(), 0.0
        if rests != self._rests:
            self._rests = rests
            self._tell(rests)
