"""Costs that measure how far a number is from its target; most of them take the one-hot columns of classes, too.

Keras keeps logarithms and divisions finite by a smallest value of 1e-7; the formulas say so where it matters.
"""

from nnviz.catalog.costs.building import BOTH_TASKS
from nnviz.catalog.entry import CostEntry
from nnviz.catalog.param import Param

ENTRIES = (
    CostEntry(
        kind="MeanSquaredError",
        keras="MeanSquaredError",
        tasks=("classification", "regression"),
        transform=BOTH_TASKS,
        formula="square(y_true - y_pred)",
        latex=r"\tfrac1k \sum_k (y_k - \hat y_k)^2",
        help="The squared distance to the target: the usual cost for numbers; large misses weigh most.",
        reference="https://keras.io/api/losses/regression_losses/#meansquarederror-class",
    ),
    CostEntry(
        kind="MeanAbsoluteError",
        keras="MeanAbsoluteError",
        tasks=("classification", "regression"),
        transform=BOTH_TASKS,
        formula="abs(y_true - y_pred)",
        latex=r"\tfrac1k \sum_k |y_k - \hat y_k|",
        help="The distance to the target: outliers weigh no more than their distance.",
        reference="https://keras.io/api/losses/regression_losses/#meanabsoluteerror-class",
    ),
    CostEntry(
        kind="Huber",
        keras="Huber",
        tasks=("classification", "regression"),
        transform=BOTH_TASKS,
        formula="where(abs(y_true - y_pred) <= delta, 0.5 * square(y_true - y_pred),"
        " delta * abs(y_true - y_pred) - 0.5 * square(delta))",
        latex=r"\tfrac1k \sum_k \begin{cases}\tfrac12 r_k^2 & |r_k| \le \delta\\ \delta |r_k| - \tfrac12 \delta^2 &"
        r" |r_k| > \delta\end{cases},\quad r = y - \hat y",
        help="Squared for small misses, straight for large ones: smooth, and calm about outliers.",
        reference="Huber (1964), Robust Estimation of a Location Parameter",
        params=(
            Param(
                name="delta",
                type="float",
                default=1.0,
                above=0,
                maximum=1e6,
                step=0.1,
                help="Where squared turns into straight, in the unit of the (scaled) target.",
            ),
        ),
    ),
    CostEntry(
        kind="LogCosh",
        keras="LogCosh",
        tasks=("classification", "regression"),
        transform=BOTH_TASKS,
        formula="(y_pred - y_true) + softplus(-2 * (y_pred - y_true)) - log(2)",
        latex=r"\tfrac1k \sum_k \log\cosh(\hat y_k - y_k)",
        help="Much like Huber, smooth everywhere.",
        reference="https://keras.io/api/losses/regression_losses/#logcosh-class",
    ),
    CostEntry(
        kind="MeanAbsolutePercentageError",
        keras="MeanAbsolutePercentageError",
        tasks=("regression",),
        transform={"regression": "identity"},
        transforms=("identity", "softplus"),
        target_scaling=False,
        formula="100 * abs((y_true - y_pred) / maximum(abs(y_true), 1e-7))",
        latex=r"\tfrac{100}{k} \sum_k \left|\frac{y_k - \hat y_k}{y_k}\right|",
        reason="it divides by the target, and the columns of wrong classes are 0",
        domain="nonzero",
        domain_why="divides by the target, so that such a row outweighs all others",
        domain_remedy="Take MeanAbsoluteError or Huber, or leave these rows out.",
        help="The miss in percent of the target; not for targets at or near zero.",
        reference="https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class",
    ),
    CostEntry(
        kind="MeanSquaredLogarithmicError",
        keras="MeanSquaredLogarithmicError",
        tasks=("regression",),
        transform={"regression": "softplus"},
        transforms=("softplus", "identity"),
        target_scaling=False,
        formula="square(log(maximum(y_pred, 1e-7) + 1) - log(maximum(y_true, 1e-7) + 1))",
        latex=r"\tfrac1k \sum_k \left(\log(1 + y_k) - \log(1 + \hat y_k)\right)^2",
        reason="it compares the ratios of amounts, and classes are none",
        domain="nonnegative",
        domain_why="takes the logarithm of 1 + target and reads what is below 0 as 0",
        domain_remedy="Take MeanSquaredError or Huber, or shift the target so that it starts at 0.",
        help="Compares ratios rather than differences; for targets from zero up over several orders of magnitude.",
        reference="https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class",
    ),
    CostEntry(
        kind="Poisson",
        keras="Poisson",
        tasks=("regression",),
        transform={"regression": "softplus"},
        transforms=("softplus",),
        target_scaling=False,
        formula="y_pred - y_true * log(y_pred + 1e-7)",
        latex=r"\tfrac1k \sum_k \hat y_k - y_k \log \hat y_k",
        reason="it is for counts, and classes are none",
        domain="nonnegative",
        domain_why="is for counts from 0 up, and for a negative one the best prediction is always 0",
        domain_remedy="Take MeanSquaredError or Huber, or shift the target so that it starts at 0.",
        help="For counts (0, 1, 2, ...): the network gives the expected count.",
        reference="https://keras.io/api/losses/probabilistic_losses/#poisson-class",
    ),
)
