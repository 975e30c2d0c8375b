"""How a network is compiled: decided by its kinds of layers before the first step, kept with the run.

XLA makes dense networks up to 8 times faster on a CPU, but takes convolutions away from oneDNN, which makes them several
times slower. Recurrent layers are some 2 to 10 times faster with it, though they compile longer; attention gains nothing
that would make up for its compilation. `benchmarks/modes.py` measures both ways, kind by kind.
"""

from collections.abc import Iterable
from typing import Literal

from nnviz.catalog.compilation import GRAPH_KINDS, VERSION

__all__ = ["GRAPH_KINDS", "VERSION", "Mode", "mode"]

Mode = Literal["xla", "graph"]


def mode(kinds: Iterable[str]) -> Mode:
    """`xla` or `graph`."""
    return "graph" if GRAPH_KINDS.intersection(kinds) else "xla"
