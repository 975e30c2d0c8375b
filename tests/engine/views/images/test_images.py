"""What the view of a picture says, for networks with and without layers that keep places."""

from dataclasses import replace

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.views.images.feature_maps import LIKED, MOST_MAPS
from nnviz.engine.views.view_request import ViewRequest
from nnviz.engine.views.views import VIEWS
from nnviz.errors import RequestError
from tests.engine.support import prepared, spec

SHAPE = (8, 8, 1)
CONVOLUTION = {"kind": "Conv2D", "filters": 20, "kernel_size": 3, "padding": "same", "activation": "relu"}
LAYERS = [CONVOLUTION, {"kind": "MaxPooling2D"}, {**CONVOLUTION, "filters": 4}, {"kind": "Flatten"}]


def view(data, layers, cost=None):
    run_spec = spec(layers, cost=cost)
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    plain = ViewRequest(network, data, run_spec, None)  # type: ignore[arg-type]
    return network, lambda **choice: msgpack.unpackb(msgpack.packb(VIEWS["images"](replace(plain, choice=choice))))


def test_the_answer_is_the_networks_and_each_layer_that_keeps_places_is_offered():
    data = prepared(shape=SHAPE)
    network, images = view(data, LAYERS)
    body = images(row=4)
    chances = network.predict(data.parts["validation"].x[4:5])[0]
    assert body["answer"] == chances.argmax() == body["answers"][0]["class"] == body["cam"]["target"]
    assert [one["value"] for one in body["answers"]] == pytest.approx(sorted(chances, reverse=True))
    assert (body["truth"], body["number"], body["is_share"]) == (data.parts["validation"].y[4], 4, True)
    assert (body["previous"], body["next"], body["place"], body["in_all"], body["part"]) == (3, 5, 4, 10, "validation")
    assert [(one["number"], one["title"], one["size"], one["maps"]) for one in body["layers"]] == [
        ("1", "Conv2D 20", [8, 8], 20),
        ("2", "MaxPooling2D", [4, 4], 20),
        ("3", "Conv2D 4", [4, 4], 4),
    ]
    assert (body["cam"]["layer"], len(body["cam"]["heat"]), body["map"]) == (2, 16, None)
    x = data.parts["validation"].x[4, ..., 0]
    drawn = np.frombuffer(body["picture"]["image"], np.uint8).reshape(8, 8) / 255
    np.testing.assert_allclose(drawn, (x - x.min()) / (x.max() - x.min()), atol=1 / 500)


def test_of_many_maps_the_strongest_are_sent_and_the_chosen_one():
    data = prepared(shape=SHAPE)
    network, images = view(data, LAYERS)
    kernel, bias = network.values[:2]
    x = np.pad(data.parts["validation"].x[0, ..., 0].astype(np.float64), 1)
    over = np.lib.stride_tricks.sliding_window_view(x, (3, 3))
    maps = np.maximum(np.einsum("rcij,ijf->rcf", over, kernel[:, :, 0]) + bias, 0)
    strengths = maps.mean(axis=(0, 1))
    body = images()["maps"]
    assert [unit["index"] for unit in body["units"]] == sorted(np.argsort(-strengths)[:MOST_MAPS])
    assert (body["in_all"], body["size"], body["kernel_size"]) == (20, [8, 8], [3, 3])
    for unit in body["units"]:
        sent = (np.frombuffer(unit["values"], np.uint8).astype(float) - 128) / 127 * body["reach"]
        np.testing.assert_allclose(sent.reshape(8, 8), maps[..., unit["index"]], atol=body["reach"] / 250)
        assert unit["strength"] == pytest.approx(strengths[unit["index"]], rel=1e-5)
        assert len(unit["kernel"]) == 9
    weakest = int(np.argmin(strengths))
    assert weakest in [unit["index"] for unit in images(map=weakest)["maps"]["units"]]
    assert "kernel" not in images(layer=2)["maps"]["units"][0]


def test_the_pictures_that_a_map_answers_most_are_those_of_numpy():
    data = prepared(shape=SHAPE)
    network, images = view(data, LAYERS)
    kernel, bias = network.values[:2]
    x = np.pad(data.parts["validation"].x[..., 0].astype(np.float64), [(0, 0), (1, 1), (1, 1)])
    over = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))
    peaks = (np.einsum("nrcij,ij->nrc", over, kernel[:, :, 0, 7]) + bias[7]).reshape(10, -1)
    body = images(map=7, at=[2, 3])["map"]
    order = np.argsort(-peaks.max(axis=1))[:LIKED]
    assert [one["row"] for one in body["liked"]] == list(order)
    assert [one["value"] for one in body["liked"]] == pytest.approx(peaks.max(axis=1)[order], rel=1e-5)
    assert [one["at"] for one in body["liked"]] == [list(divmod(int(peaks[row].argmax()), 8)) for row in order]
    assert (body["searched"], body["kernels_in_all"], body["arithmetic"]["at"]) == (10, 1, [2, 3])


def test_wrong_pictures_come_first_by_what_they_cost():
    data = prepared(shape=SHAPE)
    network, images = view(data, LAYERS)
    x, y = data.parts["validation"].x, data.parts["validation"].y
    chances = network.predict(x)
    wrong = chances.argmax(axis=1) != y
    order = np.lexsort((np.log(chances[np.arange(len(y)), y]), ~wrong))
    body = images(order="wrong")
    assert (body["row"], body["next"], body["previous"]) == (order[0], order[1], order[-1])
    assert (body["wrong"], body["looked_at"], body["order"]) == (wrong.sum(), 10, "wrong")


def test_a_network_that_keeps_no_places_still_answers():
    _, images = view(prepared(shape=SHAPE), [{"kind": "Flatten"}, {"kind": "Dense", "units": 4}])
    body = images(cam=3, map=2)
    assert (body["layers"], body["cam"], body["maps"], body["map"]) == ([], None, None, None)
    assert len(body["answers"]) == 3


def test_numbers_are_answered_in_their_own_unit():
    data = replace(
        prepared("regression", shape=SHAPE, outputs=1), target_mean=np.array([5.0]), target_scale=np.array([2.0], np.float32)
    )
    network, images = view(data, LAYERS, cost={"kind": "MeanSquaredError"})
    body = images(order="wrong")
    x, y = data.parts["validation"].x, data.parts["validation"].y
    predicted = network.predict(x)
    worst = int(np.abs(predicted - y)[:, 0].argmax())
    assert (body["row"], body["unit"], body["is_share"]) == (worst, "", False)
    assert body["truth"] == pytest.approx(2 * y[worst, 0] + 5, rel=1e-5)
    assert body["answers"][0]["value"] == pytest.approx(2 * predicted[worst, 0] + 5, rel=1e-5)


@pytest.mark.parametrize(
    "choice",
    [
        {"row": 10},
        {"order": "best"},
        {"target": 3},
        {"cam": 3},
        {"layer": -1},
        {"map": 20},
        {"map": 0, "at": [8, 0]},
        {"map": 0, "at": "x"},
    ],
)
def test_a_choice_that_is_none_is_refused_in_words(choice):
    _, images = view(prepared(shape=SHAPE), LAYERS)
    with pytest.raises(RequestError):
        images(**choice)


def test_weights_that_are_not_numbers_are_drawn_as_none():
    network, images = view(prepared(shape=SHAPE), LAYERS)
    network.values = [np.full_like(value, np.nan) for value in network.values]
    body = images(map=0, at=[0, 0], order="wrong")
    assert np.isnan(body["cam"]["peak"])
    assert np.isnan(body["answers"][0]["value"])
