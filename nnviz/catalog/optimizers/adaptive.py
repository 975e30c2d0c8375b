"""A rate of its own for every weight, by the squares of its gradients so far: Adagrad and what followed from it."""

from nnviz.catalog.entry import OptimizerEntry
from nnviz.catalog.optimizers import rules
from nnviz.catalog.optimizers.building import EPSILON, common, rate, share, strength
from nnviz.catalog.param import Param

_ACCUMULATOR = Param(
    name="initial_accumulator_value",
    type="float",
    advanced=True,
    default=0.1,
    minimum=0,
    maximum=1000,
    help="Where the sums of squared gradients start.",
)

ENTRIES = (
    OptimizerEntry(
        kind="RMSprop",
        update=rules.rmsprop,
        help="Divides the gradient by its recent size.",
        reference="Hinton (2012), Neural Networks for Machine Learning, lecture 6e",
        params=(
            rate(0.01),
            share("rho", 0.9, "How much of the average squared gradient each step keeps."),
            share("momentum", 0.0, "How much of the last step goes into the next.", advanced=False),
            EPSILON,
            Param(name="centered", type="bool", advanced=True, default=False, help="Divides by the variance of the gradient."),
            *common(),
        ),
    ),
    OptimizerEntry(
        kind="Adagrad",
        update=rules.adagrad,
        help="Weights that moved much move less and less.",
        reference="Duchi, Hazan and Singer (2011), Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
        params=(rate(0.3), _ACCUMULATOR, EPSILON, *common()),
    ),
    OptimizerEntry(
        kind="Adadelta",
        update=rules.adadelta,
        help="Finds its own step sizes from recent gradients and steps.",
        reference="Zeiler (2012), ADADELTA: An Adaptive Learning Rate Method, arXiv:1212.5701",
        params=(
            rate(10.0),
            share("rho", 0.95, "How much of the averages each step keeps."),
            Param(
                name="epsilon",
                type="float",
                advanced=True,
                default=1e-7,
                above=0,
                maximum=1,
                help="Sets the size of the first steps, too.",
            ),
            *common(),
        ),
    ),
    OptimizerEntry(
        kind="Ftrl",
        update=rules.ftrl,
        help="For wide, sparse inputs; an L1 strength sets weights to exactly zero. Its rate only falls: the spirals end at 0.87 "
        "of Adam's accuracy, with larger rates the small CNN does not learn.",
        reference="McMahan et al. (2013), Ad Click Prediction: a View from the Trenches",
        params=(
            rate(0.1),
            Param(
                name="learning_rate_power",
                type="float",
                advanced=True,
                default=-0.5,
                minimum=-1,
                maximum=0,
                step=0.1,
                help="How the rate shrinks with the squared gradients; 0: not at all.",
            ),
            Param(
                name="initial_accumulator_value",
                type="float",
                advanced=True,
                default=1e-6,
                minimum=0,
                maximum=1000,
                help="Where the sums of squared gradients start. From Keras's 0.1 on the first step forgets how the "
                "weights began.",
            ),
            strength("l1_regularization_strength", "Pulls weights to exactly zero."),
            strength("l2_regularization_strength", "Pulls weights towards zero."),
            strength("l2_shrinkage_regularization_strength", "An L2 penalty on the weights of active inputs."),
            strength("beta", "Beta of the paper: larger values start with smaller steps."),
            *common(),
        ),
    ),
)
