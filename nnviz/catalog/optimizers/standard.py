"""Every optimizer with Keras's parameters and the update as Keras computes it.

In the formulas w are the weights, g the gradient, eta the learning rate, t the step from 1. The default rates differ
from Keras's where those barely move a small network within a few hundred steps: `python -m benchmarks.optimizers` says what
each reaches (docs/results.md).

Of Keras's own, three are left out. ScheduleFreeAdamW must be evaluated at other weights than it trains, which Keras
gives no way to. LossScaleOptimizer and MultiOptimizer are wrappers around other optimizers.
"""

from nnviz.catalog.entry import OptimizerEntry
from nnviz.catalog.optimizers import rules
from nnviz.catalog.optimizers.building import BETA_1, BETA_2, EPSILON, MOMENTUM, common, rate, share, strength
from nnviz.catalog.param import Param

_ADAM = (
    r"m \leftarrow m + (1 - \beta_1)(g - m),\quad v \leftarrow v + (1 - \beta_2)(g^2 - v),\quad "
    r"w \leftarrow w - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \cdot \frac{m}{\sqrt{v} + \epsilon}"
)
_ACCUMULATOR = Param(
    name="initial_accumulator_value",
    type="float",
    advanced=True,
    default=0.1,
    minimum=0,
    maximum=1000,
    help="Where the sums of squared gradients start.",
)

_AMSGRAD = Param(name="amsgrad", type="bool", advanced=True, default=False, help="Divides by the largest v so far instead of v.")

