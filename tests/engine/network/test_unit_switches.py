"""Units that are switched off: forward and backward beside NumPy, and as a `.keras` file has them."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnviz.engine.network import to_keras
from nnviz.engine.network.network import Network, build
from nnviz.engine.views.network_picture import network_picture
from nnviz.spec import unfold
from tests.engine.support import prepared, spec

DENSE = [{"kind": "Dense", "units": 4, "activation": "sigmoid"}, {"kind": "Dense", "units": 3, "activation": "tanh"}]
IMAGES = [
    {"kind": "Conv2D", "filters": 3, "kernel_size": 2, "activation": "relu", "bias_initializer": "ones"},
    {"kind": "MaxPooling2D"},
    {"kind": "Flatten"},
]
TYPED = [{"kind": "Dense", "units": 3, "activation": {"expression": "x + cos(x)"}}]
TREE = [
    {
        "kind": "Repeat",
        "times": 2,
        "layers": [{"kind": "Residual", "layers": [{"kind": "Dense", "units": 3, "activation": "selu"}]}],
    }
]


def made(layers: list[dict[str, Any]], shape: tuple[int, ...], off: tuple[str, ...]) -> Network:
    run_spec = spec(layers)
    network = build(run_spec.layers, run_spec.cost, task="classification", shape=shape, outputs=3, seed=3, switchable=True)
    assert network.switches is not None
    network.switches.off = off
    return network


def test_forward_and_backward_agree_with_numpy() -> None:
    network = made(DENSE, (2,), ("layers[0].is_on[1]", "layers[1].is_on[2]"))
    x = np.random.default_rng(0).normal(size=(5, 2))
    w1, b1, w2, b2, w3, b3 = (array.astype(np.float64) for array in network.values)
    on1, on2 = np.array([1, 0, 1, 1]), np.array([1, 1, 0])
    first = on1 / (1 + np.exp(-(x @ w1 + b1)))
    second = on2 * np.tanh(first @ w2 + b2)
    np.testing.assert_allclose(network.raw(x.astype(np.float32)), second @ w3 + b3, atol=1e-6)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(network.logits(tf.constant(x, tf.float32)))
    gradients = [gradient.numpy() for gradient in tape.gradient(total, network.trainable_variables)]
    to_second = (np.ones((5, 3)) @ w3.T) * on2 * (1 - second**2)
    to_first = to_second @ w2.T * first * (1 - first)  # 0 where the unit is off, since its output is
    wanted = (x.T @ to_first, to_first.sum(0), first.T @ to_second, to_second.sum(0), second.T @ np.ones((5, 3)), np.full(3, 5.0))
    for gradient, one in zip(gradients, wanted, strict=True):
        np.testing.assert_allclose(gradient, one, atol=1e-5)
    assert not gradients[0][:, 1].any()
    assert not gradients[2][:, 2].any()
    assert not gradients[2][1].any()  # what leads on from a unit that gives 0


@pytest.mark.parametrize(
    ("layers", "shape", "off"),
    [
        (DENSE, (2,), ("layers[0].is_on[1]",)),
        (IMAGES, (6, 6, 1), ("layers[0].is_on[2]",)),
        (TYPED, (2,), ("layers[0].is_on[0]",)),
        (TREE, (3,), ("layers[0].layers[0].layers[0].is_on #2[1]",)),
    ],
)
def test_a_keras_file_knows_them(layers: Any, shape: tuple[int, ...], off: tuple[str, ...], tmp_path: Path) -> None:
    network = made(layers, shape, off)
    x = np.random.default_rng(1).normal(size=(4, *shape)).astype(np.float32)
    with_it, wanted = network.predict(x), made(layers, shape, ())
    wanted.values = network.values
    assert network.switches is not None
    assert network.switches.off == off
    assert np.abs(with_it - wanted.predict(x)).max() > 1e-4
    path = tmp_path / "net.keras"
    to_keras.save(to_keras.keras_model(network, spec(layers).layers), path)
    np.testing.assert_allclose(keras.models.load_model(path)(x), with_it, atol=1e-6)
    network.switches.off = ()
    np.testing.assert_array_equal(network.predict(x), wanted.predict(x))


def test_a_typed_activation_gives_0_too() -> None:
    network = made(TYPED, (2,), ("layers[0].is_on[0]",))
    features = np.asarray(network.features(np.ones((2, 2), np.float32)))
    assert not features[:, 0].any()
    assert features[:, 1:].all()


def test_there_is_no_other_unit() -> None:
    with pytest.raises(KeyError):
        made(DENSE, (2,), ("layers[0].is_on[4]",))
    with pytest.raises(KeyError):
        made(DENSE, (2,), ("layers[5].is_on[0]",))


def test_the_picture_names_what_can_be_changed_and_shows_what_is_off() -> None:
    network = made([*DENSE, {"kind": "Dropout", "rate": 0.5}], (2,), ("layers[0].is_on[1]",))
    body = network_picture(network, prepared(shape=(2,)), unfold(spec([*DENSE, {"kind": "Dropout", "rate": 0.5}]).layers))
    first, second, dropout = body["layers"]
    assert first["arrays"] == {"kernel": "layers[0].kernel", "bias": "layers[0].bias", "is_on": "layers[0].is_on"}
    assert [unit.get("off", False) for unit in first["units"]] == [False, True, False, False]
    assert first["units"][1]["zero"] == 1
    assert not any("off" in unit for unit in second["units"])
    assert "arrays" not in dropout
    images = made(IMAGES, (6, 6, 1), ())
    (conv, *_) = network_picture(images, prepared(shape=(6, 6, 1)), unfold(spec(IMAGES).layers))["layers"]
    assert conv["filter_shape"] == [2, 2, 1]
    filters = np.frombuffer(conv["filters"], "<f4").reshape(3, 2, 2, 1)
    np.testing.assert_array_equal(filters[2], images.values[0][..., 2])
    assert body["cost"]["arrays"] == {"kernel": "cost.kernel", "bias": "cost.bias"}
