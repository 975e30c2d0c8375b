"""The models of layers, costs, schedules and optimizers, made from the catalog: an entry there is all it takes."""

import operator
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field, create_model
from pydantic.functional_validators import PlainValidator
from pydantic.json_schema import WithJsonSchema

from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.catalog.entry import TRANSFORMS
from nnviz.catalog.param import Param, quote
from nnviz.catalog.weights import PROJECTION
from nnviz.spec.parts import Checked, Component, choice

BLOCKS = ("Repeat", "Residual", "Parallel")
"""Kinds that hold lists of layers."""


def _component(kind: str, params: Sequence[Param], *, varying: bool = False, **extra: Any) -> type[Component]:
    fields: dict[str, Any] = {"kind": (Literal[kind], ...)}
    for param in params:
        default = ... if param.required else param.default
        fields[param.name] = (Annotated[Any, Checked(param, varying=varying)], default)
    return create_model(kind, __base__=Component, **(fields | extra))


def _either(models: Iterable[type[Component]]) -> Any:
    return Annotated[reduce(operator.or_, models), Field(discriminator="kind")]


def _check_class_weight(value: Any) -> Any:
    if value is None or value == "balanced":
        return value
    if (
        isinstance(value, Mapping)
        and value
        and all(isinstance(name, str) and type(weight) in (int, float) and 0 <= weight <= 1e6 for name, weight in value.items())
    ):
        return {name: float(weight) for name, weight in value.items()}
    raise ValueError(f'class_weight must be "balanced" or a number from 0 up for each class; got {quote(value)}')


_WEIGHTS = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}
_CLASS_WEIGHT = {"anyOf": [{"const": "balanced"}, _WEIGHTS, {"type": "null"}]}
_LAYER_EXTRA: dict[str, Any] = {"name": (str | None, None), "trainable": (bool, True)}
_COST_EXTRA: dict[str, Any] = {
    "transform": (Annotated[Any, choice("transform", *TRANSFORMS)], None),
    "project": (bool, True),
    "use_bias": (bool, True),
    **{param.name: (Annotated[Any, Checked(param)], param.default) for param in PROJECTION},
    "class_weight": (Annotated[Any, PlainValidator(_check_class_weight), WithJsonSchema(_CLASS_WEIGHT)], None),
}
_LAYERS = {
    kind: _component(kind, entry.params, varying=True, **_LAYER_EXTRA) for kind, entry in LAYERS.items() if kind not in BLOCKS
}
_COSTS = {kind: _component(kind, entry.params, **_COST_EXTRA) for kind, entry in COSTS.items()}
_SCHEDULES = {kind: _component(kind, entry.params) for kind, entry in SCHEDULES.items()}

if TYPE_CHECKING:
    # The catalog decides at run time which fields these have.
    Layer: TypeAlias = Any
    Cost: TypeAlias = Any
    Schedule: TypeAlias = Any
    Optimizer: TypeAlias = Any
else:
    Cost = _either(_COSTS.values())
    Schedule = _either(_SCHEDULES.values())

_OPTIMIZERS = {kind: _component(kind, entry.params, schedule=(Schedule | None, None)) for kind, entry in OPTIMIZERS.items()}


class Repeat(Component):
    """`times` copies of an inner list; a parameter inside may be `{"each": [...]}` or `{"each": "64 / 2**i"}`."""

    kind: Literal["Repeat"]
    times: Annotated[int, Checked(LAYERS["Repeat"].params[0])]
    layers: "list[Layer]" = Field(min_length=1)
    name: str | None = None
    trainable: bool = True


class Residual(Component):
    """Its input plus what the inner layers make of it; `project`: where sizes differ, the input is brought to size by
    weights of its own (He et al. 2015, equation 2)."""

    kind: Literal["Residual"]
    layers: "list[Layer]" = Field(min_length=1)
    project: Annotated[bool, Checked(LAYERS["Residual"].params[0])] = False
    name: str | None = None
    trainable: bool = True


class Parallel(Component):
    """Lists of layers that all get the same input; an empty one passes it on. Their outputs are joined: `concatenate`
    along the last axis, `add` or `average` value by value."""

    kind: Literal["Parallel"]
    branches: "list[list[Layer]]" = Field(min_length=2, max_length=16)
    join: Annotated[str, Checked(LAYERS["Parallel"].params[0])] = "concatenate"
    name: str | None = None
    trainable: bool = True


if not TYPE_CHECKING:
    Layer = _either([*_LAYERS.values(), Repeat, Residual, Parallel])
    Optimizer = _either(_OPTIMIZERS.values())
for _block in (Repeat, Residual, Parallel):
    _block.model_rebuild()

COMPONENTS: dict[str, type[Component]] = {
    **_LAYERS,
    "Repeat": Repeat,
    "Residual": Residual,
    "Parallel": Parallel,
    **_COSTS,
    **_SCHEDULES,
    **_OPTIMIZERS,
}
"""Every model by its kind."""
