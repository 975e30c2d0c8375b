"""The stack as Keras code: one line a layer, a Repeat as a loop, typed activations as functions or small layers; with
blocks that branch in Keras's functional API."""

from collections.abc import Sequence
from typing import Any

from nnviz.catalog import ACTIVATIONS, LAYERS
from nnviz.catalog.param import Param
from nnviz.catalog.shared import ANY_LAYER
from nnviz.errors import NotYet
from nnviz.export import tree
from nnviz.export.formula import arithmetic, code
from nnviz.export.signatures import call, check_types, literal, parameters, parts_code
from nnviz.spec import settle

INDENT = "    "
LOOPS = "ijklmnopqrstuvw"
_OWN_FIELDS = frozenset(param.name for param in ANY_LAYER)


class Stack:
    """`body`: lines that make the network; `definitions`: functions and classes that they use; `draws`: kinds whose random
    numbers are Keras's own; `penalized`: whether a weight is regularized; `is_tree`: whether the lines call layers on `x`
    instead of adding them to `model`. With `exact` the script does a run again: a Dropout is a `SameDropout`, which takes
    its place from `places`, and the layers of a tree are kept `in_order`.

    Raises NotYet, with the layer's path, for what has no plain Keras form."""

    def __init__(self, layers: Sequence[Any], *, exact: bool) -> None:
        self.definitions: list[str] = []
        self.body: list[str] = []
        self.draws: list[str] = []
        self.penalized = False
        self.is_tree = tree.is_tree(layers)
        self._exact = exact
        self._formulas: dict[tuple[str, str], str] = {}
        self._names = tree.taken_once(layers)
        self._value = "x"
        self._skips = 0
        if self.is_tree and exact:
            self.definitions.append(tree.IN_ORDER)
        if tree.projects(layers):
            self.definitions.append(tree.SKIP.replace("{layer}", "new(layer)" if exact else "layer"))
        self._layers(layers, "layers", [], True)

    def line(self, made: str, more_arguments: str = "") -> str:
        """A layer, given as a call, at the end of the network so far; `more_arguments`: what follows the input in its call."""
        if not self.is_tree:
            return f"model.add({made})"
        return f"{self._value} = {f'new({made})' if self._exact else made}({self._value}{more_arguments})"

    def _layers(self, layers: Sequence[Any], where: str, loops: list[tuple[str, int]], trainable: bool) -> None:
        for place, layer in enumerate(layers):
            path = f"{where}[{place}]"
            if layer.kind == "Repeat":
                self._repeat(layer, path, loops, trainable)
            elif layer.kind == "Residual":
                self._residual(layer, path, loops, trainable and layer.trainable)
            elif layer.kind == "Parallel":
                self._parallel(layer, path, loops, trainable and layer.trainable)
            elif LAYERS[layer.kind].group == "structure":
                raise NotYet(
                    f"a {layer.kind} cannot be written as Keras code in this version",
                    where=path,
                    remedy="Take it out to see the rest as a script.",
                )
            else:
                self._layer(layer, path, loops, trainable)

    def _repeat(self, layer: Any, path: str, loops: list[tuple[str, int]], trainable: bool) -> None:
        variable = LOOPS[len(loops)]
        self._add(loops, f"for {variable} in range({layer.times}):{_comment(layer.name)}")
        self._layers(layer.layers, f"{path}.layers", [*loops, (variable, layer.times)], trainable and layer.trainable)

    def _residual(self, layer: Any, path: str, loops: list[tuple[str, int]], trainable: bool) -> None:
        inner = self._inner(layer.layers, f"{path}.layers", "inner", loops, trainable, _comment(layer.name))
        skip = self._value
        if layer.project:
            self._skips += 1
            options = ([] if trainable else ["trainable=False"]) + [_name(f"projection_{self._skips}", loops)]
            skip = f"skip({self._value}, {inner}.shape, {', '.join(options)})"
        self._add(loops, f"{self._value} = layers.Add()([{skip}, {inner}])")

    def _parallel(self, layer: Any, path: str, loops: list[tuple[str, int]], trainable: bool) -> None:
        branches = [
            self._inner(
                branch,
                f"{path}.branches[{number}]",
                f"branch_{number + 1}",
                loops,
                trainable,
                "" if number else _comment(layer.name),
            )
            for number, branch in enumerate(layer.branches)
        ]
        self._add(loops, f"{self._value} = layers.{tree.JOINS[layer.join]}()([{', '.join(branches)}])")

    def _inner(
        self, layers: Sequence[Any], where: str, name: str, loops: list[tuple[str, int]], trainable: bool, comment: str
    ) -> str:
        """Writes a list inside a block; the variable that holds what it makes."""
        outer = self._value
        variable = name if outer == "x" else f"{outer}_{name}"
        self._add(loops, f"{variable} = {outer}{comment}")
        self._value = variable
        self._layers(layers, where, loops, trainable)
        self._value = outer
        return variable

    def _layer(self, layer: Any, path: str, loops: list[tuple[str, int]], trainable: bool) -> None:
        entry = LAYERS[layer.kind]
        params = {name: value for name, value in layer.params.items() if name not in _OWN_FIELDS}
        own = {param.name: param for param in entry.params}
        written: dict[str, str] = {}
        typed = ""
        both, causal = (self._flag(params, name, layer, path) for name in ("bidirectional", "causal"))
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
        written |= parts_code(layer.kind, entry.params, params, where=path)
        self.penalized |= any(name.endswith("_regularizer") for name in written)
        options = self._options(layer, loops, trainable and layer.trainable)
        comment = "" if any(option == f'name="{layer.name}"' for option in options) else _comment(layer.name)
        if layer.kind == "Activation" and typed:
            self._add(loops, f"{self.line(_with(typed, options))}{comment}")
        else:
            made = call("layers", layer.kind, params, where=path, written=written)
            made = self._made(layer, f"Bidirectional(layers.{made})" if both else made, options)
            more_arguments = f", {self._value}" if layer.kind == "MultiHeadAttention" else ""
            self._add(loops, f"{self.line(made, more_arguments + (', use_causal_mask=True' if causal else ''))}{comment}")
            if typed:
                frozen = [option for option in options if option.startswith("trainable")]
                self._add(loops, self.line(_with(typed, frozen)))

    def _flag(self, params: dict[str, Any], name: str, layer: Any, path: str) -> bool:
        """Takes out a parameter that is ours, not one of Keras's class."""
        value = params.pop(name, False)
        if isinstance(value, dict):
            raise NotYet(
                f"{name} of {layer.kind} that varies over copies cannot be written as Keras code",
                where=f"{path}.{name}",
                remedy="Give every copy the same, or write the copies one after another.",
            )
        return bool(value)

    def _made(self, layer: Any, made: str, options: list[str]) -> str:
        """The call with name and trainable; a layer that draws random numbers while training is noted."""
        if layer.kind == "Dropout" and self._exact:
            return _with(f"Same{made}", ["index=next(places)", *options])
        if LAYERS[layer.kind].is_random and layer.kind != "Dropout":
            self.draws.append(layer.kind)
        fixed = [f"{name}={literal(value)}" for name, value in LAYERS[layer.kind].fixed.items()]
        return _with(f"layers.{made}", [*fixed, *options])

    def _options(self, layer: Any, loops: list[tuple[str, int]], trainable: bool) -> list[str]:
        options = [] if trainable else ["trainable=False"]
        name = tree.keras_name(layer.name)
        return [*options, _name(name, loops)] if name in self._names else options

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
            self.definitions.append(f"def {self._formulas[key]}(x):\n{INDENT}return {code(text, {'x': 'x'}, shape_of='x')}\n")
        return self._formulas[key]

    def _free(self, name: str) -> str:
        candidate, number = name, 2
        while candidate in self._formulas.values():
            candidate, number = f"{name}_{number}", number + 1
        return candidate

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
        raise NotYet(
            f"{param.name} that varies over copies cannot be written as Keras code in this version",
            where=path,
            remedy="Write the copies one after another, without a Repeat.",
        )
    return f"[{', '.join(literal(value) for value in values)}][{variable}]"


def _layer_class(name: str, text: str, constants: dict[str, float]) -> str:
    inner = code(text, {"x": "x", **{constant: f"self.{constant}_" for constant in constants}}, shape_of="x")
    weights = "\n".join(
        f'{INDENT * 2}self.{constant}_ = self.add_weight(name="{constant}", shape=(),'
        f" initializer=keras.initializers.Constant({float(start)!r}))"
        for constant, start in constants.items()
    )
    return (
        f'class {name}(layers.Layer):\n{INDENT}"""{text}, where {", ".join(constants)} '
        f'{"is" if len(constants) == 1 else "are"} trained."""\n\n'
        f"{INDENT}def build(self, input_shape):\n{weights}\n\n"
        f"{INDENT}def call(self, x):\n{INDENT * 2}return {inner}\n"
    )


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


def _name(name: str, loops: list[tuple[str, int]]) -> str:
    """The argument; in a loop with the number of the copy."""
    counted = "_".join(f"{{{variable}}}" for variable, _ in loops)
    return f'name=f"{name}_{counted}"' if loops else f'name="{name}"'
