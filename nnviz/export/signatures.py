"""What Keras's classes take, kept in a file, so that a call can be written and checked where Keras is not loaded.

`tests/export/signatures.py` makes the file from Keras, and a test compares it with the installed version.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from nnviz.catalog import LAYERS
from nnviz.catalog.param import Param
from nnviz.errors import NotYet

Group = Literal["layers", "optimizers", "schedules", "losses"]
MODULES = ("initializer", "regularizer", "constraint")
"""How the names of such parameters end; with an s, the part of Keras that holds their classes."""
PLAIN = frozenset({"int", "float", "bool", "choice", "text", "pair", "shape", "ints", "floats"})
"""Types of parameters whose values can be written as they are."""


def call(group: Group, kind: str, params: Mapping[str, Any], *, where: str, written: Mapping[str, str] | None = None) -> str:
    """Keras's class called with what differs from its own defaults: `layers.Dense(8, activation="tanh")`.

    `params` are values; `written` are arguments that already are code. Raises NotYet where Keras has no such class, or
    the class no such parameter: a script that left it out would compute something else."""
    takes = parameters(group, kind, where=where)
    code = dict(written or {})
    unknown = [name for name, value in params.items() if name not in takes and value is not None]
    if unknown or any(name not in takes for name in code):
        name = next(iter([*unknown, *(name for name in code if name not in takes)]))
        raise NotYet(
            f"Keras's {kind} takes no {name!r}",
            where=where,
            remedy="This network trains here, but cannot be written as plain Keras code.",
        )
    positional: list[str] = []
    named: list[str] = []
    for name, default in takes.items():
        if name in code:
            text = code[name]
        elif name in params and not same(params[name], default):
            text = literal(params[name])
        else:
            continue
        # What Keras demands stands first, without its name, as people write it.
        if default is REQUIRED and len(positional) == list(takes).index(name):
            positional.append(text)
        else:
            named.append(f"{name}={text}")
    return f"{kind}({', '.join([*positional, *named])})"


REQUIRED = object()


def parameters(group: Group, kind: str, *, where: str) -> dict[str, Any]:
    """The parameters of a class with their defaults, REQUIRED where there is none. Raises NotYet for an unknown class."""
    entries = _table()[group].get(kind)
    if entries is None:
        raise NotYet(
            f"{kind} cannot be written as Keras code in this version",
            where=where,
            remedy="Use another kind, or export the recorded numbers (csv).",
        )
    return {entry[0]: entry[1] if len(entry) > 1 else REQUIRED for entry in entries}


def parts_code(kind: str, params: tuple[Param, ...], values: Mapping[str, Any], *, where: str) -> dict[str, str]:
    """Initializers, regularizers and constraints as code, by name: `"he_normal"`, `keras.regularizers.L2(l2=0.01)`; a
    constraint with the axes along which the engine takes the norm."""
    written: dict[str, str] = {}
    for param in params:
        value = values.get(param.name)
        if param.type != "part" or value in (None, param.default):
            continue
        if isinstance(value, str):
            written[param.name] = literal(value)
            continue
        module = next((module for module in MODULES if param.name.endswith(module)), "")
        if not module:
            raise NotYet(
                f"{param.name} of {kind} cannot be written as Keras code in this version",
                where=f"{where}.{param.name}",
                remedy="Leave it at its default.",
            )
        options = {name: number for name, number in value.items() if name != "kind"}
        axis = LAYERS[kind].constraint_axes.get(param.name, 0)
        if module == "constraint" and value["kind"] != "NonNeg" and axis != 0:  # Keras's own default is 0
            options["axis"] = axis
        inner = ", ".join(f"{name}={literal(number)}" for name, number in options.items())
        written[param.name] = f"keras.{module}s.{value['kind']}({inner})"
    return written


def check_types(kind: str, params: tuple[Param, ...], values: Mapping[str, Any], *, where: str) -> None:
    """Raises NotYet for a set parameter of a type that only the engine knows how to read."""
    for param in params:
        if param.type not in PLAIN | {"part"} and values.get(param.name) not in (None, param.default):
            raise NotYet(
                f"{param.name} of {kind} cannot be written as Keras code in this version",
                where=f"{where}.{param.name}",
                remedy="Leave it at its default.",
            )


def same(value: Any, default: Any) -> bool:
    """Whether Keras would take both for the same."""
    if isinstance(value, bool) or isinstance(default, bool) or default is None or value is None:
        return value is default
    if isinstance(default, list) and isinstance(value, int):
        return bool(default) and all(size == value for size in default)
    if isinstance(default, list) and isinstance(value, list | tuple):
        return list(value) == default
    return bool(value == default)


def literal(value: Any) -> str:
    """A value as Python writes it, texts in double quotes."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, bool | int | float) or value is None:
        return repr(value)
    raise NotYet(f"a {type(value).__name__} cannot be written as Keras code")


@cache
def _table() -> dict[str, dict[str, list[Any]]]:
    table: dict[str, dict[str, list[Any]]] = json.loads(
        Path(__file__).with_name("keras_signatures.json").read_text(encoding="utf-8")
    )
    return table
