"""The stack as Keras code: one line a layer, a Repeat as a loop, typed activations as functions or small layers."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from nnviz.catalog import ACTIVATIONS, LAYERS
from nnviz.catalog.param import Param
from nnviz.errors import NotYet
from nnviz.export.formula import arithmetic, code
from nnviz.export.signatures import call, check_types, literal, parameters, parts_code
from nnviz.spec import settle

INDENT = "    "
LOOPS = "ijklmnopqrstuvw"
_OWN_FIELDS = frozenset({"name", "trainable"})


class Stack:
    """`body`: lines that add to `model`; `definitions`: functions and classes that they use; `draws`: kinds whose random
    numbers are Keras's own. With `exact_dropout` a Dropout is a `SameDropout`, which takes its place from `places`.

    Raises NotYet, with the layer's path, for what has no plain Keras form."""

    def __init__(self, layers: Sequence[Any], *, exact_dropout: bool) -> None:
        self.definitions: list[str] = []
        self.body: list[str] = []
        self.draws: list[str] = []
        self._exact = exact_dropout
        self._formulas: dict[tuple[str, str], str] = {}
        self._names = _taken_once(layers)
        self._layers(layers, "layers", [], True)

    def _layers(self, layers: Sequence[Any], where: str, loops: list[tuple[str, int]], trainable: bool) -> None:
        for place, layer in enumerate(layers):
            path = f"{where}[{place}]"
            if layer.kind == "Repeat":
                self._repeat(layer, path, loops, trainable)
            elif LAYERS[layer.kind].group == "structure":
                raise NotYet(f"a {layer.kind} cannot be written as Keras code in this version", where=path,
                             remedy="Take it out to see the rest as a script.")
            else:
                self._layer(layer, path, loops, trainable)

    def _repeat(self, layer: Any, path: str, loops: list[tuple[str, int]], trainable: bool) -> None:
        variable = LOOPS[len(loops)]
        self._add(loops, f"for {variable} in range({layer.times}):{_comment(layer.name)}")
        self._layers(layer.layers, f"{path}.layers", [*loops, (variable, layer.times)], trainable and layer.trainable)

    def _layer(self, layer: Any, path: str, loops: list[tuple[str, int]], trainable: bool) -> None:
        entry = LAYERS[layer.kind]
        params = {name: value for name, value in layer.params.items() if name not in _OWN_FIELDS}
        own = {param.name: param for param in entry.params}
        written: dict[str, str] = {}
        typed = ""
        for name in list(params):
            if name not in own:
                raise NotYet(f"{name} of {layer.kind} cannot be written as Keras code in this version", where=f"{path}.{name}")
            value = params[name]
            if isinstance(value, dict) and "each" in value:
                written[name] = _each(value["each"], own[name], loops, layer, path)
                del params[name]
            elif own[name].type == "activation":
                known = parameters("layers", layer.kind, where=path).get(name)
                text = self._activation(value, layer)
                del params[name]
                if text.endswith("()"):
                    typed = text
                elif not (value == "linear" and known in (None, "linear")):
                    written[name] = text
        check_types(layer.kind, entry.params, params, where=path)
        # The losses of a run leave the penalty out, those that Keras prints hold it: a script that does a run again has none.
        written |= parts_code(layer.kind, entry.params, params, where=path, regularizers=not self._exact)
        options = self._options(layer, loops, trainable and layer.trainable)
        comment = "" if any(option == f'name="{layer.name}"' for option in options) else _comment(layer.name)
        if layer.kind == "Activation" and typed:
            self._add(loops, f"model.add({_with(typed, options)}){comment}")
        else:
            made = call("layers", layer.kind, params, where=path, written=written)
            self._add(loops, f"model.add({self._made(layer, made, options)}){comment}")
            if typed:
                frozen = [option for option in options if option.startswith("trainable")]
                self._add(loops, f"model.add({_with(typed, frozen)})")

    def _made(self, layer: Any, made: str, options: list[str]) -> str:
        """The call with name and trainable; a layer that draws random numbers while training is noted."""
        if layer.kind == "Dropout" and self._exact:
            return _with(f"Same{made}", ["index=next(places)", *options])
        if "Dropout" in layer.kind.removeprefix("Dropout") or layer.kind.startswith(("Random", "Gaussian")):
            self.draws.append(layer.kind)
        return _with(f"layers.{made}", options)

    def _options(self, layer: Any, loops: list[tuple[str, int]], trainable: bool) -> list[str]:
        options = [] if trainable else ["trainable=False"]
        name = _keras_name(layer.name)
        if name in self._names:
            counted = "_".join(f"{{{variable}}}" for variable, _ in loops)
            options.append(f'name=f"{name}_{counted}"' if loops else f'name="{name}"')
        return options

    def _activation(self, value: Any, layer: Any) -> str:
        """What stands for it as an argument; a call without arguments for a layer of its own (constants are trained)."""
        if isinstance(value, str):
            entry = ACTIVATIONS[value]
            return literal(entry.keras) if entry.keras else self._function(entry.formula, f"{value}_activation")
        constants = value.get("constants") or {}
        if not constants:
            return self._function(value["expression"], f"{_word(layer.name) or 'typed'}_activation")
        key = (value["expression"], repr(sorted(constants.items())))
        if key not in self._formulas:
            name = self._free((_word(layer.name) or "typed").title().replace("_", "") + "Activation")
            self._formulas[key] = name
            self.definitions.append(_layer_class(name, value["expression"], constants))
        return f"{self._formulas[key]}()"

    def _function(self, text: str, name: str) -> str:
        key = (text, "")
        if key not in self._formulas:
            self._formulas[key] = self._free(name)
            self.definitions.append(
                f"def {self._formulas[key]}(x):\n{INDENT}return {code(text, {'x': 'x'}, shape_of='x')}\n")
        return self._formulas[key]

    def _free(self, name: str) -> str:
        found, number = name, 2
        while found in self._formulas.values():
            found, number = f"{name}_{number}", number + 1
        return found

    def _add(self, loops: list[tuple[str, int]], line: str) -> None:
        self.body.append(INDENT * len(loops) + line)


