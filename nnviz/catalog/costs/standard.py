"""Every cost: what training makes small. Formulas give one column's share of one row's cost; see CostEntry.

Keras keeps logarithms finite by a smallest value of 1e-7; the formulas say so where it matters. On one-hot targets of k
classes mean(y_true) is 1 / k, which label smoothing hands out.
"""

from nnviz.catalog.entry import CostEntry
from nnviz.catalog.param import Param

_BOTH = {"classification": "softmax", "regression": "identity"}
_PROBABILITIES = "it compares the probabilities of classes, and this target is a number"
_MARGIN = "it asks the right class for a lead over wrong ones, and this target is a number"
_OVERLAP = "it compares shares of classes that overlap, and this target is a number"
_SMOOTHING = Param(name="label_smoothing", type="float", default=0.0, minimum=0, below=1, step=0.05, advanced=True,
                   help="The share of each label that is spread evenly over all classes: keeps a network from being too sure.")
_SMOOTHED = "(y_true + label_smoothing * (mean(y_true) - y_true))"
_HALF_SMOOTHED = "(y_true + label_smoothing * (0.5 - y_true))"


def _focal(*, least: float) -> tuple[Param, Param]:
    return (Param(name="alpha", type="float", default=0.25, above=0, maximum=100, step=0.05, help="A factor on the whole cost."),
            Param(name="gamma", type="float", default=2.0, minimum=least, maximum=20, step=0.5,
                  help="How strongly rows that are right already are played down."))


