"""What a run is judged by: everything that rules may look at, and nothing else."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.catalog import OPTIMIZERS
from nnviz.spec import RunSpec

Floats = NDArray[np.float64]
RATE = "optimizer.learning_rate"
YOUNG = 0.35
"""Of the planned epochs: a sound training may learn next to nothing for the first third."""


class Points(NamedTuple):
    """A series: `value` (n,) after `step` (n,) steps, which are `epoch` (n,) epochs; float64, rising by step."""

    step: Floats
    epoch: Floats
    value: Floats

    @property
    def finite(self) -> "Points":
        """Without values that are no finite numbers."""
        good = np.isfinite(self.value)
        return Points(self.step[good], self.epoch[good], self.value[good])


@dataclass(frozen=True, kw_only=True)
class LayerFacts:
    """A layer with weights at a moment. `path`: where it stands in the spec (`layers[1]`; the last one, of the cost, is `cost`);
    `title` (`Dense 32`) and `activation` in words. `count` weights with the norm `weights`; `gradient` and `update`: norms of the
    objective's gradient and of the next update, None where it is not trained. `units`; `dead`: share of them that are 0 for every
    row, `saturated`: share of outputs near an end of an S-shaped activation; None where the activation has no such thing."""

    path: str
    title: str
    activation: str
    count: int
    weights: float
    gradient: float | None
    update: float | None
    units: int
    dead: float | None
    saturated: float | None

    @property
    def ratio(self) -> float | None:
        """Of the update to the weights, by norm; None where it is not trained or all weights are 0."""
        return self.update / self.weights if self.update is not None and self.weights > 0 else None


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The network after `step` steps, which are `epoch` epochs: its `layers` from the input to the cost, its mean `loss` on the
    same training rows and the `penalty` of regularizers."""

    step: int
    epoch: float
    loss: float
    penalty: float
    layers: tuple[LayerFacts, ...]


@dataclass(frozen=True, kw_only=True)
class DataFacts:
    """What the rows are. `task`, `shape` of a row and number of `outputs` as of the prepared data. `rows`, and of classes
    `class_shares` (k,), by part (train, validation, test; of a draft: train, of all rows). `baseline_loss` by part: of answering
    always the training rows' mean, or for classes their shares; empty where the cost cannot tell. `shift` (d,): of each input (of
    images all pixels together, d = 1) how far the mean of the training rows lies from that of the validation rows, in standard
    errors. `target_mean`, `target_scale` (t,): of the target as it is trained on. `copies` by part: share of its rows that also
    stand among the training rows; `leaks`: columns in use that alone give the target away."""

    task: Literal["classification", "regression"]
    shape: tuple[int, ...]
    outputs: int
    rows: Mapping[str, int]
    class_shares: Mapping[str, Floats] = field(default_factory=dict)
    baseline_loss: Mapping[str, float] = field(default_factory=dict)
    shift: Floats = field(default_factory=lambda: np.empty(0))
    target_mean: Floats = field(default_factory=lambda: np.empty(0))
    target_scale: Floats = field(default_factory=lambda: np.empty(0))
    copies: Mapping[str, float] = field(default_factory=dict)
    leaks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InputFacts:
    """What the first layer with weights receives for `rows` training rows; `into`: its kind. Of each input (d,), of images all
    pixels together (d = 1): the `mean`, the standard deviation `scale`, the `middle` (the median distance from the median) and
    the `largest` absolute value; `held_out`: the largest of validation rows, empty (0,) where there are none. `names` of the
    inputs, in a table; empty where layers have changed them."""

    rows: int
    into: str
    mean: Floats
    scale: Floats
    middle: Floats
    largest: Floats
    held_out: Floats = field(default_factory=lambda: np.empty(0))
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LabelFacts:
    """Labelled rows of training and validation (n,), evenly spread, of `in_all`: their number in the data (`rows`), the class
    that they have (`label`), and what the network says of them, as the mean of a few moments from a quarter of the training on:
    the probability of that class (`own`), the other class that is likeliest against its own rows' (`guess`) and its probability
    (`other`). `usual` (k,): the mean probability of each class in the rows that have it, the threshold of confident learning
    (Northcutt, Jiang, Chuang, 2021, section 3.1), not a number for a class without rows. `near_own`, `near_guess` (n,): the share
    of the nearest other rows that have the row's class, and the guess. `sure_wrong`, `unsure_wrong`: the share of the rows whose
    class is not the commonest of their neighbours, among the quarter whose neighbours agree most, and among the third quarter.
    `classes`: their names."""

    rows: NDArray[np.int64]
    in_all: int
    label: NDArray[np.int64]
    own: Floats
    guess: NDArray[np.int64]
    other: Floats
    usual: Floats
    near_own: Floats
    near_guess: Floats
    sure_wrong: float
    unsure_wrong: float
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LastMoments:
    """Recorded moments of the last part of a training: the loss (m,) after `step` (m,) steps on the same training rows, and
    `of_mean`, that of the mean of all these weights: far below the others where steps go to and fro around a place that
    they do not reach (Polyak and Juditsky, 1992)."""

    step: NDArray[np.int64]
    loss: Floats
    of_mean: float


