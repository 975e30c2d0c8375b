"""The picture of a network against NumPy, and that every layer of the catalog can be drawn."""

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.views.network_picture import MOST_LAYERS, MOST_UNITS, network_picture
from nnviz.engine.views.unit_pictures import BARS, SIDE, bars, image_map, signed_map
from nnviz.errors import RequestError
from nnviz.spec import unfold
from tests.engine.support import prepared, spec

PLANE = {"shape": (2,), "plane": ("a", "b"), "extent": (-1, 1, -1, 1)}


def picture(data, layers, cost=None, **choice):
    run_spec = spec(layers, cost=cost)
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    body = network_picture(network, data, unfold(run_spec.layers), choice)
    return network, msgpack.unpackb(msgpack.packb(body))


def links(layer, sources):
    return np.frombuffer(layer["links"], "<f4").reshape(len(layer["units"]), sources)


def means_are(layer, values):
    assert [unit["mean"] for unit in layer["units"]] == pytest.approx(list(values.mean(axis=0)), abs=1e-6)


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


def test_the_next_units_by_weight_are_drawn_where_they_are_chosen():
    data = prepared(shape=(40,))
    layers = [{"kind": "Dense", "units": 50}, {"kind": "Dense", "units": 3}]
    network, body = picture(data, layers, pages={"layers[0]": 1, "inputs": 2, "layers[1]": 0})
    kernel, _, second = network.values[:3]
    by_weight = np.argsort(-np.linalg.norm(kernel, axis=0))
    ones = sorted(by_weight[MOST_UNITS : 2 * MOST_UNITS])
    sources = sorted(np.argsort(-np.linalg.norm(kernel, axis=1))[2 * MOST_UNITS :])
    assert [unit["index"] for unit in body["layers"][0]["units"]] == ones
    assert [unit["index"] for unit in body["inputs"]] == sources
    np.testing.assert_array_equal(links(body["layers"][0], 8), kernel[np.ix_(sources, ones)].T)
    np.testing.assert_array_equal(links(body["layers"][1], 16), second[ones].T)
    assert (body["layers"][0]["page"], body["inputs_page"], body["layers"][0]["by_weight"]) == (1, 2, True)
    means_are(body["layers"][0], (data.parts["validation"].x @ kernel)[:, ones])
    _, past = picture(data, layers, pages={"layers[0]": 99, "no such layer": 4})
    assert (past["layers"][0]["page"], len(past["layers"][0]["units"])) == (3, 2)


def test_copies_of_a_layer_are_paged_apart():
    dense = {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 20}]}
    _, body = picture(prepared(), [dense], pages={"layers[0].layers[0] 1": 1})
    assert [(one["key"], one["page"]) for one in body["layers"]] == [("layers[0].layers[0]", 0), ("layers[0].layers[0] 1", 1)]


@pytest.mark.parametrize(
    "choice",
    [
        {"pages": 3},
        {"pages": {"a": -1}},
        {"pages": {"a": "1"}},
        {"picture": True},
        {"picture": 0.5},
        {"unit": 3},
        {"unit": {"key": "a"}},
    ],
)
def test_a_choice_that_is_none_is_refused(choice):
    with pytest.raises(RequestError, match="got"):
        picture(prepared(), [], **choice)


def test_of_a_convolution_the_kernels_with_the_largest_weights_are_drawn():
    network, body = picture(prepared(shape=(6, 6, 2)), [{"kind": "Conv2D", "filters": 20, "kernel_size": 3}, {"kind": "Flatten"}])
    norms = np.sqrt((network.values[0].astype(np.float64) ** 2).sum(axis=(0, 1, 2)))
    assert [unit["index"] for unit in body["layers"][0]["units"]] == sorted(np.argsort(-norms)[:MOST_UNITS])


def test_feature_maps_are_of_the_picture_that_was_chosen():
    data = prepared(shape=(4, 4, 1))
    layers = [{"kind": "Conv2D", "filters": 2, "kernel_size": 1}, {"kind": "Flatten"}, {"kind": "Dense", "units": 3}]
    network, body = picture(data, layers, picture=7)
    kernel, bias, w1, b1, w2, b2 = network.values
    part = data.parts["validation"]
    features = part.x[7, ..., 0][..., None] * kernel[0, 0, 0] + bias
    for unit in body["layers"][0]["units"]:
        assert unit["map"] == image_map(features[..., unit["index"]], signed=True)
    dense = features.ravel() @ w1 + b1
    assert [unit["now"] for unit in body["layers"][2]["units"]] == pytest.approx(list(dense), abs=1e-5)
    shares = np.exp(dense @ w2 + b2) / np.exp(dense @ w2 + b2).sum()
    seen = body["picture"]
    assert (seen["row"], seen["of"], seen["label"], seen["answer"]) == (7, 10, part.y[7], shares.argmax())
    assert seen["share"] == pytest.approx(shares.max(), abs=1e-5)
    assert body["inputs"][0]["map"] == image_map(part.x[7, ..., 0])
    assert picture(data, layers, picture=99)[1]["picture"]["row"] == 9


def test_a_number_for_a_picture_is_in_its_own_unit():
    data = prepared(
        "regression", shape=(3, 3, 1), outputs=1, target_mean=np.array([5.0]), target_scale=np.array([2.0], np.float32)
    )
    network, body = picture(data, [{"kind": "Flatten"}], cost={"kind": "MeanSquaredError"}, picture=1)
    x, y = data.parts["validation"].x[1].ravel(), data.parts["validation"].y[1]
    assert body["picture"]["label"] == pytest.approx(2 * y + 5)
    assert body["picture"]["answer"] == pytest.approx(2 * (x @ network.values[0] + network.values[1]) + 5, abs=1e-5)


