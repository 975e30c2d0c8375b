"""Carries what the engine reports into the store from a thread of its own, so that no step waits for a disk."""

import queue
import threading

import msgpack

from nnviz.engine import Control, Progress
from nnviz.errors import NnvizError
from nnviz.store import FrameRow, Store

WAITING = 64
"""Reports that may stand in line before training waits for the store."""


class Recorder:
    """`record` takes reports, `control` answers what is wanted of the run, `close` waits until all is written.

    Once the store refuses (another attempt is open, the run was ended), `control` says stop and `close` raises why."""

    def __init__(self, store: Store, run_id: str, attempt: int) -> None:
        self.store, self.run_id, self.attempt = store, run_id, attempt
        self.refusal: Exception | None = None
        self._seconds = 0.0
        self._line: queue.Queue[Progress | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._write, name="recorder", daemon=True)
        self._thread.start()

    def record(self, progress: Progress) -> None:
        self._line.put(progress)

    def control(self) -> Control:
        if self.refusal:
            return Control(stop=True)
        wanted = self.store.control(self.run_id)
        return Control(stop=wanted.stop, pace=wanted.pace, steps_allowed=wanted.steps_allowed)

    def close(self) -> None:
        self._line.put(None)
        self._thread.join()
        if isinstance(self.refusal, NnvizError):
            raise self.refusal
        if self.refusal is not None:
            raise NnvizError(f"the store could not be written ({self.refusal})", where=self.store.url,
                             remedy="Check the disk's free space.") from self.refusal

    def _write(self) -> None:
        while (progress := self._line.get()) is not None:
            if self.refusal is None:
                try:
                    self._append(progress)
                except Exception as error:
                    self.refusal = error

    def _append(self, progress: Progress) -> None:
        if progress.phase != "training":
            self.store.set_phase(self.run_id, self.attempt, progress.phase)
            return
        frame = progress.frame
        self.store.append(
            self.run_id, self.attempt, step=progress.step, epoch=progress.epoch, seconds=progress.seconds,
            first_step=progress.first_step, first_seconds=self._seconds, steps_=progress.steps, epochs_=progress.epochs,
            frame=FrameRow(frame.view, frame.step, frame.epoch, msgpack.packb(frame.body)) if frame else None)
        self._seconds = progress.seconds
