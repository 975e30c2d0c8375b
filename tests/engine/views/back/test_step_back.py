"""One step, all the way back, as a frame: the numbers of NumPy, which rows are told, and what is refused."""

import numpy as np
import pytest

from nnviz.engine.views.back import step_back as module
from nnviz.engine.views.back.step_back import MOST_SHOWN, step_back
from nnviz.errors import RequestError
from tests.engine.support import prepared
from tests.engine.views.way.runs import DATA, Run

WEIGHT = {"weight": {"variable": 0, "index": [1, 2]}}


@pytest.fixture(scope="module")
def adam() -> Run:
    return Run({"kind": "Adam", "learning_rate": 0.01})


def by_hand(values, x, y):
    """Each row's cross-entropy behind tanh and softmax, its slopes at outputs, layer and before its tanh; float64."""
    w, b, u, c = (value.astype(np.float64) for value in values)
    hidden = np.tanh(x @ w + b)
    out = hidden @ u + c
    shares = np.exp(out) / np.exp(out).sum(axis=1, keepdims=True)
    at_outputs = shares - np.eye(3)[y]
    at_layer = at_outputs @ u.T
    return -np.log(shares[np.arange(len(y)), y]), at_outputs, at_layer, at_layer * (1 - hidden**2), 1 - hidden**2


