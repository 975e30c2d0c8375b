"""Several trainings in one process: one of them computes at a time, and each has what it needs when its turn comes.

A training keeps its turn for one call of the compiled loop and all that follows from it, and gives it away while it waits: for
the next tick at pace `watch`, for somebody who allows a step, for the next call where others want one. So the numbers of each
are, bit for bit, those that it would have alone."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.network.network import Weights


class Turn:
    """One for all who share a process; whoever waits longest has it next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._line: deque[threading.Event] = deque()

    def take(self) -> None:
        """Waits until nobody else has it."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Event()
            self._line.append(mine)
        mine.wait()

    def give(self) -> None:
        with self._lock:
            if self._line:  # handed over, so that nobody comes in between
                self._line.popleft().set()
            else:
                self._is_taken = False

    def pass_on(self) -> None:
        """Whoever has it lets all who wait now go first."""
        if self.is_wanted:
            self.give()
            self.take()

    @property
    def is_wanted(self) -> bool:
        return bool(self._line)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Others may have it meanwhile."""
        self.give()
        try:
            yield
        finally:
            self.take()

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.give()


@dataclass(frozen=True)
class _Numbers:
    """What a session holds of a training."""

    weights: Weights
    slots: Weights
    calendar: Calendar
    live: dict[str, float]
    data: tuple[Any, Any]


class Seat:
    """A training's place in a session: made for the one that has just begun there. Another one that begins takes the place
    over, and `back` takes it again: as if nobody had been there."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self._own: _Numbers | None = None
        session.seat = self

    def leave(self) -> None:
        """Somebody else is about to use the session."""
        network, loop = self.session.network, self.session.loop
        self._own = _Numbers(network.values, loop.slots, loop.calendar, dict(loop.live.values), loop.data)
        self.session.seat = None

    def back(self) -> None:
        """Before anything of the session is used, each time the turn was given away."""
        if self.session.seat is self:
            return
        if self.session.seat is not None:
            self.session.seat.leave()
        if self._own is not None:
            own, network, loop = self._own, self.session.network, self.session.loop
            _put(network.weights, own.weights)
            _put(loop.optimizer.variables, own.slots)
            for name, value in own.live.items():
                if loop.live.values[name] != value:
                    loop.live.set(name, value)
            loop.follow(own.calendar)
            loop.use(*own.data)
        self._own = None
        self.session.seat = self

    def give_up(self) -> None:
        """The training has ended, or goes on in another session."""
        self._own = None
        if self.session.seat is self:
            self.session.seat = None


def _put(variables: Any, values: Weights) -> None:
    # TensorFlow's own assignment: Keras's takes many times as long, and this is done some hundred times a second
    for variable, value in zip(variables, values, strict=True):
        variable.value.assign(value, read_value=False)
