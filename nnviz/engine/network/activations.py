"""Activations: Keras's function where the catalog names one, else the catalog's formula or the one a user typed."""

from collections.abc import Callable, Mapping
from typing import Any

import keras

from nnviz.catalog import ACTIVATIONS
from nnviz.catalog.expression import parse
from nnviz.engine.network.expression import KERAS


def function(name: str) -> Callable[[Any], Any]:
    """The function that an activation of the catalog stands for; tensors in, tensors out."""
    entry = ACTIVATIONS[name]
    if entry.keras:
        activation: Callable[[Any], Any] = keras.activations.get(entry.keras)
        return activation
    return from_expression(entry.formula)


def from_expression(text: str) -> Callable[[Any], Any]:
    """The function that a formula over x stands for. Raises ExpressionError."""
    expression = parse(text, names=("x",))
    return lambda x: expression.evaluate({"x": x}, ops=KERAS) + 0.0 * x


class FormulaActivation(keras.layers.Layer):
    """An activation that a user typed: a formula over x and over constants that are trained like weights.

    `constants` maps their names to the values they start from; each is one weight, shared by all units."""

    def __init__(self, expression: str, constants: Mapping[str, float] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.constants = dict(constants or {})
        self.expression = parse(expression, names=("x", *self.constants))

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.values = {
            name: self.add_weight(name=name, shape=(), initializer=keras.initializers.Constant(start))
            for name, start in self.constants.items()
        }
        self.built = True

    def call(self, x: Any) -> Any:
        values = {name: variable.value for name, variable in self.values.items()}
        # A formula without x, such as `1`, must still give one value for each input.
        return self.expression.evaluate({"x": x, **values}, ops=KERAS) + 0.0 * x

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"expression": self.expression.text, "constants": self.constants}
