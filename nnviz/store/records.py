"""What the store gives out: frozen records of runs, jobs, points and events."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from nnviz.errors import NnvizError, SpecError
from nnviz.spec import RunSpec
from nnviz.spec.changing import changeable

ENDED = ("finished", "stopped", "failed", "diverged")


@dataclass(frozen=True)
class Control:
    """What is wanted of a run: `pace` is step, watch or full; `steps_allowed` the steps it may have done at pace step: there
    it pauses. `live`: settings other than the spec's, by their paths. `epochs`: how far to go, where that is not the
    spec's word. `number` counts the changes: who gives the one he saw changes nothing that somebody else changed since.
    `play` is the pace at which it goes on once it has been paused."""

    stop: bool = False
    pace: Literal["step", "watch", "full"] = "full"
    steps_allowed: int | None = None
    live: dict[str, float] = field(default_factory=dict)
    epochs: int | None = None
    number: int = 0
    play: Literal["watch", "full"] = "full"


@dataclass(frozen=True)
class Run:
    """`info` is what is known once the data is read (parameters, rows, classes, columns, task, mode, ...); `metrics` the
    last values, `best` the values at the best epoch by validation; times in seconds since 1970."""

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
    def is_ended(self) -> bool:
        return self.status in ENDED


@dataclass(frozen=True)
class Group:
    """Runs of one spec: its folds, and repeats of its split and training. `spec_json` is the spec of the whole."""

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
    """`values[i]` belongs to step `start + 1 + i`; `stop - start` of them, float32. Times: seconds since the first step;
    `written`: when the worker wrote it, in seconds since 1970."""

    series: str
    start: int
    stop: int
    time_start: float
    time_stop: float
    written: float
    values: np.ndarray


@dataclass(frozen=True)
class EpochRow:
    name: str
    epoch: float
    step: int
    value: float
    time: float


@dataclass(frozen=True)
class Event:
    id: int
    step: int
    epoch: float
    kind: str
    text: str
    data: dict[str, Any]
    time: float


@dataclass(frozen=True)
class FrameRow:
    """`body` is msgpack."""

    view: str
    step: int
    epoch: float
    body: bytes


@dataclass(frozen=True)
class Cursor:
    """How far a reader has read."""

    revision: int = -1
    steps: int = 0
    epochs: int = 0
    events: int = 0
    frames: int = -1


@dataclass(frozen=True)
class Updates:
    """What is new since a cursor. `run` is the run as it is now, or None where nothing changed."""

    cursor: Cursor
    run: Run | None = None
    steps: tuple[StepBlock, ...] = ()
    epochs: tuple[EpochRow, ...] = ()
    events: tuple[Event, ...] = ()
    frames: tuple[FrameRow, ...] = ()


@dataclass(frozen=True)
class Worker:
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
