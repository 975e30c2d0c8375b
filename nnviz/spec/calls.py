"""Parts of a spec written as calls: `Dense(32, activation="relu")`, `Repeat(3, [Dense(32)])`, `Adam(0.01)`."""

from collections.abc import Mapping, Sequence
from typing import Any

from nnviz.errors import SpecError
from nnviz.spec.components import COMPONENTS
from nnviz.spec.parts import Component
from nnviz.spec.run import parse_component


class Call:
    """Makes components of one kind. Values without a name are taken in the order of the catalog's parameters."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.names = tuple(name for name in COMPONENTS[kind].model_fields if name != "kind")
        self.__name__ = kind

    def __call__(self, *values: Any, **fields: Any) -> Component:
        """The checked component. Raises SpecError, whose `where` is the kind and the field: `Dense.units`."""
        if len(values) > len(self.names):
            raise SpecError(
                f"{len(values)} values for {len(self.names)} fields",
                where=self.kind,
                remedy=f"In order: {', '.join(self.names)}.",
            )
        positional = dict(zip(self.names, values, strict=False))
        twice = next((name for name in positional if name in fields), "")
        if twice:
            raise SpecError("this field is given twice", where=f"{self.kind}.{twice}", remedy="Give it once.")
        return parse_component(self.kind, {name: plain(value) for name, value in (positional | fields).items()})

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(self.names)})"


def plain(value: Any) -> Any:
    """Components, in lists or alone, as the mappings that a spec is made of."""
    if isinstance(value, Component):
        return value.written()
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(item) for item in value]
    return value
