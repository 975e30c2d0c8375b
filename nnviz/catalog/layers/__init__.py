"""Every layer: its parameters as Keras names them, and what it makes of a shape, without TensorFlow.

Each module here gives its layers as `ENTRIES`; a new module is found by itself. `build` agrees with Keras on shapes, parameter
counts and refusals (the trainable constants of a typed activation come on top). It refuses more in three cases: Dense on
anything but a vector (Keras would apply it along the last axis), since Flatten is what a beginner means there; Embedding on
anything but a vector; and augmentation on anything but images.
"""

from nnviz.catalog.collect import collect
from nnviz.catalog.entry import LayerEntry
from nnviz.catalog.layers.building import shape_text
from nnviz.catalog.weights import INITIALIZERS

__all__ = ["INITIALIZERS", "LAYERS", "shape_text"]

LAYERS: dict[str, LayerEntry] = collect(
    __name__, __path__, LayerEntry, first=("core", "convolutions", "normalization", "sequences", "augmentation")
)
