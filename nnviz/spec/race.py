"""A race: a few variants of one component or field, trained from the same first weights on the same order of rows."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field
from pydantic.types import Strict

from nnviz.catalog.param import quote
from nnviz.errors import SpecError
from nnviz.spec.parts import Part
from nnviz.spec.sweep.fields import with_value

FEWEST, MOST = 2, 8
"""Variants of a race."""
ACTIVATION = "activation"
"""Varies that of all layers that have one."""
_ALLOWED = re.compile(r"(optimizer|cost|layers\[\d{1,5}\])(\.[\w.\[\]]+)?|training\.batch_size|activation")


class RaceSpec(Part):
    """`vary` is what differs: `optimizer`, `cost`, a field of one of them (`optimizer.learning_rate`), `activation` (of all
    layers that have one), a layer or its field (`layers[1].activation`), or `training.batch_size`. `over` are 2 to 8 values
    of it. All else is the same, the seeds among it: first weights, where shapes allow, and the order of rows."""

    vary: str = Field(max_length=300)
    over: Annotated[tuple[Any, ...], Strict(False)]


def check_race(record: Mapping[str, Any], race: RaceSpec, *, is_repeated: bool) -> None:
    """What the fields of a race say against each other and the spec. Raises SpecError."""
    if is_repeated:
        raise SpecError(
            "a race is of single runs, and this spec asks for folds or repeats",
            where="race",
            remedy="Leave out the race, or split.folds, split.repeats and training.repeats.",
        )
    if not _ALLOWED.fullmatch(race.vary):
        raise SpecError(
            f"a race cannot vary {quote(race.vary)}",
            where="race.vary",
            remedy="Allowed: optimizer, cost, activation, layers[0] and so on, a field of one of them, training.batch_size.",
        )
    if not FEWEST <= len(race.over) <= MOST:
        raise SpecError(
            f"a race has {FEWEST} to {MOST} variants; got {len(race.over)}",
            where="race.over",
            remedy="Add some or leave some out.",
        )
    written = [json.dumps(value, sort_keys=True) for value in race.over]
    for place, text in enumerate(written):
        if text in written[:place]:
            raise SpecError(
                f"this is the same as race.over[{written.index(text)}]",
                where=f"race.over[{place}]",
                remedy="Leave one of them out.",
            )
    if race.vary == ACTIVATION and not list(_activated(record["layers"])):
        raise SpecError("no layer has an activation", where="race.vary", remedy="Add one to a layer, or vary something else.")


def variant(record: dict[str, Any], race: RaceSpec, place: int) -> dict[str, Any]:
    """A spec's JSON with variant number `place` (from 0) in place of the race. Raises SpecError."""
    record.pop("race", None)
    value = json.loads(json.dumps(race.over[place]))
    if race.vary == ACTIVATION:
        for layer in _activated(record["layers"]):
            layer[ACTIVATION] = value
        return record
    try:
        return with_value(record, race.vary, value)
    except SpecError as error:
        raise SpecError(f"there is no {quote(race.vary)} in this spec", where="race.vary", remedy="Check the path.") from error


def place_of(error: SpecError, race: RaceSpec, place: int) -> SpecError:
    """The error of a variant's spec, at its path in `race.over`."""
    inside = error.where.removeprefix(race.vary) if error.where.startswith(race.vary) else ""
    return SpecError(error.what, where=f"race.over[{place}]{inside}", remedy=error.remedy)


def labels(race: RaceSpec) -> list[str]:
    """What each variant is called, by what differs: `Adam 0.01`, `rate 0.1`, `relu`; no two are the same."""
    short = [_label(race, value, differing=True) for value in race.over]
    if len(set(short)) == len(short):
        return short
    whole = [_label(race, value, differing=False) for value in race.over]
    return [f"{label} ({place + 1})" if whole.count(label) > 1 else label for place, label in enumerate(whole)]


def _label(race: RaceSpec, value: Any, *, differing: bool) -> str:
    if not isinstance(value, Mapping) or "kind" not in value:
        name = race.vary.rpartition(".")[2]
        word = {"learning_rate": "rate ", ACTIVATION: ""}.get(name, f"{name} ".replace("_", " "))
        return f"{word}{_text(value)}"
    words = [str(value["kind"])]
    for name, field in value.items():
        others = [other[name] for other in race.over if isinstance(other, Mapping) and name in other]
        if name != "kind" and not (differing and all(other == others[0] for other in others)):
            words.append(_text(field) if name == "learning_rate" else f"{name} {_text(field)}".replace("_", " "))
    return " ".join(words)[:60]


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, int | float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return str(value.get("expression", value.get("kind", "")))[:40]
    return str(value)[:40]


def _activated(layers: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The layers that have an activation, those in blocks among them."""
    for layer in layers:
        if ACTIVATION in layer:
            yield layer
        for inner in [layer.get("layers") or [], *(layer.get("branches") or [])]:
            yield from _activated(inner)
