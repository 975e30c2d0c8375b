"""Every optimizer against its formula in NumPy, float64: 1, 2, 10 and 100 steps on a small problem.

The problem: a matrix W (3, 2) and a bias b (2,) fitted to fixed points under log cosh, its gradient exact in both. Float32
against float64 over 100 steps: 2e-4 relative, 2e-5 absolute."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnviz import engine
from nnviz.catalog import OPTIMIZERS
from nnviz.engine.loop import optimizers
from nnviz.engine.loop.shuffle import order
from tests.engine.support import prepared, same, spec

STEPS = 100
RATE = 0.01
CHANCE = np.random.default_rng(3)
X, Y = CHANCE.normal(size=(12, 3)), CHANCE.normal(size=(12, 2)) * 3
START = [CHANCE.normal(size=(3, 2)), np.array([0.5, -1.0])]
Update = Callable[[np.ndarray, np.ndarray, int, dict[str, Any]], np.ndarray]


def gradients(w: list[Any]) -> list[Any]:
    slope = np.tanh(X @ w[0] + w[1] - Y)
    return [X.T @ slope / 12, slope.mean(axis=0)]


def sgd(w, g, t, s, momentum=0.0, nesterov=False):
    s["v"] = momentum * s.get("v", 0) - RATE * g
    return w + (momentum * s["v"] - RATE * g if nesterov else s["v"])


def moments(g, s):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g**2


def adam(w, g, t, s, rate=RATE):
    moments(g, s)
    return w - rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * s["m"] / (np.sqrt(s["v"]) + 1e-7)


def amsgrad(w, g, t, s):
    moments(g, s)
    s["top"] = np.maximum(s.get("top", 0), s["v"])
    return w - RATE * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * s["m"] / (np.sqrt(s["top"]) + 1e-7)


def decayed(update: Update, share: float) -> Update:
    return lambda w, g, t, s: update(w - w * share * RATE, g, t, s)


def rmsprop(w, g, t, s):
    s["v"] = 0.9 * s.get("v", 0) + 0.1 * g**2
    return w - RATE * g / np.sqrt(s["v"] + 1e-7)


def adamax(w, g, t, s):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["u"] = np.maximum(0.999 * s.get("u", 0), np.abs(g))
    return w - RATE / (1 - 0.9**t) * s["m"] / (s["u"] + 1e-7)


def nadam(w, g, t, s):
    shares = [0.9 * (1 - 0.5 * 0.96**i) for i in range(1, t + 2)]
    moments(g, s)
    ahead = shares[-1] * s["m"] / (1 - np.prod(shares)) + (1 - shares[-2]) * g / (1 - np.prod(shares[:-1]))
    return w - RATE * ahead / (np.sqrt(s["v"] / (1 - 0.999**t)) + 1e-7)


def adagrad(w, g, t, s):
    s["s"] = s.get("s", 0.1) + g**2
    return w - RATE * g / np.sqrt(s["s"] + 1e-7)


def adadelta(w, g, t, s):
    s["s"] = 0.95 * s.get("s", 0) + 0.05 * g**2
    d = np.sqrt((s.get("u", 0) + 1e-7) / (s["s"] + 1e-7)) * g
    s["u"] = 0.95 * s.get("u", 0) + 0.05 * d**2
    return w - RATE * d


def ftrl(w, g, t, s):
    n = s.get("n", 0.1)
    s["n"] = n + g**2
    s["z"] = s.get("z", 0) + g - (np.sqrt(s["n"]) - np.sqrt(n)) / RATE * w
    return -s["z"] / (np.sqrt(s["n"]) / RATE)


def lion(w, g, t, s):
    m = s.get("m", 0)
    s["m"] = 0.99 * m + 0.01 * g
    return w - RATE * np.sign(0.9 * m + 0.1 * g)


def lamb(w, g, t, s):
    moments(g, s)
    u = s["m"] / (1 - 0.9**t) / (np.sqrt(s["v"] / (1 - 0.999**t)) + 1e-7)
    return w - RATE * np.linalg.norm(w) / np.linalg.norm(u) * u


def adafactor(w, g, t, s):
    rho, beta = min(RATE, 1 / np.sqrt(t)), 1 - t**-0.8
    alpha = max(1e-3, np.sqrt(np.mean(w**2))) * rho
    square = g**2 + 1e-30
    if w.ndim == 2:
        s["r"] = beta * s.get("r", 0) + (1 - beta) * square.mean(1)
        s["c"] = beta * s.get("c", 0) + (1 - beta) * square.mean(0)
        v = np.outer(s["r"] / s["r"].mean(), s["c"])
    else:
        v = s["v"] = beta * s.get("v", 0) + (1 - beta) * square
    u = g / np.sqrt(v)
    return w - alpha * u / max(1.0, np.sqrt(np.mean(u**2)))


def muon(w, g, t, s):
    if w.ndim != 2:
        return decayed(adam, 0.004)(w, g, t, s)
    s["m"] = 0.95 * s.get("m", 0) + g
    x = (g + 0.95 * s["m"]).T
    x = x / (np.linalg.norm(x) + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
    return w * (1 - 0.004 * RATE) - RATE * x.T * np.sqrt(3) * 0.2


def ours(update: Update, *, clip: Callable[[list[Any]], list[Any]] = lambda g: g, every: int = 1) -> list[list[Any]]:
    """The weights before the first and after every step."""
    w, trajectory, states = list(START), [list(START)], [{}, {}]
    waiting = [np.zeros_like(array) for array in START]
    for t in range(1, STEPS + 1):
        waiting = [a + b for a, b in zip(waiting, gradients(w), strict=True)]
        if t % every == 0:
            clipped_means = clip([array / every for array in waiting])
            w = [update(a, b, t // every, s) for a, b, s in zip(w, clipped_means, states, strict=True)]
            waiting = [np.zeros_like(array) for array in START]
        trajectory.append(list(w))
    return trajectory


def theirs(optimizer: dict[str, Any]) -> list[list[Any]]:
    """The same by the optimizer that the engine makes from a spec."""
    made = optimizers.make(spec([], optimizer={"learning_rate": RATE} | optimizer).optimizer)
    variables = [keras.Variable(array.astype(np.float32)) for array in START]
    made.build(variables)

    x, y = tf.constant(X, tf.float32), tf.constant(Y, tf.float32)

    @tf.function(autograph=False)
    def step() -> None:
        slope = tf.tanh(x @ variables[0].value + variables[1].value - y)
        made.apply([tf.transpose(x) @ slope / 12, tf.reduce_mean(slope, axis=0)])

    trajectory = [[variable.numpy() for variable in variables]]
    for _ in range(STEPS):
        step()
        trajectory.append([variable.numpy() for variable in variables])
    if made.use_ema:
        made.finalize_variable_values(variables)
        trajectory.append([variable.numpy() for variable in variables])
    return trajectory


def clipped(gradients: list[Any]) -> list[Any]:
    return [g * min(1.0, 0.3 / np.linalg.norm(g)) for g in gradients]


def clipped_together(gradients: list[Any]) -> list[Any]:
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g * min(1.0, 0.3 / norm) for g in gradients]


PLAIN: dict[str, Update] = {
    "SGD": sgd,
    "Momentum": lambda w, g, t, s: sgd(w, g, t, s, 0.9),
    "Nesterov": lambda w, g, t, s: sgd(w, g, t, s, 0.9, True),
    "RMSprop": rmsprop,
    "Adam": adam,
    "AMSGrad": amsgrad,
    "AdamW": decayed(adam, 0.004),
    "Adamax": adamax,
    "Nadam": nadam,
    "Adagrad": adagrad,
    "Adadelta": adadelta,
    "Ftrl": ftrl,
    "Lion": lion,
    "Lamb": lamb,
    "Adafactor": adafactor,
    "Muon": muon,
}


def agree(trajectory: list[Any], wanted: list[Any]) -> None:
    for step in (1, 2, 10, STEPS):
        for one, other in zip(trajectory[step], wanted[step], strict=True):
            np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-5, err_msg=f"after {step} steps")


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_trajectories_follow_the_formula(kind: str) -> None:
    # from Ftrl's default of nearly 0 on, steps go by a gradient's sign, so rounding decides where it is nearly 0, too
    values = {"initial_accumulator_value": 0.1} if kind == "Ftrl" else {}
    agree(theirs({"kind": kind, **values}), ours(PLAIN[kind]))


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ({"kind": "Momentum", "weight_decay": 0.5}, {"update": decayed(PLAIN["Momentum"], 0.5)}),
        ({"kind": "Lamb", "weight_decay": 0.5}, {"update": decayed(lamb, 0.5)}),
        ({"kind": "SGD", "clipvalue": 0.1}, {"update": sgd, "clip": lambda arrays: [np.clip(g, -0.1, 0.1) for g in arrays]}),
        ({"kind": "Adam", "clipnorm": 0.3}, {"update": adam, "clip": clipped}),
        ({"kind": "Nesterov", "global_clipnorm": 0.3}, {"update": PLAIN["Nesterov"], "clip": clipped_together}),
        ({"kind": "Adam", "gradient_accumulation_steps": 3}, {"update": adam, "every": 3}),
        (
            {"kind": "AdamW", "gradient_accumulation_steps": 4, "global_clipnorm": 0.3},
            {"update": decayed(adam, 0.004), "clip": clipped_together, "every": 4},
        ),
    ],
    ids=lambda case: "-".join(map(str, case.values())) if "kind" in case else "",
)
def test_decay_clipping_and_accumulation_follow_theirs(optimizer: dict[str, Any], options: dict[str, Any]) -> None:
    agree(theirs(optimizer), ours(**options))


def test_the_moving_average_starts_at_the_first_weights_it_sees() -> None:
    path = ours(adam)
    average = path[1]
    for weights in path[2:]:
        average = [0.9 * a + 0.1 * w for a, w in zip(average, weights, strict=True)]
    averaged = theirs({"kind": "Adam", "use_ema": True, "ema_momentum": 0.9})[-1]
    for one, other in zip(averaged, average, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-5)


def test_accumulation_in_the_compiled_loop_leaves_the_rest_unapplied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three batches of 8 (the last of 6) an epoch, three epochs, four batches an update: two updates, one batch left."""
    data = prepared()
    run_spec = spec([], optimizer={"kind": "SGD", "learning_rate": 0.3, "gradient_accumulation_steps": 4}, epochs=3)
    session = engine.prepare(run_spec, data)
    result = engine.train(run_spec, data, on_progress=lambda progress: None, frames=False, session=session)
    start = engine.build([], run_spec.cost, task="classification", shape=(3,), outputs=3).values
    weights = [value.astype(np.float64) for value in start]
    waiting = [np.zeros_like(value) for value in weights]
    x, y, step = data.parts["train"].x.astype(np.float64), np.eye(3)[data.parts["train"].y], 0
    for epoch in range(3):
        for at in range(0, 22, 8):
            rows = order(0, epoch, 22)[at : at + 8]
            logits = x[rows] @ weights[0] + weights[1]
            slope = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True) - y[rows]
            waiting[0] += x[rows].T @ slope / len(rows)
            waiting[1] += slope.sum(axis=0) / len(rows)
            step += 1
            if step % 4 == 0:
                weights = [w - 0.3 * g / 4 for w, g in zip(weights, waiting, strict=True)]
                waiting = [np.zeros_like(value) for value in weights]
    for trained, wanted in zip(result.weights, weights, strict=True):
        np.testing.assert_allclose(trained, wanted, rtol=1e-4, atol=1e-6)
    monkeypatch.setattr("nnviz.engine.training.pacing.Pacer.did", lambda *_: None)
    slow = engine.train(run_spec, data, on_progress=lambda progress: None, frames=False, session=session)
    assert same(slow.weights, result.weights)


def test_two_kinds_of_clipping_are_refused_where_the_second_stands() -> None:
    from nnviz.errors import SpecError

    with pytest.raises(SpecError, match="cannot be set together") as refusal:
        spec([], optimizer={"kind": "Lamb", "clipnorm": 1.0, "global_clipnorm": 1.0})
    assert refusal.value.where == "optimizer.global_clipnorm"
