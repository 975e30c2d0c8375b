"""Costs that compare a row of targets and its prediction as wholes: by their overlap, or by the angle between them."""

from nnviz.catalog.costs.building import BOTH_TASKS
from nnviz.catalog.entry import CostEntry
from nnviz.catalog.param import Param

_OVERLAP = "it compares shares of classes that overlap, and this target is a number"

ENTRIES = (
    CostEntry(
        kind="CosineSimilarity",
        columns="row",
        tasks=("classification", "regression"),
        transform=BOTH_TASKS,
        least_outputs=2,
        formula="-sum(y_true * y_pred) / sqrt(maximum(sum(square(y_true)), 1e-14) * maximum(sum(square(y_pred)), 1e-14))",
        latex=r"-\frac{y \cdot \hat y}{|y|\,|\hat y|}",
        help="The angle between target and prediction, -1 where they point the same way; their lengths do not matter.",
        reference="https://keras.io/api/losses/regression_losses/#cosinesimilarity-class",
    ),
    CostEntry(
        kind="Dice",
        columns="row",
        tasks=("classification",),
        transform={"classification": "softmax"},
        transforms=("softmax",),
        formula="1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred) + 1e-7)",
        reason=_OVERLAP,
        latex=r"1 - \frac{2 \sum_k y_k \hat y_k}{\sum_k y_k + \sum_k \hat y_k}",
        help="How little target and prediction overlap, row by row (Keras takes a whole batch unless told axis=-1).",
        reference="Milletari, Navab and Ahmadi (2016), V-Net, arXiv:1606.04797",
    ),
    CostEntry(
        kind="Tversky",
        columns="row",
        tasks=("classification",),
        transform={"classification": "softmax"},
        transforms=("softmax",),
        reason=_OVERLAP,
        formula="1 - sum(y_true * y_pred) / (sum(y_true * y_pred) + alpha * sum(y_true * (1 - y_pred))"
        " + beta * sum((1 - y_true) * y_pred) + 1e-7)",
        latex=r"1 - \frac{\sum_k y_k \hat y_k}{\sum_k y_k \hat y_k + \alpha \sum_k y_k (1 - \hat y_k)"
        r" + \beta \sum_k (1 - y_k) \hat y_k}",
        help="Dice with weights for what is missed and what is claimed, row by row (Keras: by batch unless told axis=-1).",
        reference="Salehi, Erdogmus and Gholipour (2017), Tversky Loss Function for Image Segmentation, arXiv:1706.05721",
        params=(
            Param(
                name="alpha",
                type="float",
                default=0.5,
                minimum=0,
                maximum=100,
                step=0.1,
                help="The weight of what is missed of the right class.",
            ),
            Param(
                name="beta",
                type="float",
                default=0.5,
                minimum=0,
                maximum=100,
                step=0.1,
                help="The weight of what is claimed for wrong classes.",
            ),
        ),
    ),
)