class RateRange(NamedTuple):
    """What the rate finder said of a network: the rate that it suggests, and that from which the loss grows; None where it could
    not tell."""

    suggestion: float | None
    rises: float | None


class Change(NamedTuple):
    """A setting, by its path, that was changed after `step` steps; `before` None where there was none."""

    step: int
    name: str
    before: float | None
    after: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that is known of a run, of a draft before it is trained, or of a run that still trains.

    `spec`; `status` as of a run, or `draft`; `step` steps done, which are `epoch` epochs. `series` by step (`batch_loss`, ...)
    and `epochs` by epoch (`loss`, `val_loss`, `accuracy`, ...) by name. `data`: None where the rows cannot be read. `changes` of
    settings, in their order. `moments`: a handful, rising by step, the first where possible before any step; those with numbers
    that are none are left out. `recorded`: all steps after which a state is kept, so that a branch can begin there.
    `parameters`: of the network, 0 where that is not known. `inputs`, `labels`, `last`: None where they do not exist or would
    take long; `finder`: where it was run for a draft."""

    spec: RunSpec
    status: str = "draft"
    step: int = 0
    epoch: float = 0.0
    series: Mapping[str, Points] = field(default_factory=dict)
    epochs: Mapping[str, Points] = field(default_factory=dict)
    data: DataFacts | None = None
    changes: tuple[Change, ...] = ()
    moments: tuple[Moment, ...] = ()
    recorded: tuple[int, ...] = ()
    parameters: int = 0
    inputs: InputFacts | None = None
    labels: LabelFacts | None = None
    last: LastMoments | None = None
    finder: RateRange | None = None

    def points(self, name: str) -> Points | None:
        """A metric by epoch, or a series by step, without numbers that are none; None where fewer than two are left."""
        points = self.epochs.get(name, self.series.get(name))
        points = points.finite if points is not None else None
        return points if points is not None and len(points.value) > 1 else None

    @cached_property
    def score(self) -> str:
        """The metric that says how good it is where losses cannot be compared: accuracy, or R²."""
        task = self.data.task if self.data is not None else ("classification" if "accuracy" in self.epochs else "regression")
        return "accuracy" if task == "classification" else "r2"

    @property
    def is_young(self) -> bool:
        """Whether it still trains and has not come far enough to be judged by what it has learned."""
        return self.status in ("running", "paused") and self.epoch < YOUNG * self.spec.training.epochs

    @property
    def held_out(self) -> str:
        """The prefix of metrics of the rows that it is judged by: those of validation, or else of training."""
        return "val_" if self.points("val_loss") is not None else ""

    @cached_property
    def initial_loss(self) -> float | None:
        """The loss before the first step; where that moment is not at hand, of the first batch."""
        if self.moments and self.moments[0].step == 0:
            return self.moments[0].loss
        batches = self.series.get("batch_loss")
        if batches is None or self.spec.branch is not None or not len(batches.value) or batches.step[0] > 1:
            return None
        return float(batches.value[0]) if math.isfinite(batches.value[0]) else None

    @property
    def rate(self) -> float:
        """The optimizer's learning rate as it last was, before a schedule."""
        changed = [change.after for change in self.changes if change.name == RATE]
        return changed[-1] if changed else float(self.spec.optimizer.learning_rate)

    @property
    def usual_rate(self) -> float:
        """The catalog's default for this optimizer."""
        params = OPTIMIZERS[self.spec.optimizer.kind].params
        return float(next(param.default for param in params if param.name == "learning_rate"))

    def baseline(self, prefix: str) -> float | None:
        """The loss of a constant answer on validation rows (prefix `val_`) or training rows; None where it is not known."""
        part = "validation" if prefix == "val_" else "train"
        value = self.data.baseline_loss.get(part) if self.data is not None else None
        return value if value is not None and value > 0 and math.isfinite(value) else None

    def epoch_at(self, step: float) -> float:
        """How many epochs are done after so many steps, by the points that are there."""
        points = self.epochs.get("loss")
        if points is None or not len(points.step):
            return self.epoch * step / self.step if self.step else 0.0
        return float(np.interp(step, np.append(0, points.step), np.append(0, points.epoch)))

    def recorded_before(self, step: float) -> int | None:
        """The last recorded moment up to a step, from which a branch can begin; None where there is none."""
        earlier = [at for at in self.recorded if 0 < at <= step]
        return earlier[-1] if earlier else None
