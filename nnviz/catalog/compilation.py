"""Which kinds of layers are compiled without XLA on a CPU. `benchmarks/modes.py` measures both ways."""

from nnviz.catalog.layers import LAYERS

VERSION = 3
"""Of the rule by which a network is compiled; recorded with every run."""
GRAPH_KINDS = frozenset(kind for kind, entry in LAYERS.items() if entry.prefers_graph)
"""A network with one of these runs as a plain graph."""
