"""Which kinds of layers are compiled without XLA on a CPU. `benchmarks/modes.py` measures both ways."""

VERSION = 3
"""Of the rule by which a network is compiled; recorded with every run."""
GRAPH_KINDS = frozenset({
    "Conv1D", "Conv2D", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose",
    "MultiHeadAttention",
})
"""A network with one of these runs as a plain graph."""
