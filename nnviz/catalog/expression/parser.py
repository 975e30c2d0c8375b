"""From a text to a checked expression."""

import ast
import math
from collections.abc import Iterable

from nnviz.catalog.expression.evaluation import Expression
from nnviz.catalog.expression.language import (
    ARGUMENTS,
    BINARY,
    COMPARE,
    CONSTANTS,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NUMBER,
    allowed,
    signature,
)
from nnviz.catalog.expression.tokens import check_tokens
from nnviz.errors import ExpressionError


def parse(text: str, *, names: Iterable[str]) -> Expression:
    """Check an expression over `names`. Raises ExpressionError: `position` is its first wrong character, 0-based."""
    known = tuple(names)
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is a text; got {type(text).__name__}")
    if not text.strip():
        raise ExpressionError("the expression is empty", remedy=allowed(known))
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"the expression has {len(text)} characters", position=MAX_LENGTH, remedy=f"At most {MAX_LENGTH} are allowed."
        )
    used = check_tokens(text, known)
    start = len(text) - len(text.lstrip(" "))
    try:
        tree = ast.parse(text.strip(" "), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _syntax_error(text, start, error) from error
    _check_tree(tree, known, text, start, 0)
    return Expression(text, used, tree)


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
                remedy=f"Write {name}({signature(name)}).",
            )
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            value = inner(operand)
            return value if value is None or isinstance(sign, ast.UAdd) else -value
        case ast.BinOp(left=left, op=kind, right=right) if type(kind) in BINARY:
            first, second = inner(left), inner(right)
            if first is None or second is None:
                return None
            part = ast.get_source_segment(text.strip(" "), node) or ""
            return _folded(kind, first, second, part=part, position=position)
        case ast.Compare(left=left, ops=kinds, comparators=others) if all(type(kind) in COMPARE for kind in kinds):
            for child in (left, *others):
                inner(child)
            return None
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in ARGUMENTS and name not in known:
            if len(args) != ARGUMENTS[name]:
                what = f"{name} at position {position + 1} has {len(args)} arguments, not {ARGUMENTS[name]}"
                raise ExpressionError(what, position=position, remedy=f"Write {name}({signature(name)}).")
            for child in args:
                inner(child)
            return None
    raise ExpressionError(f"what stands at position {position + 1} is not allowed", position=position, remedy=allowed(known))


def _folded(kind: ast.operator, first: float, second: float, *, part: str, position: int) -> float:
    """The value of an operation on two constants. Raises ExpressionError where it is no number, or too large a one."""
    try:
        value = BINARY[type(kind)](first, second)
    except ArithmeticError:
        value = math.nan
    if isinstance(value, complex) or not abs(value) <= MAX_NUMBER:
        raise ExpressionError(
            f"{part[:60]} at position {position + 1} is too large or no number",
            position=position,
            remedy=f"At most {MAX_NUMBER:g} is allowed.",
        )
    return float(value)


def _syntax_error(text: str, start: int, error: BaseException) -> ExpressionError:
    if not isinstance(error, SyntaxError) or "nested" in str(error.msg):
        return ExpressionError("the expression is nested too deeply", remedy=f"At most {MAX_DEPTH} levels are allowed.")
    position = min(start + max((error.offset or 1) - 1, 0), len(text))
    return ExpressionError(
        f"{text[position : position + 20]!r} at position {position + 1} does not fit here",
        position=position,
        remedy="Check the operators, commas and brackets.",
    )
