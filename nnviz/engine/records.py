"""What the engine is given and gives: plain frozen records that know neither TensorFlow nor a store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnviz.engine.loop.state import State

Phase = Literal["building", "compiling", "training", "paused", "scoring"]
Pace = Literal["step", "watch", "full"]


class ColumnValuesLike(Protocol):
    """Values of a column, each encoded, float32 (k, width): `at` float64 (k,) in the column's own unit (None: no numbers),
    `texts` as people write them."""

    @property
    def at(self) -> NDArray[np.float64] | None: ...
    @property
    def texts(self) -> list[str]: ...
    @property
    def encoded(self) -> NDArray[np.float32]: ...


class ColumnLike(Protocol):
    """A column of the file that became the inputs `first` to `end` (not included); see nnviz.data.file_columns. `choices`: all
    values that it can have, empty where these cannot be listed."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def first(self) -> int: ...
    @property
    def end(self) -> int: ...
    def texts(self, x: NDArray[np.float32]) -> list[str]: ...
    def values(self, x: NDArray[np.float32], most: int) -> ColumnValuesLike: ...
    def deciles(self, x: NDArray[np.float32]) -> list[float]: ...
    def encoded(self, text: str) -> NDArray[np.float32]: ...
    def numbers(self, x: NDArray[np.float32]) -> NDArray[np.float64]: ...
    def of_numbers(self, values: NDArray[np.float64]) -> NDArray[np.float32]: ...


class PreparedLike(Protocol):
    """Data ready to be trained on; see nnviz.data."""

    @property
    def task(self) -> Literal["classification", "regression"]: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def outputs(self) -> int: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def parts(self) -> Mapping[str, Any]:
        """By name: `x` float32 (n, *shape), `y` int32 (n,) or float32 (n, t), `rows` int (n,)."""

    @property
    def target_mean(self) -> NDArray[Any]: ...
    @property
    def target_scale(self) -> NDArray[np.float32]: ...
    @property
    def plane(self) -> tuple[str, str] | None: ...
    @property
    def extent(self) -> tuple[float, float, float, float] | None: ...
    def plane_grid(self, resolution: int) -> NDArray[np.float32]: ...
    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the target columns."""

    @property
    def target_unit(self) -> str: ...
    @property
    def file_columns(self) -> Sequence[ColumnLike]:
        """The columns of a table; empty where there is no file that has any."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """What is wanted of a run. `stop`: end it after the call of the loop that is under way. `pace`: `full` as fast as it goes,
    `watch` spread over about 12 s, `step` one at a time. `steps_allowed`: at pace `step`, how many steps may have been done in
    all: it pauses there. `live`: settings that are to be other than in the spec, by their paths; also which units are on (1) or
    off (0), by `layers[0].is_on[4]`. `weights`: those that somebody set by hand, by `layers[0].kernel[3,1]`: the value, and a
    number that rises with each time somebody did. `park`: end a paused training for now."""

    stop: bool = False
    pace: Pace = "full"
    steps_allowed: int | None = None
    live: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    park: bool = False


class Change(NamedTuple):
    """A setting that changed after `step` steps; `refused` says why it did not, `pending` when it will: it has to be compiled
    first. `before` is not a number where there was none. `loss`: of the network before and after a change by hand (a unit, a
    weight), on rows of `part`."""

    step: int
    name: str
    before: float
    after: float
    refused: str = ""
    pending: str = ""
    loss: tuple[float, float] | None = None
    part: str = ""


class EpochRecord(NamedTuple):
    """Metrics of the weights after `epoch` epochs and `step` steps, `seconds` after the first step began. Those of training rows
    are from a sample where these are many (see `nnviz.engine.loop.metric_sample`), of a run's last epoch from all."""

    epoch: int
    step: int
    seconds: float
    metrics: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a live view shows of the weights after `step` steps and `epoch` whole epochs. `view`: `plane`, `confusion` or
    `agreement`; `body` holds numbers, texts, lists and bytes, see `FrameRenderer`."""

    view: str
    step: int
    epoch: int
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What happened since the last one. `phase`: `building`, `compiling`, `training`, `paused`, or `scoring`: no step more is
    done. `step`: steps done; `epoch`: epochs done, parts of one included; `steps`: for each series float32 values of the steps
    from `first_step` (0-based) on; `seconds` since the first step began; `epochs`: records of those that have ended; `frame`:
    a live view, if one is due; `changes`: settings that were changed while it trains; `states`: of the training, where they
    are to be kept, rising by their steps up to `step`; `calendar`: [first step, its epoch, steps an epoch] of each part of the
    training, all from 0."""

    step: int
    epoch: float
    seconds: float
    phase: Phase = "training"
    first_step: int = 0
    steps: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    epochs: tuple[EpochRecord, ...] = ()
    frame: Frame | None = None
    states: tuple["State", ...] = ()
    changes: tuple[Change, ...] = ()
    calendar: tuple[list[int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a run ended. `status`: `finished` (early stopping included), `stopped` or `paused`: parked, to go on from its last
    state; then there are no weights and no metrics. `weights`: in Keras's order, what is not trained included; `metrics`: of
    `weights`, from all rows; `steps`, `epochs`: done, the latter with parts of one; `parameters`: how many, those that are not
    trained included; `compile_seconds`: of the first call of the loop, 0 where it was compiled ahead; `seconds`: from the
    first step to the last and the evaluation after it; `steps_per_second`: by the clock, see `Clock`; `info`: mode, versions,
    threads, `sample` (rows, of so many) where the metrics of an epoch are not from all training rows."""

    status: Literal["finished", "stopped", "paused"]
    weights: list[NDArray[Any]]
    metrics: Mapping[str, float]
    steps: int
    epochs: float
    seconds: float
    steps_per_second: float
    compile_seconds: float
    parameters: int
    info: Mapping[str, Any]
