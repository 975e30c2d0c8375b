"""Residual and Parallel in the engine, against a Keras functional model that holds the same weights."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers as k

from nnviz import engine
from nnviz.engine import Dense, Dropout, Model, Parallel, Residual
from nnviz.engine.loop.session import form
from nnviz.errors import StackError
from tests.engine.support import prepared, same, spec

CONV = {"kind": "Conv2D", "filters": 3, "kernel_size": 3, "padding": "same", "activation": "relu"}
NESTED: list[dict[str, Any]] = [
    {"kind": "Dense", "units": 6, "activation": "tanh"},
    {
        "kind": "Repeat",
        "times": 2,
        "layers": [
            {
                "kind": "Residual",
                "project": True,
                "layers": [
                    {"kind": "Dense", "units": 5, "activation": "tanh"},
                    {"kind": "Parallel", "join": "average", "branches": [[{"kind": "Dense", "units": 5}], [], []]},
                ],
            },
            {"kind": "Parallel", "branches": [[{"kind": "Dense", "units": 2, "activation": "sigmoid"}], []]},
        ],
    },
    {"kind": "Parallel", "join": "add", "branches": [[{"kind": "Dense", "units": 4}], [{"kind": "Dense", "units": 4}]]},
]
IMAGES: list[dict[str, Any]] = [
    CONV,
    {"kind": "Residual", "project": True, "layers": [CONV | {"filters": 4, "strides": 2}, CONV | {"filters": 4}]},
    {"kind": "Parallel", "branches": [[CONV], [{"kind": "MaxPooling2D", "strides": 1, "padding": "same"}]]},
    {"kind": "GlobalAveragePooling2D"},
]


def nested() -> keras.Model:
    inputs = keras.Input((3,))
    x = k.Dense(6, activation="tanh")(inputs)
    for copy in range(2):
        inner = k.Dense(5, activation="tanh")(x)
        inner = k.Average()([k.Dense(5)(inner), inner, inner])
        skip = k.Dense(5, use_bias=False)(x)
        x = k.Add()([skip, inner])
        x = k.Concatenate()([k.Dense(2, activation="sigmoid", name=f"wide{copy}")(x), x])
    x = k.Add()([k.Dense(4)(x), k.Dense(4)(x)])
    return keras.Model(inputs, k.Dense(3)(x))


def images() -> keras.Model:
    inputs = keras.Input((7, 6, 2))

    def conv(filters: int, **more: Any) -> Any:
        return k.Conv2D(filters, 3, padding="same", activation="relu", **more)

    x = conv(3)(inputs)
    x = k.Add()([conv(4)(conv(4, strides=2)(x)), k.Conv2D(4, 1, strides=2, use_bias=False)(x)])
    x = k.Concatenate()([conv(3)(x), k.MaxPooling2D(2, strides=1, padding="same")(x)])
    return keras.Model(inputs, k.Dense(3)(k.GlobalAveragePooling2D()(x)))


def built(layers: list[dict[str, Any]], shape: tuple[int, ...], seed: int = 0) -> engine.Network:
    run_spec = spec(layers)
    return engine.build(run_spec.layers, run_spec.cost, task="classification", shape=shape, outputs=3, seed=seed)


def weights_for(model: keras.Model, ours: list[Any]) -> list[Any]:
    """Our weights in the order of the functional model: the first of the same shape that is left for each."""
    left = list(ours)
    arranged = []
    for variable in model.weights:
        at = next(index for index, value in enumerate(left) if value.shape == tuple(variable.shape))
        arranged.append(left.pop(at))
    assert not left
    return arranged


@pytest.mark.parametrize(("layers", "reference", "shape"), [(NESTED, nested, (3,)), (IMAGES, images, (7, 6, 2))])
def test_forward_and_gradients_are_those_of_a_functional_model(layers: Any, reference: Any, shape: Any) -> None:
    network, model = built(layers, shape), reference()
    random = np.random.default_rng(3)
    # Every weight differs from every other, so that two of a shape cannot stand for one another unnoticed.
    network.values = [random.normal(size=value.shape).astype(np.float32) * 0.5 for value in network.values]
    model.set_weights(weights_for(model, network.values))
    x = tf.constant(random.normal(size=(9, *shape)).astype(np.float32))
    y = tf.constant(random.integers(0, 3, size=9).astype(np.int32))
    with tf.GradientTape() as tape:
        loss = network.cost.calculate(y, network.logits(x, training=True, at=None))
    ours = tape.gradient(loss, [variable.value for variable in network.trainable_variables])
    with tf.GradientTape() as tape:
        logits = model(x)
        other = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    theirs = tape.gradient(other, [variable.value for variable in model.trainable_variables])
    np.testing.assert_allclose(network.logits(x), logits, rtol=1e-5, atol=1e-5)
    for mine, their in zip(weights_for(model, [each.numpy() for each in ours]), theirs, strict=True):
        np.testing.assert_allclose(mine, their, rtol=1e-3, atol=1e-5)
    through = x
    for layer in network.stack:
        through = layer(through)
    np.testing.assert_allclose(network.cost.logits(through), logits, rtol=1e-5, atol=1e-5)


def test_first_weights_follow_from_seed_and_place_depth_first() -> None:
    flat = [{"kind": "Dense", "units": 4}] * 4
    blocks = [
        flat[0],
        {"kind": "Residual", "layers": [flat[1]]},
        {"kind": "Parallel", "join": "add", "branches": [[flat[2]], [flat[3]]]},
    ]
    one, other = built(flat, (4,), seed=5), built(blocks, (4,), seed=5)
    assert same(one.values, other.values)
    assert same(built(NESTED, (3,), seed=5).values, built(NESTED, (3,), seed=5).values)
    assert one.paths == ("layers[0]", "layers[1]", "layers[2]", "layers[3]")
    assert other.paths == ("layers[0]", "layers[1]", "layers[2]")
    drawn = [value for value in built(NESTED, (3,)).values if value.ndim == 2]
    assert len({value.tobytes() for value in drawn}) == len(drawn)


def test_what_does_not_fit_names_the_layer_inside() -> None:
    for layers, where in (
        (
            [{"kind": "Parallel", "branches": [[], [{"kind": "Residual", "layers": [CONV]}]]}],
            "layers[0].branches[1][0].layers[0]",
        ),
        ([{"kind": "Residual", "layers": [{"kind": "Dense", "units": 2}]}], "layers[0]"),
    ):
        with pytest.raises(StackError) as caught:
            built(layers, (4,))
        assert caught.value.where == where


def test_blocks_that_differ_only_in_structure_are_of_another_form() -> None:
    dense = {"kind": "Dense", "units": 3}
    stacks: list[list[dict[str, Any]]] = [
        [dense, dense],
        [dense, {"kind": "Residual", "layers": [dense]}],
        [{"kind": "Residual", "layers": [dense, dense]}],
        [{"kind": "Residual", "layers": [dense, dense], "project": True}],
        [{"kind": "Parallel", "join": "add", "branches": [[dense], [dense]]}],
        [{"kind": "Parallel", "join": "average", "branches": [[dense], [dense]]}],
        [{"kind": "Parallel", "join": "average", "branches": [[dense, dense], []]}],
    ]
    rows = prepared()
    assert len({form(spec(layers), rows) for layers in stacks}) == len(stacks)
    written = [dense, {"kind": "Repeat", "times": 2, "layers": [dense]}]
    assert form(spec(written), rows) == form(spec([dense] * 3), rows)


def test_dropout_and_normalization_inside_blocks_train_the_same_at_every_pace() -> None:
    normal, dropped = {"kind": "BatchNormalization"}, {"kind": "Dropout", "rate": 0.5}
    layers = [
        {"kind": "Residual", "layers": [{"kind": "Dense", "units": 3}, normal, dropped]},
        {"kind": "Parallel", "branches": [[dropped], [normal]]},
    ]
    rows, run_spec = prepared(), spec(layers)
    session = engine.prepare(run_spec, rows)
    results = []
    for pace in ("full", "step"):
        wanted = engine.Control(pace=pace, steps_allowed=100)  # type: ignore[arg-type]
        results.append(
            engine.train(
                run_spec, rows, on_progress=lambda _: None, control=lambda wanted=wanted: wanted, frames=False, session=session
            )
        )
    assert same(results[0].weights, results[1].weights)
    network = engine.restore(run_spec.layers, run_spec.cost, results[0].weights, task="classification", shape=(3,), outputs=3)
    moving = [variable.numpy() for variable in network.non_trainable_variables if "moving_mean" in variable.path]
    assert len(moving) == 2
    assert all(np.abs(value).max() > 0 for value in moving)
    assert results[0].info["mode"] == "xla"


def test_a_short_last_batch_counts_only_its_own_rows_inside_blocks() -> None:
    """Rows that fill the batch up must not reach the means of a normalization in an inner list: one full batch of 22 rows
    and the same rows in a batch that has room for more."""
    layers = [{"kind": "Residual", "layers": [{"kind": "Dense", "units": 3}, {"kind": "BatchNormalization", "momentum": 0.0}]}]
    network = built(layers, (3,))
    x = np.random.default_rng(0).normal(size=(22, 3)).astype(np.float32)
    mask = np.concatenate([np.ones(22), np.zeros(10)]).astype(np.float32)
    filled = np.concatenate([x, np.repeat(x[:1], 10, axis=0)])
    network.features(tf.constant(filled), training=True, mask=tf.constant(mask))
    dense, normalization = network.stack[0].lists[0]
    np.testing.assert_allclose(normalization.moving_mean.numpy(), dense(x).numpy().mean(axis=0), rtol=1e-4, atol=1e-6)


def test_each_varies_over_copies_up_to_the_engine() -> None:
    layers = [
        {
            "kind": "Repeat",
            "times": 3,
            "layers": [
                {"kind": "Residual", "project": True, "layers": [{"kind": "Dense", "units": {"each": "8 / 2**i"}}]},
                {"kind": "Parallel", "branches": [[{"kind": "Dense", "units": {"each": [1, 2, 3]}}], []]},
            ],
        }
    ]
    network = built(layers, (3,))
    widths = [layer.compute_output_shape((None, size))[-1] for layer, size in zip(network.stack, (3, 8, 9, 4, 6, 2), strict=True)]
    assert widths == [8, 9, 4, 6, 2, 5]


def test_stacked_in_code_with_lists_of_calls() -> None:
    model = Model([Dense(8, activation="relu")], optimizer=engine.Adam(0.02))
    for _ in range(2):
        model.add(Residual([Dense(8, activation="relu"), Dropout(0.1), Dense(8)]))
    model.add(Parallel([[Dense(4, activation="tanh")], []], join="concatenate"))
    x = np.random.default_rng(0).uniform(-1, 1, size=(200, 2))
    model.fit(x, x[:, 0] * x[:, 1] > 0, epochs=30, batch_size=20)
    assert model.evaluate(x, x[:, 0] * x[:, 1] > 0)["accuracy"] > 0.9
    assert model.network.stack[-1].compute_output_shape((None, 8)) == (None, 12)
