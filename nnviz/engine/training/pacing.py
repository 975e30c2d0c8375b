"""How many steps to do next, and when: pace decides what a viewer sees and never what a run computes."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from nnviz.engine.loop.turns import Turn
from nnviz.engine.records import Control

CHUNK_SECONDS = 0.1
FEW_STEPS, FEW_SECONDS = 5, 0.2
"""Slow steps go several at a time, up to so long: between two calls nothing overlaps."""
WATCH_SECONDS = 12.0
WATCH_TICKS = 150
POLL_SECONDS = 0.015


@dataclass
class Pacer:
    """`total` steps; `most` at once. `rate`: steps a second as measured. `seen` is called with what `control` gave, `paused`
    when there is nothing to do until somebody allows a step.

    `turn`: given away while nothing is due, and for a moment before each call where others wait; `back` is called once it is
    there again. `restless`: whether `seen` has something to do though nothing else is wanted than before."""

    total: int
    most: int
    control: Callable[[], Control]
    seen: Callable[[Control], None] = lambda wanted: None
    paused: Callable[[], None] = lambda: None
    turn: Turn | None = None
    back: Callable[[], None] = lambda: None
    restless: Callable[[], bool] = lambda: False
    rate: float = 0.0
    parked: bool = False
    _size: int = 1
    _watching: tuple[float, int] | None = field(default=None)

    def next(self, step: int) -> int | None:
        """Up to which step to go now (it waits for that to be due), or None: stop, or park."""
        waiting = False
        if self.turn is not None:
            self.turn.pass_on()
            self.back()
        while True:
            wanted = self.control()
            if wanted.stop:
                return None
            self.seen(wanted)
            if wanted.pace != "watch":
                self._watching = None
            if wanted.pace == "step":
                allowed = step if wanted.steps_allowed is None else wanted.steps_allowed
                if allowed > step:
                    return min(allowed, step + self._size, self.total)
                if not waiting:
                    self.paused()
                    waiting = True
                if wanted.park:
                    self.parked = True
                    return None
            elif wanted.pace == "watch":
                stop = self._watched(step)
                if stop > step:
                    return stop
            else:
                return min(step + self._size, self.total)
            self._rest(wanted, step)

    def _rest(self, before: Control, step: int) -> None:
        """Sleeps until something is due or wanted; others may have their turn meanwhile."""
        elsewhere: AbstractContextManager[None] = nullcontext() if self.turn is None else self.turn.lent()
        with elsewhere:
            while True:
                time.sleep(POLL_SECONDS)
                if self.control() != before or self.restless() or (before.pace == "watch" and self._watched(step) > step):
                    break
        self.back()

    @property
    def is_watched(self) -> bool:
        """Whether the steps are spread over time for somebody who watches."""
        return self._watching is not None

    def did(self, steps: int, seconds: float) -> None:
        """Learn from a call: the next may be up to four times as long, and fills CHUNK_SECONDS, or FEW_SECONDS."""
        self.rate = steps / max(seconds, 1e-9)
        fill = max(round(self.rate * CHUNK_SECONDS), min(FEW_STEPS, round(self.rate * FEW_SECONDS)))
        self._size = max(1, min(self.most, 4 * max(steps, self._size), fill))

    def _watched(self, step: int) -> int:
        """Spread evenly over WATCH_SECONDS; where the machine cannot keep up, as fast as it can."""
        if self._watching is None:
            self._watching = (time.perf_counter(), step)
        began, first = self._watching
        ticks = min(WATCH_TICKS, self.total)
        tick = int((time.perf_counter() - began) / WATCH_SECONDS * ticks) + 1
        due = min(self.total, first + round(self.total * tick / ticks))
        return max(step, min(due, step + self._size))