def test_rows_shares_and_the_way_are_those_of_numpy_and_the_step_is_the_one_that_came(adam):
    body, state = adam.body(step_back, 2, WEIGHT), adam.states[2]
    x, y = DATA.parts["train"].x.astype(np.float64), DATA.parts["train"].y
    costs, at_outputs, at_layer, before, rise = by_hand(state.weights, x, y)
    shares = x[:, 1] * before[:, 2] / 22
    numbers = [row["number"] for row in body["rows"]]
    assert (body["count"], body["step"], len(numbers), body["rest"]) == (22, 2, 22, {"count": 0, "cost": 0.0, "share": 0.0})
    assert sorted(np.frombuffer(body["batch_rows"], "<i4")) == list(range(22))
    assert numbers == sorted(range(22), key=lambda row: -abs(shares[row]))
    np.testing.assert_allclose([row["share"] for row in body["rows"]], shares[numbers], rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose([row["cost"] for row in body["rows"]], costs[numbers], rtol=1e-5)
    np.testing.assert_allclose([row["slopes"] for row in body["rows"]], at_outputs[numbers], rtol=1e-4, atol=1e-6)
    assert [row["target"] for row in body["rows"]] == y[numbers].tolist()
    penalty = 2 * 0.02 * float(state.weights[0][1, 2])
    assert body["penalty"] == pytest.approx(penalty, rel=1e-5)
    assert body["gradient"] == pytest.approx(shares.sum() + penalty, rel=1e-4)
    # by default the row of the largest share
    row = numbers[0]
    assert body["chosen"] == 0
    (layer,) = body["way"]
    assert (layer["number"], layer["title"], layer["activation"], layer["units"]) == ("1", "Dense 4", "tanh", 4)
    assert layer["copies"] == []
    for name, wanted in (("slopes", at_layer), ("before", before), ("rise", rise)):
        np.testing.assert_allclose(layer[name], wanted[row], rtol=1e-4, atol=1e-6)
    last = body["last"]
    assert (last["unit"], last["kind"], last["count"], last["others"]) == (2, "input", 1, 0.0)
    assert last["term"] == pytest.approx(x[row, 1], rel=1e-6)
    assert last["slope"] == pytest.approx(before[row, 2], rel=1e-4)
    assert last["own"] == pytest.approx(22 * shares[row], rel=1e-4)
    story = body["story"]
    assert story["before"] == pytest.approx(float(state.weights[0][1, 2]))
    assert story["after"] == pytest.approx(float(adam.states[3].weights[0][1, 2]), rel=1e-6)
    assert story["lines"][-1]["value"] == pytest.approx(story["after"], rel=1e-5)


def test_the_weight_and_the_row_can_be_chosen(adam):
    body = adam.body(step_back, 1, {"row": 7, "weight": {"variable": 3, "index": [1]}})
    assert body["rows"][body["chosen"]]["number"] == 7
    assert body["way"] == []
    assert (body["last"]["kind"], body["last"]["term"], body["last"]["unit"]) == ("bias", 1.0, 1)
    chosen = body["rows"][body["chosen"]]
    assert body["last"]["own"] == pytest.approx(22 * chosen["share"], rel=1e-5)
    assert body["last"]["slope"] == pytest.approx(chosen["slopes"][1], rel=1e-6)
    # without a choice: the first array's one of the largest gradient
    first = adam.body(step_back, 1)
    assert first["weight"]["variable"] == 0
    gradients = [
        abs(adam.body(step_back, 1, {"weight": {"variable": 0, "index": [i, j]}})["gradient"]) for i, j in np.ndindex(3, 4)
    ]
    assert abs(first["gradient"]) == pytest.approx(max(gradients))


def test_of_a_wide_layer_the_weights_own_unit_is_told():
    layers = [{"kind": "Dense", "units": 70, "activation": "tanh"}]
    run = Run({"kind": "SGD", "learning_rate": 0.1}, steps=0, layers=layers)
    body = run.body(step_back, 0, {"weight": {"variable": 0, "index": [1, 66]}})
    [layer], last = body["way"], body["last"]
    assert (last["unit"], layer["units"], len(layer["slopes"])) == (66, 70, 70)
    assert layer["before"][66] == pytest.approx(last["slope"], rel=1e-5)
    assert layer["before"][66] == pytest.approx(layer["slopes"][66] * layer["rise"][66], rel=1e-4)
    assert last["own"] == pytest.approx(last["term"] * last["slope"], rel=1e-4)


def test_a_large_batch_tells_the_largest_shares_and_sums_the_others():
    data = prepared(train=60, validation=0)
    run = Run({"kind": "SGD", "learning_rate": 0.1}, steps=0, data=data, layers=[], batch_size=60)
    body = run.body(step_back, 0)
    assert (body["count"], len(body["rows"]), body["rest"]["count"]) == (60, MOST_SHOWN, 60 - MOST_SHOWN)
    shares = [row["share"] for row in body["rows"]]
    assert sum(shares) + body["rest"]["share"] == pytest.approx(body["gradient"], rel=1e-4, abs=1e-7)
    last = {row["number"] for row in body["rows"]}
    row = next(number for number in range(60) if number not in last)
    again = run.body(step_back, 0, {"row": row})
    assert (again["rows"][again["chosen"]]["number"], again["chosen"], len(again["rows"])) == (row, MOST_SHOWN - 1, MOST_SHOWN)


def test_a_number_has_its_target_and_answer_in_the_targets_own_units():
    data = prepared("regression", train=22, validation=0, outputs=1)
    data = type(data)(**(vars(data) | {"target_scale": np.full(1, 3.0), "target_mean": np.full(1, 10.0)}))
    run = Run({"kind": "SGD", "learning_rate": 0.1}, steps=0, data=data, layers=[], cost={"kind": "MeanSquaredError"})
    row = run.body(step_back, 0)["rows"][0]
    train = data.parts["train"]
    assert row["target"] == pytest.approx(train.y[row["number"]] * 3.0 + 10.0, rel=1e-6)
    kernel, bias = (value.astype(np.float64) for value in run.states[0].weights)
    answer = train.x[row["number"]] @ kernel + bias
    assert row["answer"] == pytest.approx(answer * 3.0 + 10.0, rel=1e-5)
    assert row["slopes"] == pytest.approx(2 * (answer - train.y[row["number"]]), rel=1e-4)


def test_batch_normalization_hands_on_a_part_through_other_rows():
    layers = [{"kind": "Dense", "units": 4, "activation": "tanh"}, {"kind": "BatchNormalization"}]
    run = Run({"kind": "SGD", "learning_rate": 0.1}, steps=0, layers=layers)
    before = run.session.network.values
    body = run.body(step_back, 0, WEIGHT)
    chosen = body["rows"][body["chosen"]]
    assert body["last"]["others"] != 0
    assert body["last"]["own"] + body["last"]["others"] == pytest.approx(22 * chosen["share"], rel=1e-5)
    assert sum(row["share"] for row in body["rows"]) == pytest.approx(body["gradient"], rel=1e-3, abs=1e-6)
    assert all(np.array_equal(a, b) for a, b in zip(before, run.session.network.values, strict=True))


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"row": "7"}, "by its number"),
        ({"row": True}, "by its number"),
        ({"weight": {"variable": 9, "index": [0]}}, "no array of weights 9"),
        ({"weight": {"variable": 0, "index": [0]}}, "3 x 4"),
    ],
)
def test_what_is_not_there_is_refused_in_words(adam, choice, words):
    with pytest.raises(RequestError, match=words):
        adam.body(step_back, 0, choice)


def test_a_network_too_large_is_refused_with_number_and_limit(adam, monkeypatch):
    monkeypatch.setattr(module, "MOST_WORK", 100)
    with pytest.raises(RequestError, match=r"about 682 multiplications for a batch, and the limit is 100"):
        adam.body(step_back, 0)


def test_weights_that_are_no_numbers_are_said(adam):
    state = adam.state(4)
    adam.states.append(type(state)(step=4, weights=[np.full_like(value, np.nan) for value in state.weights], slots=state.slots))
    with pytest.raises(RequestError, match="diverged"):
        adam.body(step_back, 5)
    adam.states.pop()
