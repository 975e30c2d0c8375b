"""What can be said of a layer's weights: how they start, what keeps them small (regularizers), what bounds them.

A regularizer, a constraint or an initializer with numbers of its own is an object, `{"kind": "L2", "l2": 0.01}`, with
Keras's class and parameter names; an initializer without any is its name, `"he_normal"`.
"""

from nnviz.catalog.param import Param

INITIALIZERS = (
    "glorot_uniform",
    "glorot_normal",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "zeros",
    "ones",
)
FLAT_INITIALIZERS = ("zeros", "ones", "random_normal", "random_uniform", "truncated_normal")
"""For weights of one dimension: the others need a matrix."""


def _number(
    name: str, default: float, help: str, *, minimum: float | None = None, maximum: float = 1e6, above: float | None = None
) -> Param:
    low = -maximum if minimum is None and above is None else minimum
    return Param(name=name, type="float", default=default, minimum=low, above=above, maximum=maximum, help=help)


_MEAN = _number("mean", 0.0, "The middle of what is drawn.")
_STDDEV = _number("stddev", 0.05, "The standard deviation of what is drawn.", minimum=0)
_FLAT_PARTS = {
    "Constant": (_number("value", 0.0, "Every weight starts at this."),),
    "RandomNormal": (_MEAN, _STDDEV),
    "RandomUniform": (_number("minval", -0.05, "Lowest value drawn."), _number("maxval", 0.05, "Highest value drawn.")),
    "TruncatedNormal": (_MEAN, _STDDEV),
}
_PARTS = _FLAT_PARTS | {
    "VarianceScaling": (
        _number("scale", 1.0, "The variance, times the number of inputs or outputs.", above=0),
        Param(
            name="mode",
            type="choice",
            default="fan_in",
            choices=("fan_in", "fan_out", "fan_avg"),
            help="Divide by the number of inputs, of outputs, or their mean.",
        ),
        Param(
            name="distribution",
            type="choice",
            default="truncated_normal",
            choices=("truncated_normal", "untruncated_normal", "uniform"),
            help="What is drawn from.",
        ),
    ),
    "Orthogonal": (_number("gain", 1.0, "Factor of the orthogonal matrix."),),
}
_REGULARIZERS = {
    "L1": (_number("l1", 0.01, "Times the sum of the weights' sizes.", minimum=0),),
    "L2": (_number("l2", 0.01, "Times the sum of the weights' squares.", minimum=0),),
    "L1L2": (
        _number("l1", 0.01, "Times the sum of the weights' sizes.", minimum=0),
        _number("l2", 0.01, "Times the sum of the weights' squares.", minimum=0),
    ),
}
_CONSTRAINTS = {
    "MaxNorm": (_number("max_value", 2.0, "The longest that the weights of one unit may be.", minimum=0),),
    "NonNeg": (),
    "UnitNorm": (),
    "MinMaxNorm": (
        _number("min_value", 0.0, "The shortest that the weights of one unit may be.", minimum=0),
        _number("max_value", 1.0, "The longest that the weights of one unit may be.", minimum=0),
        _number("rate", 1.0, "How far they are brought there in one step: 1 all the way.", minimum=0, maximum=1),
    ),
}


def initializer(name: str, default: str = "glorot_uniform", *, matrix: bool = False) -> Param:
    """`matrix`: the weights have two dimensions, so that they may start as the identity."""
    return Param(
        name=name,
        type="part",
        advanced=True,
        default=default,
        choices=INITIALIZERS + (("identity",) if matrix else ()),
        parts=_PARTS,
        help="How the first weights are drawn.",
    )


def flat_initializer(name: str, default: str = "zeros") -> Param:
    return Param(
        name=name,
        type="part",
        advanced=True,
        default=default,
        choices=FLAT_INITIALIZERS,
        parts=_FLAT_PARTS,
        help="How the first values are drawn.",
    )


def regularizer(name: str) -> Param:
    return Param(
        name=name,
        type="part",
        advanced=True,
        optional=True,
        parts=_REGULARIZERS,
        tunable="live",
        help="A penalty on large weights, added to the training objective; not part of the loss.",
    )


def constraint(name: str) -> Param:
    return Param(
        name=name,
        type="part",
        advanced=True,
        optional=True,
        parts=_CONSTRAINTS,
        help="What the weights of each unit are held to, after every step.",
    )


BIAS = (flat_initializer("bias_initializer"), regularizer("bias_regularizer"))
DENSE = (*BIAS, regularizer("kernel_regularizer"), constraint("kernel_constraint"))
"""Beside the kernel's initializer: what a Dense layer or a convolution takes."""
PROJECTION = (initializer("kernel_initializer", matrix=True), *BIAS, regularizer("kernel_regularizer"))
"""What the cost takes for its projection."""
