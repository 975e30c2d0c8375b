"""Learning-rate schedules: Keras's own functions, formulas in NumPy, and what the compiled loop really used."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnviz import engine
from nnviz.catalog import SCHEDULES
from nnviz.catalog.rates import rates
from nnviz.engine.loop.optimizers import rate_at
from nnviz.engine.training.plateau import Plateau
from nnviz.errors import SpecError

from .support import prepared, same, spec

STEPS = (0, 1, 49, 50, 51, 99, 100, 101, 149, 150, 151, 250, 399, 777)
SETTINGS: list[dict[str, Any]] = [
    {"kind": "CosineDecay", "decay_steps": 100, "alpha": 0.1},
    {"kind": "CosineDecay", "decay_steps": 100, "warmup_target": 0.8, "warmup_steps": 50},
    {"kind": "CosineDecayRestarts", "first_decay_steps": 100, "m_mul": 0.5, "alpha": 0.02},
    {"kind": "CosineDecayRestarts", "first_decay_steps": 100, "t_mul": 1.0},
    {"kind": "ExponentialDecay", "decay_steps": 100, "decay_rate": 0.9},
    {"kind": "ExponentialDecay", "decay_steps": 100, "decay_rate": 0.9, "staircase": True},
    {"kind": "InverseTimeDecay", "decay_steps": 100, "decay_rate": 0.5},
    {"kind": "InverseTimeDecay", "decay_steps": 100, "decay_rate": 0.5, "staircase": True},
    {"kind": "PolynomialDecay", "decay_steps": 100, "power": 2.0},
    {"kind": "PolynomialDecay", "decay_steps": 100, "cycle": True},
    {"kind": "PiecewiseConstantDecay", "boundaries": [50, 150], "values": [0.5, 0.2, 0.01]},
]


def used(schedule: dict[str, Any], rate: float = 0.5) -> list[float]:
    """By the engine, in a graph whose step is an input, as in the loop."""
    optimizer = spec(optimizer={"kind": "SGD", "learning_rate": rate, "schedule": schedule}).optimizer
    signature = [tf.TensorSpec((), tf.float32), tf.TensorSpec((), tf.int64)]
    compiled = tf.function(lambda rate, step: rate_at(optimizer, rate, step), input_signature=signature, autograph=False)
    return [float(compiled(rate, step)) for step in STEPS]


@pytest.mark.parametrize("schedule", SETTINGS, ids=lambda case: "-".join(map(str, case.values())))
def test_keras_schedules_are_keras_own(schedule: dict[str, Any]) -> None:
    options = {name: value for name, value in schedule.items() if name != "kind"}
    start = {} if schedule["kind"] == "PiecewiseConstantDecay" else {"initial_learning_rate": 0.5}
    theirs = getattr(keras.optimizers.schedules, schedule["kind"])(**start, **options)
    wanted = [float(theirs(step)) for step in STEPS]
    np.testing.assert_allclose(used(schedule), wanted, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(rates(schedule["kind"], options, 0.5, STEPS), wanted, rtol=1e-4, atol=1e-6)


def test_steps_without_values_fall_to_a_tenth_each_time() -> None:
    scheduled = used({"kind": "PiecewiseConstantDecay", "boundaries": [50, 150]})
    wanted = [0.5 if step <= 50 else 0.05 if step <= 150 else 0.005 for step in STEPS]
    np.testing.assert_allclose(scheduled, wanted, rtol=1e-5)
    np.testing.assert_allclose(rates("PiecewiseConstantDecay", {"boundaries": [50, 150]}, 0.5, STEPS), wanted)


def test_warm_up_is_a_line_and_then_constant() -> None:
    wanted = [0.5 * (0.1 + 0.9 * min(step / 150, 1)) for step in STEPS]
    np.testing.assert_allclose(used({"kind": "WarmUp", "warmup_steps": 150, "start": 0.1}), wanted, rtol=1e-5)
    np.testing.assert_allclose(rates("WarmUp", {"warmup_steps": 150, "start": 0.1}, 0.5, STEPS), wanted)


def test_one_cycle_climbs_and_falls_along_cosines() -> None:
    def wave(step: int) -> float:
        low, last = 0.5 / 20, 0.5 / 20 / 1000
        if step < 100:
            return low + (0.5 - low) * (1 - np.cos(np.pi * step / 100)) / 2
        return 0.5 + (last - 0.5) * (1 - np.cos(np.pi * min((step - 100) / 300, 1))) / 2

    options = {"total_steps": 400, "warmup": 0.25, "start_divisor": 20.0, "end_divisor": 1000.0}
    wanted = [wave(step) for step in STEPS]
    assert wanted[0] == 0.025
    assert wanted[6] == 0.5
    np.testing.assert_allclose(used({"kind": "OneCycle"} | options), wanted, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(rates("OneCycle", options, 0.5, STEPS), wanted, rtol=1e-9)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_what_a_page_draws_by_default_is_what_trains(kind: str) -> None:
    np.testing.assert_allclose(used({"kind": kind}), rates(kind, {}, 0.5, STEPS), rtol=1e-4, atol=1e-7)


def test_a_plateau_shrinks_the_rate_as_keras_callback_does() -> None:
    losses = np.abs(np.random.default_rng(1).normal(size=200)) + np.linspace(2, 0.5, 200)
    settings = {"factor": 0.7, "patience": 3, "cooldown": 4, "min_rate": 0.05, "min_delta": 0.01}
    ours = Plateau(spec(optimizer={"kind": "SGD", "schedule": {"kind": "ReduceOnPlateau"} | settings}).optimizer.schedule, 0.5)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    settings["min_lr"] = settings.pop("min_rate")
    theirs = keras.callbacks.ReduceLROnPlateau(monitor="loss", **settings)
    theirs.set_model(model)
    theirs.on_train_begin()
    rates_used = []
    for epoch, loss in enumerate(losses):
        ours.saw(float(loss))
        theirs.on_epoch_end(epoch, {"loss": float(loss)})
        assert ours.rate == pytest.approx(float(model.optimizer.learning_rate), rel=1e-6)
        rates_used.append(ours.rate)
    assert len(set(rates_used)) > 4
    assert rates_used[-1] == 0.05


def test_training_on_a_plateau_is_exact_at_any_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = {"kind": "ReduceOnPlateau", "patience": 1, "factor": 0.5, "min_delta": 0.05}
    run_spec = spec(optimizer={"kind": "SGD", "learning_rate": 1.5, "schedule": schedule}, epochs=12)
    data, reports = prepared(), []
    session = engine.prepare(run_spec, data)
    result = engine.train(run_spec, data, on_progress=reports.append, frames=False, session=session)
    epochs = [record.metrics for item in reports for record in item.epochs]
    rule = Plateau(run_spec.optimizer.schedule, 1.5)
    for metrics in epochs:
        assert metrics["learning_rate"] == pytest.approx(rule.rate, rel=1e-6)
        rule.saw(metrics["val_loss"])
    assert epochs[-1]["learning_rate"] < 0.8
    assert "learning_rate" not in result.metrics
    monkeypatch.setattr("nnviz.engine.training.pacing.Pacer.did", lambda *_: None)
    slow = engine.train(run_spec, data, on_progress=lambda progress: None, frames=False, session=session)
    assert same(slow.weights, result.weights)


def test_the_rate_in_use_is_recorded_after_every_epoch() -> None:
    schedule = {"kind": "OneCycle", "total_steps": 15}
    run_spec = spec([], optimizer={"kind": "SGD", "learning_rate": 0.5, "schedule": schedule}, epochs=5)
    reports: list[engine.Progress] = []
    engine.train(run_spec, prepared(), on_progress=reports.append, frames=False)
    recorded = [record.metrics["learning_rate"] for item in reports for record in item.epochs]
    np.testing.assert_allclose(recorded, rates("OneCycle", {"total_steps": 15}, 0.5, [2, 5, 8, 11, 14]), rtol=1e-4)


@pytest.mark.parametrize(
    ("schedule", "where", "words"),
    [
        ({"boundaries": [10, 10]}, "boundaries", "must grow"),
        ({"boundaries": [10], "values": [0.1]}, "values", "part 2 values"),
        ({"boundaries": []}, "boundaries", "a list of whole numbers"),
        ({"boundaries": [1.5]}, "boundaries", "whole numbers"),
        ({"boundaries": [1], "values": [0.1, 0]}, "values", "above 0"),
    ],
)
def test_steps_that_do_not_fit_are_refused_at_their_place(schedule: dict[str, Any], where: str, words: str) -> None:
    with pytest.raises(SpecError, match=words) as refusal:
        spec(optimizer={"kind": "SGD", "schedule": {"kind": "PiecewiseConstantDecay"} | schedule})
    assert refusal.value.where == f"optimizer.schedule.{where}"
