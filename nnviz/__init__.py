"""nnviz: see neural networks learn. The dashboard, the engine behind it, and their command line."""

__version__ = "0.1.0"
