"""Every optimizer with Keras's parameters and the update as Keras computes it. Each module here gives its optimizers as
`ENTRIES`; a new module is found by itself.

In the formulas w are the weights, g the gradient, eta the learning rate, t the step from 1. The default rates differ
from Keras's where those barely move a small network within a few hundred steps: `python -m benchmarks.optimizers` says what
each reaches (docs/results.md).

Of Keras's own, three are left out. ScheduleFreeAdamW must be evaluated at other weights than it trains, which Keras
gives no way to. LossScaleOptimizer and MultiOptimizer are wrappers around other optimizers.
"""

from nnviz.catalog.collect import collect
from nnviz.catalog.entry import OptimizerEntry

__all__ = ["OPTIMIZERS"]

_ORDER = (
    "SGD",
    "Adam",
    "AdamW",
    "RMSprop",
    "Adagrad",
    "Adadelta",
    "Adamax",
    "Nadam",
    "Lion",
    "Ftrl",
    "Momentum",
    "Nesterov",
    "AMSGrad",
    "Lamb",
    "Adafactor",
    "Muon",
)
OPTIMIZERS: dict[str, OptimizerEntry] = collect(__name__, __path__, OptimizerEntry, order=_ORDER)
