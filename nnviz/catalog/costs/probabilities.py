"""Costs that compare probabilities of classes: cross-entropy and its relatives.

Keras keeps logarithms finite by a smallest value of 1e-7; the formulas say so where it matters. On one-hot targets of k
classes mean(y_true) is 1 / k, which label smoothing hands out.
"""

from nnviz.catalog.entry import CostEntry
from nnviz.catalog.param import Param

_PROBABILITIES = "it compares the probabilities of classes, and this target is a number"
_SMOOTHING = Param(
    name="label_smoothing",
    type="float",
    default=0.0,
    minimum=0,
    below=1,
    step=0.05,
    advanced=True,
    help="The share of each label that is spread evenly over all classes: keeps a network from being too sure.",
)
_SMOOTHED = "(y_true + label_smoothing * (mean(y_true) - y_true))"
_HALF_SMOOTHED = "(y_true + label_smoothing * (0.5 - y_true))"


def _focal(*, least: float) -> tuple[Param, Param]:
    return (
        Param(name="alpha", type="float", default=0.25, above=0, maximum=100, step=0.05, help="A factor on the whole cost."),
        Param(
            name="gamma",
            type="float",
            default=2.0,
            minimum=least,
            maximum=20,
            step=0.5,
            help="How strongly rows that are right already are played down.",
        ),
    )


ENTRIES = (
    CostEntry(
        kind="CrossEntropy",
        keras="CategoricalCrossentropy",
        columns="sum",
        tasks=("classification",),
        transform={"classification": "softmax"},
        transforms=("softmax", "sigmoid"),
        formula=f"-{_SMOOTHED} * log(clip(y_pred, 1e-7, 1 - 1e-7))",
        sigmoid_formula=f"-{_HALF_SMOOTHED} * log(y_pred + 1e-7) - (1 - {_HALF_SMOOTHED}) * log(1 - y_pred + 1e-7)",
        latex=r"-\sum_k y_k \log \hat y_k",
        reason=_PROBABILITIES,
        help="How surprised the network is by the right class: the usual cost for classes.",
        reference="Goodfellow, Bengio and Courville (2016), Deep Learning, 6.2.2",
        params=(_SMOOTHING,),
    ),
    CostEntry(
        kind="KLDivergence",
        keras="KLDivergence",
        columns="sum",
        tasks=("classification",),
        transform={"classification": "softmax"},
        transforms=("softmax", "sigmoid"),
        formula="clip(y_true, 1e-7, 1) * log(clip(y_true, 1e-7, 1) / clip(y_pred, 1e-7, 1))",
        latex=r"\sum_k y_k \log \frac{y_k}{\hat y_k}",
        reason=_PROBABILITIES,
        help="The distance between two distributions; on plain classes the same as cross-entropy.",
        reference="Kullback and Leibler (1951), On Information and Sufficiency",
    ),
    CostEntry(
        kind="CategoricalFocalCrossentropy",
        keras="CategoricalFocalCrossentropy",
        columns="sum",
        tasks=("classification",),
        transform={"classification": "softmax"},
        transforms=("softmax",),
        reason=_PROBABILITIES,
        formula=f"-alpha * (1 - clip(y_pred, 1e-7, 1 - 1e-7)) ** gamma * {_SMOOTHED} * log(clip(y_pred, 1e-7, 1 - 1e-7))",
        latex=r"-\alpha \sum_k (1 - \hat y_k)^\gamma\, y_k \log \hat y_k",
        help="Cross-entropy that plays down what is right already, so that rare and hard rows count (Lin et al., 2017).",
        reference="Lin et al. (2017), Focal Loss for Dense Object Detection, arXiv:1708.02002",
        params=(*_focal(least=0), _SMOOTHING),
    ),
    CostEntry(
        # With gamma below 1, the slope of Keras's factor (1 - p) ** gamma is infinite where a row is wholly right.
        kind="BinaryFocalCrossentropy",
        keras="BinaryFocalCrossentropy",
        tasks=("classification",),
        transform={"classification": "sigmoid"},
        transforms=("sigmoid",),
        reason=_PROBABILITIES,
        formula=f"({_HALF_SMOOTHED} + y_pred - 2 * {_HALF_SMOOTHED} * y_pred) ** gamma"
        f" * (-{_HALF_SMOOTHED} * log(clip(y_pred, 1e-7, 1 - 1e-7))"
        f" - (1 - {_HALF_SMOOTHED}) * log(clip(1 - y_pred, 1e-7, 1 - 1e-7)))"
        f" * (1 + apply_class_balancing * ({_HALF_SMOOTHED} * (2 * alpha - 1) - alpha))",
        latex=r"\tfrac1k \sum_k -(1 - p_k)^\gamma \log p_k,\quad p_k = y_k \hat y_k + (1 - y_k)(1 - \hat y_k)",
        help="The focal cost for each class by itself, yes or no; two classes share one output.",
        reference="Lin et al. (2017), Focal Loss for Dense Object Detection, arXiv:1708.02002",
        params=(
            Param(
                name="apply_class_balancing",
                type="bool",
                default=False,
                help="Weigh the class by alpha and the rest by 1 - alpha.",
            ),
            *_focal(least=1),
            _SMOOTHING,
        ),
    ),
    CostEntry(
        kind="CategoricalGeneralizedCrossEntropy",
        columns="row",
        tasks=("classification",),
        transform={"classification": "softmax"},
        transforms=("softmax",),
        reason=_PROBABILITIES,
        formula="(1 - clip(sum(y_true * y_pred), 1e-7, 1) ** q) / q",
        latex=r"\frac{1 - \hat y_{true}^{\,q}}{q}",
        help="Between cross-entropy (q near 0) and absolute error (q near 1): bears wrong labels (Zhang and Sabuncu, 2018).",
        reference="Zhang and Sabuncu (2018), Generalized Cross Entropy Loss, arXiv:1805.07836",
        params=(
            Param(
                name="q",
                type="float",
                default=0.5,
                above=0,
                below=1,
                step=0.05,
                help="The nearer to 1, the less a wrong label can do.",
            ),
        ),
    ),
)
