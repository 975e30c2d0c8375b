"""A spec as a Keras script: Python that runs where nnviz is not installed. Knows no TensorFlow, so a page can show it live."""

from nnviz.export.script import Shapes, script

__all__ = ["Shapes", "script"]
