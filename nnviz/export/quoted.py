"""Functions of nnviz itself as plain text for a script: what they call comes along, type hints and refusals do not.

So the script that is shown computes what nnviz computes, and cannot fall behind it.
"""

import ast
import inspect
import tokenize
from collections.abc import Sequence
from functools import cache
from types import ModuleType

KNOWN = frozenset({"np"})


@cache
def quoted(module: ModuleType, names: tuple[str, ...]) -> str:
    """The functions `names` of a module and all that they need of it, in the module's order.

    Raises LookupError where they need something that is neither there nor in NumPy."""
    tree = ast.parse(inspect.getsource(module))
    defined = {name: node for node in tree.body for name in _names_of(node)}
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    needed: dict[str, ast.stmt] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        if name not in defined:
            raise LookupError(name)
        plain = needed[name] = _Plain().visit(ast.parse(ast.unparse(defined[name])).body[0])
        used = {node.id for node in ast.walk(plain) if isinstance(node, ast.Name)}
        if foreign := (used & imported) - KNOWN:
            raise LookupError(f"{name} needs {sorted(foreign)}")
        waiting += used & defined.keys()
    ordered = [needed[name] for name in defined if name in needed]
    constants = [_text(node) for node in ordered if not isinstance(node, ast.FunctionDef)]
    functions = [_text(node) for node in ordered if isinstance(node, ast.FunctionDef)]
    return "\n\n\n".join(["\n".join(constants)] * bool(constants) + functions) + "\n"


class _Plain(ast.NodeTransformer):
    """Leaves out type hints, all of a docstring but its first line, and checks that only refuse."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            arg.annotation = None
        doc = ast.get_docstring(node)
        if doc is not None:
            node.body[0] = ast.Expr(ast.Constant(doc.splitlines()[0]))
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        return None if node.value is None else ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_If(self, node: ast.If) -> ast.stmt | None:
        if not node.orelse and all(isinstance(inner, ast.Raise) for inner in node.body):
            return None
        self.generic_visit(node)
        return node


def _text(node: ast.stmt) -> str:
    """As Python, texts in double quotes like the rest of a script."""
    lines = ast.unparse(node).splitlines()
    tokens = tokenize.generate_tokens(iter([line + "\n" for line in lines]).__next__)
    for token in reversed([token for token in tokens if token.type == tokenize.STRING]):
        if token.string.startswith("'") and '"' not in token.string:
            row, start, end = token.start[0] - 1, token.start[1], token.end[1]
            lines[row] = f'{lines[row][:start]}"{token.string[1:-1]}"{lines[row][end:]}'
    return "\n".join(lines)


def _names_of(node: ast.stmt) -> Sequence[str]:
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []
