"""Gradients against float64 NumPy and finite differences, updates against the optimizers' formulas."""

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.views.next_update import next_update
from tests.engine.support import prepared, same, spec

EPSILON = 1e-6


def computed(data, layers, *, cost=None, optimizer=None, steps=0, rate=0.1):
    session = engine.Session(spec(layers, cost=cost, optimizer=optimizer), data)
    if steps:
        session.loop.run(0, steps, seed=0, rate=rate, record_every=100)
    train = data.parts["train"]
    return session, next_update(session, train.x, train.y, step=steps, rate=rate)


def differences(objective, weights):
    """The gradient of a float64 objective of arrays, by central differences."""
    gradients = []
    for array in weights:
        gradient = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            before = array[place]
            array[place] = before + EPSILON
            above = objective(weights)
            array[place] = before - EPSILON
            gradient[place] = (above - objective(weights)) / (2 * EPSILON)
            array[place] = before
        gradients.append(gradient)
    return gradients


def assert_close(gradients, wanted):
    for own, other in zip(gradients, wanted, strict=True):
        np.testing.assert_allclose(own, other, atol=2e-6, rtol=2e-4)


def softmax(raw):
    shares = np.exp(raw - raw.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def cross_entropy(y, raw):
    return -np.log(softmax(raw)[np.arange(len(y)), y]).mean()


def test_dense_layers_with_a_penalty_by_the_chain_rule():
    data = prepared()
    layers = [
        {"kind": "Dense", "units": 5, "activation": "relu", "kernel_regularizer": {"kind": "L2", "l2": 0.03}},
        {"kind": "Dropout", "rate": 0.5},
        {"kind": "Dense", "units": 4, "activation": "sigmoid"},
    ]
    session, made = computed(data, layers)
    w1, b1, w2, b2, w3, b3 = (value.astype(np.float64) for value in session.network.values)
    x, y = data.parts["train"].x.astype(np.float64), data.parts["train"].y
    h1 = np.maximum(x @ w1 + b1, 0)
    h2 = 1 / (1 + np.exp(-(h1 @ w2 + b2)))
    d3 = (softmax(h2 @ w3 + b3) - np.eye(3)[y]) / len(y)
    d2 = d3 @ w3.T * h2 * (1 - h2)
    d1 = d2 @ w2.T * (h1 > 0)
    wanted = [x.T @ d1 + 2 * 0.03 * w1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0)]
    assert_close(made.gradients, wanted)
    assert made.loss == pytest.approx(cross_entropy(y, h2 @ w3 + b3), rel=1e-5)
    assert made.penalty == pytest.approx(0.03 * (w1**2).sum(), rel=1e-5)
    assert_close(made.updates, [-0.1 * gradient for gradient in wanted])


def hinge(y, raw):
    right = raw[np.arange(len(y)), y]
    wrong = np.where(np.eye(3)[y] == 1, -np.inf, raw).max(axis=1)
    return np.maximum(np.maximum(wrong, 0) - right + 1, 0).mean()


def focal(y, raw):
    right = softmax(raw)[np.arange(len(y)), y]
    return (-0.25 * (1 - right) ** 2 * np.log(right)).mean()


def huber(y, raw):
    miss = np.abs(y - raw)
    return np.where(miss <= 1, miss**2 / 2, miss - 0.5).mean()


COSTS = {
    "CrossEntropy": cross_entropy,
    "CategoricalHinge": hinge,
    "CategoricalFocalCrossentropy": focal,
    "MeanSquaredError": lambda y, raw: ((y - raw) ** 2).mean(),
    "MeanAbsoluteError": lambda y, raw: np.abs(y - raw).mean(),
    "Huber": huber,
    "Poisson": lambda y, raw: (np.log1p(np.exp(raw)) - y * np.log(np.log1p(np.exp(raw)) + 1e-7)).mean(),
}


