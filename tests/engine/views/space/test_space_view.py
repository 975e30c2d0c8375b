"""Rows in the space of a layer, against NumPy's SVD and scikit-learn."""

from types import SimpleNamespace

import msgpack
import numpy as np
import pytest
from sklearn.metrics import r2_score
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsRegressor, NearestCentroid

from nnviz import engine
from nnviz.engine.views.space import space_view as module
from nnviz.engine.views.space.apart import nearest_mean, nearest_rows
from nnviz.engine.views.space.principal_plane import principal_plane
from nnviz.engine.views.space.space_view import space_view
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.errors import RequestError
from tests.engine.support import prepared, spec

DENSE = [{"kind": "Dense", "units": 6, "activation": "tanh"}, {"kind": "Dropout", "rate": 0.5}, {"kind": "Dense", "units": 4}]


def network_of(data, layers=DENSE, cost=None, seed=3):
    run_spec = spec(layers, cost=cost)
    shape, outputs = data.shape, data.outputs
    return engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=shape, outputs=outputs, seed=seed), run_spec


def body(data, network, run_spec, recorded=lambda step: None, **choice):
    state = SimpleNamespace(step=7, weights=network.values)
    return msgpack.unpackb(msgpack.packb(space_view(ViewRequest(network, data, run_spec, state, choice, recorded=recorded))))


def numbers(packed, kind="<f4", width=None):
    values = np.frombuffer(packed, kind)
    return values if width is None else values.reshape(-1, width)


def test_the_plane_is_that_of_numpys_svd_and_its_axes_are_those_of_the_last_moment():
    data = prepared(validation=60)
    network, run_spec = network_of(data)
    later, _ = network_of(data, seed=8)
    x = data.parts["validation"].x

    def hidden(one):
        return np.tanh(x.astype(np.float64) @ one.values[0] + one.values[1])

    engine_answers = network.predict(x)
    then = hidden(later)
    _, sizes, directions = np.linalg.svd(then - then.mean(axis=0), full_matrices=False)
    frame = body(data, network, run_spec, lambda step: Recorded(20, later.values), layer=1)
    expected = (hidden(network) - then.mean(axis=0)) @ directions[:2].T
    at = numbers(frame["at"], width=2)
    np.testing.assert_allclose(np.abs(at), np.abs(expected), atol=1e-4)
    assert frame["axes"] == 20
    assert frame["axes_share"] == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum(), rel=1e-5)
    spread = np.var(hidden(network), axis=0).sum()
    assert frame["share"] == pytest.approx(np.var(expected, axis=0).sum() / spread, rel=1e-4)
    named = [(layer["title"], layer["number"], layer["values"]) for layer in frame["layers"]]
    assert named == [("inputs", "", 3), ("Dense 6", "1", 6), ("Dense 4", "3", 4), ("outputs", "", 3)]
    np.testing.assert_array_equal(network.predict(x), engine_answers)


def test_costs_answers_and_rows_are_the_networks_own():
    data = prepared(validation=30)
    network, run_spec = network_of(data)
    frame = body(data, network, run_spec)
    part = data.parts["validation"]
    probabilities = network.predict(part.x).astype(np.float64)
    np.testing.assert_allclose(numbers(frame["costs"]), -np.log(probabilities[np.arange(30), part.y]), rtol=1e-4)
    np.testing.assert_array_equal(numbers(frame["picked"], "<u2"), probabilities.argmax(axis=1))
    np.testing.assert_array_equal(numbers(frame["truth"], "<u2"), part.y)
    assert (frame["numbers"], frame["layer"], frame["axes"]) == (part.rows.tolist(), 2, 7)


def test_of_numbers_targets_and_answers_come_in_their_own_unit():
    scale, mean = np.array([10.0], np.float32), np.array([100.0])
    data = prepared("regression", outputs=1, validation=30, target_scale=scale, target_mean=mean, targets=("price",))
    network, run_spec = network_of(data, cost={"kind": "MeanSquaredError"})
    frame = body(data, network, run_spec, layer=0)
    part = data.parts["validation"]
    np.testing.assert_allclose(numbers(frame["truth"]), part.y[:, 0] * 10 + 100, rtol=1e-5)
    np.testing.assert_allclose(numbers(frame["answers"]), network.predict(part.x)[:, 0] * 10 + 100, rtol=1e-4)
    theirs = cross_val_predict(KNeighborsRegressor(5), part.x.astype(np.float64), part.y[:, 0], cv=LeaveOneOut())
    assert frame["layers"][0]["apart"] == pytest.approx(r2_score(part.y[:, 0], theirs))
    assert frame["measure"] == "r2"


def test_classes_stand_apart_as_scikit_learns_nearest_centroid_finds_with_each_row_left_out():
    random = np.random.default_rng(0)
    classes = np.append(random.integers(0, 3, 50), 3)
    points = random.normal(size=(51, 4)) + classes[:, None] * 0.8
    theirs = cross_val_predict(NearestCentroid(), points, classes, cv=LeaveOneOut())
    assert nearest_mean(points, classes) == pytest.approx((theirs == classes).mean())
    assert nearest_rows(points, np.ones(51)) is None
    assert nearest_rows(points[:5], np.arange(5.0)) is None


def test_points_on_a_line_or_in_one_place_have_a_plane_too():
    line = np.outer(np.arange(5.0), [3.0, 4.0])
    plane = principal_plane(line, np.arange(5.0))
    np.testing.assert_allclose(plane.coordinates(line), np.stack([5 * (np.arange(5.0) - 2), np.zeros(5)], axis=1), atol=1e-12)
    assert plane.share(line) == pytest.approx(1)
    one = principal_plane(np.ones((4, 3)), np.arange(4))
    assert (np.abs(one.coordinates(np.ones((4, 3)))).max(), one.share(np.ones((4, 3)))) == (0, None)


def test_layers_inside_of_blocks_have_spaces_and_pictures_are_taken_as_they_come(monkeypatch):
    monkeypatch.setattr(module, "MOST_VALUES", 1)
    data = prepared(shape=(6, 6, 1), validation=50)
    inner = [{"kind": "Conv2D", "filters": 1, "kernel_size": 3, "padding": "same"}]
    network, run_spec = network_of(data, [{"kind": "Residual", "layers": inner}, {"kind": "Flatten"}])
    frame = body(data, network, run_spec)
    assert [(layer["number"], layer["values"]) for layer in frame["layers"]] == [("", 36), ("1.1", 36), ("1", 36), ("", 3)]
    assert (frame["rows"], frame["in_all"]) == (module.LEAST_ROWS, 50)


def test_a_network_too_large_and_numbers_that_are_none_are_refused_in_words(monkeypatch):
    data = prepared(validation=30)
    network, run_spec = network_of(data)
    with pytest.raises(RequestError, match="layer is one of 4, from 0; got 9"):
        body(data, network, run_spec, layer=9)
    frame = body(data, network, run_spec, lambda step: Recorded(20, [value * np.nan for value in network.values]))
    assert frame["axes"] == 7
    monkeypatch.setattr(module, "LIMIT_VALUES", 100)
    with pytest.raises(RequestError, match="too large"):
        body(data, network, run_spec)
