"""Every activation: its formula over x (drawn, tested against Keras, trained where Keras has none), LaTeX and help.

Left out: glu halves the width of its input, and sparsemax needs a sort, which no formula here can express.
"""

from nnviz.catalog.entry import ActivationEntry


def _entry(name: str, formula: str, latex: str, help: str, *, keras: str | None = None) -> ActivationEntry:
    return ActivationEntry(name=name, formula=formula, latex=latex, help=help, keras=name if keras is None else keras)


ACTIVATIONS: dict[str, ActivationEntry] = {
    entry.name: entry
    for entry in (
        _entry("linear", "x", r"x", "Passes its input on unchanged."),
        _entry("relu", "maximum(x, 0)", r"\max(x, 0)", "Zero for negative input; the usual choice for deep networks."),
        _entry("tanh", "tanh(x)", r"\tanh x", "S-shaped from -1 to 1; smooth, suits small networks."),
        _entry("sigmoid", "sigmoid(x)", r"\frac{1}{1 + e^{-x}}", "S-shaped from 0 to 1; flat at both ends."),
        _entry(
            "gelu",
            "0.5 * x * (1 + erf(x / sqrt(2)))",
            r"\tfrac{x}{2}\left(1 + \mathrm{erf}\tfrac{x}{\sqrt 2}\right)",
            "A smooth relu that dips below zero; used in transformers.",
        ),
        _entry("silu", "x * sigmoid(x)", r"x\,\sigma(x)", "Also called swish: a smooth relu that dips below zero."),
        _entry(
            "elu",
            "where(x > 0, x, expm1(minimum(x, 0)))",
            r"\begin{cases}x & x > 0\\ e^x - 1 & x \le 0\end{cases}",
            "A relu with a smooth negative side that ends at -1.",
        ),
        _entry(
            "selu",
            "1.0507009873554805 * where(x > 0, x, 1.6732632423543772 * expm1(minimum(x, 0)))",
            r"1.0507\begin{cases}x & x > 0\\ 1.6733\,(e^x - 1) & x \le 0\end{cases}",
            "A scaled elu that keeps mean and variance over layers (with lecun_normal weights).",
        ),
        _entry(
            "celu",
            "maximum(x, 0) + minimum(expm1(minimum(x, 0)), 0)",
            r"\max(x, 0) + \min(e^x - 1, 0)",
            "A continuously differentiable elu; the same as elu at its default.",
        ),
        _entry(
            "leaky_relu",
            "where(x > 0, x, 0.2 * x)",
            r"\begin{cases}x & x > 0\\ 0.2\,x & x \le 0\end{cases}",
            "A relu that lets a fifth of negative input through, so no unit dies.",
        ),
        _entry("relu6", "clip(x, 0, 6)", r"\min(\max(x, 0), 6)", "A relu that stops at 6."),
        _entry("softplus", "softplus(x)", r"\log(1 + e^x)", "A smooth relu that stays above zero."),
        _entry("softsign", "x / (1 + abs(x))", r"\frac{x}{1 + |x|}", "S-shaped from -1 to 1, with slower tails than tanh."),
        _entry("mish", "x * tanh(softplus(x))", r"x \tanh(\log(1 + e^x))", "Much like silu, a little steeper."),
        _entry("exponential", "exp(x)", r"e^x", "Always positive; grows fast."),
        _entry(
            "softmax",
            "exp(x - max(x)) / sum(exp(x - max(x)))",
            r"\frac{e^{x_i}}{\sum_j e^{x_j}}",
            "Positive outputs that sum to 1 over the last axis.",
        ),
        _entry(
            "log_softmax",
            "x - max(x) - log(sum(exp(x - max(x))))",
            r"x_i - \log \sum_j e^{x_j}",
            "The logarithm of softmax over the last axis.",
        ),
        _entry("log_sigmoid", "-softplus(-x)", r"-\log(1 + e^{-x})", "The logarithm of sigmoid."),
        _entry(
            "hard_sigmoid",
            "clip(x / 6 + 0.5, 0, 1)",
            r"\min(\max(\tfrac{x}{6} + \tfrac12, 0), 1)",
            "A sigmoid made of three straight lines.",
        ),
        _entry(
            "hard_silu",
            "x * clip(x / 6 + 0.5, 0, 1)",
            r"x \min(\max(\tfrac{x}{6} + \tfrac12, 0), 1)",
            "A silu made of straight lines and a parabola.",
        ),
        _entry("hard_tanh", "clip(x, -1, 1)", r"\min(\max(x, -1), 1)", "A tanh made of three straight lines."),
        _entry("tanh_shrink", "x - tanh(x)", r"x - \tanh x", "Shrinks small inputs towards zero, smoothly."),
        _entry(
            "soft_shrink",
            "sign(x) * maximum(abs(x) - 0.5, 0)",
            r"\mathrm{sign}(x) \max(|x| - \tfrac12, 0)",
            "Zero within 0.5 of zero; pulls the rest towards zero by 0.5.",
        ),
        _entry(
            "hard_shrink",
            "where(abs(x) > 0.5, x, 0)",
            r"\begin{cases}x & |x| > \tfrac12\\ 0 & |x| \le \tfrac12\end{cases}",
            "Zero within 0.5 of zero; the rest unchanged.",
        ),
        _entry(
            "threshold",
            "where(x > 0.5, x, 0)",
            r"\begin{cases}x & x > \tfrac12\\ 0 & x \le \tfrac12\end{cases}",
            "Zero up to 0.5; the rest unchanged.",
            keras="",
        ),
        _entry(
            "squareplus",
            "(x + sqrt(square(x) + 4)) / 2",
            r"\frac{x + \sqrt{x^2 + 4}}{2}",
            "Much like softplus, without an exponential.",
        ),
        _entry(
            "sparse_plus",
            "where(x <= -1, 0, where(x < 1, 0.25 * square(x + 1), x))",
            r"\begin{cases}0 & x \le -1\\ \tfrac14 (x + 1)^2 & -1 < x < 1\\ x & x \ge 1\end{cases}",
            "Like softplus, but exactly zero below -1.",
        ),
        _entry(
            "sparse_sigmoid",
            "clip(0.5 * (x + 1), 0, 1)",
            r"\min(\max(\tfrac{x + 1}{2}, 0), 1)",
            "A sigmoid of three straight lines, steeper than hard_sigmoid.",
        ),
    )
}

ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}
"""Second names that Keras has for the same function."""
