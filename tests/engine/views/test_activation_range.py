"""Where the activations of the catalog are flat."""

import pytest

from nnviz.catalog import ACTIVATIONS
from nnviz.engine.views.activation_range import range_of


def test_those_that_are_zero_over_a_stretch():
    zeros = {name for name in ACTIVATIONS if range_of(name).has_zeros}
    # gelu is too small for a float64 far below 0
    relus = {"relu", "relu6", "threshold", "soft_shrink", "hard_shrink", "hard_silu", "sparse_plus", "gelu"}
    assert zeros == relus | {"hard_sigmoid", "sparse_sigmoid"}


def test_the_limits_of_those_that_are_s_shaped():
    limits = {name: range_of(name).limits for name in ACTIVATIONS if range_of(name).limits is not None}
    sigmoids = {"sigmoid", "hard_sigmoid", "sparse_sigmoid", "softmax"}
    assert limits == dict.fromkeys(sigmoids, (0.0, 1.0)) | dict.fromkeys(("tanh", "softsign", "hard_tanh"), (-1.0, 1.0))


@pytest.mark.parametrize(
    ("activation", "wanted"),
    [
        ({"expression": "maximum(x, 0) * a", "constants": {"a": 2}}, (True, None)),
        ({"expression": "3 * tanh(x)"}, (False, (-3.0, 3.0))),
        ({"expression": "x"}, (False, None)),
        (None, (False, None)),
    ],
)
def test_typed_formulas(activation, wanted):
    assert range_of(activation) == wanted
