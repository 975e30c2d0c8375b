"""Adam and its variants: moving means of the gradient and of its square, corrected for their start at zero."""

from nnviz.catalog.entry import OptimizerEntry
from nnviz.catalog.optimizers import rules
from nnviz.catalog.optimizers.building import BETA_1, BETA_2, EPSILON, common, rate
from nnviz.catalog.param import Param

_AMSGRAD = Param(name="amsgrad", type="bool", advanced=True, default=False, help="Divides by the largest v so far instead of v.")

ENTRIES = (
    OptimizerEntry(
        kind="Adam",
        update=rules.adam,
        help="Momentum, and a rate of its own for every weight: a good first choice.",
        reference="Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, arXiv:1412.6980",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, _AMSGRAD, *common()),
    ),
    OptimizerEntry(
        kind="AdamW",
        update=rules.adam,
        help="Adam with weight decay on by default.",
        reference="Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization, arXiv:1711.05101",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, _AMSGRAD, *common(0.004)),
    ),
    OptimizerEntry(
        kind="Adamax",
        update=rules.adamax,
        help="Adam with the largest recent gradient in place of the average square.",
        reference="Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, 7.1, arXiv:1412.6980",
        params=(rate(0.02), BETA_1, BETA_2, EPSILON, *common()),
    ),
    OptimizerEntry(
        kind="Nadam",
        update=rules.nadam,
        help="Adam that looks ahead along its momentum.",
        reference="Dozat (2016), Incorporating Nesterov Momentum into Adam",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, *common()),
    ),
    OptimizerEntry(
        kind="AMSGrad",
        update=rules.adam,
        keras="Adam",
        fixed={"amsgrad": True},
        help="Adam that divides by the largest average square so far, so that no rate grows again.",
        reference="Reddi, Kale and Kumar (2018), On the Convergence of Adam and Beyond, arXiv:1904.09237",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, *common()),
    ),
)