def test_the_cost_of_each_row_is_that_of_numpy():
    data = prepared()
    network, body = picture(data, [])
    part = data.parts["validation"]
    logits = (part.x @ network.values[0] + network.values[1]).astype(np.float64)
    costs = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(10), part.y]
    drawn = body["row_costs"]
    assert [drawn["low"], drawn["high"], drawn["mean"]] == pytest.approx([costs.min(), costs.max(), costs.mean()], rel=1e-5)
    assert len(drawn["bars"]) == BARS


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


def test_inside_a_residual_are_its_layers_and_what_they_are_added_to():
    inner = [{"kind": "Dense", "units": 3, "activation": "relu"}, {"kind": "Dropout", "rate": 0.1}, {"kind": "Dense", "units": 2}]
    after = {"kind": "Dense", "units": 4, "activation": "tanh"}
    data = prepared(**PLANE)
    network, body = picture(data, [{"kind": "Residual", "layers": inner}, after])
    w1, b1, w2, b2, w3 = network.values[:5]
    assert [(one["number"], one["kind"], one["lanes"], one["after"]) for one in body["layers"]] == [
        ("1.1", "Dense", [[0, 0, 1]], [-1]),
        ("1.2", "Dropout", [[0, 0, 1]], [0]),
        ("1.3", "Dense", [[0, 0, 1]], [1]),
        ("1", "Residual", [], [2, -1]),
        ("2", "Dense", [], [3]),
    ]
    first, _, second, joined, last = body["layers"]
    assert joined["join"] == {"how": "add", "ends": [2], "skip": -1, "is_projected": False}
    assert (first["from"], second["from"], joined["from"], last["from"]) == (-1, 0, None, 3)
    np.testing.assert_array_equal(links(first, 2), w1.T)
    np.testing.assert_array_equal(links(second, 3), w2.T)
    np.testing.assert_array_equal(links(last, 2), w3.T)
    x = data.parts["validation"].x
    h = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    means_are(second, h)
    means_are(joined, x + h)
    grid = data.plane_grid(SIDE)
    over = grid + np.maximum(grid @ w1 + b1, 0) @ w2 + b2
    assert [unit["reach"] for unit in joined["units"]] == pytest.approx(list(np.abs(over).max(axis=0)), rel=1e-5)
    assert (body["layers_in_all"], body["layers_shown"], body["cost"]["after"]) == (4, 4, [4])


def test_a_residual_of_another_width_is_added_to_a_projection():
    data = prepared(shape=(3,))
    network, body = picture(data, [{"kind": "Residual", "project": True, "layers": [{"kind": "Dense", "units": 5}]}])
    kernel, bias, projection = network.values[:3]
    x = data.parts["validation"].x
    assert body["layers"][1]["join"]["is_projected"]
    means_are(body["layers"][1], x @ projection + x @ kernel + bias)


@pytest.mark.parametrize("how", ["concatenate", "add", "average"])
def test_the_branches_of_a_parallel_are_joined(how):
    branches = [[{"kind": "Dense", "units": 3, "activation": "relu"}], [{"kind": "Dense", "units": 3, "activation": "tanh"}]]
    data = prepared(shape=(4,))
    network, body = picture(data, [{"kind": "Dense", "units": 4}, {"kind": "Parallel", "branches": branches, "join": how}])
    w0, b0, w1, b1, w2, b2 = network.values[:6]
    h = data.parts["validation"].x @ w0 + b0
    one, two = np.maximum(h @ w1 + b1, 0), np.tanh(h @ w2 + b2)
    joined = {"concatenate": np.concatenate([one, two], axis=1), "add": one + two, "average": (one + two) / 2}[how]
    assert [layer["lanes"] for layer in body["layers"]] == [[], [[0, 0, 2]], [[0, 1, 2]], []]
    assert [layer["from"] for layer in body["layers"]] == [-1, 0, 0, None]
    assert body["layers"][3]["join"] == {"how": how, "ends": [1, 2], "skip": None, "is_projected": False}
    means_are(body["layers"][1], one)
    means_are(body["layers"][2], two)
    means_are(body["layers"][3], joined)
    np.testing.assert_array_equal(links(body["layers"][2], 4), w2.T)
    assert body["cost"]["from"] == 3


def test_what_is_beyond_the_limit_is_counted_and_a_block_is_drawn_whole_or_as_one():
    dense = {"kind": "Dense", "units": 2}
    _, body = picture(prepared(**PLANE), [{"kind": "Repeat", "times": MOST_LAYERS + 6, "layers": [dense]}])
    assert (len(body["layers"]), body["layers_shown"], body["layers_in_all"]) == (MOST_LAYERS, MOST_LAYERS, MOST_LAYERS + 6)
    assert (body["cost"]["from"], body["cost"]["after"]) == (None, [MOST_LAYERS - 1])
    assert body["layers"][2]["copies"] == [["layers[0]", 2, MOST_LAYERS + 6]]
    block = {"kind": "Residual", "layers": [dense] * (MOST_LAYERS - 1)}
    _, body = picture(prepared(**PLANE), [dense, block, dense])
    assert [(one["kind"], one.get("inside")) for one in body["layers"]] == [
        ("Dense", None),
        ("Residual", MOST_LAYERS - 1),
        ("Dense", None),
    ]
    assert (body["layers_shown"], body["layers_in_all"]) == (2, MOST_LAYERS + 1)


def test_weights_past_a_flatten_are_not_drawn_but_units_are():
    dense = {"kind": "Dense", "units": 2, "activation": "tanh"}
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