ENTRIES = (
    OptimizerEntry(
        kind="SGD",
        update=rules.sgd,
        latex=r"v \leftarrow \mu v - \eta g,\quad w \leftarrow w + v"
        r"\quad \text{(Nesterov: } w \leftarrow w + \mu v - \eta g\text{)}",
        help="Steps straight down the gradient; momentum lets it roll on.",
        params=(
            rate(0.2),
            Param(
                name="momentum",
                type="float",
                default=0.0,
                minimum=0,
                maximum=1,
                step=0.05,
                tunable="live",
                help="How much of the last step goes into the next.",
            ),
            Param(name="nesterov", type="bool", default=False, help="Looks ahead along the momentum."),
            *common(),
        ),
    ),
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
        kind="RMSprop",
        update=rules.rmsprop,
        latex=r"v \leftarrow \rho v + (1 - \rho) g^2,\quad w \leftarrow w - \eta \frac{g}{\sqrt{v + \epsilon}}"
        r"\quad \text{(centered: } v - \bar g^2 \text{ for } v\text{)}",
        help="Divides the gradient by its recent size.",
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
        latex=r"s \leftarrow s + g^2,\quad w \leftarrow w - \eta \frac{g}{\sqrt{s + \epsilon}}",
        help="Weights that moved much move less and less.",
        params=(rate(0.3), _ACCUMULATOR, EPSILON, *common()),
    ),
    OptimizerEntry(
        kind="Adadelta",
        update=rules.adadelta,
        latex=r"s \leftarrow \rho s + (1 - \rho) g^2,\quad d = \frac{\sqrt{u + \epsilon}}{\sqrt{s + \epsilon}}\, g,"
        r"\quad u \leftarrow \rho u + (1 - \rho) d^2,\quad w \leftarrow w - \eta d",
        help="Finds its own step sizes from recent gradients and steps.",
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
        kind="Lion",
        update=rules.lion,
        latex=r"w \leftarrow w - \eta\, \mathrm{sign}(\beta_1 m + (1 - \beta_1) g),\quad "
        r"m \leftarrow \beta_2 m + (1 - \beta_2) g",
        help="Steps of one size in the direction of the sign: wants a smaller rate than Adam.",
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
    OptimizerEntry(
        kind="Ftrl",
        update=rules.ftrl,
        latex=r"n' = n + g^2,\quad z \leftarrow z + g - \frac{n'^{-p} - n^{-p}}{\eta} w,\quad "
        r"w \leftarrow \frac{\mathrm{clip}(z, -\lambda_1, \lambda_1) - z}"
        r"{n'^{-p} / \eta + 2 \lambda_2 + \beta / \eta}",
        help="For wide, sparse inputs; an L1 strength sets weights to exactly zero. Its rate only falls: the spirals end at 0.87 "
        "of Adam's accuracy, with larger rates the small CNN does not learn.",
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
    OptimizerEntry(
        kind="Momentum",
        update=rules.sgd,
        keras="SGD",
        latex=r"v \leftarrow \mu v - \eta g,\quad w \leftarrow w + v",
        help="Gradient descent that rolls on: each step keeps a share of the last one.",
        params=(rate(0.03), MOMENTUM, *common()),
    ),
    OptimizerEntry(
        kind="Nesterov",
        update=rules.sgd,
        keras="SGD",
        fixed={"nesterov": True},
        latex=r"v \leftarrow \mu v - \eta g,\quad w \leftarrow w + \mu v - \eta g",
        help="Momentum that looks ahead: it steps on from where the momentum carries it.",
        params=(rate(0.03), MOMENTUM, *common()),
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
    OptimizerEntry(
        kind="Lamb",
        update=rules.lamb,
        latex=r"m \leftarrow m + (1 - \beta_1)(g - m),\quad v \leftarrow v + (1 - \beta_2)(g^2 - v),\quad "
        r"u = \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon},\quad "
        r"w \leftarrow w - \eta \frac{\lVert w \rVert}{\lVert u \rVert} u",
        help="Adam whose step is scaled to the size of each weight array: for very large batches. With batches of 16 the spirals "
        "end at 0.70 of Adam's accuracy at any rate: its steps do not get smaller as gradients do.",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, *common()),
    ),
    OptimizerEntry(
        kind="Adafactor",
        update=rules.adafactor,
        latex=r"\rho_t = \min(\eta, t^{-1/2}),\quad \alpha_t = \max(\epsilon_2, \mathrm{rms}(w))\, \rho_t,\quad "
        r"v \leftarrow \beta_t v + (1 - \beta_t)(g^2 + \epsilon_1)\ \text{(as rows times columns)},\quad "
        r"u = \frac{g}{\sqrt v},\quad w \leftarrow w - \frac{\alpha_t\, u}{\max(1, \mathrm{rms}(u) / d)}",
        help="Steps relative to the size of the weights, with little memory: it keeps only sums over rows and columns.",
        params=(
            rate(1.0),
            Param(
                name="beta_2_decay",
                type="float",
                advanced=True,
                default=-0.8,
                minimum=-10,
                below=0,
                step=0.1,
                help="How the average of squared gradients forgets: beta is 1 - t to this power.",
            ),
            Param(
                name="epsilon_1",
                type="float",
                advanced=True,
                default=1e-16,
                above=0,
                maximum=1,
                help="Keeps divisions finite. Keras's 1e-30 does not where units are silent: a product of two is 0.",
            ),
            Param(
                name="epsilon_2",
                type="float",
                advanced=True,
                default=1e-3,
                above=0,
                maximum=1,
                help="The size that an array of zeros is taken to have.",
            ),
            Param(
                name="clip_threshold",
                type="float",
                advanced=True,
                default=1.0,
                above=0,
                maximum=1000,
                step=0.1,
                help="Largest root mean square of an update before it is scaled.",
            ),
            Param(
                name="relative_step",
                type="bool",
                advanced=True,
                default=True,
                help="Lets the rate fall with one over the square root of the step.",
            ),
            *common(),
        ),
    ),
    OptimizerEntry(
        kind="Muon",
        update=rules.muon,
        fixed={"exclude_layers": ["(^|/)projection[_0-9]*/"]},
        latex=r"m \leftarrow \mu m + g,\quad u = \mathrm{orthogonal}(g + \mu m),\quad "
        r"w \leftarrow w - 0.2\, \eta \sqrt{\max(n, k)}\; u \quad \text{(n by k matrices; AdamW for all else)}",
        help="Steps along the nearest orthogonal matrix of the momentum; biases, convolutions and the projection to the "
        "target take AdamW.",
        params=(
            rate(0.01),
            share("adam_beta_1", 0.9, BETA_1.help, tunable=""),
            share("adam_beta_2", 0.999, BETA_2.help, tunable=""),
            Param(
                name="adam_weight_decay",
                type="float",
                advanced=True,
                default=0.004,
                optional=True,
                minimum=0,
                maximum=10,
                help="The weight decay of what takes AdamW; null: none.",
            ),
            EPSILON,
            Param(name="exclude_embeddings", type="bool", advanced=True, default=True, help="Embeddings take AdamW."),
            Param(
                name="muon_a",
                type="float",
                advanced=True,
                default=3.4445,
                minimum=-100,
                maximum=100,
                help="First factor of the iteration that makes a matrix orthogonal.",
            ),
            Param(
                name="muon_b", type="float", advanced=True, default=-4.775, minimum=-100, maximum=100, help="Its second factor."
            ),
            Param(
                name="muon_c", type="float", advanced=True, default=2.0315, minimum=-100, maximum=100, help="Its third factor."
            ),
            Param(
                name="adam_lr_ratio",
                type="float",
                advanced=True,
                default=1.0,
                above=0,
                maximum=1000,
                step=0.1,
                help="The rate of what takes AdamW, as a multiple of the learning rate.",
            ),
            Param(
                name="momentum",
                type="float",
                default=0.95,
                minimum=0,
                below=1,
                step=0.01,
                tunable="live",
                help="How much of the average gradient each step keeps.",
            ),
            Param(
                name="ns_steps",
                type="int",
                advanced=True,
                default=5,
                minimum=1,
                maximum=50,
                help="Iterations that make the matrix orthogonal.",
            ),
            Param(name="nesterov", type="bool", default=True, help="Looks ahead along the momentum."),
            Param(
                name="rms_rate",
                type="float",
                advanced=True,
                default=0.2,
                optional=True,
                above=0,
                maximum=100,
                step=0.05,
                help="Scales steps to the size of Adam's, with the root of the longer side; null: not at all.",
            ),
            *common(0.004),
        ),
    ),
)
