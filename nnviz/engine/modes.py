"""How a network is compiled: decided by its kinds of layers before the first step, kept with the run.

XLA makes dense networks up to 8 times faster on a CPU, but takes convolutions away from oneDNN, which makes them several
times slower. `benchmarks/training.py` measures both.
"""

from collections.abc import Iterable

VERSION = 1
GRAPH_KINDS = frozenset({"Conv2D", "MaxPooling2D", "AveragePooling2D"})


def mode(kinds: Iterable[str]) -> str:
    """`xla` or `graph`."""
    return "graph" if GRAPH_KINDS.intersection(kinds) else "xla"
