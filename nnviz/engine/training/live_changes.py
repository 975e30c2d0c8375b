"""The session at work, and all about it that may change while it trains.

Numbers that are inputs of the compiled loop (`LiveScalars`, the learning rate) take effect at the next step. Others, such as
the batch size, are compiled in: a session for them is prepared in the background and takes over between two calls, or where
an epoch begins. What is changed by hand, a weight or whether a unit is on, is done at once: while any unit is off the training
is in a session that knows of switches, and as soon as all are on in one without."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.loop.live_scalars import RATE
from nnviz.engine.loop.optimizer_state import repack
from nnviz.engine.loop.session import Session, form
from nnviz.engine.loop.state import State, fit
from nnviz.engine.network.weight_names import placed, set_weight
from nnviz.engine.records import Change, PreparedLike
from nnviz.engine.training.live_views import shown_loss
from nnviz.engine.training.plateau import Plateau
from nnviz.engine.training.recompile import BATCH_SIZE, Preparation, compiled_in, with_settings
from nnviz.errors import SpecError
from nnviz.spec import RunSpec
from nnviz.spec.by_hand import is_switch


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
        self._weights_seen = 0
        self._without_switches = None if session.is_switchable else session

    @property
    def rate(self) -> float:
        """The learning rate, before a schedule."""
        return self.plateau.rate if self.plateau is not None else self._rate

    @property
    def is_preparing(self) -> bool:
        """Whether a session that was asked for has not taken over yet."""
        return self._preparation is not None

    @property
    def off(self) -> tuple[str, ...]:
        """The names of the units that are off."""
        switches = self.session.network.switches
        return () if switches is None else switches.off

    def seen(
        self, wanted: Mapping[str, float], step: int, *, weights: Mapping[str, tuple[float, int]] | None = None
    ) -> list[Change]:
        """Put into effect what is wanted after `step` steps, or have it prepared, or say why not. `weights`: see `Control`."""
        changes = self._set_weights(weights or {}, step)
        for name, value in wanted.items():
            if (name, value) in self._refused:
                continue
            if is_switch(name):
                changes += self._switch_unit(name, value, step)
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
        if made is not None and made.is_done and not self._fits(made):
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
            **({"weights_seen": self._weights_seen} if self._weights_seen else {}),
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
        self.compiled_in = compiled_in(state)
        for name, value in state.live.items():
            self._set(name, value)
        self._weights_seen = state.notes.get("weights_seen", 0)
        self.put_off(state.off, state.step)
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
        return made.session if made is not None and made.is_done and self._fits(made) else None

    def _fits(self, made: Preparation) -> bool:
        """Whether what was prepared is still what is wanted."""
        return made.settings == self._wanted and made.is_switchable == self.session.is_switchable

    @property
    def _needs_epoch(self) -> bool:
        return BATCH_SIZE in self._wanted

    def put_off(self, names: Sequence[str], step: int) -> None:
        """Have just these units off after `step` steps, in a session that is fit for it. Raises KeyError for a unit that is none,
        and what is wrong with a session for it."""
        switchable, plain = bool(names), self._without_switches
        if switchable != self.session.is_switchable:
            present = self.session
            form_of_now = form(self.spec, self.prepared, is_old=present.is_old)
            if not switchable and plain is not None and plain.form == form_of_now:
                if plain.seat is not None:
                    plain.seat.leave()
                plain.loop.use(*present.loop.data)
                new = plain
            else:
                new = Session(
                    self.spec,
                    self.prepared,
                    mode=present.mode,
                    tensors=present.loop.data,
                    is_old=present.is_old,
                    switchable=switchable,
                )
            if not present.is_switchable:
                self._without_switches = present
            self._move(new, step)
        if self.session.network.switches is not None:
            self.session.network.switches.off = names

    def _switch_unit(self, name: str, value: float, step: int) -> list[Change]:
        before = self._value(name)
        if before == value:
            return []
        loss, part = shown_loss(self.session.network, self.prepared)
        off = [other for other in self.off if other != name] + ([name] if value == 0 else [])
        try:
            self.put_off(off, step)
        except KeyError:
            self._refused.add((name, value))
            return [Change(step, name, before, value, refused="this network has no such unit that can be switched off")]
        # the settings of a network all of whose units are on do not speak of them
        self.live = {other: number for other, number in self.live.items() if other != name} | ({name: value} if not value else {})
        after, _ = shown_loss(self.session.network, self.prepared)
        return [Change(step, name, before, value, loss=(loss, after), part=part)]

    def _set_weights(self, weights: Mapping[str, tuple[float, int]], step: int) -> list[Change]:
        """Those that were set since the last time, in the order in which they were."""
        changes = []
        for name, (value, number) in sorted(weights.items(), key=lambda item: item[1][1]):
            if number <= self._weights_seen:
                continue
            self._weights_seen = number
            if placed(self.session.network, name) is None:
                changes.append(Change(step, name, math.nan, value, refused="this network trains no such weight"))
                continue
            loss, part = shown_loss(self.session.network, self.prepared)
            before = set_weight(self.session.network, name, value)
            if before == value:
                continue
            after, _ = shown_loss(self.session.network, self.prepared)
            changes.append(Change(step, name, before, value, loss=(loss, after), part=part))
        return changes

    def _take_over(self, new: Session, step: int) -> None:
        off = self.off
        self._move(new, step)
        if new.network.switches is not None:
            new.network.switches.off = off
        self.spec = with_settings(self.spec, self._wanted)
        self.compiled_in |= self._wanted
        self.live |= self._wanted
        self._set_live()
        if self.plateau is not None:
            self.plateau.schedule = self.spec.optimizer.schedule
        self._wanted, self._preparation = {}, None
        self._initial.clear()

    def _move(self, new: Session, step: int) -> None:
        """Weights, optimizer and calendar into another session, which is the one at work from then on."""
        old = self.session
        new.network.values, new.loop.slots = old.network.values, repack(old.loop, new.loop)
        new.used = True
        now = self.calendar[-1]
        if new.loop.steps_per_epoch != now.per_epoch:
            now = now.turned(step, new.loop.steps_per_epoch)
            self.calendar.append(now)
        new.loop.follow(now)
        self.session = new
        self._set_live()

    def _set_live(self) -> None:
        scalars = self.session.loop.live
        for name, value in self.live.items():
            if name in scalars.values:
                scalars.set(name, value)

    def _value(self, name: str) -> float:
        if name == RATE:
            return self.rate if self.plateau is not None and name in self.live else self.live.get(name, self._rate)
        if name in self.live:
            return self.live[name]
        if is_switch(name):
            return 1.0
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


def _number(record: Any, path: str) -> float:
    """What a spec says at a path; not a number where it says nothing."""
    for key in path.replace("[", ".").replace("]", "").split("."):
        try:
            record = record[int(key) if key.isdigit() else key]
        except (KeyError, IndexError, TypeError):
            return math.nan
    return float(record) if isinstance(record, int | float) else math.nan
