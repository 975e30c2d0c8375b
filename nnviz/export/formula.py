"""A typed expression as Python over `keras.ops`, and as the small function or layer that a script holds for it."""

import ast
from collections.abc import Mapping

from nnviz.catalog.expression import CONSTANTS, parse

_SAME = {
    name: name
    for name in (
        "exp",
        "log",
        "log1p",
        "expm1",
        "sqrt",
        "square",
        "sign",
        "sin",
        "cos",
        "tan",
        "tanh",
        "sinh",
        "cosh",
        "sigmoid",
        "relu",
        "softplus",
        "softsign",
        "erf",
        "minimum",
        "maximum",
    )
}
_OPS = _SAME | {"abs": "absolute", "atan": "arctan"}
_OVER_COLUMNS = {"sum": "sum", "max": "max", "mean": "mean"}
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def code(text: str, names: Mapping[str, str], *, shape_of: str = "") -> str:
    """The expression as Python; `names` maps the expression's own names to what they are called there.

    `shape_of`: the name whose shape the value must have; what could lose it (a constant, a sum over the columns) gets it
    back. Raises ExpressionError."""
    expression = parse(text, names=tuple(names))
    body = _code(expression.tree, names)
    calls = {node.func.id for node in ast.walk(expression.tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    if shape_of and (shape_of not in expression.names or calls & set(_OVER_COLUMNS)):
        return f"{body} + 0 * {names[shape_of]}"
    return body


def arithmetic(text: str, variable: str) -> str | None:
    """An expression in i as plain Python over `variable`; None where it calls functions."""
    tree = parse(text, names=("i",)).tree
    plain = not any(
        isinstance(node, ast.Call | ast.Compare) or (isinstance(node, ast.Name) and node.id != "i") for node in ast.walk(tree)
    )
    return _code(tree, {"i": variable}) if plain else None


def _code(node: ast.expr, names: Mapping[str, str]) -> str:
    match node:
        case ast.Constant(value=number):
            return repr(number)
        case ast.Name(id=name):
            return names[name] if name in names else repr(CONSTANTS[name])
        case ast.UnaryOp(op=sign, operand=operand):
            inner = _inside(operand, names)
            return f"-{inner}" if isinstance(sign, ast.USub) else inner
        case ast.BinOp(left=left, op=kind, right=right):
            space = "" if isinstance(kind, ast.Pow) else " "
            return f"{_inside(left, names)}{space}{_BINARY[type(kind)]}{space}{_inside(right, names)}"
        case ast.Compare():
            return f'ops.cast({_condition(node, names)}, "float32")'
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, args, names)
    raise TypeError(type(node).__name__)


def _inside(node: ast.expr, names: Mapping[str, str]) -> str:
    """As an operand: in brackets where it is an operation itself."""
    operand = _code(node, names)
    return f"({operand})" if isinstance(node, ast.BinOp | ast.UnaryOp) else operand


def _call(name: str, args: list[ast.expr], names: Mapping[str, str]) -> str:
    # Numbers as floats: a function of whole numbers would give whole numbers.
    arguments = [repr(float(arg.value)) if isinstance(arg, ast.Constant) else _code(arg, names) for arg in args]  # type: ignore[arg-type]
    if not any(isinstance(node, ast.Name) and node.id in names for arg in args for node in ast.walk(arg)):
        # A function of numbers alone is a number: Keras's own would ask for its type.
        value = parse(ast.unparse(ast.Call(ast.Name(name), args, [])), names=()).evaluate({})
        return repr(float(value))
    if name in _OVER_COLUMNS:
        return f"ops.{name}({arguments[0]}, axis=-1, keepdims=True)"
    if name == "clip":
        return f"ops.minimum(ops.maximum({arguments[0]}, {arguments[1]}), {arguments[2]})"
    if name == "where":
        return f"ops.where({_condition(args[0], names)}, {arguments[1]}, {arguments[2]})"
    return f"ops.{_OPS[name]}({', '.join(arguments)})"


def _condition(node: ast.expr, names: Mapping[str, str]) -> str:
    if not isinstance(node, ast.Compare):
        return f"ops.not_equal({_code(node, names)}, 0)"
    sides = [_inside(side, names) for side in (node.left, *node.comparators)]
    parts = [
        f"{first} {_COMPARE[type(order)]} {second}" for order, first, second in zip(node.ops, sides[:-1], sides[1:], strict=True)
    ]
    condition = parts[0]
    for part in parts[1:]:
        condition = f"ops.logical_and({condition}, {part})"
    return condition
