"""Names of units and weights that are changed by hand, and what is wrong with a change."""

import math
from typing import Any

import pytest

from nnviz.errors import RequestError
from nnviz.spec import RunSpec
from nnviz.spec.by_hand import check_switch, check_weight, is_switch, place_of, words

SPEC = RunSpec.parse(
    {
        "data": {"kind": "synthetic", "name": "spirals"},
        "layers": [
            {"kind": "Dense", "units": 4},
            {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 3}]},
            {"kind": "Reshape", "target_shape": [3, 1]},
            {"kind": "LSTM", "units": 2},
        ],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam"},
    }
)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("layers[0].is_on[3]", "Layer 1, unit 4"),
        ("layers[1].layers[0].is_on #2[0]", "Layer 2.1, copy 2, unit 1"),
        ("layers[0].kernel[1,3]", "Weight from input 2 to unit 4 of layer 1"),
        ("layers[2].branches[1][0].bias[2]", "Bias of unit 3 of layer 3.2.1"),
        ("layers[4].kernel[0,2,0,7]", "Weight at 1, 3, 1 of unit 8 of layer 5"),
        ("cost.kernel[0,1]", "Weight from input 1 to output 2 of the cost"),
        ("cost.bias[1]", "Bias of output 2 of the cost"),
    ],
)
def test_a_name_in_words(name: str, wanted: str) -> None:
    place = place_of(name)
    assert place is not None
    assert f"{place.array_name}[{','.join(map(str, place.at))}]" == name
    assert words(name) == wanted


@pytest.mark.parametrize(
    "name", ["layers[0].units", "optimizer.momentum", "", "layers[0].is_on", "x" * 400, "layers[0].is_on[-1]"]
)
def test_other_names_are_none(name: str) -> None:
    assert place_of(name) is None
    assert not is_switch(name)


def test_units_that_there_are() -> None:
    for name in ("layers[0].is_on[3]", "layers[1].layers[0].is_on[2]", "layers[1].layers[0].is_on #2[0]"):
        check_switch(SPEC, name)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("layers[0].is_on[4]", "4 units"),
        ("layers[9].is_on[0]", "no such layer"),
        ("layers[1].layers[0].is_on #3[0]", "no such layer"),
        ("layers[3].is_on[0]", "units of LSTM cannot be switched off one by one"),
        ("layers[2].is_on[0]", "units of Reshape cannot"),
        ("cost.is_on[0]", "an output of the network cannot be switched off"),
        ("layers[0].kernel[0,0]", "names no unit"),
    ],
)
def test_units_that_cannot_be_switched_off(name: str, why: str) -> None:
    with pytest.raises(RequestError, match=why):
        check_switch(SPEC, name)


def test_a_weight_is_a_number_that_float32_holds() -> None:
    assert check_weight("layers[0].kernel[0,0]", 3) == 3.0
    assert check_weight("layers[0].kernel[0,0]", 0.1) == 0.10000000149011612
    assert check_weight("layers[0].bias[0]", 0) == 0
    for value in (math.nan, math.inf, -math.inf, "1.5", None, True, 1e39, -1e40, 1e-40, 10**400):
        with pytest.raises(RequestError):
            check_weight("layers[0].kernel[0,0]", value)
    wrong: Any = ("layers[0].is_on[0]", "optimizer.momentum")
    for name in wrong:
        with pytest.raises(RequestError, match="names no weight"):
            check_weight(name, 1.0)
