"""Fields of a spec by their paths, as in `layers[1].layers[0].units`: what they hold, how it is changed, which can vary."""

import copy
import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nnviz.catalog.param import Param, quote
from nnviz.errors import SpecError
from nnviz.spec.components import COMPONENTS
from nnviz.spec.parts import Checked, Component, Part

if TYPE_CHECKING:
    from nnviz.spec.run import RunSpec

_SHARED = ("seed", "test_seed", "fold", "folds", "repeats")
"""Numbers that make another measurement, not another network."""


def keys_of(path: str) -> list[str | int]:
    """`layers[0].units` as ["layers", 0, "units"]."""
    parts = path.replace("[", ".").replace("]", "").split(".")
    return [int(part) if part.isdecimal() and len(part) < 10 else part for part in parts]


def value_at(record: Any, path: str) -> Any:
    """What a spec's JSON holds at a path; None where it holds nothing."""
    for key in keys_of(path):
        try:
            record = record[key]
        except (KeyError, IndexError, TypeError):
            return None
    return record


def with_value(record: Mapping[str, Any], path: str, value: Any, *, fit_kind: bool = False) -> dict[str, Any]:
    """The JSON of a spec with another value at a path. `fit_kind`: of the fields beside another `kind` those go that it has not.
    Raises SpecError where there is no such place."""
    changed: dict[str, Any] = copy.deepcopy(dict(record))
    *keys, last = keys_of(path)
    place: Any = changed
    try:
        for key in keys:
            if isinstance(place, dict) and place.get(key) is None:
                place[key] = {}
            place = place[key]
        if fit_kind and last == "kind" and isinstance(place, dict) and isinstance(value, str) and value in COMPONENTS:
            for name in [name for name in place if name not in COMPONENTS[value].model_fields]:
                del place[name]
        place[last] = copy.deepcopy(value)
    except (KeyError, IndexError, TypeError) as error:
        raise SpecError("there is no such field", where=path) from error
    return changed


def field_type(spec: "RunSpec", path: str, *, where: str = "") -> str:
    """The type of the field at a path, as `Param.type` has it; "part" for a block, "" for what is no parameter of the catalog.
    Raises SpecError where there is no such field, with those that look like it."""
    place: Any = spec
    *keys, last = keys_of(path)
    for key in keys:
        place = _inner(place, key)
    if isinstance(place, Part):
        param = _param(place, str(last))
        if param is not None:
            return param.type
        if str(last) in _names(place):
            value = _inner(place, last)
            return "float" if isinstance(value, float) else "part" if isinstance(value, Part) else ""
    elif place is not None and _inner(place, last) is not None:
        value = _inner(place, last)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return "float" if is_number else ""
    likely = difflib.get_close_matches(path, [known for known, _ in variable_fields(spec)], n=3, cutoff=0.5)
    raise SpecError(
        f"the spec has no field {quote(path)}",
        where=where or path,
        remedy=f"Did you mean {' or '.join(likely)}?" if likely else "Check its path, as in layers[0].units.",
    )


def variable_fields(spec: "RunSpec") -> list[tuple[str, Param]]:
    """What a sweep may vary in a spec, by path: parameters of the optimizer, of the training, of the layers and of the cost that
    are numbers or chosen from a list; the learning rate first."""
    blocks: list[tuple[str, Any]] = [("optimizer", spec.optimizer), ("training", spec.training)]
    blocks += [*_layers(spec.layers, "layers"), ("cost", spec.cost)]
    fields = [
        (f"{path}.{name}", param)
        for path, block in blocks
        for name in _names(block)
        if (param := _param(block, name)) is not None
        and name not in _SHARED
        and param.type in ("int", "float", "choice", "activation", "bool")
    ]
    return sorted(fields, key=lambda field: field[0] != "optimizer.learning_rate")


def _layers(layers: Sequence[Any], path: str) -> Iterator[tuple[str, Any]]:
    for at, layer in enumerate(layers):
        here = f"{path}[{at}]"
        yield here, layer
        yield from _layers(getattr(layer, "layers", ()), f"{here}.layers")
        for number, branch in enumerate(getattr(layer, "branches", ())):
            yield from _layers(branch, f"{here}.branches[{number}]")


def _names(block: Part) -> list[str]:
    return [field.alias or name for name, field in type(block).model_fields.items()]


def _inner(place: Any, key: str | int) -> Any:
    if isinstance(place, Part) and isinstance(key, str):
        return getattr(place, key, None)
    try:
        return place[key]
    except (KeyError, IndexError, TypeError):
        return None


def _param(block: Part, name: str) -> Param | None:
    """What the catalog says of a field of a block; of the kind of a component: that it is chosen."""
    field = type(block).model_fields.get(name)
    if field is None:
        return None
    if name == "kind" and isinstance(block, Component):
        return Param(name="kind", type="text")
    return next((mark.param for mark in field.metadata if isinstance(mark, Checked)), None)
