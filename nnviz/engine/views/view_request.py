"""What a view is computed from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from nnviz.engine.loop.state import State
from nnviz.engine.network.network import Network, Weights
from nnviz.engine.records import PreparedLike
from nnviz.engine.training.live_changes import Changes
from nnviz.errors import RequestError
from nnviz.spec import Placed, RunSpec, unfold


def rows_of(prepared: PreparedLike) -> tuple[Literal["validation", "train"], Any]:
    """The rows that views look at, with the name of their part: those of validation, of training where there are none."""
    part = prepared.parts.get("validation")
    return ("validation", part) if part is not None and len(part.y) else ("train", prepared.parts["train"])


@dataclass(frozen=True)
class Recorded:
    """The network's weights after `step` steps, in Keras's order; `memo`: what views have made of them, by names of their own, as
    long as the moment is at hand."""

    step: int
    weights: Weights
    memo: dict[str, Any] = field(default_factory=dict, compare=False)


def _no_training() -> Changes:
    raise RequestError("this network is not trained here, so it has no next step")


def _no_way(most: int) -> Sequence[Recorded]:
    return ()


def _none_recorded(step: int | None) -> Recorded | None:
    return None


@dataclass(frozen=True)
class ViewRequest:
    """`network` holds the weights of `state`; `spec`: with the settings in force then; `choice`: what the viewer has chosen
    in the view (a row, a unit, two columns), by names that are the view's own, empty at first.

    `training`: gives the training about to do its next step from `state`; its session may hold another network of the same
    layers, put into that state. `way`: gives up to so many recorded moments up to `state`, in their order and evenly spread
    over the steps; the last is `state` itself. `recorded`: gives the run's moment at a step, or for None its last one, also a
    later one than `state`; None where it is not kept. `of_data`: what views have made of the rows alone, by names of their own,
    kept as long as the network is at hand."""

    network: Network
    prepared: PreparedLike
    spec: RunSpec
    state: State
    choice: Mapping[str, Any] = field(default_factory=dict)
    training: Callable[[], Changes] = _no_training
    way: Callable[[int], Sequence[Recorded]] = _no_way
    recorded: Callable[[int | None], Recorded | None] = _none_recorded
    of_data: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def layers(self) -> Sequence[Placed]:
        """Those of the spec, unfolded."""
        return unfold(self.spec.layers)

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What views have made of the network as it is now, by names of their own: kept with the recorded moment, so that another
        choice at the same moment need not make it again; empty where these weights are not recorded."""
        moment = self.recorded(self.state.step)
        if moment is None or not all(map(np.array_equal, moment.weights, self.state.weights)):
            return {}
        memo: dict[str, Any] = moment.memo.setdefault(f"off {self.state.off!r}", {})
        return memo

    def index(self, name: str, *, of: int, default: int = 0) -> int:
        """A choice that is one of so many, from 0. Raises RequestError for anything else."""
        value = self.choice.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < of:
            raise RequestError(f"{name} is one of {of:,}, from 0; got {value!r:.40}", where=name)
        return value
