"""What the entries of optimizers share: parameters that many of them have, as Keras names them."""

from typing import Literal

from nnviz.catalog.param import Param


def rate(default: float) -> Param:
    """The learning rate."""
    return Param(
        name="learning_rate",
        type="float",
        default=default,
        above=0,
        maximum=100,
        label="Learning rate",
        tunable="live",
        help="How far each step goes. Too small: slow; too large: the loss jumps or grows.",
    )


def share(name: str, default: float, help: str, *, advanced: bool = True, tunable: Literal["", "live"] = "live") -> Param:
    """How much of something each step keeps, from 0 to below 1."""
    return Param(
        name=name, type="float", default=default, minimum=0, below=1, step=0.01, advanced=advanced, tunable=tunable, help=help
    )


EPSILON = Param(name="epsilon", type="float", advanced=True, default=1e-7, above=0, maximum=1, help="Keeps divisions finite.")
BETA_1 = share("beta_1", 0.9, "How much of the average gradient each step keeps.")
BETA_2 = share("beta_2", 0.999, "How much of the average squared gradient each step keeps.")
MOMENTUM = Param(
    name="momentum",
    type="float",
    default=0.9,
    minimum=0,
    below=1,
    step=0.05,
    tunable="live",
    help="How much of the last step goes into the next: steps that agree add up, to at most 1 / (1 - momentum) times as far;"
    " those that go to and fro cancel.",
)


def strength(name: str, help: str) -> Param:
    """What something weighs, from 0: not at all."""
    return Param(name=name, type="float", default=0.0, minimum=0, maximum=1000, advanced=True, help=help)


def common(weight_decay: float | None = None) -> tuple[Param, ...]:
    """What Keras gives all of its optimizers."""
    return (
        Param(
            name="weight_decay",
            type="float",
            advanced=True,
            default=weight_decay,
            optional=True,
            minimum=0,
            maximum=10,
            help="Shrinks every weight by this share of the learning rate at each step; null: not at all.",
        ),
        Param(
            name="clipnorm",
            type="float",
            advanced=True,
            optional=True,
            above=0,
            maximum=1e6,
            help="Longest gradient of one weight array; null: no limit.",
        ),
        Param(
            name="clipvalue",
            type="float",
            advanced=True,
            optional=True,
            above=0,
            maximum=1e6,
            help="Largest single value of a gradient; null: no limit.",
        ),
        Param(
            name="global_clipnorm",
            type="float",
            advanced=True,
            optional=True,
            above=0,
            maximum=1e6,
            help="Longest gradient of all weights together; null: no limit.",
        ),
        Param(
            name="use_ema", type="bool", advanced=True, default=False, help="Keeps a moving average of the weights beside them."
        ),
        Param(
            name="ema_momentum",
            type="float",
            advanced=True,
            default=0.99,
            minimum=0,
            maximum=1,
            step=0.01,
            help="How much of that average each step keeps.",
        ),
        Param(
            name="gradient_accumulation_steps",
            type="int",
            advanced=True,
            optional=True,
            minimum=2,
            maximum=10_000,
            help="Takes the mean gradient of so many batches for one update; null: every batch updates. What is left "
            "over at the end of training stays unapplied.",
        ),
    )
