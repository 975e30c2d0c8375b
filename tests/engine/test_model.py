import keras
import numpy as np
import pytest

from nnviz import engine
from nnviz.engine import Adam, Dense, Dropout, Model, Repeat
from nnviz.engine.arrays import Targets, arrays
from nnviz.errors import DataError, RequestError, SpecError

RANDOM = np.random.default_rng(0)
X = RANDOM.uniform(-1, 1, size=(60, 2)).astype(np.float32)
SIDES = np.where(X[:, 0] > 0, "right", "left")


@pytest.fixture(scope="module")
def sides() -> Model:
    model = Model(optimizer=Adam(0.05), seed=3)
    for _ in range(2):
        model.add(Dense(8, activation="tanh"))
    model.fit(X, SIDES, epochs=12, batch_size=16, validation=0.2)
    return model


def test_layers_stacked_by_a_loop_are_a_spec() -> None:
    model = Model([keras.layers.Dense(4, activation="relu")])
    for units in (8, 4):
        model.add(Dense(units), Repeat(2, [Dropout(0.1)]))
    assert model.layers == [
        {"kind": "Dense", "units": 4, "activation": "relu"},
        {"kind": "Dense", "units": 8},
        {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dropout", "rate": 0.1}]},
        {"kind": "Dense", "units": 4},
        {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dropout", "rate": 0.1}]},
    ]


def test_classes_keep_their_labels_and_curves_are_recorded(sides: Model) -> None:
    assert sides.labels.tolist() == ["left", "right"]
    probabilities = sides.predict(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    answers = sides.classify(X)
    assert (answers == SIDES).mean() == pytest.approx(sides.evaluate(X, SIDES)["accuracy"])
    assert (answers == SIDES).mean() > 0.9
    chosen = probabilities[np.arange(60), (SIDES == "right").astype(int)]
    assert sides.evaluate(X, SIDES)["loss"] == pytest.approx(-np.log(chosen).mean(), rel=1e-4)
    assert sides.history["epoch"] == list(range(1, 13))
    assert len(sides.history["val_accuracy"]) == 12
    assert sides.history["batch_loss"].shape == (12 * 3,)


def test_the_same_call_gives_the_same_weights(sides: Model) -> None:
    before = sides.network.values
    again = Model([Dense(8, activation="tanh")] * 2, optimizer=Adam(0.05), seed=3)
    again.fit(X, SIDES, epochs=12, batch_size=16, validation=0.2)
    assert all(np.array_equal(a, b) for a, b in zip(before, again.network.values, strict=True))
    again.fit(X, SIDES, epochs=12, batch_size=16, validation=0.2)
    assert all(np.array_equal(a, b) for a, b in zip(before, again.network.values, strict=True))


def test_numbers_come_back_in_the_form_they_had() -> None:
    model = Model([Dense(8, activation="tanh")], optimizer=Adam(0.05))
    model.fit(X, 2 * X[:, 0], epochs=5, validation=(X[:10], 2 * X[:10, 0]))
    assert model.predict(X).shape == (60,)
    miss = model.predict(X) - 2 * X[:, 0]
    assert model.evaluate(X, 2 * X[:, 0])["rmse"] == pytest.approx(np.sqrt(np.mean(miss**2)), rel=1e-5)
    assert model.network.cost.kind == "MeanSquaredError"
    with pytest.raises(RequestError, match="no classes"):
        model.classify(X)


def test_one_hot_classes_are_the_same_as_labels() -> None:
    targets = Targets.of(np.eye(3)[[0, 2, 1, 1]])
    assert (targets.task, targets.outputs) == ("classification", 3)
    assert targets.encode(np.eye(3)[[0, 2, 1, 1]]).tolist() == [0, 2, 1, 1]
    assert Targets.of([5, 7, 5]).encode([7, 5]).tolist() == [1, 0]
    assert Targets.of([0.5, 1.0]).task == "regression"
    assert Targets.of([1, 2, 3], task="regression").encode([1, 2]).shape == (2, 1)


def test_validation_rows_come_from_each_class_alike() -> None:
    y = np.repeat([0, 1], [80, 20])
    targets = Targets.of(y)
    split = arrays(np.arange(100), y, targets, validation=0.25, seed=1)
    assert np.bincount(split.parts["validation"].y).tolist() == [20, 5]
    both = np.concatenate([part.rows for part in split.parts.values()])
    assert sorted(both.tolist()) == list(range(100))
    assert split.parts["train"].x[:, 0].tolist() == split.parts["train"].rows.tolist()


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: Dense(0), "Dense.units"),
        (lambda: Dense(3, units=2), "Dense.units"),
        (lambda: Repeat(2, [Dense(3), {"kind": "Dense"}]), "Repeat.layers[1].units"),
        (lambda: Model([keras.layers.Dense(3, activity_regularizer="l2")]), "layers[0].activity_regularizer"),
        (lambda: Model([Dense(3), keras.layers.Identity()]), "layers[1]"),
        (lambda: Model([3]), "layers[0]"),
        (lambda: Model(optimizer="Adm").fit(X, SIDES), "optimizer.kind"),
        (lambda: Model().fit(X[:3], SIDES), "y"),
        (lambda: Model().fit(X, ["one"] * 60), "y"),
        (lambda: Model().fit(X, SIDES, validation=1.0), "validation"),
        (lambda: Model().fit(np.full((60, 2), np.nan), SIDES), "x"),
        (lambda: Model().fit([["a", "b"]], [1]), "y"),
    ],
)
def test_mistakes_are_told_at_once(call, where: str) -> None:
    with pytest.raises(RequestError) as caught:
        call()
    assert caught.value.where == where
    assert isinstance(caught.value, SpecError | DataError) or where == "layers[0]"


def test_a_model_asked_wrongly(sides: Model) -> None:
    with pytest.raises(RequestError, match="fit"):
        Model().predict(X)
    with pytest.raises(DataError, match="shape"):
        sides.predict(X[:, :1])
    with pytest.raises(DataError, match="'up'"):
        sides.evaluate(X[:1], ["up"])


def test_every_part_of_the_catalog_is_a_call() -> None:
    assert engine.CosineDecay(100).decay_steps == 100
    assert engine.Adam(0.1, schedule=engine.CosineDecay(100)).schedule.kind == "CosineDecay"
    assert "Conv2D" in dir(engine)
    with pytest.raises(AttributeError):
        engine.Conv9D  # noqa: B018


def test_a_memory_map_is_trained_on_and_asked_without_being_loaded(tmp_path):
    x = np.random.default_rng(0).normal(size=(90, 3)).astype(np.float32)
    y = x[:, 0] > 0
    np.save(tmp_path / "x.npy", x)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    first, second = Model([engine.Dense(4)]), Model([engine.Dense(4)])
    loaded, read = first.fit(x, y, epochs=2, validation=0.2), second.fit(mapped, y, epochs=2, validation=0.2)
    assert (loaded.info["rows_from"], read.info["rows_from"]) == ("memory", "blocks")
    for one, other in zip(loaded.weights, read.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(second.history["val_loss"], first.history["val_loss"], rtol=1e-5)
    np.testing.assert_array_equal(first.predict(x), second.predict(mapped))
    x[70, 1] = np.nan
    np.save(tmp_path / "x.npy", x)
    with pytest.raises(DataError, match="not a number"):
        first.predict(np.load(tmp_path / "x.npy", mmap_mode="r"))
