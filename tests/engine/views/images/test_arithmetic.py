"""The sums behind feature maps against plain NumPy, which slides each kernel over the whole input."""

import numpy as np
import pytest
import tensorflow as tf

from nnviz import engine
from nnviz.engine.views.images.arithmetic import MOST_TERMS, arithmetic
from nnviz.engine.views.trace import Trace
from nnviz.spec import unfold
from tests.engine.support import prepared, spec

SHAPE = (7, 6, 3)


def traced(layer, shape=SHAPE):
    data = prepared(shape=shape)
    run_spec = spec([layer, {"kind": "Flatten"}])
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    random = np.random.default_rng(5)
    network.values = [random.normal(size=value.shape).astype(np.float32) for value in network.values]
    x = data.parts["validation"].x[:1]
    return network, x[0].astype(np.float64), Trace(network, unfold(run_spec.layers), tf.constant(x)).steps[0]


def padded(x, kernel, stride, dilation, padding, fill=0.0):
    """The input with the border that the layer's windows reach into, the smaller half first."""
    borders = []
    for axis in (0, 1):
        reach = dilation * (kernel[axis] - 1) + 1
        missing = max((-(-x.shape[axis] // stride) - 1) * stride + reach - x.shape[axis], 0) if padding == "same" else 0
        borders.append((missing // 2, missing - missing // 2))
    return np.pad(x, [*borders, (0, 0)], constant_values=fill)


def windows(x, kernel, stride, dilation):
    """(rows, columns, kernel height, kernel width, channels)"""
    reach = [dilation * (side - 1) + 1 for side in kernel]
    places = [range(0, x.shape[axis] - reach[axis] + 1, stride) for axis in (0, 1)]
    return np.array([[x[r : r + reach[0] : dilation, c : c + reach[1] : dilation] for c in places[1]] for r in places[0]])


def assert_all_values(step, expected):
    """Each value's body adds up to NumPy's, and to the network's own."""
    assert step.y.shape[1:] == expected.shape
    for at in np.ndindex(expected.shape[:2]):
        for channel in range(expected.shape[2]):
            body = arithmetic(step, channel, at)
            assert body["raw"] == pytest.approx(expected[(*at, channel)], rel=1e-5, abs=1e-5)
            shares = [term["sum"] * (1 if term["weight"] is None else term["weight"]) for term in body["terms"]]
            assert sum(shares) + body["others"]["sum"] + (body["bias"] or 0) == pytest.approx(body["raw"], abs=1e-9)
            for term in body["terms"]:
                patch, kernel = (np.frombuffer(term[name], "<f4").astype(np.float64) for name in ("patch", "kernel"))
                assert term["sum"] == pytest.approx(float(patch @ kernel), abs=1e-9)


@pytest.mark.parametrize(
    ("kernel", "stride", "dilation", "padding"),
    [((3, 3), 1, 1, "same"), ((3, 2), 2, 1, "same"), ((2, 3), 1, 2, "valid"), ((2, 2), 3, 1, "same"), ((1, 1), 2, 1, "valid")],
)
def test_a_convolution_is_the_sum_over_its_window(kernel, stride, dilation, padding):
    options = {"kernel_size": list(kernel), "strides": stride, "dilation_rate": dilation, "padding": padding}
    network, x, step = traced({"kind": "Conv2D", "filters": 2, "activation": "relu", **options})
    weights, bias = network.values[:2]
    over = windows(padded(x, kernel, stride, dilation, padding), kernel, stride, dilation)
    expected = np.einsum("rcijk,ijkf->rcf", over, weights) + bias
    assert_all_values(step, expected)
    np.testing.assert_allclose(np.asarray(step.y[0]), np.maximum(expected, 0), atol=1e-5)
    assert arithmetic(step, 1, (0, 0))["value"] == float(step.y[0, 0, 0, 1])


def test_a_depthwise_convolution_sees_one_channel():
    network, x, step = traced({"kind": "DepthwiseConv2D", "kernel_size": 3, "depth_multiplier": 2, "padding": "same"})
    weights, bias = network.values[:2]
    over = windows(padded(x, (3, 3), 1, 1, "same"), (3, 3), 1, 1)
    expected = np.einsum("rcijk,ijkm->rckm", over, weights).reshape(7, 6, 6) + bias
    assert_all_values(step, expected)
    assert [arithmetic(step, channel, (1, 1))["terms"][0]["channel"] for channel in range(6)] == [0, 0, 1, 1, 2, 2]


def test_a_separable_convolution_mixes_the_sums_of_its_channels():
    layer = {"kind": "SeparableConv2D", "filters": 4, "kernel_size": 3, "depth_multiplier": 2, "strides": 2, "padding": "same"}
    network, x, step = traced(layer)
    apart, mixed, bias = network.values[:3]
    over = windows(padded(x, (3, 3), 2, 1, "same"), (3, 3), 2, 1)
    sums = np.einsum("rcijk,ijkm->rckm", over, apart).reshape(*over.shape[:2], 6)
    assert_all_values(step, sums @ mixed[0, 0] + bias)


@pytest.mark.parametrize(("stride", "padding"), [(1, "same"), (2, "same"), (3, "same"), (2, "valid"), (4, "valid")])
def test_a_transposed_convolution_spreads_each_place(stride, padding):
    layer = {"kind": "Conv2DTranspose", "filters": 2, "kernel_size": 3, "strides": stride, "padding": padding}
    network, x, step = traced(layer, (4, 3, 2))
    weights, bias = network.values[:2]
    spread = np.zeros((4 * stride + 3, 3 * stride + 3, 2))
    for row, column in np.ndindex(4, 3):
        at = (slice(row * stride, row * stride + 3), slice(column * stride, column * stride + 3))
        spread[at] += np.einsum("ijfk,k->ijf", weights, x[row, column])
    before = max(3 - stride, 0) // 2 if padding == "same" else 0
    height, width = step.y.shape[1:3]
    assert_all_values(step, spread[before : before + height, before : before + width] + bias)


@pytest.mark.parametrize(("pool", "stride", "padding"), [(2, None, "valid"), (3, 2, "same"), (2, 3, "same")])
@pytest.mark.parametrize("kind", ["MaxPooling2D", "AveragePooling2D"])
def test_a_pooling_leaves_padding_out(kind, pool, stride, padding):
    _, x, step = traced({"kind": kind, "pool_size": pool, "strides": stride, "padding": padding})
    over = windows(padded(x, (pool, pool), stride or pool, 1, padding, np.nan), (pool, pool), stride or pool, 1)
    expected = (np.nanmax if kind == "MaxPooling2D" else np.nanmean)(over, axis=(2, 3))
    for at in np.ndindex(expected.shape[:2]):
        body = arithmetic(step, 2, at)
        assert body["value"] == pytest.approx(expected[(*at, 2)], rel=1e-6)
        assert body["inside"] == np.isfinite(over[(*at, slice(None), slice(None), 2)]).sum()
        if kind == "AveragePooling2D":
            assert body["terms"][0]["sum"] / body["inside"] == pytest.approx(body["value"], rel=1e-6)


def test_of_many_channels_the_largest_sums_are_written_out_and_the_rest_counted():
    _, _, step = traced({"kind": "Conv2D", "filters": 1, "kernel_size": 3}, (5, 5, 20))
    body = arithmetic(step, 0, (1, 1))
    sums = [abs(term["sum"]) for term in body["terms"]]
    assert sums == sorted(sums, reverse=True)
    assert (len(sums), body["others"]["count"]) == (MOST_TERMS, 20 - MOST_TERMS)
    _, _, wide = traced({"kind": "Conv2D", "filters": 1, "kernel_size": 16}, (20, 20, 1))
    assert arithmetic(wide, 0, (0, 0))["terms"][0]["patch"] == b""
