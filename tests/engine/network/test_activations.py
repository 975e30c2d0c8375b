import numpy as np
import pytest

from nnviz.catalog import ACTIVATIONS
from nnviz.catalog.expression import NUMPY, parse
from nnviz.engine.network.activations import FormulaActivation, from_expression, function
from nnviz.engine.network.expression import KERAS

X = np.linspace(-4, 4, 42, dtype=np.float32).reshape(6, 7)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_keras_agrees_with_the_formula(name: str) -> None:
    wanted = parse(ACTIVATIONS[name].formula, names=("x",)).evaluate({"x": X.astype(np.float64)})
    np.testing.assert_allclose(function(name)(X), wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(from_expression(ACTIVATIONS[name].formula)(X), wanted, rtol=1e-4, atol=1e-5)


def test_both_sets_of_functions_have_the_same_names() -> None:
    assert set(KERAS) == set(NUMPY)


def test_typed_constants_are_weights() -> None:
    layer = FormulaActivation("x * sigmoid(a * x) + b", {"a": 1.7, "b": 0.5})
    np.testing.assert_allclose(layer(X), X / (1 + np.exp(-1.7 * X)) + 0.5, rtol=1e-5, atol=1e-6)
    assert [float(weight) for weight in layer.trainable_weights] == pytest.approx([1.7, 0.5])
