"""Costs that ask the score of the right class for a lead over those of wrong ones: hinges, the perceptron, the SVM."""

from nnviz.catalog.entry import CostEntry

_MARGIN = "it asks the right class for a lead over wrong ones, and this target is a number"

ENTRIES = (
    CostEntry(
        kind="CategoricalHinge",
        keras="CategoricalHinge",
        columns="row",
        tasks=("classification",),
        transform={"classification": "identity"},
        transforms=("identity",),
        formula="maximum(max((1 - y_true) * y_pred) - sum(y_true * y_pred) + 1, 0)",
        latex=r"\max\left(0,\ 1 + \max_{k} (1 - y_k) \hat y_k - \sum_k y_k \hat y_k\right)",
        reason=_MARGIN,
        help="Asks the right class to lead the best wrong one by 1; no cost beyond that.",
        reference="Crammer and Singer (2001), On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines",
    ),
    CostEntry(
        kind="Hinge",
        keras="Hinge",
        tasks=("classification",),
        transform={"classification": "identity"},
        transforms=("identity",),
        formula="maximum(1 - (2 * y_true - 1) * y_pred, 0)",
        latex=r"\tfrac1k \sum_k \max(0,\ 1 - (2 y_k - 1) \hat y_k)",
        reason=_MARGIN,
        help="Each class against the rest with a margin of 1, as in a support vector machine.",
        reference="Cortes and Vapnik (1995), Support-Vector Networks",
    ),
    CostEntry(
        kind="SquaredHinge",
        keras="SquaredHinge",
        tasks=("classification",),
        transform={"classification": "identity"},
        transforms=("identity",),
        formula="square(maximum(1 - (2 * y_true - 1) * y_pred, 0))",
        latex=r"\tfrac1k \sum_k \max(0,\ 1 - (2 y_k - 1) \hat y_k)^2",
        reason=_MARGIN,
        help="The hinge squared: smooth at the margin, harder on large misses.",
        reference="Tang (2013), Deep Learning using Linear Support Vector Machines, arXiv:1306.0239",
    ),
    CostEntry(
        kind="Perceptron",
        columns="row",
        tasks=("classification",),
        transform={"classification": "identity"},
        transforms=("identity",),
        reason=_MARGIN,
        formula="maximum(max(where(y_true > 0.5, -1e30, y_pred)) - sum(y_true * y_pred), 0)",
        latex=r"\max\left(0,\ \max_{k \ne t} \hat y_k - \hat y_t\right)",
        help="How far the best wrong class is ahead of the right one: nothing once a row is right (Rosenblatt, 1958;"
        " for two classes max(0, -y z)).",
        reference="Rosenblatt (1958), The Perceptron",
    ),
    CostEntry(
        kind="SVM",
        columns="sum",
        tasks=("classification",),
        transform={"classification": "identity"},
        transforms=("identity",),
        reason=_MARGIN,
        formula="(1 - y_true) * maximum(1 + y_pred - sum(y_true * y_pred), 0)",
        latex=r"\sum_{k \ne t} \max(0,\ 1 + \hat y_k - \hat y_t)",
        help="Asks the right class to lead every wrong one by 1, as a support vector machine for classes does"
        " (Weston and Watkins, 1999).",
        reference="Weston and Watkins (1999), Support Vector Machines for Multi-Class Pattern Recognition",
    ),
)
