"""What the store gives out: frozen records of runs, jobs, points and events."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from nnviz.errors import NnvizError, SpecError
from nnviz.spec import RunSpec
from nnviz.spec.tunable import changeable

ENDED = ("finished", "stopped", "failed", "diverged")
EARLY = "early"
"""The outcome of a run that early stopping ended; its status is finished."""

PRUNED = "pruned"
"""The outcome of a trial that its sweep stopped early; its status is stopped."""

MOST_EDITS = 200


@dataclass(frozen=True)
class Control:
    """What is wanted of a run. `stop`: it is to end after the step it is at. `pace` is step, watch or full; `steps_allowed` the
    steps it may have done at pace step: there it pauses. `live`: settings other than the spec's, by their paths. `epochs`:
    how far to train, where that differs from the spec. `number` counts the changes: who gives the one he saw changes
    nothing that somebody else changed since. `weights`: those set by hand, by names such as `layers[0].kernel[3,1]`: the value
    and the number of the control that asked for it. `play` is the pace at which it goes on once it has been paused."""

    stop: bool = False
    pace: Literal["step", "watch", "full"] = "full"
    steps_allowed: int | None = None
    live: dict[str, float] = field(default_factory=dict)
    weights: dict[str, tuple[float, int]] = field(default_factory=dict)
    epochs: int | None = None
    number: int = 0
    play: Literal["watch", "full"] = "full"

    def numbered(self, weights: dict[str, float]) -> "Control":
        """The next one, with weights that are set by hand. Of those it keeps the newest: older ones are in recorded states."""
        edits = self.weights | {name: (value, self.number + 1) for name, value in weights.items()}
        newest = sorted(edits.items(), key=lambda item: item[1][1])[-MOST_EDITS:]
        return replace(self, number=self.number + 1, weights=dict(newest))


@dataclass(frozen=True)
class Run:
    """A run as its row has it, at the moment of reading.

    `name` is what it is called, `spec_json` its spec as JSON, `tags` and `note` what its owner wrote. `status` is one of
    queued, running, paused, finished, stopped, failed, diverged (`ENDED` are the last four); `phase` says what a running one
    does. `attempt` counts the workers that trained it, `revision` every change of the row. `created`, `started` and `ended`
    are seconds since 1970, `seconds` the time it has trained for, `step` and `epoch` how far it is. `pid` is its worker's
    process while it has one; `error` and `log` say why it failed. `control` is what is wanted of it. `info` is what is known
    once the data is read (parameters, rows, classes, columns, task, mode, ...); `metrics` the last values, `best` the values
    at the best epoch by validation, `weights` the sha256 of the trained weights among the blobs."""

    id: str
    name: str
    spec_json: dict[str, Any]
    status: str
    phase: str
    attempt: int
    revision: int
    created: float
    started: float | None
    ended: float | None
    step: int
    epoch: float
    seconds: float
    pid: int | None
    error: dict[str, str] | None
    log: str | None
    control: Control
    info: dict[str, Any]
    metrics: dict[str, float]
    best: dict[str, float]
    weights: str | None
    tags: tuple[str, ...]
    note: str
    group: str = ""
    """The group it is a member of, if any."""
    member: int = 0
    """Its place in the group, from 1."""
    label: str = ""
    """What it is called within the group: `fold 2/5`."""
    is_pinned: bool = False
    """Whether it is kept when many are deleted."""
    broken: str = ""
    """Why its row cannot be read; then what could not be read has a stand-in. Such a run can be looked at and deleted."""

    @cached_property
    def spec(self) -> RunSpec:
        """Raises SpecError for a run that is broken, or whose spec this nnviz cannot read."""
        return _parsed(self.spec_json, self.broken, where=self.id)

    @property
    def settings(self) -> dict[str, float]:
        """The path and the spec's value of what may be changed while it trains; nothing where its spec cannot be read any
        more."""
        try:
            return changeable(self.spec)
        except NnvizError:
            return {}

    @property
    def findings(self) -> list[dict[str, Any]] | None:
        """What the doctor last said of it, as `nnviz doctor --json`; empty where it is healthy, None where nobody looked."""
        judgement = self.info.get("doctor")
        findings = judgement.get("findings") if isinstance(judgement, dict) else None
        if not isinstance(findings, list) or not all(isinstance(finding, dict) for finding in findings):
            return None
        return findings

    @property
    def is_ended(self) -> bool:
        """Whether its status is one of `ENDED`; it may still be resumed."""
        return self.status in ENDED

    @property
    def outcome(self) -> str:
        """How it stands, finer than its status: `EARLY` for a finished one that early stopping ended before its last epoch,
        `PRUNED` for a trial that its sweep stopped."""
        if self.status == "stopped" and self.info.get("pruned"):
            return PRUNED
        is_early = self.status == "finished" and self.info.get("early_stop_epoch") is not None
        return EARLY if is_early else self.status


@dataclass(frozen=True)
class Group:
    """Runs of one spec: its folds, and repeats of its split and training. `id` is what its runs name as their `group`, `name`
    what it is called; `spec_json` is the spec of the whole, `created` in seconds since 1970."""

    id: str
    name: str
    spec_json: dict[str, Any]
    created: float
    broken: str = ""
    """As of a run."""

    @cached_property
    def spec(self) -> RunSpec:
        """Raises SpecError as a run's."""
        return _parsed(self.spec_json, self.broken, where=self.id)


