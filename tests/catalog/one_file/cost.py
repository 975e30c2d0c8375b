"""A cost that Keras has not: its formula trains."""

from nnviz.catalog.entry import CostEntry
from nnviz.catalog.param import Param

ENTRIES = (
    CostEntry(
        kind="Cauchy",
        tasks=("classification", "regression"),
        transform={"classification": "softmax", "regression": "identity"},
        formula="log(1 + square((y_true - y_pred) / width))",
        latex=r"\tfrac1k \sum_k \log(1 + (y_k - \hat y_k)^2 / c^2)",
        help="Grows ever more slowly, so that no outlier pulls hard.",
        reference="Black and Anandan (1996), The Robust Estimation of Multiple Motions",
        params=(
            Param(
                name="width",
                type="float",
                default=1.0,
                above=0,
                maximum=1000,
                step=0.1,
                advanced=True,
                help="The distance from which it slows down.",
            ),
        ),
    ),
)
