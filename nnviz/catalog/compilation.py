"""Which kinds of layers are compiled without XLA on a CPU. `benchmarks/training.py` measures what it makes of them."""

VERSION = 2
"""Of the rule by which a network is compiled; recorded with every run."""
GRAPH_KINDS = frozenset({
    "Conv1D", "Conv2D", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose",
    "MaxPooling1D", "AveragePooling1D", "MaxPooling2D", "AveragePooling2D", "UpSampling2D", "MultiHeadAttention",
    "RandomFlip", "RandomTranslation", "RandomRotation", "RandomZoom", "RandomContrast", "RandomBrightness",
})
"""A network with one of these runs as a plain graph."""
