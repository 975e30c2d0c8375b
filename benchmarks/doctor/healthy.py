"""Sound trainings: data sets with networks that learn them well, from which faults are made by a change."""

import copy
from typing import Any

Spec = dict[str, Any]

RELU, TANH = "relu", "tanh"
TUNED_ON = ("spirals", "moons", "iris", "digits", "gauss_regression", "wide_table")
"""The data sets by which thresholds were chosen; all others are for the report alone."""


def _dense(*units: int, activation: str = TANH) -> list[Spec]:
    start = {"kernel_initializer": "he_normal"} if activation == RELU else {}
    return [{"kind": "Dense", "units": count, "activation": activation, **start} for count in units]


def _spec(data: Spec, layers: list[Spec], *, rate: float, epochs: int, batch: int = 32) -> Spec:
    is_regression = data["name"] in ("plane", "gauss_regression", "diabetes")
    return {
        "data": data,
        "split": {"validation": 0.3, "test": 0.0},
        "layers": layers,
        "cost": {"kind": "MeanSquaredError" if is_regression else "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": rate},
        "training": {"epochs": epochs, "batch_size": batch},
    }


def _made(name: str, *, samples: int = 600, noise: float = 0.05) -> Spec:
    return {"kind": "synthetic", "name": name, "samples": samples, "noise": noise}


def _builtin(name: str) -> Spec:
    return {"kind": "builtin", "name": name}


_FLAT = [{"kind": "Flatten"}]
SETS: dict[str, Spec] = {
    "spirals": _spec(_made("spirals"), _dense(24, 24, activation=RELU), rate=0.01, epochs=120),
    "moons": _spec(_made("moons", noise=0.1), _dense(12, 8), rate=0.01, epochs=60),
    "circle": _spec(_made("circle"), _dense(16, 8, activation=RELU), rate=0.01, epochs=60),
    "xor": _spec(_made("xor"), _dense(12, 8), rate=0.01, epochs=60),
    "gaussians": _spec(_made("gaussians", noise=0.1), _dense(8), rate=0.01, epochs=40),
    "plane": _spec(_made("plane"), _dense(8), rate=0.01, epochs=60),
    "gauss_regression": _spec(_made("gauss_regression"), _dense(24, 16, activation=RELU), rate=0.01, epochs=100),
    "iris": _spec(_builtin("iris"), _dense(12, 8), rate=0.01, epochs=50, batch=16),
    "wine": _spec(_builtin("wine"), _dense(16, activation=RELU), rate=0.005, epochs=25, batch=16),
    "breast_cancer": _spec(_builtin("breast_cancer"), _dense(12), rate=0.003, epochs=25),
    "diabetes": _spec(_builtin("diabetes"), _dense(4), rate=0.005, epochs=30),
    "digits": _spec(_builtin("digits"), [*_FLAT, *_dense(48, 24, activation=RELU)], rate=0.003, epochs=25, batch=64),
}
OPTIMIZERS = (
    "SGD", "Adam", "AdamW", "Adamax", "Nadam", "AMSGrad", "RMSprop", "Adagrad", "Adadelta", "Lion", "Momentum", "Nesterov",
)  # fmt: skip


def sound(name: str, *, seed: int = 0) -> Spec:
    """The training of a data set, with a seed for its rows' parts, order and first weights."""
    spec = copy.deepcopy(SETS[name])
    spec["split"]["seed"] = seed
    spec["training"]["seed"] = seed
    if spec["data"]["kind"] == "synthetic":
        spec["data"]["seed"] = seed
    return spec
