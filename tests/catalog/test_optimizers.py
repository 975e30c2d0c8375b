import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnviz.catalog import OPTIMIZERS, SCHEDULES

RATE = 0.05
COMMON = {"weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum", "gradient_accumulation_steps"}
LEFT_OUT = {"name", "kwargs", "loss_scale_factor", "ema_overwrite_frequency", "self"}
NOT_HERE = {
    "ScheduleFreeAdamW": "is evaluated at other weights than it trains, which Keras gives no way to",
    "LossScaleOptimizer": "wraps another optimizer",
    "MultiOptimizer": "wraps other optimizers",
    "Optimizer": "the base class",
}


def keras_class(kind):
    return getattr(keras.optimizers, OPTIMIZERS[kind].keras or kind)


def made(kind, **values):
    return keras_class(kind)(**values, **OPTIMIZERS[kind].fixed)


def test_all_of_keras_optimizers_are_here_or_left_out_with_a_reason():
    theirs = {
        name
        for name, thing in vars(keras.optimizers).items()
        if inspect.isclass(thing) and issubclass(thing, keras.optimizers.Optimizer)
    }
    assert theirs == {entry.keras or kind for kind, entry in OPTIMIZERS.items()} | set(NOT_HERE)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_parameters_are_keras_own(kind):
    entry = OPTIMIZERS[kind]
    theirs = set(inspect.signature(keras_class(kind).__init__).parameters) - LEFT_OUT - set(entry.fixed)
    ours = {param.name for param in entry.params}
    assert ours == theirs if kind != "Momentum" else ours == theirs - {"nesterov"}


OWN_DEFAULTS = {
    ("Momentum", "momentum"),
    ("Nesterov", "momentum"),
    ("Adafactor", "epsilon_1"),  # 1e-30 underflows: NaN with ReLU networks
    ("Ftrl", "initial_accumulator_value"),
}  # 0.1 scales the initial weights down at the first step


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_defaults_are_keras_own_but_for_the_rate(kind):
    theirs = inspect.signature(keras_class(kind).__init__).parameters
    for param in OPTIMIZERS[kind].params:
        if param.name != "learning_rate" and (kind, param.name) not in OWN_DEFAULTS:
            assert param.default == theirs[param.name].default, param.name


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_defaults_build_and_pass_their_own_check(kind):
    values = {param.name: param.check(param.default) for param in OPTIMIZERS[kind].params}
    assert made(kind, **values).name
    assert set(values) >= COMMON
    assert OPTIMIZERS[kind].reference
    assert OPTIMIZERS[kind].help.endswith(".")


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_the_default_rate_learns_a_small_problem(kind):
    """A logistic regression on 120 points in 400 steps: with a rate too small it would stay near log 2 = 0.69."""
    chance = np.random.default_rng(0)
    x = chance.normal(size=(120, 3))
    y = (x @ [1.5, -2.0, 0.5] > 0).astype(float)
    values = {param.name: param.default for param in OPTIMIZERS[kind].params}
    optimizer = made(kind, **values)
    w = keras.Variable(np.zeros(3, "float32"))
    optimizer.build([w])
    inputs, targets = x.astype("float32"), y.astype("float32")

    @tf.function
    def learn():
        for _ in tf.range(400):
            errors = tf.sigmoid(tf.linalg.matvec(inputs, w.value)) - targets
            optimizer.apply([tf.linalg.matvec(inputs, errors, transpose_a=True) / len(y)], [w])

    learn()
    scores = x @ np.asarray(w)
    loss = np.logaddexp(0, -np.where(y > 0, scores, -scores)).mean()
    assert loss < 0.45


def sgd(w, g, t, s, momentum=0.9):
    s["v"] = momentum * s.get("v", 0) - RATE * g
    return w + s["v"]


def nesterov(w, g, t, s, momentum=0.9):
    s["v"] = momentum * s.get("v", 0) - RATE * g
    return w + momentum * s["v"] - RATE * g


def adam(w, g, t, s):
    s["m"] = s.get("m", 0) + 0.1 * (g - s.get("m", 0))
    s["v"] = s.get("v", 0) + 0.001 * (g**2 - s.get("v", 0))
    return w - RATE * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * s["m"] / (np.sqrt(s["v"]) + 1e-7)


def adamw(w, g, t, s):
    return adam(w - RATE * 0.004 * w, g, t, s)


def rmsprop(w, g, t, s):
    s["v"] = 0.9 * s.get("v", 0) + 0.1 * g**2
    return w - RATE * g / np.sqrt(s["v"] + 1e-7)