ENTRIES = (
    CostEntry(
        kind="CrossEntropy", keras="CategoricalCrossentropy", columns="sum", tasks=("classification",),
        transform={"classification": "softmax"}, transforms=("softmax", "sigmoid"),
        formula=f"-{_SMOOTHED} * log(clip(y_pred, 1e-7, 1 - 1e-7))",
        sigmoid_formula=f"-{_HALF_SMOOTHED} * log(y_pred + 1e-7) - (1 - {_HALF_SMOOTHED}) * log(1 - y_pred + 1e-7)",
        latex=r"-\sum_k y_k \log \hat y_k", reason=_PROBABILITIES,
        help="How surprised the network is by the right class: the usual cost for classes.", params=(_SMOOTHING,)),
    CostEntry(
        kind="MeanSquaredError", keras="MeanSquaredError", tasks=("classification", "regression"), transform=_BOTH,
        formula="square(y_true - y_pred)", latex=r"\tfrac1k \sum_k (y_k - \hat y_k)^2",
        help="The squared distance to the target: the usual cost for numbers; large misses weigh most."),
    CostEntry(
        kind="MeanAbsoluteError", keras="MeanAbsoluteError", tasks=("classification", "regression"), transform=_BOTH,
        formula="abs(y_true - y_pred)", latex=r"\tfrac1k \sum_k |y_k - \hat y_k|",
        help="The distance to the target: outliers weigh no more than their distance."),
    CostEntry(
        kind="Huber", keras="Huber", tasks=("classification", "regression"), transform=_BOTH,
        formula="where(abs(y_true - y_pred) <= delta, 0.5 * square(y_true - y_pred),"
                " delta * abs(y_true - y_pred) - 0.5 * square(delta))",
        latex=r"\tfrac1k \sum_k \begin{cases}\tfrac12 r_k^2 & |r_k| \le \delta\\ \delta |r_k| - \tfrac12 \delta^2 &"
              r" |r_k| > \delta\end{cases},\quad r = y - \hat y",
        help="Squared for small misses, straight for large ones: smooth, and calm about outliers.",
        params=(Param(name="delta", type="float", default=1.0, above=0, maximum=1e6, step=0.1,
                      help="Where squared turns into straight, in the unit of the (scaled) target."),)),
    CostEntry(
        kind="LogCosh", keras="LogCosh", tasks=("classification", "regression"), transform=_BOTH,
        formula="(y_pred - y_true) + softplus(-2 * (y_pred - y_true)) - log(2)",
        latex=r"\tfrac1k \sum_k \log\cosh(\hat y_k - y_k)",
        help="Much like Huber, smooth everywhere."),
    CostEntry(
        kind="MeanAbsolutePercentageError", keras="MeanAbsolutePercentageError", tasks=("regression",),
        transform={"regression": "identity"}, transforms=("identity", "softplus"), target_scaling=False,
        formula="100 * abs((y_true - y_pred) / maximum(abs(y_true), 1e-7))",
        latex=r"\tfrac{100}{k} \sum_k \left|\frac{y_k - \hat y_k}{y_k}\right|",
        reason="it divides by the target, and the columns of wrong classes are 0",
        domain="nonzero", domain_why="divides by the target, so that such a row outweighs all others",
        domain_remedy="Take MeanAbsoluteError or Huber, or leave these rows out.",
        help="The miss in percent of the target; not for targets at or near zero."),
    CostEntry(
        kind="MeanSquaredLogarithmicError", keras="MeanSquaredLogarithmicError", tasks=("regression",),
        transform={"regression": "softplus"}, transforms=("softplus", "identity"), target_scaling=False,
        formula="square(log(maximum(y_pred, 1e-7) + 1) - log(maximum(y_true, 1e-7) + 1))",
        latex=r"\tfrac1k \sum_k \left(\log(1 + y_k) - \log(1 + \hat y_k)\right)^2",
        reason="it compares the ratios of amounts, and classes are none",
        domain="nonnegative", domain_why="takes the logarithm of 1 + target and reads what is below 0 as 0",
        domain_remedy="Take MeanSquaredError or Huber, or shift the target so that it starts at 0.",
        help="Compares ratios rather than differences; for targets from zero up over several orders of magnitude."),
    CostEntry(
        kind="Poisson", keras="Poisson", tasks=("regression",), transform={"regression": "softplus"},
        transforms=("softplus",), target_scaling=False,
        formula="y_pred - y_true * log(y_pred + 1e-7)", latex=r"\tfrac1k \sum_k \hat y_k - y_k \log \hat y_k",
        reason="it is for counts, and classes are none",
        domain="nonnegative", domain_why="is for counts from 0 up, and for a negative one the best prediction is always 0",
        domain_remedy="Take MeanSquaredError or Huber, or shift the target so that it starts at 0.",
        help="For counts (0, 1, 2, ...): the network gives the expected count."),
    CostEntry(
        kind="KLDivergence", keras="KLDivergence", columns="sum", tasks=("classification",),
        transform={"classification": "softmax"}, transforms=("softmax", "sigmoid"),
        formula="clip(y_true, 1e-7, 1) * log(clip(y_true, 1e-7, 1) / clip(y_pred, 1e-7, 1))",
        latex=r"\sum_k y_k \log \frac{y_k}{\hat y_k}",
        reason=_PROBABILITIES,
        help="The distance between two distributions; on plain classes the same as cross-entropy."),
    CostEntry(
        kind="CategoricalHinge", keras="CategoricalHinge", columns="row", tasks=("classification",),
        transform={"classification": "identity"}, transforms=("identity",),
        formula="maximum(max((1 - y_true) * y_pred) - sum(y_true * y_pred) + 1, 0)",
        latex=r"\max\left(0,\ 1 + \max_{k} (1 - y_k) \hat y_k - \sum_k y_k \hat y_k\right)",
        reason=_MARGIN,
        help="Asks the right class to lead the best wrong one by 1; no cost beyond that."),
    CostEntry(
        kind="Hinge", keras="Hinge", tasks=("classification",), transform={"classification": "identity"},
        transforms=("identity",),
        formula="maximum(1 - (2 * y_true - 1) * y_pred, 0)",
        latex=r"\tfrac1k \sum_k \max(0,\ 1 - (2 y_k - 1) \hat y_k)",
        reason=_MARGIN,
        help="Each class against the rest with a margin of 1, as in a support vector machine."),
    CostEntry(
        kind="SquaredHinge", keras="SquaredHinge", tasks=("classification",), transform={"classification": "identity"},
        transforms=("identity",),
        formula="square(maximum(1 - (2 * y_true - 1) * y_pred, 0))",
        latex=r"\tfrac1k \sum_k \max(0,\ 1 - (2 y_k - 1) \hat y_k)^2",
        reason=_MARGIN,
        help="The hinge squared: smooth at the margin, harder on large misses."),
    CostEntry(
        kind="CategoricalFocalCrossentropy", keras="CategoricalFocalCrossentropy", columns="sum", tasks=("classification",),
        transform={"classification": "softmax"}, transforms=("softmax",), reason=_PROBABILITIES,
        formula="-alpha * (1 - clip(y_pred, 1e-7, 1 - 1e-7)) ** gamma"
                f" * {_SMOOTHED} * log(clip(y_pred, 1e-7, 1 - 1e-7))",
        latex=r"-\alpha \sum_k (1 - \hat y_k)^\gamma\, y_k \log \hat y_k",
        help="Cross-entropy that plays down what is right already, so that rare and hard rows count (Lin et al., 2017).",
        params=(*_focal(least=0), _SMOOTHING)),
    CostEntry(
        # With gamma below 1, the slope of Keras's factor (1 - p) ** gamma is infinite where a row is wholly right.
        kind="BinaryFocalCrossentropy", keras="BinaryFocalCrossentropy", tasks=("classification",),
        transform={"classification": "sigmoid"}, transforms=("sigmoid",), reason=_PROBABILITIES,
        formula=f"({_HALF_SMOOTHED} + y_pred - 2 * {_HALF_SMOOTHED} * y_pred) ** gamma"
                f" * (-{_HALF_SMOOTHED} * log(clip(y_pred, 1e-7, 1 - 1e-7))"
                f" - (1 - {_HALF_SMOOTHED}) * log(clip(1 - y_pred, 1e-7, 1 - 1e-7)))"
                f" * (1 + apply_class_balancing * ({_HALF_SMOOTHED} * (2 * alpha - 1) - alpha))",
        latex=r"\tfrac1k \sum_k -(1 - p_k)^\gamma \log p_k,\quad p_k = y_k \hat y_k + (1 - y_k)(1 - \hat y_k)",
        help="The focal cost for each class by itself, yes or no; two classes share one output.",
        params=(Param(name="apply_class_balancing", type="bool", default=False,
                      help="Weigh the class by alpha and the rest by 1 - alpha."), *_focal(least=1), _SMOOTHING)),
    CostEntry(
        kind="CategoricalGeneralizedCrossEntropy", columns="row", tasks=("classification",),
        transform={"classification": "softmax"}, transforms=("softmax",), reason=_PROBABILITIES,
        formula="(1 - clip(sum(y_true * y_pred), 1e-7, 1) ** q) / q", latex=r"\frac{1 - \hat y_{true}^{\,q}}{q}",
        help="Between cross-entropy (q near 0) and absolute error (q near 1): bears wrong labels (Zhang and Sabuncu, 2018).",
        params=(Param(name="q", type="float", default=0.5, above=0, below=1, step=0.05,
                      help="The nearer to 1, the less a wrong label can do."),)),
    CostEntry(
        kind="CosineSimilarity", columns="row", tasks=("classification", "regression"), transform=_BOTH, least_outputs=2,
        formula="-sum(y_true * y_pred) / sqrt(maximum(sum(square(y_true)), 1e-14) * maximum(sum(square(y_pred)), 1e-14))",
        latex=r"-\frac{y \cdot \hat y}{|y|\,|\hat y|}",
        help="The angle between target and prediction, -1 where they point the same way; their lengths do not matter."),
    CostEntry(
        kind="Dice", columns="row", tasks=("classification",), transform={"classification": "softmax"}, transforms=("softmax",),
        formula="1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred) + 1e-7)", reason=_OVERLAP,
        latex=r"1 - \frac{2 \sum_k y_k \hat y_k}{\sum_k y_k + \sum_k \hat y_k}",
        help="How little target and prediction overlap, row by row (Keras takes a whole batch unless told axis=-1)."),
    CostEntry(
        kind="Tversky", columns="row", tasks=("classification",), transform={"classification": "softmax"},
        transforms=("softmax",), reason=_OVERLAP,
        formula="1 - sum(y_true * y_pred) / (sum(y_true * y_pred) + alpha * sum(y_true * (1 - y_pred))"
                " + beta * sum((1 - y_true) * y_pred) + 1e-7)",
        latex=r"1 - \frac{\sum_k y_k \hat y_k}{\sum_k y_k \hat y_k + \alpha \sum_k y_k (1 - \hat y_k)"
              r" + \beta \sum_k (1 - y_k) \hat y_k}",
        help="Dice with weights for what is missed and what is claimed, row by row (Keras: by batch unless told axis=-1).",
        params=(Param(name="alpha", type="float", default=0.5, minimum=0, maximum=100, step=0.1,
                      help="The weight of what is missed of the right class."),
                Param(name="beta", type="float", default=0.5, minimum=0, maximum=100, step=0.1,
                      help="The weight of what is claimed for wrong classes."))),
    CostEntry(
        kind="Perceptron", columns="row", tasks=("classification",), transform={"classification": "identity"},
        transforms=("identity",), reason=_MARGIN,
        formula="maximum(max(where(y_true > 0.5, -1e30, y_pred)) - sum(y_true * y_pred), 0)",
        latex=r"\max\left(0,\ \max_{k \ne t} \hat y_k - \hat y_t\right)",
        help="How far the best wrong class is ahead of the right one: nothing once a row is right (Rosenblatt, 1958;"
             " for two classes max(0, -y z))."),
    CostEntry(
        kind="SVM", columns="sum", tasks=("classification",), transform={"classification": "identity"},
        transforms=("identity",), reason=_MARGIN,
        formula="(1 - y_true) * maximum(1 + y_pred - sum(y_true * y_pred), 0)",
        latex=r"\sum_{k \ne t} \max(0,\ 1 + \hat y_k - \hat y_t)",
        help="Asks the right class to lead every wrong one by 1, as a support vector machine for classes does"
             " (Weston and Watkins, 1999)."),
    CostEntry(
        kind="Expression", columns="sum", tasks=("classification", "regression"), transform=_BOTH,
        formula="", latex=r"\sum_k f(y_k, \hat y_k)",
        help="Your own formula over y_true and y_pred; summed over columns, averaged over rows.",
        params=(Param(name="expression", type="expression", required=True, names=("y_true", "y_pred"),
                      default="square(y_true - y_pred)",
                      help="Over y_true (one-hot for classes) and y_pred (the transformed output)."),)),
)
