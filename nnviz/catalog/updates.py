"""What every optimizer does with one weight, line by line, as Keras computes it.

A line says `symbol = text`, in the expression language, over the quantities that stand by then: `g` the gradient, `w` the
weight, `lr` the rate of this step, `t` the number of this update from 1, the optimizer's parameters under their names, and
what it keeps from step to step (its slots: `m`, `v`, ...). A symbol may be given anew; what stands right of it is then its
value before. Where a quantity is one of a whole array (its norm, say), `whole` names the function and `text` the array.

Sources: Adam and Adamax Kingma & Ba 2014 (in the form with one rate alpha, epsilon outside); AMSGrad Reddi et al. 2018;
AdamW Loshchilov & Hutter 2017; Nadam Dozat 2016; RMSprop Hinton 2012; Adagrad Duchi et al. 2011; Adadelta Zeiler 2012; Ftrl
McMahan et al. 2013; Lion Chen et al. 2023; Lamb You et al. 2019; Adafactor Shazeer & Stern 2018; Muon Jordan 2024. Where
Keras's form differs from the paper's, it is Keras's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnviz.catalog.optimizers import OPTIMIZERS


@dataclass(frozen=True)
class Line:
    """`symbol = text`, and what it is in a few words. `whole`: a function of the whole array `text` (see `reckon`)."""

    symbol: str
    text: str
    sense: str
    whole: str = ""

    @property
    def formula(self) -> str:
        """The right side as it is shown."""
        return f"{self.whole}({self.text})" if self.whole else self.text


@dataclass(frozen=True, kw_only=True)
class Update:
    """`lines`: the last one gives the weight after the step; `average`: those of the moving average of the weights.
    `slots`: what the optimizer keeps, by symbol: where Keras's optimizer has the list of it."""

    lines: tuple[Line, ...]
    slots: Mapping[str, str]
    average: tuple[Line, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the whole array is needed for the one weight."""
        return any(line.whole for line in self.lines)


QUANTITIES: Mapping[str, str] = {
    "g": "the slope of the loss at this weight", "w": "the weight", "lr": "the learning rate of this step",
    "t": "the number of this update, from 1", "norm_all": "the length of the gradient of all weights together",
    "longer": "the longer side of the matrix", "share": "how much of the average stays; nothing in the first update",
}
"""What is given beside the optimizer's own parameters and slots."""


def update(kind: str, params: Mapping[str, Any], *, dimensions: int = 2, matrix: bool = True, constrained: bool = False,
           due: bool = True) -> Update:
    """The update of one weight under an optimizer of the catalog with all its `params`.

    `dimensions` of its array; `matrix`: for Muon, whether the array takes its own update, not AdamW; `constrained`: whether
    the layer holds its weights to something; `due`: with accumulated gradients, whether this batch ends in an update."""
    entry = OPTIMIZERS[kind]
    given = {**params, **entry.fixed}
    average: tuple[Line, ...] = ()
    slots: dict[str, str] = {}
    if given.get("use_ema"):
        slots["average"] = "_model_variables_moving_average"
        average = (Line("average", "share * average + (1 - share) * w", "moving average of the weight, used at the end"),)
    if given.get("gradient_accumulation_steps"):
        slots["a"] = "_accumulated_gradients"
    if not due:
        lines = [Line("a", "a + g", "gradients are collected"), Line("w", "w", "the weight waits for the last of these batches")]
        return Update(lines=tuple(lines), slots=slots, average=average)
    own, more = _OF_CLASS[entry.keras or kind](given | {"dimensions": dimensions, "matrix": matrix})
    lines = [*_gradient(given), *_decay(entry.keras or kind, given, matrix), *own]
    if constrained:
        lines.append(Line("w", "w", "held to the layer's constraint", whole="constraint"))
    return Update(lines=tuple(lines), slots=slots | more, average=average)


def _gradient(given: Mapping[str, Any]) -> list[Line]:
    lines = []
    if given.get("gradient_accumulation_steps"):
        lines.append(Line("g", "(a + g) / gradient_accumulation_steps", "mean gradient of the batches collected"))
    if given.get("clipnorm"):
        lines += [Line("norm_g", "g", "length of the gradient of this array", whole="norm"),
                  Line("g", "g * clipnorm / maximum(norm_g, clipnorm)", "gradient, its length clipped")]
    elif given.get("global_clipnorm"):
        lines.append(Line("g", "g * global_clipnorm / maximum(norm_all, global_clipnorm)",
                          "gradient, the length over all weights clipped"))
    elif given.get("clipvalue"):
        lines.append(Line("g", "clip(g, -clipvalue, clipvalue)", "gradient, its value clipped"))
    return lines


def _decay(kind: str, given: Mapping[str, Any], matrix: bool) -> list[Line]:
    name = "adam_weight_decay" if kind == "Muon" and not matrix else "weight_decay"
    return [Line("w", f"w - lr * {name} * w", "weight decay")] if given.get(name) else []


Own = tuple[list[Line], dict[str, str]]
_MEAN = Line("m", "beta_1 * m + (1 - beta_1) * g", "moving mean of the gradient")
_SQUARE = Line("v", "beta_2 * v + (1 - beta_2) * g ** 2", "moving mean of the squared gradient")
_MOMENTS = {"m": "_momentums", "v": "_velocities"}


def _sgd(given: Mapping[str, Any]) -> Own:
    if not given["momentum"]:
        return [Line("w", "w - lr * g", "a step down the gradient")], {}
    velocity = Line("v", "momentum * v - lr * g", "velocity: a share of the last step, and this gradient")
    last = (Line("w", "w + momentum * v - lr * g", "a step that looks ahead along the velocity") if given.get("nesterov")
            else Line("w", "w + v", "a step with the velocity"))
    return [velocity, last], {"v": "momentums"}


def _adam(given: Mapping[str, Any]) -> Own:
    largest = [Line("v_hat", "maximum(v_hat, v)", "largest mean square so far")] if given["amsgrad"] else []
    by = "v_hat" if largest else "v"
    lines = [_MEAN, _SQUARE, *largest,
             Line("alpha", "lr * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)", "rate, for means that started at zero"),
             Line("w", f"w - alpha * m / (sqrt({by}) + epsilon)", "a step in units of the gradient's usual size")]
    return lines, _MOMENTS | ({"v_hat": "_velocity_hats"} if largest else {})


def _rmsprop(given: Mapping[str, Any]) -> Own:
    lines = [Line("v", "rho * v + (1 - rho) * g ** 2", "moving mean of the squared gradient")]
    slots = {"v": "_velocities"}
    if given["centered"]:
        lines.append(Line("a_g", "rho * a_g + (1 - rho) * g", "moving mean of the gradient"))
        slots["a_g"] = "_average_gradients"
    inside = "v - a_g ** 2 + epsilon" if given["centered"] else "v + epsilon"
    lines.append(Line("d", f"lr * g / sqrt({inside})", "gradient in units of its usual size, times the rate"))
    if not given["momentum"]:
        return [*lines, Line("w", "w - d", "the step")], slots
    return ([*lines, Line("b", "momentum * b + d", "a share of the last step, and this one"), Line("w", "w - b", "the step")],
            slots | {"b": "_momentums"})


def _adagrad(given: Mapping[str, Any]) -> Own:
    return [Line("s", "s + g ** 2", "sum of all squared gradients"),
            Line("w", "w - lr * g / sqrt(s + epsilon)", "a step, smaller the more this weight has moved")], {"s": "_accumulators"}


def _adadelta(given: Mapping[str, Any]) -> Own:
    lines = [Line("s", "rho * s + (1 - rho) * g ** 2", "moving mean of the squared gradient"),
             Line("d", "sqrt(u + epsilon) / sqrt(s + epsilon) * g", "step in units of the last steps"),
             Line("u", "rho * u + (1 - rho) * d ** 2", "moving mean of the squared steps"),
             Line("w", "w - lr * d", "the step")]
    return lines, {"s": "_accumulated_grads", "u": "_accumulated_delta_vars"}


def _adamax(given: Mapping[str, Any]) -> Own:
    lines = [_MEAN, Line("u", "maximum(beta_2 * u, abs(g))", "largest recent gradient"),
             Line("w", "w - lr / (1 - beta_1 ** t) * m / (u + epsilon)", "a step in units of the largest gradient")]
    return lines, {"m": "_m", "u": "_u"}


def _nadam(given: Mapping[str, Any]) -> Own:
    lines = [Line("mu", "beta_1 * (1 - 0.5 * 0.96 ** t)", "momentum of this update"),
             Line("mu_next", "beta_1 * (1 - 0.5 * 0.96 ** (t + 1))", "momentum of the next update"),
             Line("product", "product * mu", "product of all momentums so far"), _MEAN, _SQUARE,
             Line("m_hat", "mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)", "mean, one update ahead"),
             Line("v_hat", "v / (1 - beta_2 ** t)", "mean square, for a start at zero"),
             Line("w", "w - lr * m_hat / (sqrt(v_hat) + epsilon)", "a step in units of the gradient's usual size")]
    return lines, _MOMENTS | {"product": "_u_product"}


def _lion(given: Mapping[str, Any]) -> Own:
    lines = [Line("c", "beta_1 * m + (1 - beta_1) * g", "direction: the mean so far, and this gradient"),
             Line("m", "beta_2 * m + (1 - beta_2) * g", "moving mean of the gradient"),
             Line("w", "w - lr * sign(c)", "a step of one size: only the direction's sign counts")]
    return lines, {"m": "_momentums"}


def _ftrl(given: Mapping[str, Any]) -> Own:
    shrunk = bool(given["l2_shrinkage_regularization_strength"])
    slope = "g_w" if shrunk else "g"
    lines = [Line("g_w", "g + 2 * l2_shrinkage_regularization_strength * w", "gradient with the L2 penalty")] if shrunk else []
    lines += [Line("before", "n ** (-learning_rate_power)", "the old sum, to the power that damps the rate"),
              Line("n", "n + g ** 2", "sum of all squared gradients"),
              Line("now", "n ** (-learning_rate_power)", "the new sum, to that power"),
              Line("z", f"z + {slope} - (now - before) / lr * w", "sum of the gradients, corrected for the changed rate"),
              Line("q", "now / lr + 2 * l2_regularization_strength + beta / lr", "how firmly the weight is held"),
              Line("w", "(clip(z, -l1_regularization_strength, l1_regularization_strength) - z) / q",
                   "the weight is made anew from the sums")]
    return lines, {"n": "_accumulators", "z": "_linears"}


def _lamb(given: Mapping[str, Any]) -> Own:
    lines = [_MEAN, _SQUARE,
             Line("u", "m / (1 - beta_1 ** t) / (sqrt(v / (1 - beta_2 ** t)) + epsilon)", "Adam's step, without the rate"),
             Line("norm_w", "w", "length of the array of weights", whole="norm"),
             Line("norm_u", "u", "length of its steps", whole="norm"),
             Line("ratio", "where(norm_w * norm_u > 0, norm_w / norm_u, 1)", "trust ratio"),
             Line("w", "w - lr * ratio * u", "a step scaled to the size of the weights")]
    return lines, dict(_MOMENTS)


def _adafactor(given: Mapping[str, Any]) -> Own:
    lines = [Line("rms_w", "w", "root mean square of the array of weights", whole="rms"),
             Line("alpha", "maximum(epsilon_2, rms_w) * minimum(lr, 1 / sqrt(t))", "rate, relative to the weights' size"),
             Line("beta", "1 - t ** beta_2_decay", "how much of the means stays"),
             Line("q", "g ** 2 + epsilon_1", "squared gradient")]
    if given["dimensions"] < 2:
        lines.append(Line("v", "beta * v + (1 - beta) * q", "moving mean of the squared gradient"))
        slots = {"v": "_v"}
    else:
        lines += [Line("q_row", "q", "mean of it over the weight's row", whole="row_mean"),
                  Line("q_column", "q", "mean of it over the weight's column", whole="column_mean"),
                  Line("r", "beta * r + (1 - beta) * q_row", "moving mean of the row"),
                  Line("c", "beta * c + (1 - beta) * q_column", "moving mean of the column"),
                  Line("r_mean", "r", "mean over all rows", whole="column_mean"),
                  Line("v", "r / r_mean * c", "squared gradient as row times column")]
        slots = {"r": "_r", "c": "_c"}
    return [*lines, Line("u", "g / sqrt(v)", "gradient in units of its usual size"),
            Line("rms_u", "u", "root mean square of these over the array", whole="rms"),
            Line("w", "w - alpha * u / maximum(1, rms_u / clip_threshold)", "a step, held to a size")], slots


def _muon(given: Mapping[str, Any]) -> Own:
    if not given["matrix"]:
        mean, square, alpha, last = (
            Line("m", "adam_beta_1 * m + (1 - adam_beta_1) * g", _MEAN.sense),
            Line("v", "adam_beta_2 * v + (1 - adam_beta_2) * g ** 2", _SQUARE.sense),
            Line("alpha", "lr * adam_lr_ratio * sqrt(1 - adam_beta_2 ** t) / (1 - adam_beta_1 ** t)",
                 "rate, for means that started at zero"),
            Line("w", "w - alpha * m / (sqrt(v) + epsilon)", "a step in units of the gradient's usual size (AdamW)"))
        return [mean, square, alpha, last], {"m": "momentums", "v": "adam_velocities"}
    direction = "g + momentum * m" if given["nesterov"] else "m"
    scale = " * sqrt(longer) * rms_rate" if given["rms_rate"] is not None else ""
    lines = [Line("m", "momentum * m + g", "sum of the gradients, the older the less"),
             Line("d", direction, "direction"),
             Line("o", "d", "this weight's place in a nearly orthogonal matrix made of all d", whole="orthogonal"),
             Line("w", f"w - lr * o{scale}", "a step along the orthogonal matrix")]
    return lines, {"m": "momentums"}


_OF_CLASS: Mapping[str, Callable[[Mapping[str, Any]], Own]] = {
    "SGD": _sgd, "Adam": _adam, "AdamW": _adam, "RMSprop": _rmsprop, "Adagrad": _adagrad, "Adadelta": _adadelta,
    "Adamax": _adamax, "Nadam": _nadam, "Lion": _lion, "Ftrl": _ftrl, "Lamb": _lamb, "Adafactor": _adafactor, "Muon": _muon,
}
