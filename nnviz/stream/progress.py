"""How far a run is, how fast it goes and how long it will take: what the status strip shows."""

from collections import deque
from typing import Any

from nnviz.store.records import Run

WINDOW_SECONDS = 3.0


class Progress:
    """Keeps the last seconds of (training time, epoch) of one run."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def status(self, run: Run, *, is_kept: bool = False) -> dict[str, Any]:
        """The `status` field of a message. `speed` in epochs a second and `left` in seconds are None while unknown;
        `is_kept`: whether a state is there for it to go on from, once it has ended."""
        epochs = int(run.control.epochs or run.spec_json.get("training", {}).get("epochs", 30))
        speed = self._speed(run)
        left = (epochs - run.epoch) / speed if speed and run.status == "running" else None
        return {
            "status": run.status,
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
            "kept": is_kept,
            "per_epoch": steps_per_epoch(run),
            "created": run.created,
            "started": run.started,
            "error": run.error,
            "metrics": run.metrics,
            "best": run.best,
        }

    def _speed(self, run: Run) -> float | None:
        seen = self._seen
        if seen and run.epoch < seen[-1][1]:
            seen.clear()
        if not seen or run.epoch > seen[-1][1]:
            seen.append((run.seconds, run.epoch))
        while len(seen) > 2 and seen[-1][0] - seen[1][0] > WINDOW_SECONDS:
            seen.popleft()
        if run.is_ended:
            return run.epoch / run.seconds if run.seconds > 0 else None
        elapsed = seen[-1][0] - seen[0][0]
        return (seen[-1][1] - seen[0][1]) / elapsed if elapsed > 0 else None


def steps_per_epoch(run: Run) -> float | None:
    """None before the first step, when nothing tells it."""
    known = run.info.get("steps_per_epoch")
    if known:
        return float(known)
    return run.step / run.epoch if run.epoch > 0 else None