@dataclass(frozen=True)
class Job:
    """What a worker is asked to do: a `kind` (train, predict, ...) with its `payload`, for a `run` or for none. `key` names
    the network that a `prepare` prepares and that a `train` would profit from. `status` is queued, running, done, failed or
    cancelled, `worker` the id of the one that has it; `result` holds its `progress`, then its `result` or `error`. `id`
    rises in the order of `created` (seconds since 1970)."""

    id: int
    kind: str
    run: str | None
    payload: dict[str, Any]
    key: str
    status: str
    worker: str | None
    result: dict[str, Any] | None
    created: float
    needs: str = ""
    """The tuning a worker must have for it, if any."""
    rank: float = 0.0
    """Its place among the runs that wait: the lowest is next."""


@dataclass(frozen=True)
class StepBlock:
    """Consecutive values of one `series`, such as `batch_loss`: `values[i]` belongs to step `start + 1 + i`; `stop - start` of
    them, float32. `time_start` and `time_stop`: seconds since the first step; `written`: when the worker wrote it, in seconds
    since 1970."""

    series: str
    start: int
    stop: int
    time_start: float
    time_stop: float
    written: float
    values: np.ndarray


@dataclass(frozen=True)
class EpochRow:
    """The `value` of the metric `name` after `epoch` epochs, which are `step` steps; it may be NaN or infinite. `time` is in
    seconds since the first step."""

    name: str
    epoch: float
    step: int
    value: float
    time: float


@dataclass(frozen=True)
class Event:
    """Something that happened to a run, at the `step` and `epoch` where it was: a `kind` (paused, changed, lost, a status),
    a `text` for people and `data` for programs. `id` rises with each event of the store; `time` is in seconds since 1970."""

    id: int
    step: int
    epoch: float
    kind: str
    text: str
    data: dict[str, Any]
    time: float


@dataclass(frozen=True)
class FrameRow:
    """A picture of a network, after `step` steps, which are `epoch` epochs: `view` names what is drawn (the store holds one
    row of each), `body` is what the browser draws it from, msgpack."""

    view: str
    step: int
    epoch: float
    body: bytes


@dataclass(frozen=True)
class Cursor:
    """How far a reader has read: the `revision` of the run, the ids of the last rows of `steps`, `epochs` and `events`, and the
    revision of the newest of `frames`. A new one has read nothing."""

    revision: int = -1
    steps: int = 0
    epochs: int = 0
    events: int = 0
    frames: int = -1


@dataclass(frozen=True)
class Updates:
    """What is new since a cursor; `cursor` is the one to go on from. `run` is the run as it is now, or None where nothing
    changed; `steps`, `epochs`, `events` and `frames` are in the order they were written."""

    cursor: Cursor
    run: Run | None = None
    steps: tuple[StepBlock, ...] = ()
    epochs: tuple[EpochRow, ...] = ()
    events: tuple[Event, ...] = ()
    frames: tuple[FrameRow, ...] = ()


@dataclass(frozen=True)
class Worker:
    """A process that does jobs: its `id`, its `pid` on its `host`, its `state` (warming, idle or busy), the id of the `job`
    it does, and the keys of the networks that it has `ready`."""

    id: str
    pid: int
    host: str
    state: str
    job: int | None
    ready: tuple[str, ...]
    age: float
    """Seconds since its last heartbeat, by the database's clock."""
    tuning: str = ""
    """How its XLA compiles; empty: it takes every job."""
    heartbeat: float = 0.0
    """When that was, by the same clock: whether it changes tells a life whatever becomes of the clock."""


@dataclass(frozen=True)
class Curve:
    """A series by step or by epoch, float64: `step`, `time` in seconds since the first step, `value` (where steps are summarised
    their mean, where epochs are the last one's), `low` and `high`, and by epoch also `epoch`."""

    step: np.ndarray
    time: np.ndarray
    value: np.ndarray
    low: np.ndarray = field(default_factory=lambda: np.empty(0))
    high: np.ndarray = field(default_factory=lambda: np.empty(0))
    epoch: np.ndarray = field(default_factory=lambda: np.empty(0))


def _parsed(record: dict[str, Any], broken: str, *, where: str) -> RunSpec:
    if broken:
        raise SpecError(
            f"this run cannot be read: {broken}",
            where=where,
            remedy="Another program changed the store. Delete the run, or bring the store back from a backup.",
        )
    try:
        return RunSpec.parse(record)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise SpecError(
            f"the settings of this run cannot be read ({type(error).__name__})",
            where=where,
            remedy="Delete the run, or bring the store back from a backup.",
        ) from error
