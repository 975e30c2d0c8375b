"""Every cost: the objective that training minimizes. Each module here gives its costs as `ENTRIES`; a new module is found by
itself. Formulas give one column's share of one row's cost; see CostEntry."""

from nnviz.catalog.collect import collect
from nnviz.catalog.entry import CostEntry

__all__ = ["COSTS"]

_ORDER = (
    "CrossEntropy",
    "MeanSquaredError",
    "MeanAbsoluteError",
    "Huber",
    "LogCosh",
    "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "KLDivergence",
    "CategoricalHinge",
    "Hinge",
    "SquaredHinge",
    "CategoricalFocalCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "CosineSimilarity",
    "Dice",
    "Tversky",
    "Perceptron",
    "SVM",
    "Expression",
)
COSTS: dict[str, CostEntry] = collect(__name__, __path__, CostEntry, order=_ORDER)
