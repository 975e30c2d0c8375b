"""One parameter of a layer, cost, optimizer or schedule: its name (Keras's), its type, range, default and help.

The spec, the command line and the interface all check values through `Param.check`, so they agree on every range.
"""

import json
import keyword
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nnviz.catalog.expression import FUNCTIONS, parse
from nnviz.errors import ExpressionError

RESERVED = frozenset({"x", "each", *FUNCTIONS, *keyword.kwlist})
MOST_NUMBERS = 20
"""In a list of numbers."""
Type = Literal["int", "float", "bool", "choice", "text", "activation", "expression", "pair", "shape", "ints", "floats", "part"]


class UnknownActivation(ValueError):
    """`name` is no activation of the catalog."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, kw_only=True)
class Param:
    """`type`: `pair` is an int or two ints (a kernel's height and width), `shape` a list of ints (-1 once: the rest),
    `ints` and `floats` are lists of up to 20 numbers,
    `activation` a name in `activations` (or one that `aliases` have for it) or `{"expression": ..., "constants": {...}}`,
    `expression` one over `names`,
    `part` one of `choices` or an object of one of the kinds in `parts` with its parameters: `{"kind": "L2", "l2": 0.01}`.
    `above` and `below` exclude the bound itself, `minimum` and `maximum` include theirs. `optional` allows None, which
    then means what `help` says. Where `required`, `default` is only what a form offers first.

    `advanced`: most leave it as it is, so that a form puts it under "More". `on_card`: a layer's card says it also where it is
    the default. `tunable`: may be changed while a network trains, as an input of the compiled loop (`live`: takes effect at
    the next step, but not from or to 0, where the network is built without it) or by another compilation (`compiled`); of a
    `part` the numbers within it."""

    name: str
    type: Type
    default: Any = None
    required: bool = False
    optional: bool = False
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    parts: "Mapping[str, tuple[Param, ...]]" = field(default_factory=dict, hash=False)
    activations: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False, repr=False)
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False, repr=False)
    step: float | None = None
    advanced: bool = False
    on_card: bool = False
    tunable: Literal["", "live", "compiled"] = ""
    label: str = ""
    help: str = ""

    @property
    def allowed(self) -> str:
        """What is allowed, in words: `a whole number from 1 to 65536`."""
        if self.type == "bool":
            return "true or false"
        if self.type == "choice":
            return "one of " + ", ".join(self.choices) + (" or null" if self.optional else "")
        if self.type == "activation":
            return 'the name of an activation or {"expression": "..."}'
        if self.type == "text":
            return "a text"
        if self.type == "expression":
            return "an expression over " + " and ".join(self.names)
        if self.type == "part":
            kinds = [
                json.dumps({"kind": kind} | {param.name: param.default for param in params})
                for kind, params in self.parts.items()
            ]
            return "one of " + ", ".join([*self.choices, *kinds]) + (" or null" if self.optional else "")
        noun = {
            "int": "a whole number",
            "float": "a number",
            "pair": "a whole number or two of them, each",
            "shape": "a list of whole numbers, not 0, each",
            "ints": "a list of whole numbers, each",
            "floats": "a list of numbers, each",
        }[self.type]
        bounds = [
            f"from {_plain(self.minimum)}" if self.minimum is not None else "",
            f"above {_plain(self.above)}" if self.above is not None else "",
            f"{'up ' if self.minimum is None else ''}to {_plain(self.maximum)}" if self.maximum is not None else "",
            f"below {_plain(self.below)}" if self.below is not None else "",
        ]
        bounds = [bound for bound in bounds if bound]
        joint = " " if self.maximum is not None and self.minimum is not None else " and "
        text = f"{noun} {joint.join(bounds)}" if bounds else noun
        return text + (" or null" if self.optional else "")

    def check(self, value: Any) -> Any:
        """The value in its own type. Raises ValueError that quotes what was given and says what is allowed."""
        if value is None:
            if self.optional:
                return None
            raise self._refusal(value)
        if self.type == "expression":
            return self._check_expression(value, self.names)
        if self.type == "activation":
            return self._check_activation(value)
        if self.type == "bool":
            if isinstance(value, bool):
                return value
            raise self._refusal(value)
        if self.type in ("choice", "text"):
            if isinstance(value, str) and (self.type == "text" or value in self.choices):
                return value
            raise self._refusal(value)
        if self.type == "part":
            return self._check_part(value)
        if self.type in ("pair", "shape"):
            return self._check_list(value)
        if self.type in ("ints", "floats"):
            if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_NUMBERS:
                raise self._refusal(value)
            return [self._check_number(item) for item in value]
        return self._check_number(value)

    def check_varying(self, value: Any) -> Any:
        """As `check`, but `{"each": [...]}` and `{"each": "64 / 2**i"}` pass: a Repeat settles them copy by copy."""
        if isinstance(value, Mapping) and "each" in value:
            if len(value) > 1:
                raise ValueError(f'{self.name}: nothing may stand beside "each"; got {quote(value)}')
            return {"each": self._check_each(value["each"])}
        return self.check(value)

    def schema(self) -> dict[str, Any]:
        """This parameter in JSON Schema."""
        kinds: dict[str, dict[str, Any]] = {
            "int": {"type": "integer"},
            "float": {"type": "number"},
            "bool": {"type": "boolean"},
            "choice": {"type": "string", "enum": list(self.choices)},
            "text": {"type": "string"},
            "activation": {"type": ["string", "object"]},
            "pair": {"type": ["integer", "array"]},
            "shape": {"type": "array", "items": {"type": "integer"}},
            "expression": {"type": "string"},
            "ints": {"type": "array", "items": {"type": "integer"}},
            "floats": {"type": "array", "items": {"type": "number"}},
            "part": {"type": ["string", "object"] if self.choices else "object"},
        }
        schema = kinds[self.type] | {"description": self.help}
        if not self.required:
            schema["default"] = self.default
        if self.optional:
            one = schema["type"]
            schema["type"] = [*(one if isinstance(one, list) else [one]), "null"]
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        for key, bound in (
            ("minimum", self.minimum),
            ("exclusiveMinimum", self.above),
            ("maximum", self.maximum),
            ("exclusiveMaximum", self.below),
        ):
            if bound is not None:
                schema[key] = bound
        return schema

    def _check_number(self, value: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._refusal(value)
        number = value
        if self.type in ("int", "pair", "shape", "ints"):
            if isinstance(number, float) and not number.is_integer():
                raise self._refusal(value)
            number = int(number)
        else:
            try:
                number = float(number)
            except OverflowError:
                raise self._refusal(value) from None
        if isinstance(number, float) and not math.isfinite(number):
            raise self._refusal(value)
        if self._is_inside(number):
            return number
        raise self._refusal(value)

    def _is_inside(self, number: float) -> bool:
        return (
            (self.minimum is None or number >= self.minimum)
            and (self.above is None or number > self.above)
            and (self.maximum is None or number <= self.maximum)
            and (self.below is None or number < self.below)
        )

    def _check_list(self, value: Any) -> Any:
        if self.type == "pair" and not isinstance(value, list | tuple):
            return self._check_number(value)
        if not isinstance(value, list | tuple) or (self.type == "pair" and len(value) != 2) or not 1 <= len(value) <= 4:
            raise self._refusal(value)
        sizes = [self._check_number(item) for item in value]
        if self.type == "shape" and 0 in sizes:
            raise self._refusal(value)
        return sizes

    def _check_part(self, value: Any) -> Any:
        if isinstance(value, str) and value in self.choices:
            return value
        kind = value.get("kind") if isinstance(value, Mapping) else None
        if not isinstance(kind, str) or kind not in self.parts:
            raise self._refusal(value)
        params = {param.name: param for param in self.parts[kind]}
        unknown = [name for name in value if name != "kind" and name not in params]
        if unknown:
            raise ValueError(f"{self.name}: {kind} has no field {quote(unknown[0])}; allowed: {', '.join(params) or 'none'}")
        try:
            return {"kind": kind} | {name: param.check(value.get(name, param.default)) for name, param in params.items()}
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from error

    def _check_activation(self, value: Any) -> Any:
        if isinstance(value, str):
            value = self.aliases.get(value, value)
            if value in self.activations:
                return value
            names = ", ".join(self.activations)
            raise UnknownActivation(f"{self.name} must be one of {names} or an expression; got {quote(value)}", value)
        if isinstance(value, Mapping) and "expression" in value and set(value) <= {"expression", "constants"}:
            constants = value.get("constants") or {}
            if not isinstance(constants, Mapping) or not all(
                isinstance(name, str) and _is_number(start) for name, start in constants.items()
            ):
                raise ValueError(f'constants must look like {{"a": 1}}; got {quote(constants)}')
            for name in constants:
                if not name.isascii() or not name.isidentifier() or name in RESERVED:
                    raise ValueError(f"a constant cannot be called {quote(name)}: choose another name")
            text = self._check_expression(value["expression"], ("x", *constants))
            return {"expression": text} | ({"constants": dict(constants)} if constants else {})
        raise self._refusal(value)

    def _check_expression(self, value: Any, names: tuple[str, ...]) -> str:
        if not isinstance(value, str):
            raise ValueError(f"{self.name}: the expression must be a text; got {quote(value)}")
        try:
            return parse(value, names=names).text
        except ExpressionError as error:
            raise ValueError(f"{self.name}: {error.message}") from error

    def _check_each(self, each: Any) -> Any:
        if isinstance(each, str):
            return self._check_expression(each, ("i",))
        if isinstance(each, list | tuple) and each:
            return [self.check(item) for item in each]
        raise ValueError(f'{self.name}: "each" must be a list, one value a copy, or an expression in i; got {quote(each)}')

    def _refusal(self, value: object) -> ValueError:
        return ValueError(f"{self.name} must be {self.allowed}; got {quote(value)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e30


def _plain(number: float | None) -> str:
    return f"{number:g}" if number is not None and abs(number) < 1e6 else f"{number:,.0f}"


def quote(value: Any) -> str:
    """A value as it was given, cut to 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
