"""How a network is compiled: decided by its kinds of layers before the first step, kept with the run.

XLA makes dense networks up to 8 times faster on a CPU, and recurrent layers, pooling and augmentation 1.5 to 6 times, though
some compile longer. But it takes convolutions away from oneDNN, which makes them several times slower, and what stands beside
convolutions in a network is little. Attention is faster with it over 20 places and slower over 64, and compiles four times as
long. `benchmarks/modes.py` measures both ways, kind by kind.
"""

from collections.abc import Iterable
from typing import Literal

from nnviz.catalog.compilation import GRAPH_KINDS, VERSION

__all__ = ["GRAPH_KINDS", "VERSION", "Mode", "mode"]

Mode = Literal["xla", "graph"]


def mode(kinds: Iterable[str]) -> Mode:
    """`xla` or `graph`."""
    return "graph" if GRAPH_KINDS.intersection(kinds) else "xla"
