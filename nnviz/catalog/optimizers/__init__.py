"""Every optimizer with Keras's parameters and the update as Keras computes it. Each module here gives its optimizers as
`ENTRIES`; a new module is found by itself."""

from nnviz.catalog.collect import collect
from nnviz.catalog.entry import OptimizerEntry

__all__ = ["OPTIMIZERS"]

OPTIMIZERS: dict[str, OptimizerEntry] = collect(__name__, __path__, OptimizerEntry, first=("standard",))
