"""Carries what the engine reports into the store from a thread of its own, so that no step waits for a disk."""

import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import msgpack

from nnviz.engine import Change, Control, Progress
from nnviz.engine.records import Pace
from nnviz.errors import NnvizError
from nnviz.spec.by_hand import is_switch, words
from nnviz.store import Control as Wanted, FrameRow, Store

WAITING = 64
"""Reports that may stand in line before training waits for the store."""
SNAPSHOT_SECONDS = {"full": 1.0, "watch": 0.15, "step": 0.15}
SNAPSHOT_BYTES = 1 << 23
"""States are gathered so long, by pace, or up to so many bytes, before they go to the disk together; then views show them."""
SETTLE_SECONDS = 0.004
"""So long it waits with a report: until the training is in its next call, where it needs no Python. At once, the two would
wait for each other."""
PARK_SECONDS = 120.0
"""So long a paused run keeps its worker, unless another run waits for one."""
FRESH_SECONDS = 0.012
"""So long an answer about several runs holds, shorter than between two questions about one."""


class OnPoints(Protocol):
    def __call__(self, *, is_watched: bool) -> None: ...


class Controls:
    """What is wanted of the runs that a worker trains: asked for all of them together, since each asks many times a second."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._runs: set[str] = set()
        self._wanted: dict[str, Wanted] = {}
        self._asked = -math.inf

    def add(self, run_id: str) -> None:
        with self._lock:
            self._runs.add(run_id)
            self._asked = -math.inf

    def remove(self, run_id: str) -> None:
        with self._lock:
            self._runs.discard(run_id)

    def of(self, run_id: str) -> Wanted:
        if len(self._runs) < 2:
            return self.store.runs.control(run_id)
        with self._lock:
            if time.monotonic() > self._asked + FRESH_SECONDS:
                self._wanted = self.store.runs.controls(sorted(self._runs))
                self._asked = time.monotonic()
            return self._wanted.get(run_id) or self.store.runs.control(run_id)


class Recorder:
    """`record` takes reports, `control` answers what is wanted of the run, `close` waits until all is written. `seconds` of
    training are done when it begins. `controls`: shared with the other runs of this worker. `is_awaited`: whether its place is
    wanted while it is paused. `on_points`: called, in a thread of its own, after points by epoch were written,
    with whether somebody watches.

    Once the store refuses (another attempt is open, the run was ended), `control` says stop and `close` raises why."""

    def __init__(
        self,
        store: Store,
        run_id: str,
        attempt: int,
        *,
        seconds: float = 0.0,
        controls: Controls | None = None,
        is_awaited: Callable[[], bool] | None = None,
        on_points: OnPoints | None = None,
    ) -> None:
        self.store, self.run_id, self.attempt = store, run_id, attempt
        self._controls = controls or Controls(store)
        self._controls.add(run_id)
        self._is_awaited = is_awaited or store.jobs.is_awaited
        self._on_points = on_points
        self.refusal: Exception | None = None
        self._seconds = seconds
        self._calendar: tuple[list[int], ...] = ()
        self._states: list[tuple[int, float, float, bytes]] = []
        self._gathered = 0.0
        self._pace: Pace = "full"
        self._paused_at: float | None = None
        self._line: queue.Queue[Progress | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._write, name="recorder", daemon=True)
        self._thread.start()

    def record(self, progress: Progress) -> None:
        self._line.put(progress)

    def control(self) -> Control:
        if self.refusal:
            return Control(stop=True)
        wanted = self._controls.of(self.run_id)
        self._pace = wanted.pace
        return Control(
            stop=wanted.stop,
            pace=wanted.pace,
            steps_allowed=wanted.steps_allowed,
            live=wanted.live,
            weights=wanted.weights,
            park=self._is_to_park(),
        )

    def _is_to_park(self) -> bool:
        """A run that is paused for long, or while others wait, gives its worker back."""
        since = self._paused_at
        if since is None or time.monotonic() < since + 1.0:
            return False
        return time.monotonic() > since + PARK_SECONDS or self._is_awaited()

    def close(self) -> None:
        self._controls.remove(self.run_id)
        self._line.put(None)
        self._thread.join()
        if isinstance(self.refusal, NnvizError):
            raise self.refusal
        if self.refusal is not None:
            raise NnvizError(
                f"the store could not be written ({self.refusal})", where=self.store.url, remedy="Check the disk's free space."
            ) from self.refusal

    def _write(self) -> None:
        while True:
            progress = self._line.get()
            time.sleep(SETTLE_SECONDS)
            if self.refusal is None:
                try:
                    if progress is not None:
                        self._append(progress)
                    self._keep(now=progress is None or progress.phase == "paused")
                except Exception as error:
                    self.refusal = error
            if progress is None:
                return

    def _append(self, progress: Progress) -> None:
        for state in progress.states:
            self._gathered = self._gathered or time.monotonic()
            # a second one after the same step knows more: what was changed there
            self._states = [entry for entry in self._states if entry[0] != state.step]
            epoch = progress.epoch if state.step == progress.step else _epoch(state.step, progress.calendar)
            self._states.append((state.step, epoch, state.notes["seconds"], state.to_bytes()))
        if progress.phase == "paused":
            self._show(progress)
            self._paused_at = time.monotonic()
            self.store.run_control.set_paused(self.run_id, self.attempt)
            return
        if progress.phase in ("building", "compiling"):
            self.store.runs.set_phase(self.run_id, self.attempt, progress.phase)
            return
        if progress.calendar != self._calendar:
            # before the steps that it is for: whoever reads them knows their epochs
            self._calendar = progress.calendar
            self.store.runs.set_phase(
                self.run_id, self.attempt, "" if self._paused_at else "training", info={"calendar": [*progress.calendar]}
            )
        is_by_hand = any(change.loss for change in progress.changes)
        if is_by_hand:
            # who sees the change asks for the state with it
            self._keep(now=True)
        for change in progress.changes:
            self._tell(change)
        if is_by_hand:
            self._show(progress)
            return
        if progress.phase == "training" and not (progress.steps or progress.epochs or progress.frame):
            return
        self._paused_at = None
        self._add(progress, phase=progress.phase)
        self._seconds = progress.seconds
        if progress.epochs and self._on_points is not None:
            self._on_points(is_watched=self._pace == "watch")

    def _show(self, progress: Progress) -> None:
        """What is seen between two steps, of a network that waits or was changed by hand: most likely it stays paused."""
        if progress.frame is not None:
            self._add(progress, phase="" if self._paused_at else "training")

    def _add(self, progress: Progress, *, phase: str) -> None:
        frame = progress.frame
        self.store.series.append(
            self.run_id,
            self.attempt,
            step=progress.step,
            epoch=progress.epoch,
            seconds=progress.seconds,
            first_step=progress.first_step,
            first_seconds=self._seconds,
            steps_=progress.steps,
            epochs_=progress.epochs,
            frame=FrameRow(frame.view, frame.step, frame.epoch, msgpack.packb(frame.body)) if frame else None,
            phase=phase,
        )

    def _tell(self, change: Change) -> None:
        if change.refused:
            self.store.runs.add_event(self.run_id, "refused", f"{words(change.name)} stays as it is: {change.refused}")
            return
        if change.loss is not None:
            data = {"name": change.name, "before": change.before, "after": change.after}
            loss = {"loss": list(change.loss), "part": change.part} if all(map(math.isfinite, change.loss)) else {}
            self.store.runs.add_event(self.run_id, "edited", by_hand(change), data=data | loss)
            return
        before = None if math.isnan(change.before) else change.before
        text = f"{change.name}: {'none' if before is None else f'{before:g}'} → {change.after:g}"
        self.store.runs.add_event(
            self.run_id,
            "changing" if change.pending else "changed",
            f"{text}, {change.pending}" if change.pending else text,
            data={"name": change.name, "before": before, "after": change.after},
        )

    def _keep(self, *, now: bool) -> None:
        """States go to the disk after the numbers that led to them: who goes on from one finds no gap."""
        if not self._states:
            return
        size = sum(len(content) for *_, content in self._states)
        if now or size > SNAPSHOT_BYTES or time.monotonic() > self._gathered + SNAPSHOT_SECONDS[self._pace]:
            states, self._states, self._gathered = self._states, [], 0.0
            self.store.snapshots.add(self.run_id, self.attempt, states)


def by_hand(change: Change) -> str:
    """A unit that was switched, or a weight that was set, in words, with what that did to the loss."""
    text = f"{words(change.name)}: {change.before:.4g} → {change.after:.4g}"
    if is_switch(change.name):
        text = f"{words(change.name)} {'switched on again' if change.after else 'switched off'}"
    if change.loss is None:
        return text
    rows = "validation" if change.part == "validation" else "training"
    without = " without it" if is_switch(change.name) and not change.after else ""
    return f"{text}; loss of the {rows} rows {change.loss[0]:.4g} → {change.loss[1]:.4g}{without}"


def _epoch(step: int, calendar: Sequence[Sequence[int]]) -> float:
    """How many epochs are done after `step` steps; see `Progress.calendar`."""
    first, epoch, each = next(part for part in reversed(calendar) if part[0] <= step)
    return epoch + (step - first) / each
