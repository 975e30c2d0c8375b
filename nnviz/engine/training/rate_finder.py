"""The learning-rate finder: one short training whose rate rises from step to step (Smith, 2015, arXiv:1506.01186)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.loop.session import Session, form
from nnviz.engine.loop.turns import Seat, Turn
from nnviz.engine.records import Control, PreparedLike
from nnviz.errors import DataError, RequestError
from nnviz.spec import RunSpec

EXPLODED = 3.0
"""The sweep ends where the mean of the last losses lies this many times the first loss above its lowest so far."""
CLEAR = 5.0
"""A fall of so many times the noise of the smoothed loss is one: the lowest of many noisy points lies some three below."""
RECENT = 5
REPORT_SECONDS = 0.2
NEVER = 2**31 - 1
Floats = NDArray[np.float64]
Rule = Literal["steepest", "tenth", ""]


class Choice(NamedTuple):
    """A rate by a rule, or None and no rule; `rises`: the rate from which the loss grows, if it does."""

    suggestion: float | None
    rule: Rule
    rises: float | None


@dataclass(frozen=True, kw_only=True)
class RateSweep:
    """`rates`, `losses` (of the batch, before its step) and `smoothed`, each float64 (n,); `asked`: how many were wanted.

    `suggestion`: by the rule `steepest`, the rate at which `smoothed` falls most steeply against log(rate) on its last way down
    to its lowest point. Where that lies less than five times its own noise below the loss at the first rates, but it then stays
    above these by as much, by the rule `tenth`: a tenth of the rate from which it does. Else, as in a stretch of noise, None and
    no rule. `rises`: the rate from which the loss grows. `status`: `exploded` where the loss grew without bound before the
    highest rate was reached."""

    rates: Floats
    losses: Floats
    smoothed: Floats
    asked: int
    suggestion: float | None
    rule: Rule
    rises: float | None
    status: Literal["running", "finished", "exploded", "stopped"]

    def to_json(self) -> dict[str, Any]:
        """All fields by their names, arrays as lists of floats."""
        return {
            "rates": self.rates.tolist(),
            "losses": self.losses.tolist(),
            "smoothed": self.smoothed.tolist(),
            "asked": self.asked,
            "suggestion": self.suggestion,
            "rule": self.rule,
            "rises": self.rises,
            "status": self.status,
        }


def find_rate(
    spec: RunSpec,
    prepared: PreparedLike,
    *,
    lowest: float = 1e-6,
    highest: float = 1.0,
    steps: int = 200,
    on_progress: Callable[[RateSweep], None] = lambda sweep: None,
    control: Callable[[], Control] = Control,
    session: Session | None = None,
    turn: Turn | None = None,
) -> RateSweep:
    """Train the spec's network from its first weights, one update at each of `steps` rates from `lowest` to `highest`
    (evenly spaced in log), and suggest one of them. The spec's own rate and schedule are left out of account.

    `on_progress` is called a few times a second; `control().stop` ends it. A `session` that was prepared for the spec without
    schedule saves compiling; trainings that share the `turn` may use it meanwhile. Raises RequestError for rates or steps that
    make no sweep, and what `prepare` raises."""
    if not 0 < lowest < highest <= 100 or not 10 <= steps <= 10_000:
        raise RequestError(
            f"a sweep needs 0 < lowest < highest <= 100 and 10 to 10000 steps; got {lowest:g}, {highest:g} and {steps}"
        )
    if "train" not in prepared.parts or not len(prepared.parts["train"].y):
        raise DataError("there are no rows to train on", where="data")
    constant = without_schedule(spec)
    if session is None or session.form != form(constant, prepared):
        session = Session.compiled(constant, prepared)
    with turn or Turn() as mine:
        session.begin(constant, prepared)
        seat = Seat(session)
        try:
            return _swept(constant, seat, mine, np.geomspace(lowest, highest, steps), on_progress, control)
        finally:
            seat.give_up()


def _swept(
    spec: RunSpec, seat: Seat, turn: Turn, rates: Floats, on_progress: Callable[[RateSweep], None], control: Callable[[], Control]
) -> RateSweep:
    # Where gradients are accumulated, an update takes several batches: each rate has one update.
    batches = spec.optimizer.gradient_accumulation_steps or 1
    losses: list[float] = []
    status: Literal["finished", "exploded", "stopped"] = "finished"
    reported = 0.0
    for index, rate in enumerate(rates):
        turn.pass_on()
        seat.back()
        if control().stop:
            status = "stopped"
            break
        loss = _update(seat.session, index * batches, batches, seed=spec.training.seed, rate=float(rate))
        if not np.isfinite(loss):
            status = "exploded"
            break
        losses.append(loss)
        if _exploded(losses):
            status = "exploded"
            break
        if time.monotonic() - reported > REPORT_SECONDS:
            reported = time.monotonic()
            on_progress(_sweep(rates, losses, "running"))
    return _sweep(rates, losses, status)


def without_schedule(spec: RunSpec) -> RunSpec:
    """The spec that a sweep trains."""
    return spec if spec.optimizer.schedule is None else spec.with_("optimizer.schedule", None)


def _update(session: Session, start: int, batches: int, *, seed: int, rate: float) -> float:
    batch_losses, most = [], session.loop.most
    for at in range(start, start + batches, most):
        chunk = session.loop.run(at, min(at + most, start + batches), seed=seed, rate=rate, record_every=NEVER)
        batch_losses.append(chunk.loss)
    return float(np.mean(np.concatenate(batch_losses), dtype=np.float64))


def _exploded(losses: list[float]) -> bool:
    if len(losses) < 2 * RECENT:
        return False
    means = np.convolve(losses, np.ones(RECENT) / RECENT, mode="valid")
    return bool(means[-1] - means.min() > EXPLODED * abs(means[0]))


def _sweep(rates: Floats, losses: list[float], status: Any) -> RateSweep:
    measured = np.asarray(losses, dtype=np.float64)
    width = max(1, len(rates) // 25)
    smoothed = smooth(measured, width)
    choice = suggest(rates[: len(measured)], measured, smoothed, width)
    if choice.suggestion is None and status == "exploded" and len(measured) >= 10:
        last = float(rates[len(measured) - 1])
        choice = Choice(last / 10, "tenth", last)
    return RateSweep(
        rates=rates[: len(measured)],
        losses=measured,
        smoothed=smoothed,
        asked=len(rates),
        status=status,
        suggestion=choice.suggestion,
        rule=choice.rule,
        rises=choice.rises,
    )


def smooth(values: Floats, width: int) -> Floats:
    """The mean of each value and `width` on either side of it, fewer at the ends."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    low, high = np.maximum(place - width, 0), np.minimum(place + width + 1, len(values))
    return (sums[high] - sums[low]) / np.maximum(high - low, 1)


