"""A weight's way against float64 NumPy: the surface, the slopes, what each optimizer would do, and what the run did."""

from itertools import pairwise

import numpy as np
import pytest

from nnviz.errors import RequestError
from tests.engine.views.way.runs import DATA, PAIR, Run, floats, objective


@pytest.fixture(scope="module")
def adam():
    return Run({"kind": "Adam", "learning_rate": 0.01})


def cost_at(values, first, second):
    values = [value.astype(np.float64) for value in values]
    values[0][1, 2], values[3][1] = first, second
    return objective(values, DATA.parts["train"].x, DATA.parts["train"].y)


def pair_of(state):
    return np.array([state.weights[0][1, 2], state.weights[3][1]], np.float64)


def slope_of(state):
    """By central differences in float64."""
    at, small = pair_of(state), 1e-5
    steps = np.eye(2) * small
    return np.array([(cost_at(state.weights, *(at + one)) - cost_at(state.weights, *(at - one))) / (2 * small) for one in steps])


def test_both_maps_are_the_objective_of_numpy(adam):
    body, state = adam.view(3), adam.states[3]
    assert (body["rows"], body["rows_in_all"], body["penalty"], body["step"]) == (22, 22, True, 3)
    for name in ("way", "next"):
        x0, x1, y0, y1 = body[name]["extent"]
        side = body[name]["side"]
        costs = floats(body[name]["cost"]).reshape(side, side)
        assert (x1 - x0) == pytest.approx(y1 - y0)
        for row, column in ((0, 0), (side // 2, 3), (side - 1, side - 2)):
            at = x0 + (x1 - x0) * column / (side - 1), y0 + (y1 - y0) * row / (side - 1)
            assert costs[row, column] == pytest.approx(cost_at(state.weights, *at), rel=2e-6)
    assert body["cost"] == pytest.approx(cost_at(state.weights, *pair_of(state)), rel=2e-6)
    for arrow in (body["own"], *body["ghosts"]):
        assert arrow["cost"] == pytest.approx(cost_at(state.weights, *(pair_of(state) + arrow["step"])), rel=2e-6)


def test_gradient_and_slope_are_those_of_finite_differences(adam):
    body = adam.view(2)
    wanted = slope_of(adam.states[2])
    for name in ("gradient", "slope"):
        np.testing.assert_allclose([weight[name] for weight in body["weights"]], wanted, rtol=1e-4, atol=1e-7)


def test_the_path_is_what_was_recorded_and_the_next_step_what_the_run_then_did(adam):
    for step in (0, 2):
        body = adam.view(step)
        np.testing.assert_array_equal(floats(body["path"]).reshape(-1, 2), [pair_of(state) for state in adam.states[: step + 1]])
        np.testing.assert_array_equal(body["own"]["step"], pair_of(adam.states[step + 1]) - pair_of(adam.states[step]))
        x0, x1, y0, y1 = body["way"]["extent"]
        for x, y in (pair_of(state) for state in adam.states[: step + 2]):
            assert x0 < x < x1
            assert y0 < y < y1


def test_ghosts_are_sgd_momentum_and_adam_by_their_formulas(adam):
    body = adam.view(2)
    gradient = np.array([weight["gradient"] for weight in body["weights"]])
    sgd, momentum, own = body["ghosts"]
    assert [ghost["kind"] for ghost in body["ghosts"]] == ["SGD", "momentum", "Adam"]
    assert [ghost["starts"] for ghost in body["ghosts"]] == ["fresh", "path", "own"]
    np.testing.assert_allclose(sgd["step"], -0.01 * gradient)
    # without velocities of its own the run lends its last step, of one update here
    lent = pair_of(adam.states[2]) - pair_of(adam.states[1])
    np.testing.assert_allclose(momentum["step"], 0.9 * lent - 0.01 * gradient)
    assert momentum["numbers"]["over"] == [1, 1]
    first = adam.view(0)["ghosts"][1]
    assert (first["starts"], first["numbers"]["kept"]) == ("fresh", [0, 0])
    means, squares = np.zeros(2), np.zeros(2)
    for state in adam.states[:3]:
        slope = slope_of(state)
        means, squares = 0.9 * means + 0.1 * slope, 0.999 * squares + 0.001 * slope**2
    mean, size = means / (1 - 0.9**3), (np.sqrt(squares) + 1e-7) / np.sqrt(1 - 0.999**3)
    np.testing.assert_allclose(own["numbers"]["mean"], mean, rtol=1e-4)
    np.testing.assert_allclose(own["numbers"]["size"], size, rtol=1e-4)
    np.testing.assert_allclose(own["step"], -0.01 * mean / size, rtol=1e-4)
    assert (own["is_own"], sgd["is_own"]) == (True, False)
    np.testing.assert_allclose(own["step"], body["own"]["step"], rtol=1e-4)
    assert [line["sense"] for line in body["own"]["lines"]][:2] == [
        "moving mean of the gradient",
        "moving mean of the squared gradient",
    ]


@pytest.mark.parametrize("kind", ["SGD", "Momentum"])
def test_momentum_goes_on_with_the_velocity_of_the_run_and_adam_starts_fresh(kind):
    run = Run({"kind": kind, "learning_rate": 0.1, "momentum": 0.8})
    body = run.view(3)
    sgd, momentum, adam = body["ghosts"]
    velocity = np.zeros(2)
    for state in run.states[:4]:
        before, velocity = velocity, 0.8 * velocity - 0.1 * slope_of(state)
    np.testing.assert_allclose(momentum["numbers"]["kept"], 0.8 * before, rtol=1e-4)
    np.testing.assert_allclose(momentum["step"], velocity, rtol=1e-4)
    assert (momentum["starts"], momentum["is_own"], sgd["is_own"]) == ("own", True, False)
    # fresh, Adam moves each weight by the learning rate against the sign of its gradient
    signs = np.sign([weight["gradient"] for weight in body["weights"]])
    np.testing.assert_allclose(adam["step"], -0.1 * signs, rtol=1e-2)


def test_without_a_choice_it_is_the_two_weights_of_the_first_layer_that_went_farthest(adam):
    body = adam.view(4, {})
    moved = np.abs(adam.states[4].weights[0].astype(np.float64) - adam.states[0].weights[0]).ravel()
    far = np.concatenate([moved, np.abs(adam.states[4].weights[1].astype(np.float64) - adam.states[0].weights[1])])
    wanted = [(0, list(divmod(int(one), 4))) if one < 12 else (1, [int(one) - 12]) for one in np.argsort(-far, kind="stable")]
    assert [(weight["variable"], weight["index"]) for weight in body["weights"]] == wanted[:2]
    single = {"part": "", "copy": 1, "copies": 1}
    assert body["variables"][0] == {"layer": "1", "array": "kernel", "shape": [3, 4]} | single
    assert body["variables"][3] == {"layer": "", "array": "bias", "shape": [3]} | single
    # one of them by hand: the other is the farthest of the rest
    second = adam.view(4, {"first": {"variable": wanted[0][0], "index": wanted[0][1]}})["weights"][1]
    assert (second["variable"], second["index"]) == wanted[1]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"first": {"variable": 9, "index": [0]}}, "there is no array of weights 9: this network has 4"),
        ({"first": {"variable": 0, "index": [3, 0]}}, r"there is no weight at \[3, 0\]"),
        ({"first": {"variable": 0, "index": [True, 0]}}, "there is no weight"),
        ({"first": "x"}, "there is no array of weights None"),
        ({"first": PAIR["first"], "second": PAIR["first"]}, "both are the same weight"),
    ],
)
def test_a_weight_that_is_not_there_is_refused_in_words(adam, choice, words):
    with pytest.raises(RequestError, match=words):
        adam.view(1, choice)


def test_a_diverged_training_and_a_network_that_is_too_large_are_said(adam, monkeypatch):
    broken = Run({"kind": "SGD", "learning_rate": 0.1}, steps=1)
    broken.states[1].weights[2][0, 0] = np.nan
    with pytest.raises(RequestError, match="no numbers any more"):
        broken.view(1)
    monkeypatch.setattr("nnviz.engine.views.way.effort.MOST_WORK", 1000)
    with pytest.raises(RequestError, match="too large for a map of the cost: about 31 multiplications a row, and the limit is 0"):
        adam.view(1)


def test_looking_leaves_the_training_as_it_is(adam):
    before = adam.states[2]
    adam.view(2)
    for one, other in zip(
        (*before.weights, *before.slots), (*adam.session.network.values, *adam.session.loop.slots), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    assert [later.step - earlier.step for earlier, later in pairwise(adam.states)] == [1, 1, 1, 1]
