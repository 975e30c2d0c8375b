"""Optimizers that look at a whole array of weights for each step: at its norm, its rows and columns, or its orthogonal factor."""

from nnviz.catalog.entry import OptimizerEntry
from nnviz.catalog.optimizers import rules
from nnviz.catalog.optimizers.building import BETA_1, BETA_2, EPSILON, common, rate, share
from nnviz.catalog.param import Param

ENTRIES = (
    OptimizerEntry(
        kind="Lamb",
        update=rules.lamb,
        help="Adam whose step is scaled to the size of each weight array: for very large batches. With batches of 16 the spirals "
        "end at 0.70 of Adam's accuracy at any rate: its steps do not get smaller as gradients do.",
        reference="You et al. (2020), Large Batch Optimization for Deep Learning, arXiv:1904.00962",
        params=(rate(0.01), BETA_1, BETA_2, EPSILON, *common()),
    ),
    OptimizerEntry(
        kind="Adafactor",
        update=rules.adafactor,
        help="Steps relative to the size of the weights, with little memory: it keeps only sums over rows and columns.",
        reference="Shazeer and Stern (2018), Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, arXiv:1804.04235",
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
        help="Steps along the nearest orthogonal matrix of the momentum; biases, convolutions and the projection to the "
        "target take AdamW.",
        reference="Liu et al. (2025), Muon is Scalable for LLM Training, arXiv:2502.16982",
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
