"""Pooling before bias and activation, against Keras's own layers one after another."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnviz.engine.network import pool_fusion


def pair(kind: str, activation: str, **options):
    start = keras.initializers.RandomNormal(seed=2)
    conv = getattr(keras.layers, f"Conv{kind}D")(
        5, 3, activation=activation, kernel_initializer=start, bias_initializer=start, **options
    )
    return conv, getattr(keras.layers, f"MaxPooling{kind}D")(2, padding=options.get("padding", "valid"))


def rows(kind: str):
    x = np.random.default_rng(0).normal(size=(4, *(9,) * int(kind), 3)).astype(np.float32)
    x[:, :4] = 0  # as in an image's margin: whole windows are equal
    return tf.constant(x)


@pytest.mark.parametrize("activation", sorted(pool_fusion.RISING))
@pytest.mark.parametrize(("kind", "padding"), [("1", "same"), ("2", "valid"), ("2", "same")])
def test_the_same_numbers_and_gradients_as_in_order(kind, padding, activation):
    conv, pooling = pair(kind, activation, padding=padding)
    assert pool_fusion.can_fuse(conv, pooling)
    x = rows(kind)
    conv.build(x.shape)
    factor = tf.constant(np.random.default_rng(1).normal(size=pooling(conv(x)).shape), tf.float32)
    passes = []
    for through in (lambda: pooling(conv(x)), lambda: pool_fusion.pooled(x, conv, pooling)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = through()
            loss = tf.reduce_sum(y * factor)
        variables = [x, *[variable.value for variable in conv.trainable_variables]]
        passes.append((y.numpy(), [gradient.numpy() for gradient in tape.gradient(loss, variables)]))
    np.testing.assert_array_equal(passes[1][0], passes[0][0])
    for ours, wanted in zip(passes[1][1], passes[0][1], strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-5, atol=1e-5)


def test_every_one_of_them_never_falls():
    x = tf.constant(np.sort(np.random.default_rng(0).normal(0, 4, 500_000)).astype(np.float32))
    for name in pool_fusion.RISING:
        assert (np.diff(keras.activations.get(name)(x).numpy()) >= 0).all(), name


def test_what_it_does_not_know_is_done_in_order():
    conv, pooling = pair("2", "relu")
    assert not pool_fusion.can_fuse(conv, None)
    assert not pool_fusion.can_fuse(conv, keras.layers.AveragePooling2D(2))
    assert not pool_fusion.can_fuse(pair("2", "gelu")[0], pooling)
    assert not pool_fusion.can_fuse(keras.layers.DepthwiseConv2D(3), pooling)
    assert not pool_fusion.can_fuse(keras.layers.Conv2D(3, 3, activation=lambda x: -x), pooling)
