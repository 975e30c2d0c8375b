"""The type stub of `nnviz.engine`: the catalog's calls with their parameters, so that an editor completes them and a type checker
checks them. `python -m nnviz.engine.stub` writes it anew, after the catalog has changed."""

import ast
import json
import keyword
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nnviz.catalog import ACTIVATIONS, COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.catalog.entry import TRANSFORMS
from nnviz.catalog.param import Param
from nnviz.catalog.weights import PROJECTION
from nnviz.spec.components import COMPONENTS

PATH = Path(__file__).with_name("__init__.pyi")
_ENTRIES: dict[str, Any] = {**LAYERS, **COSTS, **SCHEDULES, **OPTIMIZERS}
_INDENT = "    "
_WIDTH = 130
_MOST_INLINE = 4
"""Choices up to which a Literal is written where it is used; a longer one has a name."""
_HEAD = '''"""Made by `python -m nnviz.engine.stub` from `__init__.py` and the catalog: not to be edited."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

'''
_TYPES = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "text": "str",
    "expression": "str",
    "activation": "_Activation",
    "pair": "int | Sequence[int]",
    "shape": "Sequence[int]",
    "ints": "Sequence[int]",
    "floats": "Sequence[float]",
}
_FIELDS = {
    "name": "str | None",
    "trainable": "bool",
    "transform": f"Literal[{', '.join(map(json.dumps, TRANSFORMS))}] | None",
    "project": "bool",
    "use_bias": "bool",
    "class_weight": 'Literal["balanced"] | Mapping[str, float] | None',
    "schedule": "_Part | None",
    "layers": "Sequence[_Part]",
    "branches": "Sequence[Sequence[_Part]]",
}
"""Types of the fields that are no parameters of the catalog."""


def generate() -> str:
    """The text of the stub, formatted as the repository is. Components that a user added to the catalog are left out."""
    init = ast.parse(Path(__file__).with_name("__init__.py").read_text(encoding="utf-8"))
    public = next(node.value for node in init.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
    names: list[str] = ast.literal_eval(public)
    calls = [kind for kind in COMPONENTS if not getattr(_ENTRIES[kind], "source", "")]
    aliases = {tuple(name for name, entry in ACTIVATIONS.items() if not entry.source): "_ActivationName"}
    functions = "".join([_function(kind, aliases) for kind in calls])
    lines = [
        *_imports(init, {*names}),
        "",
        "_Part: TypeAlias = Component | Mapping[str, Any]",
        "_Each: TypeAlias = Mapping[str, Any]",
        '"""`{"each": [...]}`, or a formula over the number of the copy: a parameter that varies within a Repeat."""',
        *(line for choices, name in aliases.items() for line in _alias(name, choices)),
        "_Activation: TypeAlias = _ActivationName | str | Mapping[str, Any]",
        "",
        "__all__ = [  # noqa: RUF022",
        *(f"{_INDENT}{json.dumps(name)}," for name in sorted([*names, *calls])),
        "]",
    ]
    return _HEAD + "\n".join(lines) + "\n" + functions


def _imports(init: ast.Module, names: set[str]) -> Iterator[str]:
    """The lines of `__init__.py` that import public names, and of what the calls give."""
    for node in init.body:
        if isinstance(node, ast.ImportFrom) and any((alias.asname or alias.name) in names for alias in node.names):
            yield ast.unparse(node)
    yield "from nnviz.spec import Component"


def _alias(name: str, choices: tuple[str, ...]) -> Iterator[str]:
    line = f"{name}: TypeAlias = {_literal(choices)}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"{name}: TypeAlias = Literal["
    joined = _INDENT + ", ".join(map(json.dumps, choices))
    yield from [joined] if len(joined) <= _WIDTH else [f"{_INDENT}{json.dumps(choice)}," for choice in choices]
    yield "]"


def _literal(choices: tuple[str, ...]) -> str:
    return f"Literal[{', '.join(map(json.dumps, choices))}]"


def _function(kind: str, aliases: dict[tuple[str, ...], str]) -> str:
    """One call; fields in the order in which values without a name are taken. `aliases`: names of long Literals, added to."""
    entry = _ENTRIES[kind]
    params = {param.name: param for param in (*(PROJECTION if kind in COSTS else ()), *entry.params)}
    arguments, has_default = [], False
    for name, field in COMPONENTS[kind].model_fields.items():
        if name == "kind" or keyword.iskeyword(name):
            continue
        if field.is_required() and has_default and "*" not in arguments:
            arguments.append("*")
        has_default = has_default or not field.is_required()
        annotation = _annotation(params[name], aliases, varies=kind in LAYERS) if name in params else _FIELDS[name]
        arguments.append(f"{name}: {annotation}" + ("" if field.is_required() else f" = {_default(field.default)}"))
    return f"\n{_signature(kind, arguments)}\n{_docstring(entry.help)}\n"


def _signature(kind: str, arguments: list[str]) -> str:
    joined = ", ".join(arguments)
    line = f"def {kind}({joined}) -> Component:"
    if len(line) <= _WIDTH:
        return line
    if len(_INDENT + joined) <= _WIDTH:
        return f"def {kind}(\n{_INDENT}{joined}\n) -> Component:"
    return f"def {kind}(\n" + "".join(f"{_INDENT}{argument},\n" for argument in arguments) + ") -> Component:"


def _docstring(text: str) -> str:
    return textwrap.fill(f'"""{text}"""', _WIDTH - 1, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)


def _annotation(param: Param, aliases: dict[tuple[str, ...], str], *, varies: bool) -> str:
    """The type of a parameter; of a layer's, it may vary from copy to copy."""
    literal = _literal(param.choices) if param.choices else ""
    if len(param.choices) > _MOST_INLINE:
        name = "_" + param.name.rpartition("_")[2].capitalize() + "Name"
        taken = sum(each.startswith(name) for each in aliases.values())
        literal = aliases.setdefault(param.choices, name + (str(taken + 1) if taken else ""))
    if param.type == "choice":
        kind = literal
    elif param.type == "part":
        kind = " | ".join(filter(None, (literal, "Mapping[str, Any]")))
    else:
        kind = _TYPES[param.type]
    each = " | _Each" if varies and "Mapping" not in kind and param.type != "activation" else ""
    return kind + each + (" | None" if param.optional else "")


def _default(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    return repr(value) if value is None or isinstance(value, bool | int | float) else "..."


if __name__ == "__main__":
    PATH.write_text(generate(), encoding="utf-8", newline="\n")
