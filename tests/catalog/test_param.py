import json

import pytest

from nnviz.catalog import ACTIVATIONS
from nnviz.catalog.activations import ALIASES
from nnviz.catalog.param import Param

UNITS = Param(name="units", type="int", required=True, minimum=1, maximum=65536)
RATE = Param(name="rate", type="float", default=0.2, minimum=0, below=1)
STEP = Param(name="step", type="float", default=0.1, above=0)
PAIR = Param(name="kernel_size", type="pair", default=3, minimum=1, maximum=64)
SHAPE = Param(name="target_shape", type="shape", required=True, minimum=-1)
ACTIVATION = Param(name="activation", type="activation", default="linear", activations=ACTIVATIONS, aliases=ALIASES)
CHOICE = Param(name="padding", type="choice", default="valid", choices=("valid", "same"))
FLAG = Param(name="use_bias", type="bool", default=True)
MAYBE = Param(name="clipnorm", type="float", optional=True, above=0)
PART = Param(
    name="kernel_regularizer",
    type="part",
    optional=True,
    choices=("none",),
    parts={"L2": (Param(name="l2", type="float", default=0.01, minimum=0),), "NonNeg": ()},
)
BORDER = Param(name="padding", type="pair", default=1, minimum=0, maximum=9)
FORMULA = Param(name="expression", type="expression", required=True, names=("y_true", "y_pred"))


@pytest.mark.parametrize(
    ("param", "raw", "checked"),
    [
        (UNITS, 8, 8),
        (UNITS, 8.0, 8),
        (RATE, 0, 0.0),
        (RATE, 0.999, 0.999),
        (STEP, 1e-9, 1e-9),
        (PAIR, 3, 3),
        (PAIR, [3, 5], [3, 5]),
        (PAIR, (3, 5), [3, 5]),
        (SHAPE, [4, -1], [4, -1]),
        (ACTIVATION, "tanh", "tanh"),
        (ACTIVATION, {"expression": "x * 2"}, {"expression": "x * 2"}),
        (ACTIVATION, {"expression": "a * x", "constants": {"a": 1}}, {"expression": "a * x", "constants": {"a": 1}}),
        (CHOICE, "same", "same"),
        (FLAG, False, False),
        (MAYBE, None, None),
        (MAYBE, 2, 2.0),
        (FORMULA, "y_true - y_pred", "y_true - y_pred"),
        (PART, None, None),
        (PART, "none", "none"),
        (BORDER, [0, 2], [0, 2]),
        (PART, {"kind": "L2"}, {"kind": "L2", "l2": 0.01}),
        (PART, {"kind": "L2", "l2": 1}, {"kind": "L2", "l2": 1.0}),
        (PART, {"kind": "NonNeg"}, {"kind": "NonNeg"}),
    ],
)
def test_what_is_allowed_comes_back_in_its_own_type(param, raw, checked):
    converted = param.check(raw)
    assert converted == checked
    assert type(converted) is type(checked)


@pytest.mark.parametrize(
    ("param", "raw", "allowed"),
    [
        (UNITS, 0, "a whole number from 1 to 65536"),
        (UNITS, 70000, "from 1 to 65536"),
        (UNITS, 1.5, "a whole number"),
        (UNITS, "8", "a whole number"),
        (UNITS, True, "a whole number"),
        (UNITS, None, "a whole number"),
        (UNITS, float("nan"), "a whole number"),
        (UNITS, float("inf"), "a whole number"),
        (UNITS, [8], "a whole number"),
        (RATE, -0.1, "from 0 and below 1"),
        (RATE, 1, "below 1"),
        (RATE, float("nan"), "a number"),
        (STEP, 0, "above 0"),
        (STEP, float("inf"), "above 0"),
        (STEP, 10**400, "above 0"),
        (UNITS, {"each": [1]}, "a whole number"),
        (PAIR, [3], "or two of them"),
        (PAIR, [3, 0], "from 1 to 64"),
        (PAIR, "3", "or two of them"),
        (SHAPE, 4, "a list"),
        (SHAPE, [], "a list"),
        (SHAPE, [-2], "from -1"),
        (SHAPE, [0, 4], "not 0"),
        (ACTIVATION, "rellu", "relu"),
        (ACTIVATION, 3, "expression"),
        (ACTIVATION, {"expression": "x +"}, "ends too early"),
        (ACTIVATION, {"expression": 3}, "must be a text"),
        (ACTIVATION, {"expression": "x", "more": 1}, "expression"),
        (ACTIVATION, {"expression": "a * x", "constants": {"a": "1"}}, "constants"),
        (ACTIVATION, {"expression": "a * x", "constants": {"a": float("nan")}}, "constants"),
        (ACTIVATION, {"expression": "a * x", "constants": [1]}, "constants"),
        (ACTIVATION, {"expression": "sin * x", "constants": {"sin": 1}}, "another name"),
        (ACTIVATION, {"expression": "x", "constants": {"x": 1}}, "another name"),
        (ACTIVATION, {"expression": "x", "constants": {"a b": 1}}, "another name"),
        (CHOICE, "full", "valid, same"),
        (CHOICE, 1, "valid, same"),
        (PART, "L2", '{"kind": "L2", "l2": 0.01}, {"kind": "NonNeg"} or null'),
        (PART, {"kind": "L3"}, '"L2"'),
        (PART, 3, '"L2"'),
        (PART, {"kind": ["L2"]}, '"L2"'),
        (PART, {"kind": "L2", "l2": -1}, "l2 must be a number from 0"),
        (PART, {"kind": "L2", "l1": 1}, "L2 has no field 'l1'; allowed: l2"),
        (BORDER, [0, -1], "from 0 to 9"),
        (FLAG, 1, "true or false"),
        (FLAG, "no", "true or false"),
        (MAYBE, 0, "or null"),
        (FORMULA, "x", "y_true"),
        (FORMULA, 3, "must be a text"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(param, raw, allowed):
    with pytest.raises(ValueError, match=r"must|constant|expression|has no field") as caught:
        param.check(raw)
    assert allowed in str(caught.value)


def test_a_refusal_quotes_what_was_given_and_cuts_it():
    with pytest.raises(ValueError, match="got 'aaaa") as caught:
        UNITS.check("a" * 1000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("each", [[1, 2], [3], "64 / 2**i", "i + 1"])
def test_a_parameter_may_vary_over_copies(each):
    assert UNITS.check_varying({"each": each}) == {"each": each}
    assert UNITS.check_varying(8) == 8


@pytest.mark.parametrize("each", [[], [0], ["8"], "64 / j", "64 /", 3, None, {}])
def test_a_wrong_variation_is_refused(each):
    with pytest.raises(ValueError, match="units"):
        UNITS.check_varying({"each": each})
    with pytest.raises(ValueError, match="beside"):
        UNITS.check_varying({"each": [1], "more": 2})


@pytest.mark.parametrize("param", [UNITS, RATE, STEP, PAIR, SHAPE, ACTIVATION, CHOICE, FLAG, MAYBE, FORMULA, PART])
def test_json_schema_says_the_same(param):
    schema = json.loads(json.dumps(param.schema()))
    assert "type" in schema
    assert schema.get("exclusiveMinimum") == param.above
    assert schema.get("maximum") == param.maximum


def test_json_schema_allows_null_where_it_is_allowed():
    assert "null" in MAYBE.schema()["type"]
    assert UNITS.schema()["type"] == "integer"
