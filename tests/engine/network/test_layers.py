"""What each layer computes: gradients against finite differences, random changes against their formulas, starts."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnviz import engine
from nnviz.catalog import LAYERS
from nnviz.engine.network import layers as kinds
from nnviz.engine.network.augmentation import sampled
from nnviz.engine.network.stateless_random import Moment, StochasticKerasLayer
from nnviz.spec import parse_layers
from tests.engine.examples import EMBEDDING, ON_IMAGES, ON_SEQUENCES, RANDOM
from tests.engine.support import prepared, same, spec

GRADIENTS = {
    **{kind: (params, (5, 5, 2)) for kind, params in ON_IMAGES.items()},
    **{kind: (params, (5, 2)) for kind, params in ON_SEQUENCES.items()},
    "Conv2D": ({"filters": 2, "kernel_size": 3, "activation": "tanh"}, (5, 5, 2)),
    "MaxPooling2D": ({}, (4, 4, 2)),
    "AveragePooling2D": ({}, (4, 4, 2)),
    "GlobalAveragePooling2D": ({}, (4, 4, 2)),
    "Dense": ({"units": 3}, (4,)),
    "LayerNormalization": ({}, (4,)),
    "BatchNormalization": ({}, (4,)),
    "GaussianNoise": ({"stddev": 0.5}, (4,)),
    "Dropout": ({"rate": 0.5}, (4,)),
    "Embedding": (EMBEDDING, (4,)),
}


def made(kind: str, params: dict, seed: int = 0) -> keras.layers.Layer:
    (layer,) = kinds.make(parse_layers([{"kind": kind, **params}])[0], index=1, seed=seed)
    return layer


@pytest.mark.parametrize("kind", GRADIENTS)
def test_gradients_equal_finite_differences(kind: str) -> None:
    """Along a random direction of inputs and weights, in float64; random layers and TensorFlow's resizing, which know
    float32 only and are linear, with a large step."""
    params, shape = GRADIENTS[kind]
    random = isinstance(made(kind, params), kinds.StochasticLayer)
    size, step, tolerance = ("float32", 0.5, 2e-4) if random or kind == "UpSampling2D" else ("float64", 1e-6, 1e-6)
    options = {"training": True, "at": Moment(tf.constant(3, tf.int64), tf.constant(7, tf.int64))} if random else {}
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(size)
    try:
        layer, rng = made(kind, params), np.random.default_rng(1)
        layer.build((None, *shape))
        x = tf.constant(rng.integers(0, 9, size=(3, *shape)) if kind == "Embedding" else rng.normal(size=(3, *shape)), size)
        weights = [variable.value for variable in layer.trainable_variables]
        values = [*([] if kind == "Embedding" else [x]), *(tf.convert_to_tensor(weight) for weight in weights)]
        directions = [tf.constant(rng.normal(size=value.shape), size) for value in values]
        factors = tf.constant(rng.normal(size=layer(x).shape), size)

        def at(distance: float) -> tuple:
            moved = [value + distance * direction for value, direction in zip(values, directions, strict=True)]
            for weight, value in zip(weights, moved[len(moved) - len(weights) :], strict=True):
                weight.assign(value)
            with tf.GradientTape() as tape:
                tape.watch(moved)
                inputs = x if kind == "Embedding" else moved[0]
                total = tf.reduce_sum(layer(inputs, **options) * factors)
            sources = [*([] if kind == "Embedding" else [inputs]), *weights]
            return total, [tf.convert_to_tensor(gradient) for gradient in tape.gradient(total, sources)]

        slope = float((at(step)[0] - at(-step)[0]) / (2 * step))
        pairs = zip(at(0.0)[1], directions, strict=True)
        along = sum(float(tf.reduce_sum(gradient * direction)) for gradient, direction in pairs)
        assert along == pytest.approx(slope, rel=tolerance, abs=tolerance)
        assert abs(slope) > 1e-3
    finally:
        keras.config.set_dtype_policy(before)


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        (
            [
                {"kind": "Conv2D", "filters": 4, "kernel_size": 3, "padding": "same"},
                *({"kind": kind, **params} for kind, params in ON_IMAGES.items() if kind != "GlobalMaxPooling2D"),
                {"kind": "GlobalMaxPooling2D"},
            ],
            (6, 6, 1),
        ),
        (
            [
                {"kind": "Embedding", **EMBEDDING},
                {"kind": "LayerNormalization"},
                *(
                    {"kind": kind, **params} | ({"return_sequences": True} if "units" in params else {})
                    for kind, params in ON_SEQUENCES.items()
                    if not kind.startswith("Global")
                ),
                {"kind": "GlobalMaxPooling1D"},
            ],
            (8,),
        ),
    ],
    ids=["images", "sequences"],
)
def test_a_step_moves_every_weight_and_is_the_same_in_any_chunks(layers: list[dict], shape: tuple[int, ...]) -> None:
    """Every layer for images, or for sequences, in one network; the last batch of an epoch is short."""
    data = prepared(shape=shape, train=11, validation=4)
    if len(shape) == 1:
        for part in data.parts.values():
            part.x[:] = np.abs(np.round(part.x * 2)) % 9
    run_spec = spec(layers, optimizer={"kind": "SGD", "learning_rate": 0.5}, epochs=2, batch_size=4)
    session = engine.prepare(run_spec, data)
    start = session.network.values
    whole = engine.train(run_spec, data, on_progress=lambda seen: None, frames=False, session=session)
    allowed = iter(range(1, 100))
    stepped = engine.train(
        run_spec,
        data,
        on_progress=lambda seen: None,
        frames=False,
        session=session,
        control=lambda: engine.Control(pace="step", steps_allowed=next(allowed)),
    )
    assert whole.steps == stepped.steps == 6
    assert same(whole.weights, stepped.weights)
    still = [
        variable.path
        for variable, first, last in zip(session.network.weights, start, whole.weights, strict=True)
        if np.array_equal(first, last) and variable.trainable
    ]
    # A bias of the keys moves no attention: softmax does not see it.
    assert [path for path in still if "key/bias" not in path] == []


@pytest.mark.parametrize(
    ("ours", "scipys"), [("reflect", "reflect"), ("nearest", "nearest"), ("wrap", "grid-wrap"), ("constant", "grid-constant")]
)
def test_pixels_between_and_beyond_are_what_scipy_takes(ours: str, scipys: str) -> None:
    from scipy.ndimage import map_coordinates

    random = np.random.default_rng(0)
    images = random.normal(size=(2, 5, 4, 3)).astype(np.float32)
    places = random.uniform(-4, 8, size=(2, 30, 2)).astype(np.float32)
    pixels = sampled(tf.constant(images), tf.constant(places), ours)
    for image in range(2):
        for channel in range(3):
            wanted = map_coordinates(images[image, :, :, channel], places[image].T, order=1, mode=scipys)
            np.testing.assert_allclose(pixels[image, :, channel], wanted, atol=1e-5)


def changed(kind: str, params: dict, images: np.ndarray, step: int = 0) -> np.ndarray:
    at = Moment(tf.constant(0, tf.int64), tf.constant(step, tf.int64))
    return made(kind, params)(tf.constant(images), training=True, at=at).numpy()


def test_augmentation_stays_within_what_was_asked_for() -> None:
    images = np.random.default_rng(0).uniform(size=(400, 5, 5, 1)).astype(np.float32)
    flipped = changed("RandomFlip", {}, images)
    mirrored = (flipped == images[:, :, ::-1]).all((1, 2, 3))
    assert (mirrored | (flipped == images).all((1, 2, 3))).all()
    assert 150 < mirrored.sum() < 250
    moved = changed("RandomBrightness", {"factor": 0.3}, images) - images
    assert np.ptp(moved, axis=(1, 2, 3)).max() < 1e-6
    assert (np.abs(moved).max() <= 0.3, np.abs(moved).max() > 0.25) == (True, True)
    contrast = changed("RandomContrast", {"factor": 0.3}, images)
    np.testing.assert_allclose(contrast.mean((1, 2)), images.mean((1, 2)), atol=1e-5)
    ratio = contrast.std((1, 2)) / images.std((1, 2))
    assert (ratio.min() > 0.69, ratio.max() < 1.31, np.ptp(ratio) > 0.5) == (True, True, True)
    ramp = np.broadcast_to(np.arange(21, dtype=np.float32)[None, :, None, None], (400, 21, 21, 1)).copy()
    shifts = changed("RandomTranslation", {"height_factor": 0.2, "width_factor": 0}, ramp)[:, 10, 10, 0] - 10
    assert 3.8 < np.abs(shifts).max() <= 4.2
    zoom = changed("RandomZoom", {"height_factor": 0.4}, ramp)
    scale = zoom[:, 11, 10, 0] - zoom[:, 10, 10, 0]
    assert (scale.min() > 0.599, scale.max() < 1.401, np.ptp(scale) > 0.7) == (True, True, True)
    np.testing.assert_allclose(zoom[:, 10, 10, 0], 10, atol=1e-4)
    turned = changed("RandomRotation", {"factor": 0.125}, ramp)
    angle = np.arctan2(turned[:, 10, 11, 0] - 10, turned[:, 11, 10, 0] - 10)
    assert 0.7 < np.abs(angle).max() <= np.pi / 4 + 1e-4


@pytest.mark.parametrize("kind", RANDOM)
def test_random_layers_draw_by_step_and_rest_outside_training(kind: str) -> None:
    images = np.random.default_rng(0).normal(size=(8, 6, 6, 2)).astype(np.float32)
    first = changed(kind, RANDOM[kind], images)
    np.testing.assert_array_equal(first, changed(kind, RANDOM[kind], images))
    assert not np.array_equal(first, changed(kind, RANDOM[kind], images, step=1))
    assert not np.array_equal(first, images)
    np.testing.assert_array_equal(made(kind, RANDOM[kind])(images), images)


def test_spatial_dropout_drops_whole_channels() -> None:
    dropped = changed("SpatialDropout2D", {"rate": 0.25}, np.ones((200, 3, 3, 10), np.float32))
    assert (np.ptp(dropped, axis=(1, 2)) == 0).all()
    assert set(np.unique(dropped)) == {0, np.float32(1 / 0.75)}
    assert 0.2 < (dropped == 0).mean() < 0.3


def test_attention_is_keras_s_and_its_kernels_start_apart() -> None:
    layer = made("MultiHeadAttention", {"num_heads": 2, "key_dim": 3})
    layer.build((None, 4, 6))
    x = np.random.default_rng(0).normal(size=(2, 4, 6)).astype(np.float32)
    other = keras.layers.MultiHeadAttention(2, 3)
    other(x, x)
    other.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(x), other(x, x), atol=1e-6)
    query, key, value = (weights for weights in layer.get_weights() if weights.shape == (6, 2, 3))
    assert not any(np.array_equal(one, two) for one, two in ((query, key), (query, value), (key, value)))


def test_weights_of_one_layer_start_apart_and_follow_the_seed() -> None:
    layer, again, other = (made("LSTM", {"units": 3, "bidirectional": True}, seed=seed) for seed in (0, 0, 1))
    for one in (layer, again, other):
        one.build((None, 4, 2))
    assert same(layer.get_weights(), again.get_weights())
    assert not np.array_equal(layer.get_weights()[0], other.get_weights()[0])
    ahead, back = layer.get_weights()[:3], layer.get_weights()[3:]
    assert [weights.shape for weights in ahead] == [weights.shape for weights in back]
    assert not np.array_equal(ahead[0], back[0])
    assert not np.array_equal(ahead[1], back[1])


@pytest.mark.parametrize(
    ("initializer", "low", "high"),
    [
        ({"kind": "Constant", "value": 0.25}, 0.25, 0.25),
        ({"kind": "RandomUniform", "minval": 1, "maxval": 2}, 1, 2),
        ("ones", 1, 1),
        ({"kind": "TruncatedNormal", "mean": 5, "stddev": 0.5}, 4, 6),
    ],
    ids=str,
)
def test_initializers_start_as_they_say(initializer: object, low: float, high: float) -> None:
    layer = made("Dense", {"units": 50, "bias_initializer": initializer, "kernel_initializer": {"kind": "Orthogonal", "gain": 2}})
    layer.build((None, 60))
    kernel, bias = layer.get_weights()
    assert (low <= bias.min(), bias.max() <= high) == (True, True)
    np.testing.assert_allclose(kernel.T @ kernel, 4 * np.eye(50), atol=1e-4)


PLAIN = [kind for kind, entry in LAYERS.items() if entry.group != "structure"]


@pytest.mark.parametrize("kind", PLAIN)
def test_a_layer_that_draws_random_numbers_says_so_in_its_entry(kind: str) -> None:
    entry = LAYERS[kind]
    params = {param.name: param.default for param in entry.params if param.required}
    sized = {"pool_size": 2} if kind.startswith("AveragePooling") else {}  # which Keras demands there
    theirs = getattr(keras.layers, kind)(**params, **entry.fixed, **sized)
    assert entry.is_random == any(isinstance(value, keras.random.SeedGenerator) for value in vars(theirs).values())
    assert isinstance(made(kind, params), kinds.StochasticLayer) == entry.is_random


@pytest.mark.parametrize("kind", ["Dropout", "SpatialDropout2D", "GaussianNoise", "RandomFlip", "RandomTranslation"])
def test_a_random_layer_of_keras_draws_by_seed_layer_and_step(kind: str) -> None:
    """The way of those that have no class of the engine's own, shown on some that have."""
    x = tf.constant(np.random.default_rng(0).normal(size=(20, 4, 4, 3)), tf.float32)
    params = {param.name: param.default for param in LAYERS[kind].params if param.required}
    layers = [StochasticKerasLayer(getattr(keras.layers, kind)(**params), index=index) for index in (1, 1, 2)]

    def drawn(place: int, *, seed: int = 3, step: int = 7) -> np.ndarray:
        run = tf.function(lambda inputs, at: layers[place](inputs, training=True, at=at))
        return run(x, Moment(tf.constant(seed, tf.int64), tf.constant(step, tf.int64))).numpy()

    first = drawn(0)
    np.testing.assert_array_equal(first, drawn(0))
    np.testing.assert_array_equal(first, drawn(1))
    for other in (drawn(2), drawn(0, seed=4), drawn(0, step=8)):
        assert not np.array_equal(first, other)
    np.testing.assert_array_equal(layers[0](x), x)
    assert not layers[0].variables  # no generator whose state had to be kept
