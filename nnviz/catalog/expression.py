"""The small expression language of activations, costs and varying parameters: `x * sigmoid(1.7 * x)`.

An allow-list over Python's own parser: names that the caller gives, numbers, `+ - * / **`, unary minus, comparisons and
calls of the functions listed here; no attributes, subscripts, texts or keywords. One expression is evaluated with NumPy
to be drawn and with Keras to be trained: `ops` maps the function names to callables, operators are Python's own. A
comparison is cast to 0. or 1. by `ops["cast"]`; `where(c, a, b)` takes a wherever c is not 0.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnviz.errors import ExpressionError

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

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_TOKEN = re.compile(
    r"(?P<blank> +)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|[<>]=|[=!]=|[-+*/(),<>])"
)
_INSTEAD = {
    "^": "Write ** for a power.",
    "=": "Write == to compare.",
    "%": "Write clip, where or a division.",
    "[": "Use round brackets.",
    "{": "Use round brackets.",
    "!": "Write != to compare.",
}


@dataclass(frozen=True)
class Expression:
    """A checked expression; `names` are the given names that occur in it, in the order of their first use."""

    text: str
    names: tuple[str, ...]
    tree: ast.expr = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, Any], ops: "Mapping[str, Callable[..., Any]] | None" = None) -> Any:
        """The value for scalars, arrays or tensors in `values` (one for each of `names`; shapes broadcast).

        With NumPy (the default), trouble gives nan or inf, never an error or a warning."""
        if ops is not None and ops is not NUMPY:
            return _value(self.tree, values, ops)
        arrays = {name: np.asarray(values[name]) for name in self.names}
        arrays = {name: array if array.dtype.kind == "f" else array.astype(float) for name, array in arrays.items()}
        with np.errstate(all="ignore"):
            return _value(self.tree, arrays, NUMPY)


def parse(text: str, *, names: Iterable[str]) -> Expression:
    """Check an expression over `names`. Raises ExpressionError: `position` is its first wrong character, 0-based."""
    known = tuple(names)
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is a text; got {type(text).__name__}")
    if not text.strip():
        raise ExpressionError("the expression is empty", remedy=_allowed(known))
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"the expression has {len(text)} characters", position=MAX_LENGTH, remedy=f"At most {MAX_LENGTH} are allowed."
        )
    used = _check_tokens(text, known)
    start = len(text) - len(text.lstrip(" "))
    try:
        tree = ast.parse(text.strip(" "), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _syntax_error(text, start, error) from error
    _check_tree(tree, known, text, start, 0)
    return Expression(text, used, tree)


def _check_tokens(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The names that occur. Refuses what is not in the language, and values and operators that do not alternate:
    Python's own parser often places such a mistake at the start."""
    used: dict[str, None] = {}
    opened: list[tuple[int, bool]] = []
    last, needs_value = "", True
    for position, kind, word in _tokens(text, known):
        where = f"{word[:40]!r} at position {position + 1}"
        if kind != "operator" and not needs_value:
            raise ExpressionError(f"{where} needs an operator before it", position=position, remedy="Write * to multiply.")
        if kind == "name" and word in known:
            used[word] = None
        if kind != "operator":
            needs_value = False
        elif word == "(":
            if not needs_value and (last not in ARGUMENTS or last in known):
                raise ExpressionError(f"{last[:40]!r} is not a function", position=position, remedy="Write * to multiply.")
            opened.append((position, not needs_value))
            needs_value = True
        elif needs_value and word not in "+-":
            raise ExpressionError(f"a value is missing before {where}", position=position, remedy="Add it.")
        elif word == ")":
            if not opened:
                raise ExpressionError(f"{where} closes no bracket", position=position, remedy="Remove it.")
            opened.pop()
        else:
            if word == "," and not (opened and opened[-1][1]):
                raise ExpressionError(
                    f"{where} may only part the arguments of a function", position=position, remedy="Write a point for decimals."
                )
            needs_value = True
        last = word
    if needs_value:
        raise ExpressionError("the expression ends too early", position=len(text), remedy="A value is missing at its end.")
    if opened:
        position = opened[-1][0]
        raise ExpressionError(
            f"the bracket at position {position + 1} is not closed", position=position, remedy="Add the missing )."
        )
    return tuple(used)


