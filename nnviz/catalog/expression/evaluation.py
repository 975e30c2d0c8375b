"""A checked expression and its value: with NumPy, or with the functions that the caller hands in."""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnviz.catalog.expression.language import BINARY, COMPARE, CONSTANTS


def _over_last(function: Callable[..., Any]) -> Callable[[Any], Any]:
    return lambda x: function(x, axis=-1, keepdims=True) if np.ndim(x) else x


_erf = np.frompyfunc(math.erf, 1, 1)


def _cast(x: Any) -> Any:
    return np.asarray(x).astype(float)


NUMPY: Mapping[str, Callable[..., Any]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sqrt": np.sqrt,
    "square": np.square,
    "sign": np.sign,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "atan": np.arctan,
    "sigmoid": lambda x: np.exp(-np.logaddexp(0.0, -x)),
    "relu": lambda x: np.maximum(x, 0.0),
    "softplus": lambda x: np.logaddexp(0.0, x),
    "softsign": lambda x: x / (1.0 + np.abs(x)),
    "erf": lambda x: np.asarray(_erf(x), dtype=float),
    "minimum": np.minimum,
    "maximum": np.maximum,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "where": lambda condition, a, b: np.where(np.asarray(condition) != 0, a, b),
    "sum": _over_last(np.sum),
    "max": _over_last(np.max),
    "mean": _over_last(np.mean),
    "cast": _cast,
}
"""The functions in NumPy; `cast` turns the outcome of a comparison into 0. and 1."""


@dataclass(frozen=True)
class Expression:
    """A checked expression. `text`: as it was typed; `names`: those of the caller's names that occur in it, in the order of their
    first use; `tree`: Python's own syntax tree of it."""

    text: str
    names: tuple[str, ...]
    tree: ast.expr = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, Any], ops: Mapping[str, Callable[..., Any]] | None = None) -> Any:
        """The value for scalars, arrays or tensors in `values` (one for each of `names`; shapes broadcast).

        With NumPy (the default), what is undefined gives nan or inf, never an error or a warning."""
        if ops is not None and ops is not NUMPY:
            return _evaluate(self.tree, values, ops)
        arrays = {name: np.asarray(values[name]) for name in self.names}
        arrays = {name: array if array.dtype.kind == "f" else array.astype(float) for name, array in arrays.items()}
        with np.errstate(all="ignore"):
            return _evaluate(self.tree, arrays, NUMPY)


def _evaluate(node: ast.expr, values: Mapping[str, Any], ops: Mapping[str, Callable[..., Any]]) -> Any:
    match node:
        case ast.Constant(value=number):
            return float(number)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return values[name] if name in values else CONSTANTS[name]
        case ast.UnaryOp(op=sign, operand=operand):
            value = _evaluate(operand, values, ops)
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left=left, op=kind, right=right):
            return BINARY[type(kind)](_evaluate(left, values, ops), _evaluate(right, values, ops))
        case ast.Compare(left=left, ops=kinds, comparators=others):
            sides = [_evaluate(side, values, ops) for side in (left, *others)]
            result: Any = None
            for order, first, second in zip(kinds, sides[:-1], sides[1:], strict=True):
                holds = ops["cast"](COMPARE[type(order)](first, second))
                result = holds if result is None else result * holds
            return result
        case ast.Call(func=ast.Name(id=name), args=args):
            return ops[name](*(_evaluate(child, values, ops) for child in args))
    raise TypeError(type(node).__name__)
