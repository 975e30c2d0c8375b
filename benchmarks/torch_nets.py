"""Makes what the engine's tests compare whole networks with: `python -m benchmarks.torch_nets`.

PyTorch trains a handful of networks, written as in a spec, from fixed weights on fixed rows in a fixed order; the loss of
each of 100 steps goes to tests/engine/torch_nets.npz. Needs what benchmarks/requirements.txt names; nothing of nnviz is used.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROWS, BATCH, STEPS, CLASSES = 40, 8, 100, 3
FILE = Path(__file__).parent.parent / "tests" / "engine" / "torch_nets.npz"
MOMENTUM = {"kind": "SGD", "learning_rate": 0.05, "momentum": 0.9}
ADAM = {"kind": "Adam", "learning_rate": 0.01}


def dense(units: int, activation: str) -> dict[str, Any]:
    return {"kind": "Dense", "units": units, "activation": activation}


def conv(filters: int, padding: str) -> dict[str, Any]:
    return {"kind": "Conv2D", "filters": filters, "kernel_size": 3, "padding": padding, "activation": "relu"}


NETS: dict[str, dict[str, Any]] = {
    "numbers with ReLU, tanh and Adam": {
        "shape": [4],
        "layers": [dense(10, "relu"), dense(6, "tanh")],
        "optimizer": ADAM,
        "numbers": True,
    },
    "batch normalization": {
        "shape": [4],
        "layers": [dense(12, "linear"), {"kind": "BatchNormalization"}, {"kind": "Activation", "activation": "relu"}],
        "optimizer": MOMENTUM,
    },
    "CNN with momentum": {
        "shape": [8, 8, 2],
        "layers": [conv(4, "same"), {"kind": "MaxPooling2D"}, conv(5, "valid"), {"kind": "Flatten"}, dense(6, "relu")],
        "optimizer": MOMENTUM | {"learning_rate": 0.02},
    },
}


def first_weights(net: dict[str, Any], random: np.random.Generator) -> list[NDArray[np.float32]]:
    """Those that are trained, in Keras's order and shapes, the cost's projection last."""
    weights: list[NDArray[np.float32]] = []
    shape = tuple(net["shape"])

    def draw(*size: int) -> None:
        scale = 1 / math.sqrt(math.prod(size[:-1])) if len(size) > 1 else 0.2
        weights.append(random.normal(scale=scale, size=size).astype(np.float32))

    for layer in [*net["layers"], {"kind": "Dense", "units": 1 if "numbers" in net else CLASSES}]:
        kind = layer["kind"]
        if kind == "Dense":
            draw(shape[0], layer["units"])
            draw(layer["units"])
            shape = (layer["units"],)
        elif kind == "Conv2D":
            draw(3, 3, shape[2], layer["filters"])
            draw(layer["filters"])
            less = 0 if layer["padding"] == "same" else 2
            shape = (shape[0] - less, shape[1] - less, layer["filters"])
        elif kind == "BatchNormalization":
            draw(shape[0])
            draw(shape[0])
        elif kind == "Flatten":
            shape = (math.prod(shape),)
        elif kind == "MaxPooling2D":
            shape = (shape[0] // 2, shape[1] // 2, shape[2])
    return weights


def forward(net: dict[str, Any], weights: Iterator[Any], x: Any) -> Any:
    """The raw outputs, by PyTorch."""
    import torch
    from torch.nn import functional

    activations: dict[str, Any] = {"relu": torch.relu, "tanh": torch.tanh, "linear": lambda x: x}
    for layer in net["layers"]:
        activation = activations[layer.get("activation", "linear")]
        if layer["kind"] == "Dense":
            x = activation(x @ next(weights) + next(weights))
        elif layer["kind"] == "Activation":
            x = activation(x)
        elif layer["kind"] == "BatchNormalization":
            x = functional.batch_norm(x, None, None, next(weights), next(weights), training=True, eps=1e-3)
        elif layer["kind"] == "Flatten":
            x = x.flatten(1)
        else:
            x = x.permute(0, 3, 1, 2)
            if layer["kind"] == "Conv2D":
                x = activation(functional.conv2d(x, next(weights).permute(3, 2, 0, 1), next(weights), padding=layer["padding"]))
            else:
                x = functional.max_pool2d(x, 2)
            x = x.permute(0, 2, 3, 1)
    return x @ next(weights) + next(weights)


def losses(
    net: dict[str, Any], initial: list[NDArray[np.float32]], x: NDArray[np.float32], y: NDArray[Any], order: NDArray[np.int32]
) -> NDArray[np.float64]:
    import torch

    weights = [torch.tensor(values, requires_grad=True) for values in initial]
    rate = net["optimizer"]["learning_rate"]
    optimizer: Any = torch.optim.Adam(weights, lr=rate, eps=1e-7)
    if net["optimizer"]["kind"] == "SGD":
        optimizer = torch.optim.SGD(weights, lr=rate, momentum=net["optimizer"]["momentum"])
    rows, targets = torch.tensor(x), torch.tensor(y if "numbers" in net else y.astype(np.int64))
    trajectory = []
    for step in [epoch[at : at + BATCH] for epoch in order for at in range(0, ROWS, BATCH)]:
        optimizer.zero_grad()
        outputs = forward(net, iter(weights), rows[step])
        cost = torch.nn.functional.mse_loss if "numbers" in net else torch.nn.functional.cross_entropy
        loss = cost(outputs, targets[step])
        loss.backward()
        optimizer.step()
        trajectory.append(float(loss.detach()))
    return np.array(trajectory)


def main() -> None:
    random = np.random.default_rng(17)
    order = np.stack([random.permutation(ROWS).astype(np.int32) for _ in range(STEPS * BATCH // ROWS)])
    arrays: dict[str, Any] = {"order": order, "nets": np.array(json.dumps(NETS))}
    for name, net in NETS.items():
        x = random.normal(size=(ROWS, *net["shape"])).astype(np.float32)
        scores = x.reshape(ROWS, -1) @ random.normal(size=(math.prod(net["shape"]), CLASSES))
        y = scores[:, :1].astype(np.float32) if "numbers" in net else scores.argmax(axis=1).astype(np.int32)
        weights = first_weights(net, random)
        trajectory = losses(net, weights, x, y, order)
        arrays |= {f"{name}.x": x, f"{name}.y": y, f"{name}.losses": trajectory}
        arrays |= {f"{name}.{place}": values for place, values in enumerate(weights)}
        print(f"{name:25} {trajectory[0]:.4f} -> {trajectory[-1]:.4f}")
    np.savez_compressed(FILE, **arrays)


if __name__ == "__main__":
    main()
