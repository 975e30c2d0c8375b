"""What every optimizer does with one weight, line by line, as Keras computes it.

A line says `symbol = text`, in the expression language, over the quantities that stand by then: `g` the gradient, `w` the
weight, `lr` the rate of this step, `t` the number of this update from 1, the optimizer's parameters under their names, and
what it keeps from step to step (its slots: `m`, `v`, ...). A symbol may be given anew; what stands right of it is then its
value before. Where a quantity is one of a whole array (its norm, say), `reduction` names the function and `text` the array.

A rule is given the optimizer's parameters, `dimensions` of the weight's array, and `matrix`: whether Muon treats it as one.

Sources: Adam and Adamax Kingma & Ba 2014 (in the form with one rate alpha, epsilon outside); AMSGrad Reddi et al. 2018;
AdamW Loshchilov & Hutter 2017; Nadam Dozat 2016; RMSprop Hinton 2012; Adagrad Duchi et al. 2011; Adadelta Zeiler 2012; Ftrl
McMahan et al. 2013; Lion Chen et al. 2023; Lamb You et al. 2019; Adafactor Shazeer & Stern 2018; Muon Jordan 2024. Where
Keras's form differs from the paper's, it is Keras's.
"""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog.entry import Line, Rule

_MEAN = Line("m", "beta_1 * m + (1 - beta_1) * g", "moving mean of the gradient")
_SQUARE = Line("v", "beta_2 * v + (1 - beta_2) * g ** 2", "moving mean of the squared gradient")
_MOMENTS = {"m": "_momentums", "v": "_velocities"}


def sgd(params: Mapping[str, Any]) -> Rule:
    if not params["momentum"]:
        return Rule([Line("w", "w - lr * g", "a step down the gradient")])
    velocity = Line("v", "momentum * v - lr * g", "velocity: a share of the last step, and this gradient")
    last = (
        Line("w", "w + momentum * v - lr * g", "a step that looks ahead along the velocity")
        if params.get("nesterov")
        else Line("w", "w + v", "a step with the velocity")
    )
    return Rule([velocity, last], {"v": "momentums"})


def adam(params: Mapping[str, Any]) -> Rule:
    largest = [Line("v_hat", "maximum(v_hat, v)", "largest mean square so far")] if params["amsgrad"] else []
    by = "v_hat" if largest else "v"
    lines = [
        _MEAN,
        _SQUARE,
        *largest,
        Line("alpha", "lr * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)", "learning rate, corrected for means that start at 0"),
        Line("w", f"w - alpha * m / (sqrt({by}) + epsilon)", "a step in units of the gradient's usual size"),
    ]
    return Rule(lines, _MOMENTS | ({"v_hat": "_velocity_hats"} if largest else {}))


def rmsprop(params: Mapping[str, Any]) -> Rule:
    lines = [Line("v", "rho * v + (1 - rho) * g ** 2", "moving mean of the squared gradient")]
    slots = {"v": "_velocities"}
    if params["centered"]:
        lines.append(Line("a_g", "rho * a_g + (1 - rho) * g", "moving mean of the gradient"))
        slots["a_g"] = "_average_gradients"
    inside = "v - a_g ** 2 + epsilon" if params["centered"] else "v + epsilon"
    lines.append(Line("d", f"lr * g / sqrt({inside})", "gradient in units of its usual size, times the rate"))
    if not params["momentum"]:
        return Rule([*lines, Line("w", "w - d", "the step")], slots)
    lines += [Line("b", "momentum * b + d", "a share of the last step, and this one"), Line("w", "w - b", "the step")]
    return Rule(lines, slots | {"b": "_momentums"})


def adagrad(params: Mapping[str, Any]) -> Rule:
    return Rule(
        [
            Line("s", "s + g ** 2", "sum of all squared gradients"),
            Line("w", "w - lr * g / sqrt(s + epsilon)", "a step, smaller the more this weight has moved"),
        ],
        {"s": "_accumulators"},
    )


def adadelta(params: Mapping[str, Any]) -> Rule:
    lines = [
        Line("s", "rho * s + (1 - rho) * g ** 2", "moving mean of the squared gradient"),
        Line("d", "sqrt(u + epsilon) / sqrt(s + epsilon) * g", "step in units of the last steps"),
        Line("u", "rho * u + (1 - rho) * d ** 2", "moving mean of the squared steps"),
        Line("w", "w - lr * d", "the step"),
    ]
    return Rule(lines, {"s": "_accumulated_grads", "u": "_accumulated_delta_vars"})


def adamax(params: Mapping[str, Any]) -> Rule:
    lines = [
        _MEAN,
        Line("u", "maximum(beta_2 * u, abs(g))", "largest recent gradient"),
        Line("w", "w - lr / (1 - beta_1 ** t) * m / (u + epsilon)", "a step in units of the largest gradient"),
    ]
    return Rule(lines, {"m": "_m", "u": "_u"})


def nadam(params: Mapping[str, Any]) -> Rule:
    lines = [
        Line("mu", "beta_1 * (1 - 0.5 * 0.96 ** t)", "momentum of this update"),
        Line("mu_next", "beta_1 * (1 - 0.5 * 0.96 ** (t + 1))", "momentum of the next update"),
        Line("product", "product * mu", "product of all momentums so far"),
        _MEAN,
        _SQUARE,
        Line("m_hat", "mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)", "mean, one update ahead"),
        Line("v_hat", "v / (1 - beta_2 ** t)", "mean square, for a start at zero"),
        Line("w", "w - lr * m_hat / (sqrt(v_hat) + epsilon)", "a step in units of the gradient's usual size"),
    ]
    return Rule(lines, _MOMENTS | {"product": "_u_product"}, arrays=2)  # the product is one number


