"""The session at work, and all about it that may change while it trains.

Numbers that are inputs of the compiled loop (`LiveScalars`, the learning rate) take effect at the next step. Others, such as
the batch size, are compiled in: a session for them is prepared in the background and takes over between two calls, or where
an epoch begins."""

import math
from collections.abc import Mapping
from typing import Any

from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.loop.live_scalars import RATE
from nnviz.engine.loop.optimizer_state import repack
from nnviz.engine.loop.session import Session
from nnviz.engine.loop.state import State, fit
from nnviz.engine.records import Change, PreparedLike
from nnviz.engine.training.plateau import Plateau
from nnviz.engine.training.recompile import BATCH_SIZE, Preparation, with_settings
from nnviz.errors import SpecError
from nnviz.spec import RunSpec


class Changes:
    """`spec`: with what was compiled in since it began. `live`: all settings that were changed; `compiled_in`: those of them
    that needed another session. `calendar`: the parts of the training by their steps an epoch, the present one last."""

    def __init__(self, spec: RunSpec, prepared: PreparedLike, session: Session, *, plateau: Plateau | None) -> None:
        self.spec, self.prepared, self.session, self.plateau = spec, prepared, session, plateau
        self.live: dict[str, float] = {}
        self.compiled_in: dict[str, float] = {}
        self.calendar = [session.loop.calendar]
        self._rate = spec.optimizer.learning_rate
        self._wanted: dict[str, float] = {}
        self._preparation: Preparation | None = None
        self._refused: set[tuple[str, float]] = set()
        self._initial: dict[str, float] = {}

    @property
    def rate(self) -> float:
        """The learning rate, before a schedule."""
        return self.plateau.rate if self.plateau is not None else self._rate

    @property
    def is_preparing(self) -> bool:
        """Whether a session that was asked for has not taken over yet."""
        return self._preparation is not None

    def seen(self, wanted: Mapping[str, float], step: int) -> list[Change]:
        """Put into effect what is wanted after `step` steps, or have it prepared, or say why not."""
        changes = []
        for name, value in wanted.items():
            if (name, value) in self._refused:
                continue
            if name == RATE or name in self.session.loop.live.values:
                before = self._value(name)
                if before != value:
                    self._set(name, value)
                    changes.append(Change(step, name, before, value))
            elif self._wanted.get(name, self._value(name)) != value:
                changes.append(self._ask(name, value, step))
        return changes

    def switch(self, step: int) -> list[Change]:
        """Let the session that was prepared take over, if it is ready and this is the moment; what has changed by that."""
        made = self._preparation
        if made is not None and made.is_done and made.error is not None and made.settings == self._wanted:
            self._wanted, self._preparation = {}, None
            self._refused |= set(made.settings.items())
            return [
                Change(step, name, self._value(name), value, refused=made.error.message) for name, value in made.settings.items()
            ]
        if made is not None and made.is_done and made.settings != self._wanted:
            self._preparation = made = None
        if made is None and self._wanted:
            self._preparation = Preparation(with_settings(self.spec, self._wanted), self._wanted, self.session, self.prepared)
        ready = self._ready
        if ready is None or (self._needs_epoch and not self.calendar[-1].is_between(step)):
            return []
        changes = [Change(step, name, self._value(name), value) for name, value in self._wanted.items()]
        self._take_over(ready, step)
        return changes

    def cut(self, step: int, stop: int) -> int:
        """Where a call that was to do the steps from `step` to `stop` has to end, so that a session can take over."""
        now = self.calendar[-1]
        return min(stop, now.step(now.epoch(step) + 1)) if self._ready and self._needs_epoch else stop

    def notes(self) -> dict[str, Any]:
        """What a state has to remember of it, as JSON has it, beside `live`."""
        return {
            "compiled_in": self.compiled_in,
            "calendar": [part.to_json() for part in self.calendar],
            "plateau": None if self.plateau is None else self.plateau.memory,
        }

    def restore(self, state: State) -> None:
        """Go on from a state, with a session for its `spec_of`. Raises RunError where it does not fit."""
        network, loop = self.session.network, self.session.loop
        fit("weights", state.weights, network.weights)
        fit("optimizer's numbers", state.slots, loop.optimizer.variables)
        network.values, loop.slots = state.weights, state.slots
        parts = [Calendar.from_json(part) for part in state.notes.get("calendar", [])] or self.calendar
        if parts[-1].per_epoch != loop.steps_per_epoch:
            parts = [*parts, parts[-1].turned(state.step, loop.steps_per_epoch)]
        self.calendar = parts
        loop.follow(parts[-1])
        self.compiled_in = _compiled_in(state)
        for name, value in state.live.items():
            self._set(name, value)
        if self.plateau is not None and state.notes.get("plateau") is not None:
            self.plateau.memory = state.notes["plateau"]

    def _ask(self, name: str, value: float, step: int) -> Change:
        present = self._value(name)
        before = self._wanted.get(name, present)
        wanted = {**self._wanted, name: value}
        if value == present:
            del wanted[name]
        try:
            with_settings(self.spec, wanted)
        except SpecError as error:
            self._refused.add((name, value))
            return Change(step, name, before, value, refused=error.what)
        self._wanted = wanted
        if value == present:
            return Change(step, name, before, value, pending="as it still is")
        when = "from the next epoch on, when it is compiled" if name == BATCH_SIZE else "when it is compiled"
        return Change(step, name, before, value, pending=when)

    @property
    def _ready(self) -> Session | None:
        made = self._preparation
        return made.session if made is not None and made.is_done and made.settings == self._wanted else None

    @property
    def _needs_epoch(self) -> bool:
        return BATCH_SIZE in self._wanted

    def _take_over(self, new: Session, step: int) -> None:
        old = self.session
        new.network.values, new.loop.slots = old.network.values, repack(old.loop, new.loop)
        new.used = True
        now = self.calendar[-1]
        if new.loop.steps_per_epoch != now.per_epoch:
            now = now.turned(step, new.loop.steps_per_epoch)
            self.calendar.append(now)
        new.loop.follow(now)
        self.session, self.spec = new, with_settings(self.spec, self._wanted)
        self.compiled_in |= self._wanted
        self.live |= self._wanted
        for name, value in self.live.items():
            if name in new.loop.live.values:
                new.loop.live.set(name, value)
        if self.plateau is not None:
            self.plateau.schedule = self.spec.optimizer.schedule
        self._wanted, self._preparation = {}, None
        self._initial.clear()

    def _value(self, name: str) -> float:
        if name == RATE:
            return self.rate if self.plateau is not None and name in self.live else self.live.get(name, self._rate)
        if name in self.live:
            return self.live[name]
        if name in self.session.loop.live.values:
            return self.session.loop.live.values[name]
        if name not in self._initial:
            self._initial[name] = _number(self.spec.to_json(), name)
        return self._initial[name]

    def _set(self, name: str, value: float) -> None:
        self.live[name] = value
        if name in self.session.loop.live.values:
            self.session.loop.live.set(name, value)
        elif name == RATE and self.plateau is not None:
            self.plateau.rate = value
        elif name == RATE:
            self._rate = value


def spec_of(spec: RunSpec, state: State | None) -> RunSpec:
    """The spec with which a training goes on from a state: a run's own with what was compiled in on its way there."""
    return spec if state is None else with_settings(spec, _compiled_in(state))


def _compiled_in(state: State) -> dict[str, float]:
    """Without what somebody has taken out of the state's `live`, so that the spec decides it."""
    return {name: value for name, value in state.notes.get("compiled_in", {}).items() if name in state.live}


def _number(record: Any, path: str) -> float:
    """What a spec says at a path; not a number where it says nothing."""
    for key in path.replace("[", ".").replace("]", "").split("."):
        try:
            record = record[int(key) if key.isdigit() else key]
        except (KeyError, IndexError, TypeError):
            return math.nan
    return float(record) if isinstance(record, int | float) else math.nan
