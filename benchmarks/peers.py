"""Other libraries' ways of training the same net: each is built once and then asked for steps a second, several times.

Every way uses Adam (0.001), cross-entropy, the same rows and batch size, shuffles every epoch and keeps every step's loss."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.nets import Work

Measure = Callable[[float], float]
"""Steps a second over about so many seconds."""


def keras_fit(work: Work, *, jit: bool = False, at_once: int = 1) -> Measure:
    """`fit`, plain, with steps_per_execution, or with jit_compile."""
    import keras

    x, y = work.data()
    model = keras.Sequential(
        [
            keras.Input(work.shape),
            *[
                getattr(keras.layers, layer["kind"])(**{name: value for name, value in layer.items() if name != "kind"})
                for layer in work.layers
            ],
            keras.layers.Dense(work.classes),
        ]
    )
    model.compile(
        keras.optimizers.Adam(0.001),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=jit,
        steps_per_execution=at_once,
    )
    rows = min(len(y), work.batch * 256)
    model.fit(x[:rows], y[:rows], batch_size=work.batch, verbose=0)

    def measure(seconds: float) -> float:
        began, steps = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            model.fit(x[:rows], y[:rows], batch_size=work.batch, verbose=0)
            steps += math.ceil(rows / work.batch)
        return steps / (time.perf_counter() - began)

    return measure


def torch_loop(work: Work, *, compiled: bool = False) -> Measure:
    """The usual PyTorch loop over a shuffled tensor; `compiled`: the forward and backward pass under torch.compile."""
    import torch
    from torch import nn

    torch.set_num_threads(torch.get_num_threads())
    x, y = (torch.from_numpy(values) for values in work.data())
    y = y.long()
    parts: list[Any] = []
    channels, size = (work.shape[-1], work.shape[0]) if work.filters else (0, 0)
    for place, filters in enumerate(work.filters):
        if place:
            parts.append(nn.MaxPool2d(2))
            size //= 2
        parts += [nn.Conv2d(channels, filters, 3, padding="same"), nn.ReLU()]
        channels = filters
    width = channels * size * size if work.filters else work.shape[0]
    parts += [nn.Flatten()] if work.filters else []
    for units in work.dense:
        parts += [nn.Linear(width, units), nn.Tanh() if work.activation == "tanh" else nn.ReLU()]
        width = units
    model: Any = nn.Sequential(*parts, nn.Linear(width, work.classes))
    if work.filters:
        x = x.permute(0, 3, 1, 2).contiguous()
    optimizer = torch.optim.Adam(model.parameters(), 0.001)
    forward = torch.compile(model) if compiled else model
    cost = nn.CrossEntropyLoss()

    def measure(seconds: float) -> float:
        began, steps, losses = time.perf_counter(), 0, []
        while time.perf_counter() - began < seconds:
            order = torch.randperm(len(y))
            for at in range(0, len(y), work.batch):
                rows = order[at : at + work.batch]
                if len(rows) < work.batch:
                    continue
                optimizer.zero_grad()
                loss = cost(forward(x[rows]), y[rows])
                loss.backward()
                optimizer.step()
                losses.append(loss.detach())
                steps += 1
                if steps % 16 == 0 and time.perf_counter() - began > seconds:
                    break
        return steps / (time.perf_counter() - began)

    measure(0.1)
    return measure


def jax_scan(work: Work) -> Measure:
    """An epoch in one `lax.scan` under jit, Adam written out; None of it returns to Python between the steps."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    x, y = (jnp.asarray(values) for values in work.data())
    convolve = work.filters
    random = np.random.default_rng(1)
    weights: list[Any] = []
    if convolve:
        channels, size = work.shape[-1], work.shape[0]
        for place, filters in enumerate(convolve):
            size = size // 2 if place else size
            weights += [jnp.asarray(random.normal(scale=0.05, size=(3, 3, channels, filters)), jnp.float32), jnp.zeros(filters)]
            channels = filters
        weights += [
            jnp.asarray(random.normal(scale=0.02, size=(channels * size * size, work.classes)), jnp.float32),
            jnp.zeros(work.classes),
        ]
    else:
        weights = [jnp.asarray(value) for value in work.weights]

    def logits(weights: Any, rows: Any) -> Any:
        for place in range(len(convolve)):
            if place:
                rows = lax.reduce_window(rows, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
            rows = lax.conv_general_dilated(rows, weights[2 * place], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            rows = jax.nn.relu(rows + weights[2 * place + 1])
        rows = rows.reshape(len(rows), -1)
        own = weights[2 * len(convolve) :]
        for place in range(len(own) // 2 - 1):
            rows = rows @ own[2 * place] + own[2 * place + 1]
            rows = jnp.tanh(rows) if work.activation == "tanh" else jax.nn.relu(rows)
        return rows @ own[-2] + own[-1]

    def cost(weights: Any, rows: Any, labels: Any) -> Any:
        shares = jax.nn.log_softmax(logits(weights, rows))
        return -jnp.mean(jnp.take_along_axis(shares, labels[:, None], 1))

    def step(state: Any, rows: Any) -> Any:
        weights, first, second, count = state
        loss, slopes = jax.value_and_grad(cost)(weights, x[rows], y[rows])
        count = count + 1
        first = [0.9 * m + 0.1 * g for m, g in zip(first, slopes, strict=True)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(second, slopes, strict=True)]
        rate = 0.001 * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        weights = [w - rate * m / (jnp.sqrt(v) + 1e-7) for w, m, v in zip(weights, first, second, strict=True)]
        return (weights, first, second, count), loss

    per_epoch = len(y) // work.batch

    @jax.jit
    def epoch(state: Any, key: Any) -> Any:
        order = jax.random.permutation(key, len(y))[: per_epoch * work.batch].reshape(per_epoch, work.batch)
        return lax.scan(step, state, order)

    state = (weights, [jnp.zeros_like(w) for w in weights], [jnp.zeros_like(w) for w in weights], jnp.zeros((), jnp.float32))
    state, _ = jax.block_until_ready(epoch(state, jax.random.PRNGKey(0)))

    def measure(seconds: float) -> float:
        nonlocal state
        began, steps = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            state, losses = epoch(state, jax.random.PRNGKey(steps))
            np.asarray(losses)
            steps += per_epoch
        return steps / (time.perf_counter() - began)

    return measure


def sklearn_mlp(work: Work) -> Measure:
    """scikit-learn's MLPClassifier (dense nets only); a warm start goes on epoch by epoch."""
    import warnings

    from sklearn.neural_network import MLPClassifier

    if work.filters:
        raise ValueError("scikit-learn has no convolutions")
    x, y = work.data()
    rows = min(len(y), work.batch * 512)
    model = MLPClassifier(
        work.dense,
        activation=work.activation,
        solver="adam",
        alpha=0.0,
        batch_size=work.batch,
        learning_rate_init=0.001,
        max_iter=1,
        warm_start=True,
    )
    warnings.filterwarnings("ignore")
    model.fit(x[:rows], y[:rows])

    def measure(seconds: float) -> float:
        began, steps = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            model.fit(x[:rows], y[:rows])
            steps += math.ceil(rows / work.batch)
        return steps / (time.perf_counter() - began)

    return measure