def lion(params: Mapping[str, Any]) -> Rule:
    lines = [
        Line("c", "beta_1 * m + (1 - beta_1) * g", "direction: the mean so far, and this gradient"),
        Line("m", "beta_2 * m + (1 - beta_2) * g", "moving mean of the gradient"),
        Line("w", "w - lr * sign(c)", "a step of one size: only the direction's sign counts"),
    ]
    return Rule(lines, {"m": "_momentums"})


def ftrl(params: Mapping[str, Any]) -> Rule:
    shrunk = bool(params["l2_shrinkage_regularization_strength"])
    slope = "g_w" if shrunk else "g"
    lines = [Line("g_w", "g + 2 * l2_shrinkage_regularization_strength * w", "gradient with the L2 penalty")] if shrunk else []
    lines += [
        Line("before", "n ** (-learning_rate_power)", "the old sum, to the power that damps the rate"),
        Line("n", "n + g ** 2", "sum of all squared gradients"),
        Line("now", "n ** (-learning_rate_power)", "the new sum, to that power"),
        Line("z", f"z + {slope} - (now - before) / lr * w", "sum of the gradients, corrected for the changed rate"),
        Line("q", "now / lr + 2 * l2_regularization_strength + beta / lr", "how firmly the weight is held"),
        Line(
            "w",
            "(clip(z, -l1_regularization_strength, l1_regularization_strength) - z) / q",
            "the weight is made anew from the sums",
        ),
    ]
    return Rule(lines, {"n": "_accumulators", "z": "_linears"})


def lamb(params: Mapping[str, Any]) -> Rule:
    lines = [
        _MEAN,
        _SQUARE,
        Line("u", "m / (1 - beta_1 ** t) / (sqrt(v / (1 - beta_2 ** t)) + epsilon)", "Adam's step, without the rate"),
        Line("norm_w", "w", "length of the array of weights", reduction="norm"),
        Line("norm_u", "u", "length of its steps", reduction="norm"),
        Line("ratio", "where(norm_w * norm_u > 0, norm_w / norm_u, 1)", "trust ratio"),
        Line("w", "w - lr * ratio * u", "a step scaled to the size of the weights"),
    ]
    return Rule(lines, _MOMENTS)


def adafactor(params: Mapping[str, Any]) -> Rule:
    lines = [
        Line("rms_w", "w", "root mean square of the array of weights", reduction="rms"),
        Line("alpha", "maximum(epsilon_2, rms_w) * minimum(lr, 1 / sqrt(t))", "rate, relative to the weights' size"),
        Line("beta", "1 - t ** beta_2_decay", "how much of the means stays"),
        Line("q", "g ** 2 + epsilon_1", "squared gradient"),
    ]
    if params["dimensions"] < 2:
        lines.append(Line("v", "beta * v + (1 - beta) * q", "moving mean of the squared gradient"))
        slots = {"v": "_v"}
    else:
        lines += [
            Line("q_row", "q", "mean of it over the weight's row", reduction="row_mean"),
            Line("q_column", "q", "mean of it over the weight's column", reduction="column_mean"),
            Line("r", "beta * r + (1 - beta) * q_row", "moving mean of the row"),
            Line("c", "beta * c + (1 - beta) * q_column", "moving mean of the column"),
            Line("r_mean", "r", "mean over all rows", reduction="column_mean"),
            Line("v", "r / r_mean * c", "squared gradient as row times column"),
        ]
        slots = {"r": "_r", "c": "_c"}
    lines += [
        Line("u", "g / sqrt(v)", "gradient in units of its usual size"),
        Line("rms_u", "u", "root mean square of these over the array", reduction="rms"),
        Line("w", "w - alpha * u / maximum(1, rms_u / clip_threshold)", "a step, held to a size"),
    ]
    return Rule(lines, slots, arrays=1)  # Keras makes v for matrices as well, and leaves it at zero


def muon(params: Mapping[str, Any]) -> Rule:
    if not params["matrix"]:
        mean, square, alpha, last = (
            Line("m", "adam_beta_1 * m + (1 - adam_beta_1) * g", _MEAN.sense),
            Line("v", "adam_beta_2 * v + (1 - adam_beta_2) * g ** 2", _SQUARE.sense),
            Line(
                "alpha",
                "lr * adam_lr_ratio * sqrt(1 - adam_beta_2 ** t) / (1 - adam_beta_1 ** t)",
                "learning rate, corrected for means that start at 0",
            ),
            Line("w", "w - alpha * m / (sqrt(v) + epsilon)", "a step in units of the gradient's usual size (AdamW)"),
        )
        return Rule([mean, square, alpha, last], {"m": "momentums", "v": "adam_velocities"}, decay="adam_weight_decay")
    direction = "g + momentum * m" if params["nesterov"] else "m"
    scale = " * sqrt(longer) * rms_rate" if params["rms_rate"] is not None else ""
    lines = [
        Line("m", "momentum * m + g", "sum of the gradients, the older the less"),
        Line("d", direction, "direction"),
        Line("o", "d", "this weight's place in a nearly orthogonal matrix made of all d", reduction="orthogonal"),
        Line("w", f"w - lr * o{scale}", "a step along the orthogonal matrix"),
    ]
    return Rule(lines, {"m": "momentums"})
