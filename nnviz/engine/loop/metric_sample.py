"""Which training rows the metrics of an epoch are taken from: all of them, or a fixed sample where they are many.

To pass rows through a network forward costs about a third of a training step on as many: its backward pass takes the
gradients of the weights and of the inputs as well. All training rows after every epoch would cost a third of the training,
so the sample is as large as leaves evaluation a tenth, validation rows included, within the limits below."""

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.loop.state import State
from nnviz.engine.records import PreparedLike
from nnviz.spec import RunSpec

VERSION = 2
"""Of how epochs are evaluated, kept with a training's states; in the first, which kept no number, all training rows were, in
batches of their own size."""

FEWEST, MOST = 2048, 4096
"""Up to so many rows all are taken, and a sample is never smaller; it is not larger than `MOST`, where the standard error of a
share of right answers is below 0.8 %."""
SHARE = 0.1
"""Of the training's arithmetic that evaluation may take."""
PASSES = 3
"""Forward passes that a training step costs, a row."""
SEED = 784
"""The same for all runs, so that those on the same rows are compared on the same sample."""


def size(rows: int, validation: int) -> int:
    """How many of `rows` training rows an epoch's metrics are taken from, beside so many validation rows."""
    if rows <= FEWEST:
        return rows
    return max(FEWEST, min(MOST, int(SHARE * PASSES * rows) - validation))


def picked(rows: int, count: int) -> NDArray[np.int32]:
    """`count` of the numbers 0 to rows - 1, rising: one at random from each of `count` stretches as even as can be. A function
    of both numbers alone; 1 <= count <= rows."""
    edges = np.arange(count + 1, dtype=np.uint64) * np.uint64(rows) // np.uint64(count)
    draws = np.random.Philox(key=np.array([SEED, rows], dtype=np.uint64)).random_raw(count)
    return (edges[:-1] + draws % np.diff(edges)).astype(np.int32)


def rows_of(spec: RunSpec, prepared: PreparedLike) -> NDArray[np.int32] | None:
    """The numbers of the sampled rows, rising; None where all are taken: they are few, or early stopping, the best weights or
    the plateau's rate go by the training loss because there are no validation rows."""
    rows, validation = (len(prepared.parts[name].y) if name in prepared.parts else 0 for name in ("train", "validation"))
    if not validation and _decides(spec):
        return None
    count = size(rows, validation)
    return None if count == rows else picked(rows, count)


def is_old(state: State | None) -> bool:
    """Whether a training that goes on from there has all training rows evaluated after every epoch, as it began."""
    return state is not None and "evaluation" not in state.notes


def counts(spec: RunSpec, prepared: PreparedLike, state: State | None = None) -> list[int] | None:
    """[rows of the sample, training rows]; None where all are taken. `state`: from which it goes on."""
    sample = None if is_old(state) else rows_of(spec, prepared)
    return None if sample is None else [len(sample), len(prepared.parts["train"].y)]


def _decides(spec: RunSpec) -> bool:
    """Whether anything but the pictures depends on the metrics of an epoch."""
    schedule = spec.optimizer.schedule
    return (
        spec.training.keep == "best"
        or spec.training.early_stopping is not None
        or (schedule is not None and schedule.kind == "ReduceOnPlateau")
    )
