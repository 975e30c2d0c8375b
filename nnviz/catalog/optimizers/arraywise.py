"""Optimizers that look at a whole array of weights for each step: at its norm, its rows and columns, or its orthogonal factor."""

from nnviz.catalog.entry import OptimizerEntry
from nnviz.catalog.optimizers import rules
from nnviz.catalog.optimizers.building import BETA_1, BETA_2, EPSILON, common, rate, share
from nnviz.catalog.param import Param

ENTRIES = (
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
