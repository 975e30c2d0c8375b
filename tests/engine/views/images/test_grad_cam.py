"""Grad-CAM on networks whose gradient is a closed form: what follows the convolution is linear."""

import numpy as np
import pytest
import tensorflow as tf

from nnviz import engine
from nnviz.engine.views.images.grad_cam import grad_cam
from nnviz.engine.views.trace import Trace
from nnviz.spec import unfold
from tests.engine.support import prepared, spec

CONVOLUTION = {"kind": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"}


def made(layers, outputs=3, cost=None):
    data = prepared(shape=(6, 5, 2), outputs=outputs)
    run_spec = spec(layers, cost=cost)
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=outputs, seed=3)
    placed, x = unfold(run_spec.layers), data.parts["validation"].x[:1]
    maps = np.asarray(Trace(network, placed, tf.constant(x)).steps[0].y[0], np.float64)
    return network, placed, x, maps


@pytest.mark.parametrize("target", [0, 1, 2])
def test_behind_global_average_pooling_the_weights_are_those_of_the_class(target):
    network, placed, x, maps = made([CONVOLUTION, {"kind": "GlobalAveragePooling2D"}])
    weights = network.values[2][:, target] / maps[..., 0].size
    heat = grad_cam(network, placed, x, step=0, target=target)
    np.testing.assert_allclose(heat, np.maximum(maps @ weights, 0), atol=1e-6)


def test_behind_a_flatten_they_are_its_means_over_the_places():
    network, placed, x, maps = made([CONVOLUTION, {"kind": "Flatten"}])
    weights = network.values[2][:, 1].reshape(maps.shape).mean(axis=(0, 1))
    np.testing.assert_allclose(grad_cam(network, placed, x, step=0, target=1), np.maximum(maps @ weights, 0), atol=1e-6)


def test_inside_a_residual_the_way_around_takes_no_part():
    inner = {**CONVOLUTION, "padding": "same", "filters": 2}
    network, placed, x, maps = made([{"kind": "Residual", "layers": [inner]}, {"kind": "GlobalAveragePooling2D"}])
    weights = network.values[2][:, 0] / maps[..., 0].size
    np.testing.assert_allclose(grad_cam(network, placed, x, step=0, target=0), np.maximum(maps @ weights, 0), atol=1e-6)


def test_two_classes_with_one_output_speak_against_each_other():
    sigmoid = {"kind": "CrossEntropy", "transform": "sigmoid"}
    network, placed, x, maps = made([CONVOLUTION, {"kind": "GlobalAveragePooling2D"}], outputs=2, cost=sigmoid)
    assert network.cost.columns == 1
    weights = network.values[2][:, 0] / maps[..., 0].size
    for target, sign in ((1, 1), (0, -1)):
        heat = grad_cam(network, placed, x, step=0, target=target)
        np.testing.assert_allclose(heat, np.maximum(sign * maps @ weights, 0), atol=1e-6)
