"""The functions of the expression language in keras.ops: the names of `nnviz.catalog.expression.NUMPY`."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
from keras import ops


def _over_last(function: Callable[..., Any]) -> Callable[[Any], Any]:
    return lambda x: function(_tensor(x), axis=-1, keepdims=True)


def _tensor(x: Any) -> Any:
    """Keras's functions take a plain number for float32 only when told so."""
    return ops.convert_to_tensor(x, dtype=keras.config.floatx()) if isinstance(x, int | float) else x


def _on_tensors(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: function(*(_tensor(x) for x in args))


def _cast(x: Any) -> Any:
    return ops.cast(x, keras.config.floatx())


KERAS: Mapping[str, Callable[..., Any]] = {
    "abs": _on_tensors(ops.absolute),
    "exp": _on_tensors(ops.exp),
    "log": _on_tensors(ops.log),
    "log1p": _on_tensors(ops.log1p),
    "expm1": _on_tensors(ops.expm1),
    "sqrt": _on_tensors(ops.sqrt),
    "square": _on_tensors(ops.square),
    "sign": _on_tensors(ops.sign),
    "sin": _on_tensors(ops.sin),
    "cos": _on_tensors(ops.cos),
    "tan": _on_tensors(ops.tan),
    "tanh": _on_tensors(ops.tanh),
    "sinh": _on_tensors(ops.sinh),
    "cosh": _on_tensors(ops.cosh),
    "atan": _on_tensors(ops.arctan),
    "sigmoid": _on_tensors(ops.sigmoid),
    "relu": _on_tensors(ops.relu),
    "softplus": _on_tensors(ops.softplus),
    "softsign": _on_tensors(ops.softsign),
    "erf": _on_tensors(ops.erf),
    "minimum": _on_tensors(ops.minimum),
    "maximum": _on_tensors(ops.maximum),
    "clip": _on_tensors(lambda x, low, high: ops.minimum(ops.maximum(x, low), high)),
    "where": _on_tensors(lambda condition, a, b: ops.where(ops.not_equal(condition, 0), a, b)),
    "sum": _over_last(ops.sum),
    "max": _over_last(ops.max),
    "mean": _over_last(ops.mean),
    "cast": _cast,
}
