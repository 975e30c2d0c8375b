"""Training against Keras's own fit and NumPy, and the promises on determinism and control."""

import keras
import numpy as np
import pytest

from nnviz import engine
from nnviz.catalog import OPTIMIZERS
from nnviz.engine.loop.shuffle import order
from nnviz.errors import Diverged
from tests.engine.support import Prepared, prepared, same, spec


def run(run_spec, data: Prepared, **options) -> tuple[engine.Result, list[engine.Progress]]:
    seen: list[engine.Progress] = []
    options = {"frames": False} | options
    return engine.train(run_spec, data, on_progress=seen.append, **options), seen


def series(seen: list[engine.Progress], name: str) -> np.ndarray:
    return np.concatenate([item.steps[name] for item in seen if name in item.steps])


def test_a_linear_network_follows_numpy() -> None:
    """Two epochs of three batches, the last of them short, in float64."""
    data = prepared()
    run_spec = spec([], optimizer={"kind": "SGD", "learning_rate": 0.3, "momentum": 0.9})
    result, seen = run(run_spec, data)
    start = engine.build(run_spec.layers, run_spec.cost, task="classification", shape=(3,), outputs=3).values
    weights = [value.astype(np.float64) for value in start]
    speed = [np.zeros_like(value) for value in weights]
    x, y, losses = data.parts["train"].x.astype(np.float64), np.eye(3)[data.parts["train"].y], []
    for epoch in range(2):
        for at in range(0, 22, 8):
            rows = order(0, epoch, 22)[at : at + 8]
            logits = x[rows] @ weights[0] + weights[1]
            shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
            losses.append(-np.log((shares * y[rows]).sum(axis=1)).mean())
            slope = (shares - y[rows]) / len(rows)
            for place, gradient in enumerate((x[rows].T @ slope, slope.sum(axis=0))):
                speed[place] = 0.9 * speed[place] - 0.3 * gradient
                weights[place] = weights[place] + speed[place]
    assert list(dict.fromkeys(item.phase for item in seen)) == ["building", "compiling", "training", "scoring"]
    np.testing.assert_allclose(series(seen, "batch_loss"), losses, rtol=1e-5)
    for trained, wanted in zip(result.weights, weights, strict=True):
        np.testing.assert_allclose(trained, wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("optimizer", "layers"),
    [
        ({"kind": "SGD", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True}, None),
        ({"kind": "AdamW", "learning_rate": 0.02, "weight_decay": 0.1, "clipnorm": 0.5}, None),
        ({"kind": "RMSprop", "learning_rate": 0.01}, None),
        ({"kind": "Adagrad", "learning_rate": 0.1}, None),
        (
            {"kind": "Adam", "learning_rate": 0.02, "schedule": {"kind": "CosineDecay", "decay_steps": 7}},
            [{"kind": "Dense", "units": 4, "activation": "relu"}, {"kind": "BatchNormalization"}],
        ),
    ],
)
def test_equals_keras_fit_on_the_same_weights_and_order(
    optimizer: dict, layers: list | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch normalization in the short last batch included, once under XLA."""
    if layers is None:
        monkeypatch.setattr("nnviz.engine.loop.compile_mode.mode", lambda kinds: "graph")
    data, run_spec = prepared(), spec(layers, optimizer=optimizer)
    result, _ = run(run_spec, data)
    start = engine.build(run_spec.layers, run_spec.cost, task="classification", shape=(3,), outputs=3)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            *[
                getattr(keras.layers, layer.kind)(
                    **{name: value for name, value in layer.params.items() if name != "kernel_initializer"}
                )
                for layer in run_spec.layers
            ],
            keras.layers.Dense(3),
        ]
    )
    model.set_weights(start.values)
    params = {name: value for name, value in run_spec.optimizer.params.items() if name != "schedule"}
    if run_spec.optimizer.schedule is not None:
        params["learning_rate"] = keras.optimizers.schedules.CosineDecay(params["learning_rate"], 7)
    model.compile(
        getattr(keras.optimizers, run_spec.optimizer.kind)(**params), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    part = data.parts["train"]
    for epoch in range(2):
        rows = order(0, epoch, 22)
        model.fit(part.x[rows], part.y[rows], batch_size=8, shuffle=False, verbose=0)
    for trained, wanted in zip(result.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(trained, wanted, rtol=2e-3, atol=2e-5)
    loss = model.evaluate(data.parts["validation"].x, data.parts["validation"].y, verbose=0)
    assert result.metrics["val_loss"] == pytest.approx(loss, rel=1e-3)


def test_chunks_pace_and_preparation_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    data = prepared()
    run_spec = spec([{"kind": "Dense", "units": 6, "activation": "relu"}, {"kind": "Dropout", "rate": 0.3}], epochs=20)
    session = engine.prepare(run_spec, data)
    first, seen = run(run_spec, data)
    again, reports = run(run_spec, data, session=session)
    assert same(first.weights, again.weights)
    np.testing.assert_array_equal(series(seen, "batch_loss"), series(reports, "batch_loss"))
    assert len(series(seen, "batch_loss")) == 60 == first.steps
    monkeypatch.setattr("nnviz.engine.training.pacing.WATCH_SECONDS", 0.3)
    watched, reports = run(run_spec, data, session=session, control=lambda: engine.Control(pace="watch"))
    assert same(first.weights, watched.weights)
    allowed = iter(range(1, 10**6))
    stepped, reports = run(
        run_spec, data, session=session, control=lambda: engine.Control(pace="step", steps_allowed=next(allowed))
    )
    assert same(first.weights, stepped.weights)
    assert [epoch.metrics for item in reports for epoch in item.epochs] == [
        epoch.metrics for item in seen for epoch in item.epochs
    ]
    assert [epoch.step for item in seen for epoch in item.epochs] == list(range(3, 61, 3))
    other, _ = run(run_spec.with_("training.seed", 1).with_("optimizer.learning_rate", 0.2), data, session=session)
    fresh, _ = run(run_spec.with_("training.seed", 1).with_("optimizer.learning_rate", 0.2), data)
    assert same(other.weights, fresh.weights)
    assert not same(other.weights, first.weights)


def test_stop_leaves_the_weights_so_far() -> None:
    steps = []
    result = engine.train(
        spec(epochs=1000),
        prepared(),
        frames=False,
        on_progress=lambda item: steps.append(item.step),
        control=lambda: engine.Control(stop=bool(steps and steps[-1])),
    )
    assert result.status == "stopped"
    assert 0 < result.steps < 3000
    assert "val_loss" in result.metrics


def test_a_loss_that_grows_without_bound_is_told() -> None:
    run_spec = spec([], cost={"kind": "MeanSquaredError"}, optimizer={"kind": "SGD", "learning_rate": 90}, epochs=500)
    with pytest.raises(Diverged, match=r"at step \d+ .*last good one was .*learning rate 90"):
        run(run_spec, prepared("regression"))


def test_early_stopping_keeps_the_best() -> None:
    run_spec = spec(epochs=300, optimizer={"kind": "SGD", "learning_rate": 3}, keep="best", early_stopping={"patience": 3})
    result, seen = run(run_spec, prepared())
    losses = [epoch.metrics["val_loss"] for item in seen for epoch in item.epochs]
    assert len(losses) < 300
    assert int(np.argmin(losses)) == len(losses) - 4
    assert result.metrics["val_loss"] == min(losses)
    assert result.info["kept_epoch"] == len(losses) - 3


def test_regression_metrics_are_in_the_targets_own_unit() -> None:
    data = prepared("regression", outputs=2, target_mean=np.array([5, 1], np.float32), target_scale=np.array([10, 3], np.float32))
    result, _ = run(spec(cost={"kind": "MeanSquaredError"}), data)
    run_spec = spec(cost={"kind": "MeanSquaredError"})
    network = engine.restore(run_spec.layers, run_spec.cost, result.weights, task="regression", shape=(3,), outputs=2)
    part = data.parts["test"]
    own = np.array([10, 3]) * part.y + np.array([5, 1])
    miss = engine.predict(network, part.x, mean=data.target_mean, scale=data.target_scale) - own
    assert result.metrics["test_mae"] == pytest.approx(np.abs(miss).mean(), rel=1e-4)
    assert result.metrics["test_rmse"] == pytest.approx(np.sqrt((miss**2).mean()), rel=1e-4)
    r2 = 1 - (miss**2).sum(axis=0) / ((own - own.mean(axis=0)) ** 2).sum(axis=0)
    assert result.metrics["test_r2"] == pytest.approx(r2.mean(), rel=1e-4)
    again = engine.evaluate(network, part.x, part.y, scale=data.target_scale)
    assert again.metrics["rmse"] == pytest.approx(result.metrics["test_rmse"], rel=1e-5)
    assert again.losses.mean() == pytest.approx(result.metrics["test_loss"], rel=1e-5)


def test_convolutions_take_the_plain_graph_and_evaluate_outside_it() -> None:
    layers = [
        {"kind": "Conv2D", "filters": 3, "kernel_size": 3, "activation": "relu"},
        {"kind": "MaxPooling2D"},
        {"kind": "BatchNormalization"},
        {"kind": "Flatten"},
    ]
    result, seen = run(spec(layers), prepared(shape=(6, 6, 1)), frames=True)
    assert result.info["mode"] == "graph"
    assert len([epoch for item in seen for epoch in item.epochs]) == 2
    frame = seen[-1].frame
    assert frame is not None
    assert frame.view == "confusion"
    assert np.sum(frame.body["counts"]) == 10
    assert len(frame.body["worst"]) == 10
    assert len(frame.body["worst"][0]["image"]) == 36


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_takes_steps(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.engine.loop.compile_mode.mode", lambda kinds: "graph")
    result, _ = run(spec([], optimizer={"kind": kind}, epochs=1), prepared(train=8))
    start = engine.build([], spec([]).cost, task="classification", shape=(3,), outputs=3).values
    assert result.steps == 1
    assert not np.array_equal(result.weights[0], start[0])


def test_the_plane_is_drawn_live() -> None:
    data = prepared(shape=(2,), outputs=2, plane=("u", "v"), extent=(-1.0, 1.0, -1.0, 1.0))
    _, seen = run(spec(cost={"kind": "CrossEntropy", "transform": "sigmoid"}), data, frames=True)
    frame = seen[-1].frame
    assert frame is not None
    assert frame.view == "plane"
    side, cells = frame.body["shape"][0], len(frame.body["values"])
    drawn = sum(len(data.parts[name].y) for name in ("train", "validation"))
    assert cells == side**2
    assert len(frame.body["answers"]) == drawn
    # a frame asks for 64 x 64 answers at most, those for the rows included
    assert cells + drawn <= 64**2 < (side + 1) ** 2 + drawn
