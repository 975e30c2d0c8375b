"""Steps by the clock: how fast a training goes for the one who waits for it."""


class Clock:
    """Counts from the end of a training's first call on, which compiles, to its last step and the evaluation after it. All
    that is done between counts, evaluation and recording too, and what pace `watch` waits; pauses do not.

    `steps`, `seconds`: counted before, where a training goes on. Seconds of a run are those since its first step; `now` is of
    the process's own clock."""

    def __init__(self, steps: int = 0, seconds: float = 0.0) -> None:
        self.steps, self.seconds = steps, seconds
        self._start: tuple[int, float] | None = None
        self._paused: float | None = None
        self._pauses = 0.0

    def start(self, step: int, seconds: float) -> None:
        """The first call is over, after `step` steps and so many seconds of the run."""
        self._start = (step, seconds)

    def pause(self, now: float) -> None:
        """Nothing to do until somebody allows a step."""
        self._paused = now

    def resume(self, now: float) -> None:
        """The next call begins, after a pause or none."""
        if self._paused is not None and self._start is not None:
            self._pauses += now - self._paused
        self._paused = None

    def at(self, step: int, seconds: float) -> list[float]:
        """[steps, seconds] that count up to `step` and so many seconds of the run."""
        if self._start is None:
            return [self.steps, self.seconds]
        first, began = self._start
        return [self.steps + max(0, step - first), self.seconds + max(0.0, seconds - began - self._pauses)]

    def rate(self, step: int, seconds: float) -> float:
        """Steps a second up to there; 0 where none counts."""
        steps, spent = self.at(step, seconds)
        return steps / spent if steps and spent > 0 else 0.0
