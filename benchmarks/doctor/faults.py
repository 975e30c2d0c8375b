"""Faults that are planted into a sound training: each a change of its spec, by severity (0 mild, 1 plain, 2 severe)."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.doctor.healthy import Spec

Change = Callable[[Spec, int], None]


@dataclass(frozen=True)
class Fault:
    """`name`; the rules that name it rightly as the cause, the best first; `plant` changes a spec; `sets`: data sets it makes
    sense on, all where empty."""

    name: str
    rules: tuple[str, ...]
    plant: Change
    sets: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()


def _dense(spec: Spec) -> list[Spec]:
    return [layer for layer in spec["layers"] if layer["kind"] == "Dense"]


def _rate(factors: tuple[float, ...]) -> Change:
    def plant(spec: Spec, severity: int) -> None:
        spec["optimizer"]["learning_rate"] *= factors[severity]

    return plant


def _sgd_rate(spec: Spec, severity: int) -> None:
    spec["optimizer"] = {"kind": "SGD", "learning_rate": (3.0, 10.0, 100.0)[severity]}


def _each(**settings: tuple[object, ...]) -> Change:
    """The same settings of every Dense layer, one value for each severity."""

    def plant(spec: Spec, severity: int) -> None:
        for layer in _dense(spec):
            layer.update({name: copy.deepcopy(values[severity]) for name, values in settings.items()})

    return plant


def _normal(stddev: float, mean: float = 0.0) -> Spec:
    return {"kind": "RandomNormal", "mean": mean, "stddev": stddev}


def _constant(value: float) -> Spec:
    return {"kind": "Constant", "value": value}


def _dead(spec: Spec, severity: int) -> None:
    for layer in _dense(spec):
        layer |= {"activation": "relu", "bias_initializer": _constant((-4.0, -6.0, -10.0)[severity])}


def _deep(spec: Spec, layers: list[Spec]) -> None:
    spec["layers"] = [layer for layer in spec["layers"] if layer["kind"] != "Dense"] + layers


def _exploding(spec: Spec, severity: int) -> None:
    layer = {"kind": "Dense", "units": 24, "activation": "relu", "kernel_initializer": _normal((1.5, 2.5, 4.0)[severity])}
    _deep(spec, [copy.deepcopy(layer) for _ in range(6)])
    spec["optimizer"] = {"kind": "SGD", "learning_rate": 0.03}


def _vanishing(spec: Spec, severity: int) -> None:
    layer = {"kind": "Dense", "units": 16, "activation": "sigmoid"}
    _deep(spec, [dict(layer) for _ in range((6, 8, 10)[severity])])


def _saturated(spec: Spec, severity: int) -> None:
    for layer in _dense(spec):
        layer |= {"activation": "tanh", "kernel_initializer": _normal((5.0, 10.0, 30.0)[severity])}


def _zeros(spec: Spec, severity: int) -> None:
    for layer in _dense(spec):
        layer |= {"kernel_initializer": ("zeros", "ones", _constant(0.5))[severity]}
    spec["cost"]["kernel_initializer"] = ("zeros", "zeros", "ones")[severity]


def _overfit(spec: Spec, severity: int) -> None:
    start = {"kernel_initializer": "he_normal"}
    _deep(spec, [{"kind": "Dense", "units": 128, "activation": "relu", **start} for _ in range(3)])
    spec["split"]["validation"] = (0.6, 0.7, 0.8)[severity]
    spec["training"]["epochs"] = (150, 200, 250)[severity]
    spec["optimizer"]["learning_rate"] = 0.003
    if spec["data"]["kind"] == "synthetic":
        spec["data"] |= {"samples": 300, "noise": (0.3, 0.35, 0.4)[severity]}


def _underfit(spec: Spec, severity: int) -> None:
    _deep(
        spec,
        [[{"kind": "Dense", "units": 2, "activation": "tanh"}], [{"kind": "Dense", "units": 1, "activation": "tanh"}], []][
            severity
        ],
    )


def _dropout(spec: Spec, severity: int) -> None:
    layers: list[Spec] = []
    for layer in spec["layers"]:
        layers.append(layer)
        if layer["kind"] == "Dense":
            layers.append({"kind": "Dropout", "rate": (0.7, 0.8, 0.9)[severity]})
    spec["layers"] = layers


def _regularized(spec: Spec, severity: int) -> None:
    for layer in (*_dense(spec), spec["cost"]):
        layer["kernel_regularizer"] = {"kind": "L2", "l2": (0.1, 0.3, 1.0)[severity]}


def _short(spec: Spec, severity: int) -> None:
    spec["training"]["batch_size"] = 4096
    spec["optimizer"]["learning_rate"] /= 3


def _too_long(spec: Spec, severity: int) -> None:
    spec["training"]["epochs"] = int(spec["training"]["epochs"] * (6, 8, 10)[severity])


def _tiny_validation(spec: Spec, severity: int) -> None:
    spec["split"]["validation"] = (0.03, 0.02, 0.015)[severity]


def _noise(spec: Spec, severity: int) -> None:
    spec["data"]["noise"] = 0.5
    spec["data"]["name"] = "xor"
    _deep(spec, [])


_SYNTHETIC = ("spirals", "moons", "circle", "xor")
FAULTS = (
    Fault("rate x 100", ("rate_too_high",), _rate((100, 300, 1000))),
    Fault("SGD, huge rate", ("rate_too_high",), _sgd_rate),
    Fault("rate / 300", ("rate_too_low",), _rate((1 / 100, 1 / 300, 1 / 1000))),
    Fault("ReLU with low biases", ("dead_relu", "poor_initialisation"), _dead),
    Fault("deep, large first weights", ("exploding_gradient", "poor_initialisation"), _exploding),
    Fault("deep sigmoid stack", ("vanishing_gradient",), _vanishing),
    Fault("tanh with large weights", ("saturated", "poor_initialisation"), _saturated),
    Fault("equal first weights", ("poor_initialisation",), _zeros),
    Fault(
        "few rows, large network",
        ("overfitting", "too_large"),
        _overfit,
        unlike=("plane", "gaussians", "iris", "circle", "digits"),
    ),
    Fault(
        "one unit",
        ("underfitting", "no_better_than_baseline"),
        _underfit,
        ("spirals", "circle", "xor", "digits", "gauss_regression"),
    ),
    Fault("dropout too strong", ("too_much_dropout",), _dropout),
    Fault("regularization too strong", ("too_much_regularization",), _regularized),
    Fault(
        "one batch an epoch",
        ("batch_too_large", "rate_too_low"),
        _short,
        ("spirals", "moons", "circle", "xor", "digits", "gauss_regression"),
    ),
    Fault(
        "far too many epochs",
        ("trained_too_long", "overfitting"),
        _too_long,
        ("moons", "gaussians", "iris", "wine", "breast_cancer", "plane"),
    ),
    Fault(
        "few validation rows", ("validation_too_small",), _tiny_validation, ("iris", "wine", "breast_cancer", "diabetes", "moons")
    ),
    Fault("a line for exclusive or", ("no_better_than_baseline", "underfitting"), _noise, ("xor", "spirals")),
)
