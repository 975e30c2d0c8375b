"""The words of the expression language: its functions, constants, operators and limits."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

MAX_LENGTH = 500
MAX_DEPTH = 100
MAX_NUMBER = 1e30

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}
ARGUMENTS: Mapping[str, int] = {
    "abs": 1,
    "exp": 1,
    "log": 1,
    "log1p": 1,
    "expm1": 1,
    "sqrt": 1,
    "square": 1,
    "sign": 1,
    "sin": 1,
    "cos": 1,
    "tan": 1,
    "tanh": 1,
    "sinh": 1,
    "cosh": 1,
    "atan": 1,
    "sigmoid": 1,
    "relu": 1,
    "softplus": 1,
    "softsign": 1,
    "erf": 1,
    "minimum": 2,
    "maximum": 2,
    "clip": 3,
    "where": 3,
    "sum": 1,
    "max": 1,
    "mean": 1,
}
"""Every function with its number of arguments; sum, max and mean go over the last axis and keep it."""

FUNCTIONS = tuple(ARGUMENTS)

BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def signature(name: str) -> str:
    return {"clip": "x, low, high", "where": "condition, a, b"}.get(name, "a, b" if ARGUMENTS[name] == 2 else "x")


def allowed(known: tuple[str, ...]) -> str:
    words = ", ".join([*known, *(name for name in CONSTANTS if name not in known)])
    return f"Allowed: numbers, {words}, + - * / ** ( ), comparisons, {', '.join(ARGUMENTS)}."