def centered(w, g, t, s):
    s["v"] = 0.9 * s.get("v", 0) + 0.1 * g**2
    s["a"] = 0.9 * s.get("a", 0) + 0.1 * g
    return w - RATE * g / np.sqrt(s["v"] - s["a"] ** 2 + 1e-7)


def adagrad(w, g, t, s):
    s["s"] = s.get("s", 0.1) + g**2
    return w - RATE * g / np.sqrt(s["s"] + 1e-7)


def adadelta(w, g, t, s):
    s["s"] = 0.95 * s.get("s", 0) + 0.05 * g**2
    d = np.sqrt(s.get("u", 0) + 1e-7) / np.sqrt(s["s"] + 1e-7) * g
    s["u"] = 0.95 * s.get("u", 0) + 0.05 * d**2
    return w - RATE * d


def adamax(w, g, t, s):
    s["m"] = s.get("m", 0) + 0.1 * (g - s.get("m", 0))
    s["u"] = np.maximum(0.999 * s.get("u", 0), np.abs(g))
    return w - RATE / (1 - 0.9**t) * s["m"] / (s["u"] + 1e-7)


def nadam(w, g, t, s):
    def mu(t):
        return 0.9 * (1 - 0.5 * 0.96**t)

    s["m"] = s.get("m", 0) + 0.1 * (g - s.get("m", 0))
    s["v"] = s.get("v", 0) + 0.001 * (g**2 - s.get("v", 0))
    now = np.prod([mu(i) for i in range(1, t + 1)])
    m = mu(t + 1) * s["m"] / (1 - now * mu(t + 1)) + (1 - mu(t)) * g / (1 - now)
    return w - RATE * m / (np.sqrt(s["v"] / (1 - 0.999**t)) + 1e-7)


def lion(w, g, t, s):
    m = s.get("m", 0)
    s["m"] = 0.99 * m + 0.01 * g
    return w - RATE * np.sign(0.9 * m + 0.1 * g)


def ftrl(w, g, t, s):
    n = s.get("n", 0.1)
    s["n"] = n + g**2
    s["z"] = s.get("z", 0) + g - (np.sqrt(s["n"]) - np.sqrt(n)) / RATE * w
    return -s["z"] / (np.sqrt(s["n"]) / RATE)


@pytest.mark.parametrize(
    ("kind", "options", "update"),
    [
        ("SGD", {"momentum": 0.9}, sgd),
        ("SGD", {"momentum": 0.9, "nesterov": True}, nesterov),
        ("Adam", {}, adam),
        ("AdamW", {}, adamw),
        ("RMSprop", {}, rmsprop),
        ("RMSprop", {"centered": True}, centered),
        ("Adagrad", {}, adagrad),
        ("Adadelta", {}, adadelta),
        ("Adamax", {}, adamax),
        ("Nadam", {}, nadam),
        ("Lion", {}, lion),
        ("Ftrl", {}, ftrl),
    ],
)
def test_the_update_shown_is_the_one_keras_makes(kind, options, update):
    optimizer = getattr(keras.optimizers, kind)(learning_rate=RATE, **options)
    start = np.array([1.0, -2.0, 0.5], "float32")
    variable, ours, state = keras.Variable(start), start.astype(float), {}
    optimizer.build([variable])
    for t, gradient in enumerate(np.random.default_rng(0).normal(size=(5, 3)), 1):
        optimizer.apply([gradient.astype("float32")], [variable])
        ours = update(ours, gradient, t, state)
        np.testing.assert_allclose(np.asarray(variable), ours, rtol=2e-4, atol=2e-5)


def test_all_of_keras_schedules_are_here():
    base = keras.optimizers.schedules.LearningRateSchedule
    theirs = {
        name
        for name, thing in vars(keras.optimizers.schedules).items()
        if inspect.isclass(thing) and issubclass(thing, base) and thing is not base
    }
    assert theirs == {kind for kind, entry in SCHEDULES.items() if entry.keras}


@pytest.mark.parametrize("kind", [kind for kind, entry in SCHEDULES.items() if entry.keras])
def test_schedules_have_keras_parameters(kind):
    theirs = set(inspect.signature(getattr(keras.optimizers.schedules, kind).__init__).parameters)
    assert {param.name for param in SCHEDULES[kind].params} == theirs - {"self", "name", "initial_learning_rate"}


@pytest.mark.parametrize("entry", SCHEDULES.values(), ids=lambda entry: entry.kind)
def test_a_schedule_names_the_parameter_that_is_its_length(entry):
    assert entry.length in ("", *(param.name for param in entry.params))
