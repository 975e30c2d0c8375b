"""What can be picked: layers, activations, costs, optimizers, schedules, metrics, data sets and presets.

Each is one frozen entry with Keras's parameter names, ranges, defaults, formula and help. Nothing here imports
TensorFlow, so pages draw and check everything without it. Custom activations and costs (`nnviz.catalog.own`) are
added here, once.
"""

from nnviz.catalog import own
from nnviz.catalog.activations import ACTIVATIONS
from nnviz.catalog.costs import COSTS
from nnviz.catalog.datasets import DATASETS
from nnviz.catalog.layers import LAYERS
from nnviz.catalog.metrics import METRICS
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.catalog.presets import PRESETS
from nnviz.catalog.schedules import SCHEDULES

OWN = own.read(own.folder(), taken=[*ACTIVATIONS, *COSTS, *LAYERS, *OPTIMIZERS, *SCHEDULES])
ACTIVATIONS.update(OWN.activations)
COSTS.update(OWN.costs)

__all__ = ["ACTIVATIONS", "COSTS", "DATASETS", "LAYERS", "METRICS", "OPTIMIZERS", "OWN", "PRESETS", "SCHEDULES", "own_changed"]


def own_changed() -> bool:
    """Whether files of custom components came, went or changed since this process read them: it then needs a restart."""
    return own.fingerprint(own.folder()) != OWN.fingerprint
