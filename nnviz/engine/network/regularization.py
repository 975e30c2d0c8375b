"""The penalty of regularizers: a part of the objective, reported apart from the loss."""

from typing import Any

import keras


def has_any(network: keras.Model) -> bool:
    """Whether any weight that is trained is regularized."""
    return any(variable.regularizer is not None for variable in network.trainable_variables)


def penalty(network: keras.Model) -> Any:
    """The sum over all regularized weights that are trained, a float32 scalar: l1 times the sum of their sizes, l2 times
    the sum of their squares, as Keras has it."""
    return sum(
        variable.regularizer(variable.value) for variable in network.trainable_variables if variable.regularizer is not None
    )
