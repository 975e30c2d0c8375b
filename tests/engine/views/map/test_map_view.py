"""The answer over two columns: the network's own predictions at the places of the map, and NumPy."""

from types import SimpleNamespace

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.data.columns.column_code import ColumnCode
from nnviz.data.columns.encode import Encoder, TargetCode
from nnviz.data.file_columns import file_columns
from nnviz.engine.views.map.map_view import SIDE, map_view
from nnviz.engine.views.view_request import ViewRequest
from nnviz.errors import RequestError
from tests.engine.support import prepared, spec

NUMBERS = [ColumnCode(name=f"n{i}", type="number", fill=(0.0,), centre=(10.0 * i,), scale=(2.0,)) for i in range(3)]
PLAN = ColumnCode(name="plan", type="category", categories=("a", "b"))


def table(task="classification", *, codes=(*NUMBERS, PLAN), cost=None, **more):
    columns = file_columns(Encoder(target=TargetCode(names=("y",), task=task), columns=tuple(codes)))
    data = prepared(task, shape=(columns[-1].end,), **{"validation": 40} | more, targets=("y",), file_columns=columns)
    run_spec = spec(cost=cost)
    network = engine.build(run_spec.layers, run_spec.cost, task=task, shape=data.shape, outputs=data.outputs, seed=3)
    return data, network, run_spec


def body(data, network, run_spec, **choice):
    return msgpack.unpackb(msgpack.packb(map_view(ViewRequest(network, data, run_spec, SimpleNamespace(), choice))))


def places_of(frame):
    x0, x1, y0, y1 = frame["plane"]["extent"]
    up, across = np.mgrid[y0 : y1 : SIDE * 1j, x0 : x1 : SIDE * 1j]
    return across.ravel(), up.ravel()


def test_classes_are_those_of_the_network_at_the_places_of_the_map():
    data, network, run_spec = table()
    for part in data.parts.values():
        part.x[:, 3:] = [0, 1]
        part.x[0, 3:] = [1, 0]
    frame = body(data, network, run_spec, across=0, up=2)
    x = data.parts["validation"].x
    across, up = places_of(frame)
    rest = np.median(x[:, 1])
    inputs = np.stack([across / 2, np.full(SIDE**2, rest), (up - 20) / 2, np.zeros(SIDE**2), np.ones(SIDE**2)], axis=1)
    shares = network.predict(inputs.astype(np.float32))
    np.testing.assert_array_equal(np.frombuffer(frame["plane"]["values"], np.uint8), shares.argmax(axis=1))
    sure = (shares.max(axis=1) - 1 / 3) * 1.5
    np.testing.assert_allclose(np.frombuffer(frame["plane"]["sure"], np.uint8) / 255, sure, atol=0.003)
    np.testing.assert_allclose(np.frombuffer(frame["x"], "<f4"), x[:, 0] * 2, atol=1e-4)
    np.testing.assert_allclose(np.frombuffer(frame["y"], "<f4"), x[:, 2] * 2 + 20, atol=1e-4)
    moved = np.array(x)
    moved[:, 1], moved[:, 3:] = rest, [0, 1]
    picked = network.predict(x).argmax(axis=1)
    assert frame["agree"] == pytest.approx((network.predict(moved).argmax(axis=1) == picked).mean())
    np.testing.assert_array_equal(np.frombuffer(frame["marked"], np.uint8), picked != data.parts["validation"].y)
    assert frame["columns"] == [{"index": index, "name": f"n{index}"} for index in range(3)]
    assert frame["plane"]["axes"] == ["n0", "n2"]


def test_values_are_in_the_targets_unit_and_the_rest_may_be_that_of_a_row():
    scale, mean = np.array([10.0], np.float32), np.array([100.0])
    more = {"outputs": 1, "target_scale": scale, "target_mean": mean, "cost": {"kind": "MeanSquaredError"}}
    data, network, run_spec = table("regression", codes=NUMBERS, **more)
    frame = body(data, network, run_spec, across=1, up=0, rest="row", row=4)
    across, up = places_of(frame)
    row = data.parts["validation"].x[4]
    inputs = np.stack([up / 2, (across - 10) / 2, np.full(SIDE**2, row[2])], axis=1).astype(np.float32)
    own = network.predict(inputs)[:, 0].astype(np.float64) * 10 + 100
    low, high = frame["plane"]["range"]
    values = low + (high - low) * np.frombuffer(frame["plane"]["values"], np.uint8) / 255
    np.testing.assert_allclose(values, own, atol=(high - low) / 254)
    assert (low, high) == pytest.approx((own.min(), own.max()), rel=1e-5)
    np.testing.assert_allclose(np.frombuffer(frame["label"], "<f4"), data.parts["validation"].y[:, 0] * 10 + 100, rtol=1e-5)


def test_principal_components_are_those_of_numpys_svd():
    data, network, run_spec = table()
    frame = body(data, network, run_spec, rest="components")
    x = data.parts["validation"].x.astype(np.float64)
    mean = x.mean(axis=0)
    _, _, directions = np.linalg.svd(x - mean, full_matrices=False)
    at = np.stack([np.frombuffer(frame[axis], "<f4") for axis in "xy"], axis=1)
    theirs = (x - mean) @ directions[:2].T
    np.testing.assert_allclose(np.abs(at), np.abs(theirs), atol=1e-4)
    signs = np.sign((at * theirs).sum(axis=0))
    places = np.stack(places_of(frame), axis=1)
    shares = network.predict((mean + (places * signs) @ directions[:2]).astype(np.float32))
    picked = np.frombuffer(frame["plane"]["values"], np.uint8)
    assert (picked == shares.argmax(axis=1)).mean() > 0.999


def test_at_first_it_is_of_the_two_columns_that_matter_most():
    data, network, run_spec = table(codes=NUMBERS)
    values = network.values
    values[0][1] = 0
    network.values = values
    part = data.parts["validation"]
    part.y[:] = network.predict(part.x).argmax(axis=1)  # right as they are, so whatever is shuffled can only do harm
    frame = body(data, network, run_spec)
    assert {frame["across"], frame["up"]} == {0, 2}


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"across": 1, "up": 1}, "the same"),
        ({"across": 3, "up": 1}, "hold numbers"),
        ({"across": 9}, "across is one of 4"),
        ({"across": 0, "up": 1, "rest": "?"}, "rest is one of"),
        ({"across": 0, "up": 1, "rest": "row", "row": 40}, "row is one of 40"),
    ],
)
def test_a_choice_that_is_none_is_refused(choice, words):
    with pytest.raises(RequestError, match=words):
        body(*table(), **choice)


def test_a_table_without_two_columns_of_numbers_has_no_map():
    with pytest.raises(RequestError, match="two columns of numbers"):
        body(*table(codes=[NUMBERS[0], PLAN]))
