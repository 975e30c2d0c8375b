import keras
import numpy as np
import pytest

from nnviz.catalog import ACTIVATIONS
from nnviz.catalog.expression import parse

GRID = np.concatenate([np.linspace(-6, 6, 241), [-1.0, -0.5, 0.0, 0.5, 1.0, 30.0, -30.0]]).reshape(8, 31)
IN_KERAS = {name: entry for name, entry in ACTIVATIONS.items() if entry.keras}


@pytest.mark.parametrize("name", IN_KERAS)
def test_the_formula_is_keras_function(name):
    entry = IN_KERAS[name]
    ours = parse(entry.formula, names=("x",)).evaluate({"x": GRID})
    theirs = np.asarray(keras.activations.get(entry.keras)(GRID.astype("float32")))
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=2e-6)


def test_threshold_is_keras_function_at_a_half():
    ours = parse(ACTIVATIONS["threshold"].formula, names=("x",)).evaluate({"x": GRID})
    np.testing.assert_array_equal(ours, np.asarray(keras.activations.threshold(GRID, 0.5, 0.0)))


def test_only_threshold_has_no_counterpart_by_one_name():
    assert set(ACTIVATIONS) - set(IN_KERAS) == {"threshold"}


def test_every_entry_is_complete():
    for name, entry in ACTIVATIONS.items():
        assert entry.name == name
        assert entry.latex
        assert entry.help.endswith(".")
