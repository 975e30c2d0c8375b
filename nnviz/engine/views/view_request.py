"""What a view is computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nnviz.engine.loop.state import State
from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.errors import RequestError
from nnviz.spec import Placed, RunSpec, unfold


@dataclass(frozen=True)
class ViewRequest:
    """`network` holds the weights of `state`; `spec`: with the settings in force then; `choice`: what the viewer has chosen
    in the view (a row, a unit, two columns), by names that are the view's own, empty at first."""

    network: Network
    prepared: PreparedLike
    spec: RunSpec
    state: State
    choice: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def layers(self) -> Sequence[Placed]:
        """Those of the spec, unfolded."""
        return unfold(self.spec.layers)

    def index(self, name: str, *, of: int, default: int = 0) -> int:
        """A choice that is one of so many, from 0. Raises RequestError for anything else."""
        value = self.choice.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < of:
            raise RequestError(f"{name} is one of {of:,}, from 0; got {value!r:.40}", where=name)
        return value
