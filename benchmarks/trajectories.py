"""Makes the trajectories that the engine's tests are compared with: `python -m benchmarks.trajectories`.

Keras's own `fit` and PyTorch train small networks from fixed weights on fixed rows in a fixed order; the loss of every step
goes to tests/engine/trajectories.npz. Needs what benchmarks/requirements.txt names. Nothing of nnviz's engine is used here.
"""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

ROWS, BATCH, STEPS, FEATURES, CLASSES, HIDDEN = 40, 8, 100, 3, 3, 5
FILE = Path(__file__).parent.parent / "tests" / "engine" / "trajectories.npz"

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"kind": "SGD", "learning_rate": 0.1},
    "momentum": {"kind": "SGD", "learning_rate": 0.05, "momentum": 0.9},
    "nesterov": {"kind": "SGD", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    "adam": {"kind": "Adam", "learning_rate": 0.01},
    "amsgrad": {"kind": "Adam", "learning_rate": 0.01, "amsgrad": True},
    "adamw": {"kind": "AdamW", "learning_rate": 0.01, "weight_decay": 0.05},
    "rmsprop": {"kind": "RMSprop", "learning_rate": 0.005},
    "centered": {"kind": "RMSprop", "learning_rate": 0.005, "momentum": 0.5, "centered": True},
    "adagrad": {"kind": "Adagrad", "learning_rate": 0.1},
    "adadelta": {"kind": "Adadelta", "learning_rate": 1.0},
    "adamax": {"kind": "Adamax", "learning_rate": 0.02},
    "nadam": {"kind": "Nadam", "learning_rate": 0.01},
    "lion": {"kind": "Lion", "learning_rate": 0.002},
    "ftrl": {"kind": "Ftrl", "learning_rate": 0.1, "initial_accumulator_value": 0.1},
}
COSTS = (
    "MeanSquaredError",
    "MeanAbsoluteError",
    "Huber",
    "LogCosh",
    "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "KLDivergence",
    "CategoricalHinge",
    "CrossEntropy",
)
OF_NUMBERS = COSTS[:7]
POSITIVE = ("MeanSquaredLogarithmicError", "Poisson")
"""Costs whose output is a softplus."""


def rows() -> dict[str, NDArray[Any]]:
    """x (ROWS, FEATURES), y (classes), t (positive numbers), the order of the rows of every epoch, first weights."""
    random = np.random.default_rng(11)
    x = random.normal(size=(ROWS, FEATURES)).astype(np.float32)
    y = (x @ random.normal(size=(FEATURES, CLASSES))).argmax(axis=1).astype(np.int32)
    t = (1.0 + np.abs(x @ random.normal(size=(FEATURES, 1)))).astype(np.float32)
    arrays: dict[str, NDArray[Any]] = {"x": x, "y": y, "t": t}
    for task, outputs in (("classes", CLASSES), ("numbers", 1)):
        shapes = ((FEATURES, HIDDEN), (HIDDEN,), (HIDDEN, outputs), (outputs,))
        for place, shape in enumerate(shapes):
            arrays[f"{task}.{place}"] = random.normal(scale=0.5, size=shape).astype(np.float32)
    return arrays


def batches(order: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    return [epoch[at : at + BATCH] for epoch in order for at in range(0, ROWS, BATCH)][:STEPS]


def of_keras(arrays: dict[str, NDArray[Any]], order: NDArray[np.int32], optimizer: dict[str, Any], cost: str) -> NDArray[Any]:
    """The losses of `fit`, one step an epoch's batch, in this order."""
    is_number = cost in OF_NUMBERS
    task, outputs = ("numbers", 1) if is_number else ("classes", CLASSES)
    last = "softplus" if cost in POSITIVE else "linear" if is_number or cost == "CategoricalHinge" else "softmax"
    model = keras.Sequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(HIDDEN, activation="tanh"),
            keras.layers.Dense(outputs, activation="linear" if cost == "CrossEntropy" else last),
        ]
    )
    model.set_weights([arrays[f"{task}.{place}"] for place in range(4)])
    kind = {name: value for name, value in optimizer.items() if name != "kind"}
    loss = keras.losses.CategoricalCrossentropy(from_logits=True) if cost == "CrossEntropy" else getattr(keras.losses, cost)()
    model.compile(getattr(keras.optimizers, optimizer["kind"])(**kind), loss)
    target = arrays["t"] if is_number else np.eye(CLASSES, dtype=np.float32)[arrays["y"]]
    losses: list[float] = []
    for rows_of_step in batches(order):
        history = model.fit(arrays["x"][rows_of_step], target[rows_of_step], batch_size=BATCH, shuffle=False, verbose=0)
        losses += history.history["loss"]
    return np.array(losses)


def of_torch(arrays: dict[str, NDArray[Any]], order: NDArray[np.int32], name: str) -> NDArray[Any]:
    """The same network under PyTorch's cross-entropy and one of its optimizers."""
    import torch

    weights = [torch.tensor(arrays[f"classes.{place}"], requires_grad=True) for place in range(4)]
    optimizer = {
        "sgd": lambda: torch.optim.SGD(weights, lr=0.1),
        "momentum": lambda: torch.optim.SGD(weights, lr=0.05, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD(weights, lr=0.05, momentum=0.9, nesterov=True),
        # Keras adds epsilon to another root than PyTorch: at 1e-7 that is below float32's own rounding here.
        "adam": lambda: torch.optim.Adam(weights, lr=0.01, eps=1e-7),
        "adamax": lambda: torch.optim.Adamax(weights, lr=0.02, eps=1e-7),
    }[name]()
    x, y = torch.tensor(arrays["x"]), torch.tensor(arrays["y"].astype(np.int64))
    losses = []
    for rows_of_step in batches(order):
        optimizer.zero_grad()
        hidden = torch.tanh(x[rows_of_step] @ weights[0] + weights[1])
        loss = torch.nn.functional.cross_entropy(hidden @ weights[2] + weights[3], y[rows_of_step])
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return np.array(losses)


def main() -> None:
    arrays = rows()
    random = np.random.default_rng(5)
    order = np.stack([random.permutation(ROWS).astype(np.int32) for _ in range(STEPS * BATCH // ROWS)])
    recorded: dict[str, Any] = arrays | {"order": order, "settings": np.array(json.dumps(OPTIMIZERS))}
    for name, optimizer in OPTIMIZERS.items():
        recorded[f"keras.optimizer.{name}"] = of_keras(arrays, order, optimizer, "CrossEntropy")
    for cost in COSTS:
        recorded[f"keras.cost.{cost}"] = of_keras(arrays, order, OPTIMIZERS["sgd"] | {"learning_rate": 0.02}, cost)
    for name in ("sgd", "momentum", "nesterov", "adam", "adamax"):
        recorded[f"torch.optimizer.{name}"] = of_torch(arrays, order, name)
    np.savez_compressed(FILE, **recorded)
    for name, values in recorded.items():
        if "." in name and values.shape == (STEPS,):
            print(f"{name:45} {values[0]:.4f} -> {values[-1]:.4f}")


if __name__ == "__main__":
    main()
