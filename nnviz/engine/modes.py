"""How a network is compiled: decided by its kinds of layers before the first step, kept with the run.

XLA makes dense networks up to 8 times faster on a CPU, and recurrent layers, attention, averages and augmentation 2 to 5
times, though some compile longer; but it takes convolutions away from oneDNN, which makes them several times slower, and a
maximum over large images loses, too; what stands beside those in a network is little. `benchmarks/modes.py` measures both ways, kind by kind.
"""

from collections.abc import Iterable
from typing import Literal

from nnviz.catalog.compilation import GRAPH_KINDS, VERSION

__all__ = ["GRAPH_KINDS", "VERSION", "Mode", "mode"]

Mode = Literal["xla", "graph"]


def mode(kinds: Iterable[str]) -> Mode:
    """`xla` or `graph`."""
    return "graph" if GRAPH_KINDS.intersection(kinds) else "xla"