def suggest(rates: Floats, losses: Floats, smoothed: Floats, width: int) -> Choice:
    """The choice and its rule, see RateSweep. The slope at a point is taken between its neighbours `width` away."""
    count = len(losses)
    if count < max(10, 2 * width + 2):
        return Choice(None, "", None)
    # The first rates are too small to change anything: the mean over them is the loss before, far surer than one point of it.
    level = float(np.mean(losses[: max(2 * width + 1, count // 4)]))
    # Near the start the mean is over fewer losses and moves more by chance.
    lowest = width + int(np.argmin(smoothed[width:]))
    noise = float(np.std((losses - smoothed)[: max(lowest + 1, 20)])) / np.sqrt(2 * width + 1)
    clear = CLEAR * max(noise, _noise_around(losses, lowest, width))
    if level - smoothed[lowest] <= clear:
        rise = _rise(losses, smoothed, level, noise, width)
        return Choice(None, "", None) if rise is None else Choice(float(rates[rise]) / 10, "tenth", float(rates[rise]))
    # Only the last descent counts, between the level and the lowest point: at both the loss moves by chance, steeply at places.
    high = np.flatnonzero(smoothed[:lowest] >= level - clear / 2)
    top = int(high[-1]) if len(high) else 0
    end = top + int(np.argmax(smoothed[top : lowest + 1] <= smoothed[lowest] + clear / 2))
    place = np.arange(min(max(width, top - width), max(width, end)), max(width, end) + 1)
    before, after = place - width, np.minimum(place + width, count - 1)
    slopes = (smoothed[after] - smoothed[before]) / np.log(rates[after] / rates[before])
    grown = np.flatnonzero(smoothed[lowest:] - smoothed[lowest] > clear)
    rises = float(rates[lowest + grown[0]]) if len(grown) else None
    return Choice(float(rates[place[int(np.argmin(slopes))]]), "steepest", rises)


def _noise_around(losses: Floats, place: int, width: int) -> float:
    """The noise of the smoothed loss near a place, from one loss to the next, so that no slope takes part in it."""
    near = losses[max(0, place - 2 * width) : place + 2 * width + 1]
    return float(np.std(np.diff(near))) / np.sqrt(2 * (2 * width + 1)) if len(near) > 2 else 0.0


def _rise(losses: Floats, smoothed: Floats, level: float, noise: float, width: int) -> int | None:
    """The place from which on the smoothed loss stays clearly above `level`, if there is one before the end."""
    low = np.flatnonzero(smoothed <= level + CLEAR * noise)
    rise = int(low[-1]) + 1 if len(low) else 0
    if rise >= len(losses):
        return None
    height = float(smoothed[rise:].max()) - level
    return rise if height > CLEAR * max(noise, _noise_around(losses, len(losses) - 1, width)) else None
