"""Faults of layers, of their first weights, and of how outputs meet the cost."""

import copy

from benchmarks.doctor.fault import Change, Fault
from benchmarks.doctor.healthy import IMAGES, REGRESSION, SETS, Spec

_CLASSES = tuple(name for name in SETS if name not in REGRESSION)


def with_weights(spec: Spec) -> list[Spec]:
    return [layer for layer in spec["layers"] if layer["kind"] in ("Dense", "Conv2D")]


def deep(spec: Spec, layers: list[Spec]) -> None:
    """With other layers than Dense ones as they are."""
    spec["layers"] = [layer for layer in spec["layers"] if layer["kind"] != "Dense"] + layers


def _normal(stddev: float, mean: float = 0.0) -> Spec:
    return {"kind": "RandomNormal", "mean": mean, "stddev": stddev}


def _constant(value: float) -> Spec:
    return {"kind": "Constant", "value": value}


def _dead(spec: Spec, severity: int) -> None:
    for layer in with_weights(spec):
        layer |= {"activation": "relu", "bias_initializer": _constant((-4.0, -6.0, -10.0)[severity])}


def _exploding(spec: Spec, severity: int) -> None:
    layer = {"kind": "Dense", "units": 24, "activation": "relu", "kernel_initializer": _normal((1.5, 2.5, 4.0)[severity])}
    deep(spec, [copy.deepcopy(layer) for _ in range(6)])
    spec["optimizer"] = {"kind": "SGD", "learning_rate": 0.03}


def _vanishing(spec: Spec, severity: int) -> None:
    layer = {"kind": "Dense", "units": 16, "activation": "sigmoid"}
    deep(spec, [dict(layer) for _ in range((6, 8, 10)[severity])])


def _saturated(spec: Spec, severity: int) -> None:
    for layer in with_weights(spec):
        layer |= {"activation": "tanh", "kernel_initializer": _normal((5.0, 10.0, 30.0)[severity])}


def _zeros(spec: Spec, severity: int) -> None:
    for layer in with_weights(spec):
        layer |= {"kernel_initializer": ("zeros", "ones", _constant(0.5))[severity]}
    spec["cost"]["kernel_initializer"] = ("zeros", "zeros", "ones")[severity]


def _overfit(spec: Spec, severity: int) -> None:
    start = {"kernel_initializer": "he_normal"}
    deep(spec, [{"kind": "Dense", "units": 128, "activation": "relu", **start} for _ in range(3)])
    spec["split"]["validation"] = (0.6, 0.7, 0.8)[severity]
    spec["training"]["epochs"] = (150, 200, 250)[severity]
    spec["optimizer"]["learning_rate"] = 0.003
    if spec["data"]["kind"] == "synthetic":
        spec["data"] |= {"samples": 300, "noise": (0.3, 0.35, 0.4)[severity]}
    elif spec["data"]["kind"] == "table":
        spec["data"] |= {"rows": 300}


def _underfit(spec: Spec, severity: int) -> None:
    deep(spec, [{"kind": "Dense", "units": units, "activation": "tanh"} for units in ((2,), (1,), ())[severity]])


def _dropout(spec: Spec, severity: int) -> None:
    layers: list[Spec] = []
    for layer in spec["layers"]:
        layers.append(layer)
        if layer["kind"] == "Dense":
            layers.append({"kind": "Dropout", "rate": (0.7, 0.8, 0.9)[severity]})
    spec["layers"] = layers


def _regularized(spec: Spec, severity: int) -> None:
    for layer in (*with_weights(spec), spec["cost"]):
        layer["kernel_regularizer"] = {"kind": "L2", "l2": (0.1, 0.3, 1.0)[severity]}


def _line(spec: Spec, severity: int) -> None:
    spec["data"]["noise"] = (0.5, 0.3, 0.1)[severity]
    spec["data"]["name"] = "xor"
    deep(spec, [])


def _softmax_twice(classes: dict[str, int]) -> Change:
    def plant(spec: Spec, severity: int) -> None:
        spec["layers"].append({"kind": "Dense", "units": classes[spec["data"]["name"]], "activation": "softmax"})
        spec["cost"] |= {"project": False}
        if severity == 2:
            spec["cost"] |= {"kind": "CategoricalFocalCrossentropy"}

    return plant


def _in_a_range(spec: Spec, severity: int) -> None:
    spec["cost"] |= {"transform": ("softplus", "sigmoid", "sigmoid")[severity]}
    if severity == 2:
        spec["cost"] |= {"kind": "Huber"}


def _huge_target(spec: Spec, severity: int) -> None:
    spec["data"] |= {"target_times": (300.0, 3_000.0, 30_000.0)[severity]}
    spec["cost"] = {"kind": ("Poisson", "MeanAbsolutePercentageError", "MeanAbsolutePercentageError")[severity]}


_COUNTS = {
    **dict.fromkeys(("spirals", "moons", "circle", "xor", "gaussians", "breast_cancer", "credit"), 2),
    **dict.fromkeys(("iris", "wine", "wide_table"), 3),
    **dict.fromkeys(("digits", "mnist5000"), 10),
    "sensors": 4,
    "gauges": 5,
}
FAULTS = (
    Fault(name="ReLU with low biases", rules=("dead_relu", "poor_initialisation"), plant=_dead),
    Fault(name="deep, large first weights", rules=("exploding_gradient", "poor_initialisation"), plant=_exploding),
    Fault(name="deep sigmoid stack", rules=("vanishing_gradient",), plant=_vanishing),
    Fault(name="tanh with large weights", rules=("saturated", "poor_initialisation"), plant=_saturated),
    Fault(name="equal first weights", rules=("poor_initialisation",), plant=_zeros),
    Fault(
        name="few rows, large network",
        rules=("overfitting", "too_large"),
        plant=_overfit,
        unlike=("plane", "gaussians", "iris", "circle", *IMAGES),
    ),
    Fault(
        name="one unit",
        rules=("underfitting", "no_better_than_baseline", "bottleneck"),
        plant=_underfit,
        sets=("spirals", "circle", "xor", "digits", "gauss_regression", "credit", "gauges", "energy", "digits_cnn", "mnist"),
    ),
    Fault(
        name="a line for exclusive or", rules=("no_better_than_baseline", "underfitting"), plant=_line, sets=("xor", "spirals")
    ),
    Fault(name="dropout too strong", rules=("too_much_dropout",), plant=_dropout),
    Fault(name="regularization too strong", rules=("too_much_regularization",), plant=_regularized),
    Fault(name="softmax twice", rules=("double_softmax",), plant=_softmax_twice(_COUNTS), sets=_CLASSES),
    Fault(name="outputs in a range", rules=("cost_mismatch",), plant=_in_a_range, sets=REGRESSION, harm="r2"),
    Fault(name="target of thousands", rules=("cost_mismatch",), plant=_huge_target, sets=("houses", "energy"), harm="r2"),
)
