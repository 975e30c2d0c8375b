"""The size of what a network learns from."""

import numpy as np
import pytest

from nnviz.doctor import RULES, InputFacts
from nnviz.spec import RunSpec
from tests.doctor.evidence_of import EPOCHS, losses, sound

JUDGE = RULES["unscaled_input"].judge
POOR = losses(np.full(EPOCHS, 0.6), np.full(EPOCHS, 0.6), 0.7)


def facts(x, held_out=None, **more):
    x = np.asarray(x, float)
    median = np.median(x, axis=0)
    fields = {
        "rows": len(x),
        "into": "Dense",
        "mean": x.mean(axis=0),
        "scale": x.std(axis=0),
        "middle": np.median(np.abs(x - median), axis=0),
        "largest": np.abs(x).max(axis=0),
        "held_out": np.abs(x if held_out is None else held_out).max(axis=0),
        "names": tuple(f"f{at}" for at in range(x.shape[1])),
    }
    return InputFacts(**fields | more)


def verdict(inputs, **more):
    return JUDGE(sound(**{"epochs": POOR, "inputs": inputs} | more))


DRAW = np.random.default_rng(0)
USUAL = DRAW.normal(size=(1000, 3))


@pytest.mark.parametrize(
    "x",
    [
        USUAL,
        np.clip(DRAW.normal(0.3, 0.35, size=(5000, 1)), 0, 1),  # pixels
        DRAW.random((1000, 200)) < 0.01,  # rare words
        np.eye(50)[DRAW.integers(0, 50, 1000)],  # a column for each category
        np.exp(1.2 * USUAL) / np.exp(1.2 * USUAL).std(axis=0) - 0.5,  # a long tail
        DRAW.poisson(0.05, size=(1000, 2)) * 5.0,  # mostly 0
    ],
)
def test_usual_inputs_are_left_alone(x):
    assert verdict(facts(x)) is None


@pytest.mark.parametrize("x", [1000 * USUAL, USUAL + 300, 0.001 * USUAL, 0.0153 + 1e-4 * USUAL])
def test_inputs_of_another_size_are_named_where_the_training_suffers_and_brought_to_one(x):
    answer = verdict(facts(x))
    assert JUDGE(sound(inputs=facts(x))) is None, "this run has learned well"
    assert verdict(facts(x, into="BatchNormalization")) is None
    layers = answer.change["layers"]
    assert RunSpec.parse(sound().spec.to_json() | {"layers": layers}).layers[0].kind == "Activation"
    scaled = eval(layers[0]["activation"]["expression"], {"x": x})  # an expression of our own
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=0.1)
    np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=0.1)


def test_inputs_of_very_different_size_are_each_brought_to_their_own():
    x = USUAL * [1, 1, 1e4]
    answer = verdict(facts(x))
    first = answer.change["layers"][0]
    assert first["kind"] == "BatchNormalization"
    assert first["epsilon"] <= 2e-3 * x.std(axis=0).min() ** 2


def test_what_comes_first_without_weights_stays_first():
    record = sound().spec.to_json()
    ahead = [{"kind": "Activation", "activation": {"expression": "1000 * x"}}, {"kind": "Flatten"}]
    spec = RunSpec.parse(record | {"layers": [*ahead, *record["layers"]]})
    kinds = [layer["kind"] for layer in verdict(facts(1000 * USUAL), spec=spec).change["layers"]]
    assert kinds == ["Activation", "Flatten", "Activation", "Dense"]


def test_a_few_rows_that_rule_a_column():
    ruled = USUAL.copy()
    ruled[3, 1] = 1e5
    ruled = (ruled - ruled.mean(axis=0)) / ruled.std(axis=0)
    answer = verdict(facts(ruled))
    assert "“f1”" in answer.text
    assert answer.change == {}


def test_a_column_that_is_constant_where_it_is_learned_from_only():
    constant = USUAL * [1, 0, 1]
    assert verdict(facts(constant)) is None, "it does no harm"
    assert "“f1”" in verdict(facts(constant, held_out=constant + np.array([0, 40, 0]))).text
