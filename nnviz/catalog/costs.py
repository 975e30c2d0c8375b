"""Every cost: what training makes small. Formulas give one column's share of one row's cost; see CostEntry.

Keras keeps logarithms finite by a smallest value of 1e-7; the formulas say so where it matters.
"""

from nnviz.catalog.entry import CostEntry
from nnviz.catalog.param import Param

_BOTH = {"classification": "softmax", "regression": "identity"}

COSTS: dict[str, CostEntry] = {entry.kind: entry for entry in (
    CostEntry(
        kind="CrossEntropy", keras="CategoricalCrossentropy", columns="sum", tasks=("classification",),
        transform={"classification": "softmax"}, transforms=("softmax", "sigmoid"),
        formula="-y_true * log(clip(y_pred, 1e-7, 1 - 1e-7))",
        sigmoid_formula="-y_true * log(y_pred + 1e-7) - (1 - y_true) * log(1 - y_pred + 1e-7)",
        latex=r"-\sum_k y_k \log \hat y_k",
        help="How surprised the network is by the right class: the usual cost for classes."),
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
        help="The miss in percent of the target; not for targets at or near zero."),
    CostEntry(
        kind="MeanSquaredLogarithmicError", keras="MeanSquaredLogarithmicError", tasks=("regression",),
        transform={"regression": "softplus"}, transforms=("softplus", "identity"), target_scaling=False,
        formula="square(log(maximum(y_pred, 1e-7) + 1) - log(maximum(y_true, 1e-7) + 1))",
        latex=r"\tfrac1k \sum_k \left(\log(1 + y_k) - \log(1 + \hat y_k)\right)^2",
        help="Compares ratios rather than differences; for targets from zero up over several orders of magnitude."),
    CostEntry(
        kind="Poisson", keras="Poisson", tasks=("regression",), transform={"regression": "softplus"},
        transforms=("softplus",), target_scaling=False,
        formula="y_pred - y_true * log(y_pred + 1e-7)", latex=r"\tfrac1k \sum_k \hat y_k - y_k \log \hat y_k",
        help="For counts (0, 1, 2, ...): the network gives the expected count."),
    CostEntry(
        kind="KLDivergence", keras="KLDivergence", columns="sum", tasks=("classification",),
        transform={"classification": "softmax"}, transforms=("softmax", "sigmoid"),
        formula="clip(y_true, 1e-7, 1) * log(clip(y_true, 1e-7, 1) / clip(y_pred, 1e-7, 1))",
        latex=r"\sum_k y_k \log \frac{y_k}{\hat y_k}",
        help="The distance between two distributions; on plain classes the same as cross-entropy."),
    CostEntry(
        kind="CategoricalHinge", keras="CategoricalHinge", columns="sum", tasks=("classification",),
        transform={"classification": "identity"}, transforms=("identity",),
        formula="maximum(max((1 - y_true) * y_pred) - sum(y_true * y_pred) + 1, 0)",
        latex=r"\max\left(0,\ 1 + \max_{k} (1 - y_k) \hat y_k - \sum_k y_k \hat y_k\right)",
        help="Asks the right class to lead the best wrong one by 1; no cost beyond that."),
    CostEntry(
        kind="Hinge", keras="Hinge", tasks=("classification",), transform={"classification": "identity"},
        transforms=("identity",),
        formula="maximum(1 - (2 * y_true - 1) * y_pred, 0)",
        latex=r"\tfrac1k \sum_k \max(0,\ 1 - (2 y_k - 1) \hat y_k)",
        help="Each class against the rest with a margin of 1, as in a support vector machine."),
    CostEntry(
        kind="SquaredHinge", keras="SquaredHinge", tasks=("classification",), transform={"classification": "identity"},
        transforms=("identity",),
        formula="square(maximum(1 - (2 * y_true - 1) * y_pred, 0))",
        latex=r"\tfrac1k \sum_k \max(0,\ 1 - (2 y_k - 1) \hat y_k)^2",
        help="The hinge squared: smooth at the margin, harder on large misses."),
    CostEntry(
        kind="Expression", columns="sum", tasks=("classification", "regression"), transform=_BOTH,
        formula="", latex=r"\sum_k f(y_k, \hat y_k)",
        help="Your own formula over y_true and y_pred; summed over columns, averaged over rows.",
        params=(Param(name="expression", type="expression", required=True, names=("y_true", "y_pred"),
                      help="Over y_true (one-hot for classes) and y_pred (the transformed output)."),)),
)}
