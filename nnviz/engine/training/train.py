"""From a spec and its data to a trained network, told step by step."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from nnviz.engine.loop import metric_sample
from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.loop.loop import Chunk, Loop
from nnviz.engine.loop.session import Session, form, info
from nnviz.engine.loop.state import State
from nnviz.engine.loop.turns import Seat, Turn
from nnviz.engine.network.network import Weights
from nnviz.engine.records import Change, Control, EpochRecord, Frame, Phase, PreparedLike, Progress, Result
from nnviz.engine.training import live_views
from nnviz.engine.training.clock import Clock
from nnviz.engine.training.diverged import diverged
from nnviz.engine.training.live_changes import Changes, spec_of
from nnviz.engine.training.metrics import Measures
from nnviz.engine.training.pacing import Pacer
from nnviz.engine.training.plateau import Plateau
from nnviz.engine.training.snapshot_policy import Keep, Moments
from nnviz.errors import DataError, Diverged
from nnviz.spec import RunSpec


def train(
    spec: RunSpec,
    prepared: PreparedLike,
    *,
    on_progress: Callable[[Progress], None],
    control: Callable[[], Control] = Control,
    session: Session | None = None,
    frames: bool = True,
    state: State | None = None,
    keep: Keep = "none",
    turn: Turn | None = None,
) -> Result:
    """Train until the epochs are done, early stopping ends it, or `control()` says stop.

    `on_progress` is called after the first step, then about every 0.1 s with all that is new; `control` between calls.
    A `session` made by `prepare` for a run of the same form saves building and compiling; weights are the same, bit for
    bit, with it, without it, at any pace. `frames`: whether live views are made. `state`: go on from there, which gives
    the very weights of a training that never stopped, also where settings were compiled in on its way (`spec` is as it
    began). `keep`: how often its state is reported (see `Moments`); with `all`
    and `few` also when it pauses and when it ends. `turn`: shared with other trainings of this process, of which one computes
    at a time; they may use the same session.

    Raises Diverged when a loss is infinite or not a number; SpecError and DataError for what cannot be trained."""
    _check(prepared)
    spec = spec_of(spec, state)
    if session is not None and session.form != form(spec, prepared, is_old=metric_sample.is_old(state)):
        session = None
    with turn or Turn() as mine:
        training = _Training(spec, prepared, on_progress, control, session, frames, state, keep, mine)
        try:
            return training.run()
        finally:
            training.seat.give_up()


class _Training:
    def __init__(
        self,
        spec: RunSpec,
        prepared: PreparedLike,
        on_progress: Callable[[Progress], None],
        control: Callable[[], Control],
        session: Session | None,
        frames: bool,
        state: State | None,
        keep: Keep,
        turn: Turn,
    ) -> None:
        self.prepared = prepared
        self.on_progress = on_progress
        self.step = 0
        self.began: float | None = None
        self.records: list[EpochRecord] = []
        self.best: tuple[float, EpochRecord, Weights] | None = None
        self.waited = 0
        self.clock = Clock()
        self.ended: float | None = None
        self.exact: EpochRecord | None = None
        self.last_loss = math.nan
        self.before = 0.0
        on_progress(Progress(step=0, epoch=0.0, seconds=0.0, phase="building"))
        self.ahead = session is not None and session.compile_seconds > 0
        session = session or Session(spec, prepared, is_old=metric_sample.is_old(state))
        session.begin(spec, prepared)
        self.seat = Seat(session)
        keeps = spec.training.keep == "best" or spec.training.early_stopping is not None
        schedule = spec.optimizer.schedule
        self.plateau = (
            Plateau(schedule, spec.optimizer.learning_rate)
            if schedule is not None and schedule.kind == "ReduceOnPlateau"
            else None
        )
        # Then what follows an epoch depends on its metrics, so no call may go past it.
        self.by_epoch = keeps or self.plateau is not None or not session.inner
        self.changes = Changes(spec, prepared, session, plateau=self.plateau)
        self.has_frames = frames
        self._use(session)
        if state is not None:
            self._restore(state)
        size = sum(variable.numpy().nbytes for variable in (*session.network.weights, *self.loop.optimizer.variables))
        self.moments = Moments(keep, size=size, within=self.loop.most_moments, start=self.step)
        self.pacer = Pacer(
            total=self.total,
            most=self.loop.most,
            control=control,
            seen=self._seen,
            paused=self._paused,
            turn=turn,
            back=lambda: self.seat.back(),
            restless=lambda: self.changes.is_preparing,
        )

    def _use(self, session: Session) -> None:
        self.session = session
        self.measures = Measures(session, self.prepared)
        self.gallery = live_views.Gallery(session.network, self.prepared) if self.has_frames else None

    @property
    def spec(self) -> RunSpec:
        return self.changes.spec

    @property
    def loop(self) -> Loop:
        return self.session.loop

    @property
    def calendar(self) -> Calendar:
        return self.loop.calendar

    @property
    def total(self) -> int:
        return int(self.calendar.step(self.spec.training.epochs))

    def run(self) -> Result:
        if not self.ahead:
            self._tell("compiling")
        pacer = self.pacer
        compile_seconds = 0.0
        status = "finished"
        while self.step < self.total:
            stop = pacer.next(self.step)
            self.clock.resume(time.perf_counter())
            if stop is None:
                status = "paused" if pacer.parked else "stopped"
                break
            stop = self.changes.cut(self.step, min(stop, self.loop.reach(self.step)))
            if self.by_epoch:
                every = self.spec.training.record_every
                stop = min(stop, self.calendar.step((self.calendar.epoch(self.step) // every + 1) * every))
            keep = self.moments.until(stop)
            if len(keep) == self.moments.within and keep:
                stop = keep[-1]
            is_first, first = self.began is None, self.step
            called = time.perf_counter()
            self.began = called if self.began is None else self.began
            chunk = self.loop.run(
                first,
                stop,
                seed=self.spec.training.seed,
                rate=self.changes.rate,
                record_every=self.spec.training.record_every,
                keep=keep,
            )
            took = time.perf_counter() - called
            if is_first:
                compile_seconds = 0.0 if self.ahead else took
                self.began = time.perf_counter()
                self.clock.start(stop, self.before)
            else:
                pacer.did(stop - first, took)
            if self._took(chunk, first, stop, took, keep):
                break
        if status != "paused":
            self.ended = self._seconds()
            self._tell("scoring", first=self.step, states=(self._state(),) if self.is_new else ())
        return self._result(status, compile_seconds)

    def _seen(self, wanted: Control) -> None:
        """Put into effect what was changed, before the next step."""
        changes = self.changes.seen(wanted.live, self.step) + self.changes.switch(self.step)
        states: tuple[State, ...] = ()
        if self.session is not self.changes.session:
            self.seat.give_up()
            self.seat = Seat(self.changes.session)
            self._use(self.changes.session)
            self.pacer.total, self.pacer.most = self.total, self.loop.most
            # where another session took over has to be known to whoever goes on from here
            self.moments.within = self.loop.most_moments if self.moments.keep == "all" else 0
            states = (self._state(),) if self.moments.keep != "none" and self.step else ()
        if changes:
            self._tell("training", first=self.step, changes=tuple(changes), states=states)

    def _paused(self) -> None:
        self.clock.pause(time.perf_counter())
        self._tell("paused", first=self.step, states=(self._state(),) if self.is_new else ())

    @property
    def is_new(self) -> bool:
        """Whether states are kept, and this one has not been."""
        return self.moments.keep != "none" and self.step > self.moments.last

    def _state(self) -> State:
        """The state now; it is told to whoever keeps it."""
        began = time.perf_counter()
        state = self._remembered(self.step, self.session.network.values, self.loop.slots, self.last_loss, self._seconds())
        self.moments.took(self.step, time.perf_counter() - began)
        return state

    def _state_within(self, chunk: Chunk, at: int, first: int, took: float, weights: Weights, slots: Weights) -> State:
        """A state on the way through a call that began after `first` steps and took so many seconds."""
        self.moments.took(at, 0.0)
        seconds = self._seconds() - took * (1 - (at - first) / max(1, len(chunk.loss)))
        return self._remembered(at, weights, slots, float(chunk.loss[at - first - 1]), max(0.0, seconds))

    def _remembered(self, step: int, weights: Weights, slots: Weights, loss: float, seconds: float) -> State:
        best = None if self.best is None else [self.best[0], *self.best[1]]
        record = next((earlier for earlier in reversed(self.records) if earlier.step <= step), None)
        return State(
            step=step,
            weights=weights,
            slots=slots,
            live=dict(self.changes.live),
            best=self.best[2] if self.best is not None and self.best[2] else None,
            notes={
                "last_loss": loss,
                "seconds": seconds,
                "waited": self.waited,
                "best": best,
                "record": list(record) if record else None,
                "clock": self.clock.at(step, seconds),
                **({} if self.session.is_old else {"evaluation": metric_sample.VERSION}),
            }
            | self.changes.notes(),
        )

    def _restore(self, state: State) -> None:
        notes = state.notes
        self.changes.restore(state)
        self.step, self.before, self.last_loss = state.step, notes["seconds"], notes["last_loss"]
        self.waited = notes["waited"]
        self.clock = Clock(*notes.get("clock", ()))
        if notes["best"] is not None:
            self.best = (notes["best"][0], EpochRecord(*notes["best"][1:]), state.best or [])
        if notes["record"] is not None:
            self.records = [EpochRecord(*notes["record"])]

    def _took(self, chunk: Chunk, first: int, stop: int, took: float, keep: tuple[int, ...]) -> bool:
        """Record what a call gave and tell it; whether to end early."""
        good = int(np.argmin(np.isfinite(chunk.loss))) if not np.isfinite(chunk.loss).all() else len(chunk.loss)
        steps = {"batch_loss": chunk.loss[:good]}
        if self.prepared.task == "classification":
            steps["batch_accuracy"] = chunk.right[:good]
        self.step = first + good
        if good < len(chunk.loss):
            if good:
                self.last_loss = float(chunk.loss[good - 1])
                self._tell("training", first=first, steps=steps)
            raise self._diverged(first + good + 1)
        self.last_loss = float(chunk.loss[-1])
        every = self.spec.training.record_every
        ended = range(self.calendar.epoch(first) + 1, self.calendar.epoch(stop) + 1)
        epochs = self.measures.of_epochs(
            chunk, [epoch for epoch in ended if epoch % every == 0], first, stop, now=self._seconds(), took=took
        )
        self.records += epochs
        frame = self.gallery.due(self.step, self.calendar.epoch(self.step)) if self.gallery and first else None
        is_good = all(
            math.isfinite(value) for record in epochs for name, value in record.metrics.items() if name.endswith("loss")
        )
        # what the end of an epoch changes (the best weights, the plateau's rate) is no part of the states before it
        snapshots = list(zip(keep, chunk.snapshots, strict=True))
        states = [self._state_within(chunk, at, first, took, *snapshot) for at, snapshot in snapshots if at < self.step]
        is_last = is_good and bool(epochs) and self._judge(epochs[-1])
        if is_good and epochs and epochs[-1].step == self.step and (is_last or self.step >= self.total):
            epochs[-1] = self.records[-1] = self._exact(epochs[-1])
        states += [self._state_within(chunk, at, first, took, *snapshot) for at, snapshot in snapshots if at == self.step]
        if is_good and self.moments.is_due(self.step):
            states.append(self._state())
        self._tell(
            "training", first=first, steps=steps, epochs=tuple(epochs), frame=frame, states=tuple(states) if is_good else ()
        )
        for record in epochs:
            if not all(math.isfinite(value) for name, value in record.metrics.items() if name.endswith("loss")):
                raise self._diverged(record.step)
        return is_last

    def _exact(self, record: EpochRecord) -> EpochRecord:
        """The record of a run's last epoch, from all training rows: the clock of the steps has stopped by then."""
        self.ended = self._seconds()
        self.exact = self.measures.exact(record)
        if self.best is not None and self.best[1] is record:
            self.best = (self.best[0], self.exact, self.best[2])
        return self.exact

    def _judge(self, record: EpochRecord) -> bool:
        """Keep the best weights so far, shrink the rate on a plateau; whether early stopping ends the run."""
        if self.plateau is not None:
            self.plateau.saw(record.metrics.get("val_loss", record.metrics["loss"]))
        stopping = self.spec.training.early_stopping
        if stopping is None and self.spec.training.keep != "best":
            return False
        value = record.metrics.get("val_loss", record.metrics["loss"])
        if self.best is None or value < self.best[0]:
            values = self.session.network.values if self.spec.training.keep == "best" else []
            self.best, self.waited = (value, record, values), 0
            return False
        self.waited += 1
        return stopping is not None and self.waited >= stopping.patience

    def _result(self, status: Any, compile_seconds: float) -> Result:
        network = self.session.network
        seconds = self._seconds()
        if status == "paused":
            return Result(
                status=status,
                weights=[],
                metrics={},
                steps=self.step,
                epochs=self.calendar.share(self.step),
                seconds=seconds,
                steps_per_second=0.0,
                compile_seconds=compile_seconds,
                parameters=network.count_params(),
                info=info(self.session),
            )
        best = self.best[1] if self.best is not None and self.spec.training.keep == "best" else None
        if best is not None and self.best is not None:
            network.values = self.best[2]
        elif self.loop.optimizer.use_ema and self.step:
            self.loop.average()
        known = best or next((record for record in self.records[-1:] if record.step == self.step), None)
        averaged = best is None and self.loop.optimizer.use_ema
        if known is None or averaged:
            metrics = self.measures.now("train", "validation")
        else:
            metrics = dict((known if known is self.exact else self.measures.exact(known)).metrics)
        metrics.pop("learning_rate", None)
        metrics |= self.measures.final()
        details = info(self.session) | {
            "prepared": self.ahead,
            "compile_seconds": compile_seconds,
            "calendar": [part.to_json() for part in self.changes.calendar],
        }
        # both always: a run that goes on after it has ended overrules what it said then
        details["kept_epoch"] = None if best is None else best.epoch
        is_early = status == "finished" and self.step < self.total
        details["early_stop_epoch"] = self.calendar.epoch(self.step) if is_early else None
        details["is_validated"] = "validation" in self.prepared.parts and len(self.prepared.parts["validation"].y) > 0
        if self.gallery is not None and self.step:
            frame = self.gallery.now(self.step, self.calendar.epoch(self.step))
            self._tell("scoring", first=self.step, frame=frame)
        return Result(
            status=status,
            weights=network.values,
            metrics=metrics,
            steps=self.step,
            epochs=self.calendar.share(self.step),
            seconds=seconds,
            steps_per_second=self.clock.rate(self.step, seconds),
            compile_seconds=compile_seconds,
            parameters=network.count_params(),
            info=details,
        )

    def _tell(
        self,
        phase: Phase,
        *,
        first: int = 0,
        steps: Any = None,
        epochs: tuple[EpochRecord, ...] = (),
        frame: Frame | None = None,
        states: tuple[State, ...] = (),
        changes: tuple[Change, ...] = (),
    ) -> None:
        self.on_progress(
            Progress(
                step=self.step,
                epoch=self.calendar.share(self.step),
                seconds=self._seconds(),
                phase=phase,
                first_step=first,
                steps=steps or {},
                epochs=epochs,
                frame=frame,
                states=states,
                changes=changes,
                calendar=tuple(part.to_json() for part in self.changes.calendar),
            )
        )

    def _seconds(self) -> float:
        """Since the first step began; they end with the last step and the evaluation after it."""
        if self.ended is not None:
            return self.ended
        return self.before + (0.0 if self.began is None else time.perf_counter() - self.began)

    def _diverged(self, step: int) -> Diverged:
        return diverged(step, self.calendar.epoch(step - 1) + 1, rate=self.changes.rate, last_loss=self.last_loss)


def _check(prepared: PreparedLike) -> None:
    if "train" not in prepared.parts or not len(prepared.parts["train"].y):
        raise DataError("there are no rows to train on", where="data")
