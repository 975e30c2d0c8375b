"""What can be picked: layers, activations, costs, optimizers, schedules, metrics, data sets and presets.

Each is one frozen entry with Keras's parameter names, ranges, defaults, formula and help. Nothing here imports
TensorFlow, so pages draw and check everything without it.
"""

from nnviz.catalog.activations import ACTIVATIONS
from nnviz.catalog.costs import COSTS
from nnviz.catalog.datasets import DATASETS
from nnviz.catalog.layers import LAYERS
from nnviz.catalog.metrics import METRICS
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.catalog.presets import PRESETS
from nnviz.catalog.schedules import SCHEDULES

__all__ = ["ACTIVATIONS", "COSTS", "DATASETS", "LAYERS", "METRICS", "OPTIMIZERS", "PRESETS", "SCHEDULES"]
