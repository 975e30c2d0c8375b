"""The view of mistakes against NumPy: which rows are listed, in which order, and what recorded moments say of them."""

import msgpack
import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from nnviz import engine
from nnviz.engine.views.mistakes import LEAST_MOMENTS, MOST_OTHERS, MOST_SURE, mistakes
from nnviz.engine.views.nearest_rows import NEAREST, nearest_classes
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.errors import RequestError
from tests.engine.support import prepared, spec


def body_of(data, *, steps=(), change=None, choice=None):
    """The frame as the browser gets it; outputs of the state, and which rows were wrong at each moment (moments, rows)."""
    run_spec = spec([])
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=3)
    random = np.random.default_rng(1)
    network.values = [value if change is None else change(value) for value in network.values]
    state = engine.State(step=max(steps, default=1), weights=network.values, slots=[])
    past = [
        Recorded(step, [random.normal(size=value.shape).astype(np.float32) for value in state.weights]) for step in steps[:-1]
    ]
    way = [*past, Recorded(state.step, state.weights)]
    asked = ViewRequest(network, data, run_spec, state, choice or {}, way=lambda most: way[-most:])
    body = msgpack.unpackb(msgpack.packb(mistakes(asked)))
    assert msgpack.unpackb(msgpack.packb(mistakes(asked))) == body, "what is kept of the rows is what was computed"
    assert all(np.array_equal(now, before) for now, before in zip(network.values, state.weights, strict=True))
    part = data.parts["validation"]
    outputs = network.predict(part.x)
    wrong = []
    for moment in way:
        network.values = moment.weights
        wrong.append(network.predict(part.x).argmax(axis=1) != part.y)
    return body, outputs, np.array(wrong)


def numbers(items):
    return [item["row"] for item in items]


def test_the_surest_mistakes_come_first():
    data = prepared(outputs=3, validation=200)
    body, outputs, (wrong,) = body_of(data)
    y, picked, chance = data.parts["validation"].y, outputs.argmax(axis=1), outputs.max(axis=1)
    expected = sorted(np.flatnonzero(wrong), key=lambda at: -chance[at])
    assert numbers(body["sure"]) == expected[:MOST_SURE]
    assert (body["wrong"], body["firm"], body["moments"]) == (wrong.sum(), (chance[wrong] >= 0.9).sum(), 0)
    for item in body["sure"]:
        at = item["row"]
        assert (item["truth"], item["guess"]) == (y[at], picked[at])
        assert (item["probability"], item["right"]) == pytest.approx((chance[at], outputs[at, y[at]]))


def test_the_nearest_training_rows_are_those_of_scikit_learn():
    data = prepared(outputs=3, validation=200)
    body, _, _ = body_of(data)
    train, part = data.parts["train"], data.parts["validation"]
    neighbours = NearestNeighbors(n_neighbors=NEAREST).fit(train.x.reshape(len(train.y), -1))
    for item in body["sure"]:
        [near] = neighbours.kneighbors(part.x[[item["row"]]].reshape(1, -1), return_distance=False)
        kinds, counts = np.unique(train.y[near], return_counts=True)
        assert dict(map(tuple, item["near"])) == dict(zip(kinds.tolist(), counts.tolist(), strict=True))
        assert [count for _, count in item["near"]] == sorted(counts, reverse=True)


def test_a_training_row_is_not_its_own_neighbour():
    data = prepared(outputs=3, validation=200)
    train = data.parts["train"]
    counted = nearest_classes(data, train.x[:7], train.rows[:7])
    _, near = (
        NearestNeighbors(n_neighbors=NEAREST + 1).fit(train.x.reshape(len(train.y), -1)).kneighbors(train.x[:7].reshape(7, -1))
    )
    for at in range(7):
        kinds = train.y[near[at][near[at] != at][:NEAREST]]
        assert dict(map(tuple, counted[at])) == {int(kind): int((kinds == kind).sum()) for kind in np.unique(kinds)}


def test_moments_tell_what_was_forgotten_never_right_and_learned_last():
    steps = (0, 2, 5, 9, 20, 40, 41)
    body, _, wrong = body_of(prepared(outputs=2, validation=150), steps=steps)
    wrong = wrong[1:]  # before the first step is chance
    missed = wrong.sum(axis=0)
    assert body["moments"] == len(wrong)
    assert set(numbers(body["never"])) <= set(np.flatnonzero(wrong.all(axis=0)))
    forgotten = np.flatnonzero(wrong[-1] & (missed <= len(wrong) // 2))
    assert len(body["forgotten"]) == min(len(forgotten), MOST_OTHERS)
    assert set(numbers(body["forgotten"])) <= set(forgotten)
    assert [item["missed"] for item in body["forgotten"]] == sorted(missed[forgotten])[:MOST_OTHERS]

    def since(at):
        return next(steps[1:][place] for place in range(len(wrong)) if not wrong[place:, at].any())

    late = [since(at) for at in np.flatnonzero(~wrong[-1] & wrong.any(axis=0))]
    assert [item["since"] for item in body["late"]] == sorted(late, reverse=True)[:MOST_OTHERS]
    for item in body["late"]:
        assert (item["since"], item["missed"]) == (since(item["row"]), missed[item["row"]])
    assert all(item["since"] is None for item in body["sure"])


def test_few_moments_and_large_networks_are_not_asked(monkeypatch):
    body, _, _ = body_of(prepared(), steps=tuple(range(1, LEAST_MOMENTS)))
    assert (body["moments"], "late" in body) == (0, False)
    monkeypatch.setattr("nnviz.engine.views.mistakes.MOST_WORK", 100)
    body, _, _ = body_of(prepared(), steps=tuple(range(1, 9)))
    assert (body["moments"], "late" in body) == (0, False)


def test_images_come_with_their_pixels():
    data = prepared(shape=(4, 4, 1), validation=40)
    run_spec = spec([{"kind": "Flatten"}])
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=3, seed=3)
    state = engine.State(step=1, weights=network.values, slots=[])
    body = mistakes(ViewRequest(network, data, run_spec, state))
    assert all(item["shape"] == [4, 4, 1] and len(item["image"]) == 16 for item in body["sure"])


def test_answers_that_are_no_numbers_are_said_in_words():
    with pytest.raises(RequestError, match="not one answer is a number"):
        body_of(prepared(), change=lambda value: value * np.nan)


def test_a_count_lists_its_rows():
    data = prepared(outputs=3, validation=200)
    body, outputs, _ = body_of(data, choice={"truth": 2, "guess": 1})
    y, picked = data.parts["validation"].y, outputs.argmax(axis=1)
    counts = [[int(((y == truth) & (picked == guess)).sum()) for guess in range(3)] for truth in range(3)]
    assert body["counts"] == counts
    expected = sorted(np.flatnonzero((y == 2) & (picked == 1)), key=lambda at: -outputs[at, 1])
    assert body["cell"] == {"truth": 2, "guess": 1, "rows": len(expected)}
    assert expected
    assert numbers(body["in_cell"]) == expected[:MOST_SURE]
    for choice in ({"truth": 3, "guess": 0}, {"truth": 0, "guess": "1"}):
        with pytest.raises(RequestError, match="is one of 3, from 0"):
            body_of(data, choice=choice)
