"""The cost whose formula is typed in."""

from nnviz.catalog.costs.building import BOTH_TASKS
from nnviz.catalog.entry import CostEntry
from nnviz.catalog.param import Param

ENTRIES = (
    CostEntry(
        kind="Expression",
        columns="sum",
        tasks=("classification", "regression"),
        transform=BOTH_TASKS,
        formula="",
        latex=r"\sum_k f(y_k, \hat y_k)",
        help="Your own formula over y_true and y_pred; summed over columns, averaged over rows.",
        params=(
            Param(
                name="expression",
                type="expression",
                required=True,
                names=("y_true", "y_pred"),
                default="square(y_true - y_pred)",
                help="Over y_true (one-hot for classes) and y_pred (the transformed output).",
            ),
        ),
    ),
)