def _tokens(text: str, known: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            wrong = text[position]
            raise ExpressionError(
                f"{wrong!r} at position {position + 1} is not allowed",
                position=position,
                remedy=_INSTEAD.get(wrong, _allowed(known)),
            )
        kind, word = str(token.lastgroup), token.group()
        if kind == "name" and word not in (*known, *ARGUMENTS, *CONSTANTS):
            raise ExpressionError(
                f"{word[:40]!r} at position {position + 1} is unknown", position=position, remedy=_allowed(known)
            )
        if kind == "number" and not abs(float(word)) <= MAX_NUMBER:
            raise ExpressionError(
                f"the number {word[:40]} at position {position + 1} is too large",
                position=position,
                remedy=f"At most {MAX_NUMBER:g} is allowed.",
            )
        if kind != "blank":
            yield position, kind, word
        position = token.end()


def _check_tree(node: ast.expr, known: tuple[str, ...], text: str, start: int, depth: int) -> float | None:
    """Refuse what is not listed; gives the value of a part without names and calls, else None."""
    position = start + node.col_offset
    if depth > MAX_DEPTH:
        raise ExpressionError(
            "the expression is nested too deeply", position=position, remedy=f"At most {MAX_DEPTH} levels are allowed."
        )

    def inner(child: ast.expr) -> float | None:
        return _check_tree(child, known, text, start, depth + 1)

    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name):
            if name in known:
                return None
            if name in CONSTANTS:
                return CONSTANTS[name]
            raise ExpressionError(
                f"{name!r} at position {position + 1} is a function and needs its arguments",
                position=position,
                remedy=f"Write {name}({_signature(name)}).",
            )
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            value = inner(operand)
            return value if value is None or isinstance(sign, ast.UAdd) else -value
        case ast.BinOp(left=left, op=kind, right=right) if type(kind) in _BINARY:
            first, second = inner(left), inner(right)
            if first is None or second is None:
                return None
            part = ast.get_source_segment(text.strip(" "), node) or ""
            return _folded(kind, first, second, part=part, position=position)
        case ast.Compare(left=left, ops=kinds, comparators=others) if all(type(kind) in _COMPARE for kind in kinds):
            for child in (left, *others):
                inner(child)
            return None
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in ARGUMENTS and name not in known:
            if len(args) != ARGUMENTS[name]:
                what = f"{name} at position {position + 1} has {len(args)} arguments, not {ARGUMENTS[name]}"
                raise ExpressionError(what, position=position, remedy=f"Write {name}({_signature(name)}).")
            for child in args:
                inner(child)
            return None
    raise ExpressionError(f"what stands at position {position + 1} is not allowed", position=position, remedy=_allowed(known))


def _folded(kind: ast.operator, first: float, second: float, *, part: str, position: int) -> float:
    """The value of an operation on two constants. Raises ExpressionError where it is no number, or too large a one."""
    try:
        value = _BINARY[type(kind)](first, second)
    except ArithmeticError:
        value = math.nan
    if isinstance(value, complex) or not abs(value) <= MAX_NUMBER:
        raise ExpressionError(
            f"{part[:60]} at position {position + 1} is too large or no number",
            position=position,
            remedy=f"At most {MAX_NUMBER:g} is allowed.",
        )
    return float(value)


def _value(node: ast.expr, values: Mapping[str, Any], ops: Mapping[str, Callable[..., Any]]) -> Any:
    match node:
        case ast.Constant(value=number):
            return float(number)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return values[name] if name in values else CONSTANTS[name]
        case ast.UnaryOp(op=sign, operand=operand):
            value = _value(operand, values, ops)
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left=left, op=kind, right=right):
            return _BINARY[type(kind)](_value(left, values, ops), _value(right, values, ops))
        case ast.Compare(left=left, ops=kinds, comparators=others):
            sides = [_value(side, values, ops) for side in (left, *others)]
            result: Any = None
            for order, first, second in zip(kinds, sides[:-1], sides[1:], strict=True):
                holds = ops["cast"](_COMPARE[type(order)](first, second))
                result = holds if result is None else result * holds
            return result
        case ast.Call(func=ast.Name(id=name), args=args):
            return ops[name](*(_value(child, values, ops) for child in args))
    raise TypeError(type(node).__name__)


def _syntax_error(text: str, start: int, error: BaseException) -> ExpressionError:
    if not isinstance(error, SyntaxError) or "nested" in str(error.msg):
        return ExpressionError("the expression is nested too deeply", remedy=f"At most {MAX_DEPTH} levels are allowed.")
    position = min(start + max((error.offset or 1) - 1, 0), len(text))
    return ExpressionError(
        f"{text[position : position + 20]!r} at position {position + 1} does not fit here",
        position=position,
        remedy="Check the operators, commas and brackets.",
    )


def _signature(name: str) -> str:
    return {"clip": "x, low, high", "where": "condition, a, b"}.get(name, "a, b" if ARGUMENTS[name] == 2 else "x")


def _allowed(known: tuple[str, ...]) -> str:
    words = ", ".join([*known, *(name for name in CONSTANTS if name not in known)])
    return f"Allowed: numbers, {words}, + - * / ** ( ), comparisons, {', '.join(ARGUMENTS)}."


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
