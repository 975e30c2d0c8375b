"""How far a run is, how fast it goes and how long it will take: what the status strip shows."""

from collections import deque
from typing import Any

from nnviz.jobs.endings import end_words, weights_words
from nnviz.jobs.sampling import sample_words
from nnviz.store.records import Run

WINDOW_SECONDS = 3.0


class Progress:
    """Keeps the last seconds of (training time, epoch) of one run; of one that has ended its own figure counts, which leaves
    pauses out."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def status(self, run: Run, *, place: int | None = None, is_kept: bool = False, state: str = "") -> dict[str, Any]:
        """The `status` field of a message. `speed` in epochs a second and `left` in seconds are None while unknown; `place`:
        of a run that waits for others, 1 for the next one; `is_kept`: whether a state is there for it to go on from, once it
        has ended; `state`: the name of the newest one that was kept."""
        epochs = int(run.control.epochs or run.spec_json.get("training", {}).get("epochs", 30))
        speed = self._speed(run)
        left = (epochs - run.epoch) / speed if speed and run.status == "running" else None
        return {
            "status": run.status,
            "ended": run.is_ended,
            "phase": run.phase,
            "name": run.name,
            "step": run.step,
            "epoch": run.epoch,
            "epochs": epochs,
            "seconds": run.seconds,
            "speed": speed,
            "left": left,
            "pace": run.control.pace,
            "play": run.control.play,
            "allowed": run.control.steps_allowed,
            "stopping": run.control.stop,
            "live": run.control.live,
            "number": run.control.number,
            "held": run.pid is not None,
            "place": place,
            "kept": is_kept,
            "state": state,
            "per_epoch": steps_per_epoch(run),
            "calendar": calendar(run),
            "created": run.created,
            "started": run.started,
            "error": run.error,
            "metrics": run.metrics,
            "best": run.best,
            "ending": end_words(run),
            "weights": weights_words(run) if run.is_ended else "",
            "sample": sample_words(run),
        }

    def _speed(self, run: Run) -> float | None:
        seen = self._seen
        if seen and run.epoch < seen[-1][1]:
            seen.clear()
        if not seen or run.epoch > seen[-1][1]:
            seen.append((run.seconds, run.epoch))
        while len(seen) > 2 and seen[-1][0] - seen[1][0] > WINDOW_SECONDS:
            seen.popleft()
        steps_per_second = run.info.get("steps_per_second")
        if run.is_ended and steps_per_second and run.step > 0:
            return float(steps_per_second) * run.epoch / run.step
        if run.is_ended:
            return run.epoch / run.seconds if run.seconds > 0 else None
        elapsed = seen[-1][0] - seen[0][0]
        return (seen[-1][1] - seen[0][1]) / elapsed if elapsed > 0 else None


def steps_per_epoch(run: Run) -> float | None:
    """Of the epoch that it is in; None before the first step, when nothing tells it."""
    parts = calendar(run)
    return float(parts[-1][2]) if parts else None


def calendar(run: Run) -> list[list[float]]:
    """Which epochs the steps belong to, part by part: [first step, its epoch, steps an epoch], steps and epochs from 0. More
    than one where the batch size was changed while it trained; none before the first step, when nothing tells it."""
    parts = run.info.get("calendar")
    if parts:
        return [list(part) for part in parts]
    known = run.info.get("steps_per_epoch") or (run.step / run.epoch if run.epoch > 0 else None)
    return [[0, 0, known]] if known else []