def _each(each: Any, param: Param, loops: list[tuple[str, int]], layer: Any, path: str) -> str:
    variable, times = loops[-1]
    if isinstance(each, str):
        plain = arithmetic(each, variable)
        if plain is not None:
            return f"int({plain})" if param.type in ("int", "pair") else plain
    # Also checks each copy's value.
    values = [getattr(settle(layer, path, (number, times)), param.name) for number in range(times)]
    if param.type not in ("int", "float", "bool", "choice", "text", "pair", "shape"):
        raise NotYet(f"{param.name} that varies over copies cannot be written as Keras code in this version", where=path)
    return f"[{', '.join(literal(value) for value in values)}][{variable}]"


def _layer_class(name: str, text: str, constants: dict[str, float]) -> str:
    inner = code(text, {"x": "x", **{constant: f"self.{constant}_" for constant in constants}}, shape_of="x")
    weights = "\n".join(
        f'{INDENT * 2}self.{constant}_ = self.add_weight(name="{constant}", shape=(),'
        f" initializer=keras.initializers.Constant({float(start)!r}))" for constant, start in constants.items())
    return (f'class {name}(layers.Layer):\n{INDENT}"""{text}, where {", ".join(constants)} '
            f'{"is" if len(constants) == 1 else "are"} trained."""\n\n'
            f"{INDENT}def build(self, input_shape):\n{weights}\n\n"
            f"{INDENT}def call(self, x):\n{INDENT * 2}return {inner}\n")


def _with(made: str, options: Sequence[str]) -> str:
    if not options:
        return made
    head = made[:-1]
    return f"{head}{'' if head.endswith('(') else ', '}{', '.join(options)})"


def _comment(name: str | None) -> str:
    words = " ".join((name or "").split())
    return f"  # {words}" if words.isprintable() and words else ""


def _word(name: str | None) -> str:
    """A layer's name as the name of a function, or nothing where it cannot be one."""
    word = "_".join("".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name or "").split()).lower()
    return word if word.isidentifier() else ""


def _taken_once(layers: Sequence[Any]) -> set[str]:
    """The names that one written layer alone has: Keras takes no name twice."""
    names = [_keras_name(name) for name in _names(layers)]
    return {name for name in names if names.count(name) == 1} - {"", "projection", "output"}


def _keras_name(name: str | None) -> str:
    """What Keras and TensorFlow take as a name; empty where nothing is left."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name or "").lstrip("_-")


def _names(layers: Sequence[Any]) -> Iterator[str | None]:
    for layer in layers:
        if layer.kind == "Repeat":
            yield from _names(layer.layers)
        else:
            yield layer.name