@pytest.mark.parametrize("kind", COSTS)
def test_each_family_of_costs_by_finite_differences(kind):
    is_classes = kind.startswith("C")
    data = prepared("classification" if is_classes else "regression")
    if kind == "Poisson":
        np.abs(data.parts["train"].y, out=data.parts["train"].y)
    x, y = data.parts["train"].x.astype(np.float64), data.parts["train"].y
    session, made = computed(data, [{"kind": "Dense", "units": 3, "activation": "tanh"}], cost={"kind": kind})
    weights = [value.astype(np.float64) for value in session.network.values]

    def objective(weights):
        w1, b1, w2, b2 = weights
        return COSTS[kind](y, np.tanh(x @ w1 + b1) @ w2 + b2)

    assert made.loss == pytest.approx(objective(weights), rel=1e-5)
    assert_close(made.gradients, differences(objective, weights))


def test_a_convolution_by_finite_differences():
    data = prepared(shape=(5, 5, 1))
    layers = [{"kind": "Conv2D", "filters": 2, "kernel_size": 3, "activation": "relu"}, {"kind": "Flatten"}]
    session, made = computed(data, layers)
    x, y = data.parts["train"].x.astype(np.float64), data.parts["train"].y
    patches = np.lib.stride_tricks.sliding_window_view(x[..., 0], (3, 3), axis=(1, 2))

    def objective(weights):
        kernel, bias, w, b = weights
        features = np.maximum(np.einsum("nijab,abcf->nijf", patches, kernel) + bias, 0)
        return cross_entropy(y, features.reshape(len(y), -1) @ w + b)

    assert_close(made.gradients, differences(objective, [value.astype(np.float64) for value in session.network.values]))


@pytest.mark.parametrize("is_constrained", [False, True], ids=["one vector", "each by itself"])
def test_adam_goes_on_from_what_it_remembers(is_constrained):
    layer = {"kind": "Dense", "units": 4, "activation": "tanh"}
    # A constraint that never bites keeps the parameters apart.
    more = {"kernel_constraint": {"kind": "MaxNorm", "max_value": 1e6}} if is_constrained else {}
    session, made = computed(prepared(), [layer | more], optimizer={"kind": "Adam", "learning_rate": 0.01}, steps=5, rate=0.01)
    optimizer, parts = session.loop.optimizer, session.loop.parameters.gradients(made.gradients)
    updates = session.loop.parameters.gradients(made.updates)
    for gradient, m, v, update in zip(parts, optimizer._momentums, optimizer._velocities, updates, strict=True):
        g = np.asarray(gradient, np.float64)
        m, v = 0.9 * m.numpy() + 0.1 * g, 0.999 * v.numpy() + 0.001 * g**2
        wanted = -0.01 * np.sqrt(1 - 0.999**6) / (1 - 0.9**6) * m / (np.sqrt(v) + 1e-7)
        np.testing.assert_allclose(np.asarray(update), wanted, atol=3e-7, rtol=1e-3)


def test_gradients_that_are_gathered_count_as_full():
    optimizer = {"kind": "SGD", "learning_rate": 0.1, "gradient_accumulation_steps": 3}
    for steps in (0, 1, 2):
        _, made = computed(prepared(), [], optimizer=optimizer, steps=steps)
        for gradient, update in zip(made.gradients, made.updates, strict=True):
            np.testing.assert_allclose(update, -0.1 * gradient, atol=3e-7)


def test_the_rate_is_that_of_the_schedule():
    optimizer = {
        "kind": "SGD",
        "learning_rate": 0.1,
        "schedule": {"kind": "ExponentialDecay", "decay_steps": 1, "decay_rate": 0.5},
    }
    _, made = computed(prepared(), [], optimizer=optimizer, steps=2)
    assert made.rate == pytest.approx(0.025)
    np.testing.assert_allclose(made.updates[0], -0.025 * made.gradients[0], atol=1e-7)


def test_the_session_is_left_as_it_was():
    data = prepared()
    optimizer = {"kind": "Adam", "learning_rate": 0.01}
    session, _ = computed(data, None, optimizer=optimizer, steps=4)
    other = engine.Session(spec(None, optimizer=optimizer), data)
    other.loop.run(0, 4, seed=0, rate=0.1, record_every=100)
    assert same(session.loop.slots, other.loop.slots)
    for loop in (session.loop, other.loop):
        loop.run(4, 6, seed=0, rate=0.1, record_every=100)
    assert same(session.network.values, other.network.values)
