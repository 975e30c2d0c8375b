"""Formulas of the expression language as LaTeX."""

import ast
import re

_GREEK = frozenset({"alpha", "beta", "epsilon", "eta", "lambda", "mu", "rho"})
_NAMES = {"lr": r"\eta", "momentum": r"\mu", "weight_decay": r"\lambda", "product": r"\pi", "ratio": "r"}
_CALLS = {
    "sqrt": r"\sqrt{%s}",
    "abs": r"\lvert %s \rvert",
    "norm": r"\lVert %s \rVert",
    "maximum": r"\max(%s)",
    "minimum": r"\min(%s)",
    "log": r"\log(%s)",
    "exp": r"\exp(%s)",
    "tanh": r"\tanh(%s)",
}
_SIGNS = {ast.Gt: ">", ast.GtE: r"\ge", ast.Lt: "<", ast.LtE: r"\le", ast.Eq: "=", ast.NotEq: r"\ne"}
_SUM, _PRODUCT, _POWER, _ATOM = range(1, 5)
"""How tightly the parts of a formula hold together; what holds less is put in brackets."""


def name_latex(name: str) -> str:
    r"""A quantity's name: `beta_1` is `\beta_{1}`, `v_hat` is `\hat{v}`, long ones are words."""
    if name in _NAMES:
        return _NAMES[name]
    head, _, below = name.partition("_")
    letter = rf"\{head}" if head in _GREEK else head
    if below == "hat":
        return rf"\hat{{{letter}}}"
    if below and (head in _GREEK or len(head) <= 2 or head in ("norm", "rms")) and len(below) <= 6:
        letter = letter if head in _GREEK or len(head) == 1 else rf"\mathrm{{{head}}}"
        return f"{letter}_{{{below}}}" if len(below) == 1 else rf"{letter}_{{\mathrm{{{below}}}}}"
    return letter if not below and (head in _GREEK or len(name) == 1) else rf"\text{{{name.replace('_', ' ')}}}"


def formula_latex(text: str) -> str:
    """A formula of the expression language (`nnviz.catalog.expression`); also the functions of a whole array, as `norm(w)`.

    Raises SyntaxError for what is no formula."""
    return _latex(ast.parse(text, mode="eval").body)[0]


def names_in(text: str) -> list[str]:
    """The quantities in a formula, each once, in the order in which they stand there; no functions."""
    tree = ast.parse(text, mode="eval")
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    return list(dict.fromkeys(node.id for node in sorted(names, key=lambda node: node.col_offset)))


def _latex(node: ast.expr) -> tuple[str, int]:
    """A part, and how tightly it holds together."""
    match node:
        case ast.Constant(value=value):
            return f"{value:g}" if isinstance(value, int | float) else str(value), _ATOM
        case ast.Name(id=name):
            return name_latex(name), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_inside(operand, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            plus = "+" if isinstance(sign, ast.Add) else "-"
            return f"{_inside(left, _SUM)} {plus} {_inside(right, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            second = _inside(right, _PRODUCT)
            times = r" \cdot " if re.match(r"\d|\\frac", second) else r"\,"
            return f"{_inside(left, _PRODUCT)}{times}{second}", _PRODUCT
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{_latex(left)[0]}}}{{{_latex(right)[0]}}}", _PRODUCT
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return f"{_inside(left, _ATOM)}^{{{_latex(right)[0]}}}", _POWER
        case ast.Compare(left=left, ops=[order], comparators=[right]):
            return f"{_latex(left)[0]} {_SIGNS[type(order)]} {_latex(right)[0]}", 0
        case ast.Call(func=ast.Name(id="where"), args=[condition, first, second]):
            cases = rf"{_latex(first)[0]} & {_latex(condition)[0]} \\ {_latex(second)[0]} & \text{{otherwise}}"
            return rf"\begin{{cases}} {cases} \end{{cases}}", _ATOM
        case ast.Call(func=ast.Name(id=name), args=args):
            inside = ", ".join(_latex(part)[0] for part in args)
            return _CALLS.get(name, rf"\text{{{name.replace('_', ' ')}}}(%s)") % inside, _ATOM
    raise SyntaxError(f"no formula: {ast.unparse(node)}")


def _inside(node: ast.expr, least: int) -> str:
    """A part of a larger formula: in brackets where it holds together less than is needed there."""
    text, binding = _latex(node)
    return rf"\left({text}\right)" if binding < least else text
