"""Keras's own losses, activations and optimizers: what the catalog has of them, and why not the rest.

A name may stand in a table here and in the catalog at once: the catalog then has caught up.
"""

import inspect

import keras
import pytest

from nnviz.catalog import ACTIVATIONS, COSTS, OPTIMIZERS
from nnviz.catalog.activations import ALIASES

NO_LOSS = {
    "Loss": "the base class",
    "CategoricalCrossentropy": "is CrossEntropy",
    "SparseCategoricalCrossentropy": "is CrossEntropy: classes are given by number and made one-hot there",
    "BinaryCrossentropy": "is CrossEntropy with the transform sigmoid (summed over columns)",
    "CTC": "aligns sequences of labels; a target here is one class or some numbers a row",
    "Circle": "compares the rows of a batch with each other, so that a row has no loss of its own",
}
NO_ACTIVATION = {
    "glu": "gives half as many columns as it is given, and an activation keeps the shape",
    "sparsemax": "needs a sort, which the expression language cannot express",
}
NO_OPTIMIZER = {
    "Optimizer": "the base class",
    "LossScaleOptimizer": "wraps another one for half precision, which the engine does not use",
    "MultiOptimizer": "hands layers to several optimizers, and a run has one",
    "OptimizerMap": "part of MultiOptimizer",
    "Adafactor": "not in the catalog yet",
    "Lamb": "not in the catalog yet",
    "Lion": "not in the catalog yet",
    "Muon": "not in the catalog yet",
    "ScheduleFreeAdamW": "not in the catalog yet",
}
_TOOLS = ("get", "serialize", "deserialize")


def left_out(module, *, kind, known, reasons):
    """The public names of a module of Keras that neither the catalog knows nor a table gives a reason for."""
    names = [name for name, value in vars(module).items() if not name.startswith("_") and name not in _TOOLS and kind(value)]
    return sorted(set(names) - set(known) - set(reasons))


def test_no_loss_is_forgotten():
    assert left_out(keras.losses, kind=inspect.isclass, known=COSTS, reasons=NO_LOSS) == []


def test_no_activation_is_forgotten():
    known = [*ACTIVATIONS, *ALIASES]
    assert left_out(keras.activations, kind=callable, known=known, reasons=NO_ACTIVATION) == []


def test_no_optimizer_is_forgotten():
    assert left_out(keras.optimizers, kind=inspect.isclass, known=OPTIMIZERS, reasons=NO_OPTIMIZER) == []


@pytest.mark.parametrize("reasons", [NO_LOSS, NO_ACTIVATION, NO_OPTIMIZER])
def test_the_tables_name_what_keras_has(reasons):
    modules = (keras.losses, keras.activations, keras.optimizers)
    assert all(any(hasattr(module, name) for module in modules) for name in reasons)


@pytest.mark.parametrize(("name", "ours"), ALIASES.items())
def test_an_alias_is_keras_function_of_another_name(name, ours):
    assert keras.activations.get(name) is keras.activations.get(ACTIVATIONS[ours].keras)
