"""The picture of a network against NumPy, and that every layer of the catalog can be drawn."""

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.views.network_picture import MOST_UNITS, network_picture
from nnviz.engine.views.unit_pictures import BARS, SIDE, bars, image_map, signed_map
from nnviz.errors import RequestError
from nnviz.spec import unfold
from tests.engine.support import prepared, spec

PLANE = {"shape": (2,), "plane": ("a", "b"), "extent": (-1, 1, -1, 1)}


def picture(data, layers, cost=None):
    run_spec = spec(layers, cost=cost)
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    body = network_picture(network, data, unfold(run_spec.layers))
    return network, msgpack.unpackb(msgpack.packb(body))


def links(layer, sources):
    return np.frombuffer(layer["links"], "<f4").reshape(len(layer["units"]), sources)


def test_units_and_weights_of_two_dense_layers_are_those_of_numpy():
    data = prepared(**PLANE)
    network, body = picture(
        data,
        [{"kind": "Dense", "units": 5, "activation": "relu"}, {"kind": "Dropout", "rate": 0.5}, {"kind": "Dense", "units": 4}],
    )
    w1, b1, w2, b2, w3, b3 = (value.astype(np.float64) for value in network.values)
    x = data.parts["validation"].x
    h1 = np.maximum(x @ w1 + b1, 0)
    h2 = h1 @ w2 + b2
    first, dropout, second = body["layers"]
    assert [(layer["number"], layer["title"], layer["from"]) for layer in body["layers"]] == [
        ("1", "Dense 5", -1),
        ("2", "Dropout", None),
        ("3", "Dense 4", 0),
    ]
    assert (first["activation"], dropout["units_in_all"], body["rows"], body["part"]) == ("relu", 0, 10, "validation")
    np.testing.assert_array_equal(links(first, 2), w1.T.astype("<f4"))
    np.testing.assert_array_equal(links(second, 5), w2.T.astype("<f4"))
    np.testing.assert_array_equal(links(body["cost"], 4), w3.T.astype("<f4"))
    assert body["cost"]["from"] == 2
    for layer, values, bias in ((first, h1, b1), (second, h2, b2), (body["cost"], h2 @ w3 + b3, b3)):
        for unit in layer["units"]:
            own = values[:, unit["index"]]
            assert unit["mean"] == pytest.approx(own.mean(), abs=1e-6)
            assert unit["zero"] == np.mean(own == 0)
            assert unit["bias"] == pytest.approx(bias[unit["index"]])
    grid = data.plane_grid(SIDE).astype(np.float64)
    over = np.maximum(grid @ w1 + b1, 0)
    for unit in first["units"]:
        own = over[:, unit["index"]]
        assert unit["reach"] == pytest.approx(own.max(), rel=1e-5)
        drawn = (np.frombuffer(unit["map"], np.uint8).astype(float) - 128) / 127 * unit["reach"]
        np.testing.assert_allclose(drawn, own, atol=unit["reach"] / 254 + 1e-6)


def test_of_many_units_and_inputs_the_largest_by_weight_are_drawn():
    data = prepared(shape=(40,))
    network, body = picture(data, [{"kind": "Dense", "units": 100}])
    kernel = network.values[0]
    assert (body["inputs_in_all"], body["layers"][0]["units_in_all"], body["size"]) == (40, 100, 0)
    largest = [unit["index"] for unit in body["layers"][0]["units"]]
    assert largest == sorted(np.argsort(-np.linalg.norm(kernel, axis=0))[:MOST_UNITS])
    sources = [one["index"] for one in body["inputs"]]
    assert sources == sorted(np.argsort(-np.linalg.norm(kernel, axis=1))[:MOST_UNITS])
    np.testing.assert_array_equal(links(body["layers"][0], MOST_UNITS), kernel[np.ix_(sources, largest)].T)
    assert body["layers"][0]["strongest"] == pytest.approx(np.abs(kernel).max())
    assert len(body["layers"][0]["units"][0]["bars"]) == BARS


def test_a_formula_belongs_to_its_layer_and_each_copy_of_a_repeat_is_drawn():
    typed = {"kind": "Dense", "units": 3, "activation": {"expression": "x * 2"}}
    data = prepared(**PLANE)
    network, body = picture(
        data, [{"kind": "Repeat", "times": 2, "layers": [typed]}, {"kind": "Activation", "activation": {"expression": "x + 1"}}]
    )
    assert [layer["number"] for layer in body["layers"]] == ["1.1", "1.1", "2"]
    assert [layer["units_in_all"] for layer in body["layers"]] == [3, 3, 0]
    w1, b1 = network.values[:2]
    first = 2 * (data.parts["validation"].x @ w1 + b1)
    assert [unit["mean"] for unit in body["layers"][0]["units"]] == pytest.approx(list(first.mean(axis=0)), abs=1e-6)
    assert body["cost"]["from"] == 1


def test_weights_past_a_block_or_a_flatten_are_not_drawn_but_units_are():
    dense = {"kind": "Dense", "units": 2, "activation": "tanh"}
    _, body = picture(prepared(**PLANE), [{"kind": "Residual", "layers": [dense]}, dense])
    assert [(layer["kind"], layer["units_in_all"], layer["from"]) for layer in body["layers"]] == [
        ("Residual", 2, None),
        ("Dense", 2, 0),
    ]
    convolution = {"kind": "Conv2D", "filters": 3, "kernel_size": 3}
    network, body = picture(prepared(shape=(6, 6, 1)), [convolution, {"kind": "Flatten"}, dense])
    assert [layer["from"] for layer in body["layers"]] == [None, None, None]
    assert len(body["layers"][0]["units"][0]["map"]) == len(body["inputs"][0]["map"]) == SIDE**2
    assert body["layers"][2]["strongest"] == pytest.approx(np.abs(network.values[2]).max())


def test_a_network_beyond_the_limit_is_refused_in_words(monkeypatch):
    monkeypatch.setattr("nnviz.engine.views.network_picture.MOST_WEIGHTS", 10)
    with pytest.raises(RequestError, match="too large for a picture: 27 weights, and the limit is 10"):
        picture(prepared(**PLANE), [{"kind": "Dense", "units": 4}])


@pytest.mark.parametrize("cost", ["MeanSquaredError", "Huber"])
def test_a_network_without_hidden_layers_for_numbers(cost):
    data = prepared("regression", outputs=1)
    network, body = picture(data, [], cost={"kind": cost})
    np.testing.assert_array_equal(links(body["cost"], 3), network.values[0].T)
    assert (body["layers"], body["cost"]["from"], body["cost"]["outputs"]) == ([], -1, 1)


def test_maps_are_signed_around_the_middle():
    content, reach = signed_map(np.array([-2.0, 0.0, 1.0, np.nan]))
    assert (list(content), reach) == ([1, 128, 192, 128], 2.0)
    assert signed_map(np.zeros(3)) == (bytes([128] * 3), 0.0)


def test_the_lowest_row_of_an_image_comes_first():
    image = np.zeros((SIDE, SIDE))
    image[0] = 1
    drawn = np.frombuffer(image_map(image), np.uint8).reshape(SIDE, SIDE)
    assert (drawn[-1] == 255).all()
    assert (drawn[:-1] == 1).all()


def test_bars_count_what_lies_in_each_part():
    values = np.linspace(0, 1, 25)[:-1]
    assert set(bars(values, 0.0, 1.0)) == {255}
    assert list(bars(np.zeros(5), 0.0, 0.0)) == [0] * (BARS - 1) + [255]
    assert set(bars(np.full(3, np.nan), 0.0, 1.0)) == {0}
