"""Sound trainings: data sets, each with two networks that learn it well, from which faults are made by a change."""

import copy
from typing import Any

from benchmarks.doctor.tables import NUMBERS

Spec = dict[str, Any]

RELU, TANH = "relu", "tanh"
TUNED_ON = ("spirals", "moons", "iris", "digits", "digits_cnn", "gauss_regression", "wide_table", "credit", "houses")
"""The data sets by which thresholds are chosen; all others, and the seeds of their trainings, are for the report alone."""
FIRST_SEED = 20
"""Of the report's trainings; the others begin at 0."""


def _dense(*units: int, activation: str = TANH) -> list[Spec]:
    start = {"kernel_initializer": "he_normal"} if activation == RELU else {}
    return [{"kind": "Dense", "units": count, "activation": activation, **start} for count in units]


def _spec(data: Spec, layers: list[Spec], *, rate: float, epochs: int, batch: int = 32) -> Spec:
    is_regression = data["name"] in ("plane", "gauss_regression", "diabetes", *NUMBERS)
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


def _table(name: str, rows: int = 600) -> Spec:
    return {"kind": "table", "name": name, "rows": rows}


def _cnn(filters: int, units: int, *, kernel: int = 3) -> list[Spec]:
    convolution = {"kind": "Conv2D", "kernel_size": kernel, "activation": RELU, "kernel_initializer": "he_normal"}
    pool = {"kind": "MaxPooling2D"}
    return [
        convolution | {"filters": filters, "padding": "same"},
        pool,
        convolution | {"filters": 2 * filters, "padding": "same"},
        pool,
        *_FLAT,
        *_dense(units, activation=RELU),
    ]


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
    "digits_cnn": _spec(_builtin("digits"), _cnn(8, 32), rate=0.003, epochs=15, batch=64),
    "mnist": _spec(_builtin("mnist5000"), _cnn(6, 24), rate=0.003, epochs=10, batch=64),
    "credit": _spec(_table("credit", 900), _dense(24, 12, activation=RELU), rate=0.005, epochs=40),
    "sensors": _spec(_table("sensors"), _dense(24, activation=RELU), rate=0.005, epochs=30),
    "wide_table": _spec(_table("wide_table"), _dense(12), rate=0.003, epochs=20),
    "gauges": _spec(_table("gauges"), _dense(24, 12), rate=0.01, epochs=50),
    "houses": _spec(_table("houses"), _dense(24, 12, activation=RELU), rate=0.005, epochs=50),
    "energy": _spec(_table("energy"), _dense(32, 16), rate=0.01, epochs=80),
}
SETS["mnist"]["split"] = {"validation": 0.1, "test": 0.78}
_OTHER_NETS: dict[str, list[Spec]] = {
    "spirals": _dense(32, 16, activation=RELU),
    "moons": _dense(16, activation=RELU),
    "circle": _dense(12, 12),
    "xor": _dense(16, 8, activation=RELU),
    "gaussians": _dense(8, 8, activation=RELU),
    "plane": _dense(8, 8, activation=RELU),
    "gauss_regression": _dense(24, 24, 12),
    "iris": _dense(16, activation=RELU),
    "wine": _dense(8),
    "breast_cancer": _dense(8, activation=RELU),
    "diabetes": _dense(4, activation=RELU),
    "digits": [*_FLAT, *_dense(48)],
    "digits_cnn": _cnn(6, 24),
    "mnist": _cnn(4, 32, kernel=5),
    "credit": _dense(24, 24),
    "sensors": _dense(16, 12),
    "wide_table": _dense(12, activation=RELU),
    "gauges": _dense(32, activation=RELU),
    "houses": _dense(24, 12),
    "energy": _dense(32, 16, activation=RELU),
}
NETS = 2
IMAGES = ("digits", "digits_cnn", "mnist")
REGRESSION = ("plane", "gauss_regression", "diabetes", "houses", "energy")
OPTIMIZERS = (
    "SGD", "Adam", "AdamW", "Adamax", "Nadam", "AMSGrad", "RMSprop", "Adagrad", "Adadelta", "Lion", "Momentum", "Nesterov",
    "Ftrl", "Lamb", "Adafactor", "Muon",
)  # fmt: skip


def first_seed(name: str) -> int:
    return 0 if name in TUNED_ON else FIRST_SEED


def sound(name: str, *, seed: int = 0, net: int = 0) -> Spec:
    """The training of a data set, with a seed for its rows, their parts and order, and the first weights; `net`: which of its
    networks."""
    spec = copy.deepcopy(SETS[name])
    if net:
        spec["layers"] = copy.deepcopy(_OTHER_NETS[name])
    spec["split"]["seed"] = seed
    spec["training"]["seed"] = seed
    if spec["data"]["kind"] != "builtin":
        spec["data"]["seed"] = seed
    return spec
