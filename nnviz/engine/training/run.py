"""One training at work: calls of the compiled loop one after another, and all that follows from each."""

import math
import time
from collections.abc import Callable
from typing import Any

from nnviz.engine.loop import metric_sample
from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.loop.loop import Chunk, Loop
from nnviz.engine.loop.session import Session
from nnviz.engine.loop.state import State
from nnviz.engine.loop.turns import Seat, Turn
from nnviz.engine.network.network import Weights
from nnviz.engine.records import Control, Phase, PreparedLike, Progress, Result
from nnviz.engine.training import results
from nnviz.engine.training.clock import Clock
from nnviz.engine.training.diverged import diverged, finite_steps, is_finite
from nnviz.engine.training.history import EarlyStopping, History
from nnviz.engine.training.live_changes import Changes
from nnviz.engine.training.live_views import Frame, FrameRenderer
from nnviz.engine.training.metrics import TrainingMetrics
from nnviz.engine.training.pacing import Pacer
from nnviz.engine.training.plateau import Plateau
from nnviz.engine.training.snapshot_policy import Keep, SnapshotPolicy
from nnviz.errors import Diverged
from nnviz.spec import RunSpec


class TrainingRun:
    """One training, from its first step or from `state` on; arguments as for `train`. `run` does it, `seat` is its place in the
    session, to be given up afterwards."""

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
        self.clock = Clock()
        self.ended: float | None = None
        self.last_loss = math.nan
        self.before = 0.0
        on_progress(Progress(step=0, epoch=0.0, seconds=0.0, phase="building"))
        self.ahead = session is not None and session.compile_seconds > 0
        session = session or Session.going_on(spec, prepared, state)
        session.begin(spec, prepared)
        self.seat = Seat(session)
        plateau = Plateau.of(spec.optimizer)
        self.history = History(EarlyStopping(spec.training), plateau)
        # Then what follows an epoch depends on its metrics, so no call may go past it.
        self.by_epoch = self.history.stopping.is_active or plateau is not None or not session.inner
        self.changes = Changes(spec, prepared, session, plateau=plateau)
        self.has_frames = frames
        self._use(session)
        if state is not None:
            self._restore(state)
        size = sum(variable.numpy().nbytes for variable in (*session.network.weights, *self.loop.optimizer.variables))
        self.snapshot_policy = SnapshotPolicy(keep, size=size, within=self.loop.most_snapshots, start=self.step)
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
        self.metrics = TrainingMetrics(session, self.prepared)
        self.renderer = FrameRenderer(session.network, self.prepared, lambda: self.pacer.is_watched) if self.has_frames else None

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
        pacer, compile_seconds, status = self.pacer, 0.0, "finished"
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
            keep = self.snapshot_policy.until(stop)
            if len(keep) == self.snapshot_policy.within and keep:
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
            self._tell("scoring", first=self.step, states=self._new())
        return self._result(status, compile_seconds)

    def _seen(self, wanted: Control) -> None:
        """Put into effect what was changed, before the next step."""
        changes = self.changes.seen(wanted.live, self.step, weights=wanted.weights) + self.changes.switch(self.step)
        by_hand = any(change.loss for change in changes)
        # where another session took over, or the network itself was changed, has to be known to whoever goes on from here
        is_kept = (self._go_over() or by_hand) and self.snapshot_policy.keep != "none" and self.step > 0
        if changes:
            states = (self._state(),) if is_kept else ()
            self._tell("training", first=self.step, changes=tuple(changes), states=states, frame=self._frame(by_hand))

    def _go_over(self) -> bool:
        """To the session that has taken over, if any has."""
        if self.session is self.changes.session:
            return False
        self.seat.give_up()
        self.seat = Seat(self.changes.session)
        self._use(self.changes.session)
        self.pacer.total, self.pacer.most = self.total, self.loop.most
        self.snapshot_policy.within = self.loop.most_snapshots if self.snapshot_policy.keep == "all" else 0
        return True

    def _paused(self) -> None:
        self.clock.pause(time.perf_counter())
        is_unseen = self.renderer and self.step > self.renderer.last
        self._tell("paused", first=self.step, states=self._new(), frame=self._frame(is_unseen))

    def _frame(self, is_wanted: Any) -> Frame | None:
        return self.renderer.now(self.step, self.calendar.epoch(self.step)) if self.renderer and is_wanted else None

    def _new(self) -> tuple[State, ...]:
        """The state, where states are kept and this one has not been."""
        is_new = self.snapshot_policy.keep != "none" and self.step > self.snapshot_policy.last
        return (self._state(),) if is_new else ()

    def _state(self) -> State:
        """The state after the last step, to be reported."""
        began = time.perf_counter()
        state = self._remembered(self.step, self.session.network.values, self.loop.slots, self.last_loss, self._seconds())
        self.snapshot_policy.took(self.step, time.perf_counter() - began)
        return state

    def _state_within(self, chunk: Chunk, at: int, first: int, took: float, weights: Weights, slots: Weights) -> State:
        """A state on the way through a call that began after `first` steps and took so many seconds."""
        self.snapshot_policy.took(at, 0.0)
        seconds = self._seconds() - took * (1 - (at - first) / max(1, len(chunk.loss)))
        return self._remembered(at, weights, slots, float(chunk.loss[at - first - 1]), max(0.0, seconds))

    def _remembered(self, step: int, weights: Weights, slots: Weights, loss: float, seconds: float) -> State:
        return State(
            step=step,
            weights=weights,
            slots=slots,
            live=dict(self.changes.live),
            best=self.history.stopping.weights,
            notes={
                "last_loss": loss,
                "seconds": seconds,
                **self.history.notes(step),
                "clock": self.clock.at(step, seconds),
                **({} if self.session.is_old else {"evaluation": metric_sample.VERSION}),
            }
            | self.changes.notes(),
        )

    def _restore(self, state: State) -> None:
        self.changes.restore(state)
        self.step, self.before, self.last_loss = state.step, state.notes["seconds"], state.notes["last_loss"]
        self.history.restore(state)
        self.clock = Clock(*state.notes.get("clock", ()))

    def _took(self, chunk: Chunk, first: int, stop: int, took: float, keep: tuple[int, ...]) -> bool:
        """Record what a call gave and tell it; whether to end early."""
        good = finite_steps(chunk.loss)
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
        ended = self.calendar.ended(first, stop, every=self.spec.training.record_every)
        epochs = self.metrics.of_epochs(chunk, ended, first, stop, now=self._seconds(), took=took)
        self.history.add(epochs)
        frame = self.renderer.due(self.step, self.calendar.epoch(self.step)) if self.renderer and first else None
        is_good = all(map(is_finite, epochs))
        # what the end of an epoch changes (the best weights, the plateau's rate) is no part of the states before it
        snapshots = list(zip(keep, chunk.snapshots, strict=True))
        states = [self._state_within(chunk, at, first, took, *snapshot) for at, snapshot in snapshots if at < self.step]
        is_last = is_good and bool(epochs) and self.history.judge(epochs[-1], self.changes)
        if is_good and epochs and epochs[-1].step == self.step and (is_last or self.step >= self.total):
            self.ended = self._seconds()  # the clock of the steps stops before all training rows are evaluated
            epochs[-1] = self.history.correct(self.metrics)
        states += [self._state_within(chunk, at, first, took, *snapshot) for at, snapshot in snapshots if at == self.step]
        if is_good and self.snapshot_policy.is_due(self.step):
            states.append(self._state())
        self._tell("training", first=first, steps=steps, epochs=tuple(epochs), frame=frame, states=tuple(states * is_good))
        for record in epochs:
            if not is_finite(record):
                raise self._diverged(record.step)
        return is_last

    def _result(self, status: Any, compile_seconds: float) -> Result:
        best, seconds = self.history.stopping.final, self._seconds()
        if status == "paused":
            return results.parked(self.session, step=self.step, seconds=seconds, compile_seconds=compile_seconds)
        if best is not None and best.off != self.changes.off:
            self.changes.put_off(best.off, self.step)
            self._go_over()
        results.use_final_weights(self.session, best, self.step)
        metrics = results.final_metrics(self.metrics, best=best, last=self.history.ended_at(self.step), exact=self.history.exact)
        details = results.final_info(
            self.changes,
            is_prepared=self.ahead,
            compile_seconds=compile_seconds,
            best=best,
            early_stop_epoch=self.calendar.epoch(self.step) if status == "finished" and self.step < self.total else None,
        )
        if frame := self._frame(self.step):
            self._tell("scoring", first=self.step, frame=frame)
        return Result(
            status=status,
            weights=self.session.network.values,
            metrics=metrics,
            steps=self.step,
            epochs=self.calendar.share(self.step),
            seconds=seconds,
            steps_per_second=self.clock.rate(self.step, seconds),
            compile_seconds=compile_seconds,
            parameters=self.session.network.count_params(),
            info=details,
        )

    def _tell(self, phase: Phase, *, first: int = 0, **news: Any) -> None:
        """Report what is new since the last time; `news`: fields of Progress."""
        self.on_progress(
            Progress(
                step=self.step,
                epoch=self.calendar.share(self.step),
                seconds=self._seconds(),
                phase=phase,
                first_step=first,
                calendar=tuple(part.to_json() for part in self.changes.calendar),
                **news,
            )
        )

    def _seconds(self) -> float:
        """Since the first step began; they end with the last step and the evaluation after it."""
        if self.ended is not None:
            return self.ended
        return self.before + (0.0 if self.began is None else time.perf_counter() - self.began)

    def _diverged(self, step: int) -> Diverged:
        return diverged(step, self.calendar.epoch(step - 1) + 1, rate=self.changes.rate, last_loss=self.last_loss)
