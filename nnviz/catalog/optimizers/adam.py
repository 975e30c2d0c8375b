"""Adam and its variants: moving means of the gradient and of its square, corrected for their start at zero."""

from nnviz.catalog.entry import OptimizerEntry
from nnviz.catalog.optimizers import rules
from nnviz.catalog.optimizers.building import BETA_1, BETA_2, EPSILON, common, rate
from nnviz.catalog.param import Param

_ADAM = (
    r"m \leftarrow m + (1 - \beta_1)(g - m),\quad v \leftarrow v + (1 - \beta_2)(g^2 - v),\quad "
    r"w \leftarrow w - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \cdot \frac{m}{\sqrt{v} + \epsilon}"
)
_AMSGRAD = Param(name="amsgrad", type="bool", advanced=True, default=False, help="Divides by the largest v so far instead of v.")

ENTRIES = (
    OptimizerEntry(
        kind="Adam",
        update=rules.adam,
        latex=_ADAM,
        help="Momentum, and a rate of its own for every weight: a good first choice.",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, _AMSGRAD, *common()),
    ),
    OptimizerEntry(
        kind="AdamW",
        update=rules.adam,
        latex=r"w \leftarrow w - \eta \lambda w,\quad " + _ADAM,
        help="Adam with weight decay on by default.",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, _AMSGRAD, *common(0.004)),
    ),
    OptimizerEntry(
        kind="Adamax",
        update=rules.adamax,
        latex=r"m \leftarrow m + (1 - \beta_1)(g - m),\quad u \leftarrow \max(\beta_2 u, |g|),\quad "
        r"w \leftarrow w - \frac{\eta}{1 - \beta_1^t} \cdot \frac{m}{u + \epsilon}",
        help="Adam with the largest recent gradient in place of the average square.",
        params=(rate(0.02), BETA_1, BETA_2, EPSILON, *common()),
    ),
    OptimizerEntry(
        kind="Nadam",
        update=rules.nadam,
        latex=r"\mu_t = \beta_1 (1 - \tfrac12\,0.96^t),\quad \hat m = \frac{\mu_{t+1} m}{1 - \prod_{i \le t+1} \mu_i}"
        r" + \frac{(1 - \mu_t)\, g}{1 - \prod_{i \le t} \mu_i},\quad "
        r"w \leftarrow w - \eta \frac{\hat m}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}",
        help="Adam that looks ahead along its momentum.",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, *common()),
    ),
    OptimizerEntry(
        kind="AMSGrad",
        update=rules.adam,
        keras="Adam",
        fixed={"amsgrad": True},
        latex=r"m \leftarrow m + (1 - \beta_1)(g - m),\quad v \leftarrow v + (1 - \beta_2)(g^2 - v),\quad "
        r"\hat v \leftarrow \max(\hat v, v),\quad "
        r"w \leftarrow w - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \cdot \frac{m}{\sqrt{\hat v} + \epsilon}",
        help="Adam that divides by the largest average square so far, so that no rate grows again.",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, *common()),
    ),
)
