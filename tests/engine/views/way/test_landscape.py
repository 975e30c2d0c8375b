"""The landscape against NumPy: the plane by an SVD, the share and the distances by projecting, the cost by hand."""

import numpy as np
import pytest

from nnviz.engine.views.way.landscape import landscape, random_direction, way_plane
from nnviz.errors import RequestError
from tests.engine.views.way.runs import Run, floats, objective


@pytest.fixture(scope="module")
def run():
    return Run({"kind": "Adam", "learning_rate": 0.05}, steps=6)


def vectors_of(run, step):
    return np.array([np.concatenate([part.ravel() for part in state.weights]) for state in run.states[: step + 1]], np.float64)


def test_the_plane_is_that_of_a_singular_value_decomposition(run):
    vectors = vectors_of(run, 6)
    away = vectors - vectors[-1]
    plane = way_plane(vectors)
    _, sizes, directions = np.linalg.svd(away, full_matrices=False)
    np.testing.assert_allclose(np.abs(plane.directions @ directions[:2].T), np.eye(2), atol=1e-6)
    assert plane.share == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum())
    on_plane = away @ directions[:2].T
    off = away - on_plane @ directions[:2]
    assert plane.leaves == pytest.approx(np.linalg.norm(off, axis=1).max(), rel=1e-5)
    assert plane.reach == pytest.approx(np.linalg.norm(away, axis=1).max())
    np.testing.assert_allclose(np.abs(plane.path), np.abs(on_plane), atol=1e-6)
    np.testing.assert_array_equal(plane.path[-1], [0, 0])
    assert plane.path[0, 0] < 0


def test_the_map_is_the_objective_of_numpy_at_weights_on_the_plane(run):
    body = run.body(landscape, 6)
    x0, x1, y0, y1 = body["map"]["extent"]
    side = body["map"]["side"]
    costs = floats(body["map"]["cost"]).reshape(side, side)
    vectors, part = vectors_of(run, 6), run.data.parts["train"]
    directions = way_plane(vectors).directions
    for row, column in ((0, 0), (4, 20), (side - 1, side - 1)):
        at = np.array([x0 + (x1 - x0) * column / (side - 1), y0 + (y1 - y0) * row / (side - 1)])
        weights = np.split(vectors[-1] + at @ directions, np.cumsum([part.size for part in run.states[6].weights])[:-1])
        shaped = [values.reshape(like.shape) for values, like in zip(weights, run.states[6].weights, strict=True)]
        assert costs[row, column] == pytest.approx(objective(shaped, part.x, part.y), rel=5e-6)
    assert body["cost"] == pytest.approx(objective(run.states[6].weights, part.x, part.y), rel=2e-6)
    assert (body["steps"], body["parameters"], body["rows"]) == (list(range(7)), 31, 22)


def test_random_directions_are_as_long_as_each_filter(run):
    weights = run.states[6].weights
    direction = random_direction(weights, seed=1)
    np.testing.assert_allclose(np.linalg.norm(direction[0], axis=0), np.linalg.norm(weights[0], axis=0), rtol=1e-6)
    assert not direction[1].any()
    body = run.body(landscape, 6, {"random": True})
    assert (body["random"], body["map"]["extent"], body["path"]) == (True, [-1, 1, -1, 1], b"")
    part, one, other = run.data.parts["train"], *(random_direction(weights, seed=seed) for seed in (1, 2))
    corner = [own - first - second for own, first, second in zip(weights, one, other, strict=True)]
    assert floats(body["map"]["cost"])[0] == pytest.approx(objective(corner, part.x, part.y), rel=5e-6)


def test_a_way_that_spans_no_plane_is_said(run):
    with pytest.raises(RequestError, match="three recorded moments"):
        run.body(landscape, 1)
    with pytest.raises(RequestError, match="straight line"):
        way_plane(np.outer([0.0, 1.0, 2.0], [1.0, 2.0, 3.0]))
