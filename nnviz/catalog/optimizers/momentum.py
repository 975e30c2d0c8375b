"""Gradient descent, plain and with momentum, and Lion, which takes the sign of it."""

from nnviz.catalog.entry import OptimizerEntry
from nnviz.catalog.optimizers import rules
from nnviz.catalog.optimizers.building import MOMENTUM, common, rate, share
from nnviz.catalog.param import Param

ENTRIES = (
    OptimizerEntry(
        kind="SGD",
        update=rules.sgd,
        help="Steps straight down the gradient; momentum lets it roll on.",
        reference="Robbins and Monro (1951), A Stochastic Approximation Method",
        params=(
            rate(0.2),
            Param(
                name="momentum", type="float", default=0.0, minimum=0, maximum=1, step=0.05, tunable="live", help=MOMENTUM.help
            ),
            Param(name="nesterov", type="bool", default=False, help="Looks ahead along the momentum."),
            *common(),
        ),
    ),
    OptimizerEntry(
        kind="Momentum",
        update=rules.sgd,
        keras="SGD",
        help="Gradient descent that rolls on: each step keeps a share of the last one.",
        reference="Polyak (1964), Some Methods of Speeding up the Convergence of Iteration Methods",
        params=(rate(0.03), MOMENTUM, *common()),
    ),
    OptimizerEntry(
        kind="Nesterov",
        update=rules.sgd,
        keras="SGD",
        fixed={"nesterov": True},
        help="Momentum that looks ahead: it steps on from where the momentum carries it.",
        reference="Sutskever et al. (2013), On the Importance of Initialization and Momentum in Deep Learning",
        params=(rate(0.03), MOMENTUM, *common()),
    ),
    OptimizerEntry(
        kind="Lion",
        update=rules.lion,
        help="Steps of one size in the direction of the sign: wants a smaller rate than Adam.",
        reference="Chen et al. (2023), Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675",
        params=(
            rate(0.003),
            Param(
                name="beta_1",
                type="float",
                default=0.9,
                above=0,
                below=1,
                step=0.01,
                advanced=True,
                tunable="live",
                help="How much the average weighs in the direction.",
            ),
            share("beta_2", 0.99, "How much of the average gradient each step keeps."),
            *common(),
        ),
    ),
)
